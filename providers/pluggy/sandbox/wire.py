"""How the sandbox writes JSON: amounts digit for digit as numbers, never through a binary float."""

from collections.abc import Mapping

import msgspec
from starlette.responses import Response

_ENCODER = msgspec.json.Encoder(decimal_format="number")


def answer(payload: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer as the vendor sends it."""
    return Response(_ENCODER.encode(payload), status_code=status, headers=headers, media_type="application/json")
