"""Files of requests for `native/load.c`: a token and a body a line, each of another caller about another customer."""

import json
import time
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from benchmarks.questions import body
from resolvers.caller import Scope

CUSTOMERS = 1000
ISSUER, AUDIENCE = "https://benchmarks.example", "tributary"
ALGORITHM = "RS256"
LIFETIME = 86400


class Callers:
    """As many callers as there are customers, each with a token of its own."""

    def __init__(self, count: int = CUSTOMERS) -> None:
        self.count = count
        self._key = generate_private_key(public_exponent=65537, key_size=2048)

    @property
    def public_key(self) -> str:
        """In PEM, for the server that is to believe the tokens."""
        return self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    @cached_property
    def tokens(self) -> Sequence[str]:
        """One for each caller; they may read everything."""
        return [self._token(index) for index in range(self.count)]

    def _token(self, index: int) -> str:
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": f"caller-{index}",
            "iat": now,
            "exp": now + LIFETIME,
            "scope": " ".join(Scope),
        }
        return jwt.encode(claims, self._key, algorithm=ALGORITHM)


class Traffic:
    """Writes files of requests into a folder."""

    def __init__(self, folder: Path, callers: Callers) -> None:
        self._folder, self._callers = folder, callers

    def different(self, question: str, *, first: int | None = None) -> Path:
        """No two requests that follow each other have a caller or a customer in common."""
        return self._write(question, range(self._callers.count), first=first, name="different")

    def same(self, question: str) -> Path:
        """One request, again and again."""
        return self._write(question, range(1), name="same")

    def _write(self, question: str, indexes: range, *, name: str, first: int | None = None) -> Path:
        file = self._folder / f"{question}-{first or 'usual'}-{name}.tsv"
        if not file.exists():
            lines = (
                f"{self._callers.tokens[index]}\t{json.dumps(body(question, index, first=first))}\n"
                for index in indexes
            )
            file.write_text("".join(lines))
        return file
