"""TxPUSH: whoever has subscribed is told of accounts that have changed. A subscription is to all accounts here.

What the vendor signs is not published; the sandbox signs the body.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Literal

import msgspec
from starlette.applications import Starlette

from providers.finicity.sandbox.values import Record
from providers.outbox import Outbox, Posting

_ENCODER = msgspec.json.Encoder(decimal_format="number")


class Notices:
    """Of one sandbox. `keys` are the subscribers' signing keys by their addresses."""

    def __init__(self, outbox: Outbox) -> None:
        self.keys: dict[str, str] = {}
        self._outbox = outbox

    def tell(self, kind: Literal["modified", "deleted"], accounts: Iterable[Record]) -> None:
        """One notice for each account."""
        for account in accounts if self.keys else ():
            body = _ENCODER.encode({"event": {"class": "account", "type": kind, "records": [account]}})
            for url, key in self.keys.items():
                self._outbox.send(Posting(url, body, partial(_signed, key)))


def subscribe(app: Starlette, url: str, secret: str) -> None:
    """Have the vendor of this app tell a receiver of all accounts, as if it had answered the vendor's question."""
    notices: Notices = app.state.notices
    notices.keys[url] = secret


def _signed(key: str, body: bytes) -> Mapping[str, str]:
    return {"x-txpush-signature": hmac.digest(key.encode(), body, hashlib.sha256).hex()}
