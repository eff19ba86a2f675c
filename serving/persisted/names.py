"""Where a request names the document that it means, and how a name comes from a text."""

import hashlib
from collections.abc import Mapping
from typing import Any

from resolvers.screening import Refused

SHA256 = "sha256:"
PARAMETERS = ("documentId", "id", "doc_id")
"""GraphQL over HTTP, appendix A; and what Relay's documentation and its apps use."""


def encoded(text: str) -> bytes:
    """The bytes of a text. Half a surrogate pair, which JSON can hold, is no error: it is nobody's document."""
    return text.encode(errors="surrogatepass")


def sha256(text: str) -> str:
    """The hash by which clients name a text: 64 hexadecimal digits."""
    return hashlib.sha256(encoded(text)).hexdigest()


def digest_of(name: str) -> str:
    """A hash without its prefix."""
    return name.removeprefix(SHA256)


def id_named(payload: Mapping[str, Any]) -> str | None:
    """The id of a trusted document. Raises `Refused` when it is no text."""
    named = next((payload[each] for each in PARAMETERS if payload.get(each) is not None), None)
    if named is not None and not isinstance(named, str):
        raise Refused("BAD_REQUEST", "The id of a document must be a string.")
    return named


def hash_named(extensions: object) -> str | None:
    """The hash in `extensions.persistedQuery`, as Apollo's clients send it. Raises `Refused` when it is odd."""
    asked = extensions.get("persistedQuery") if isinstance(extensions, Mapping) else None
    if asked is None:
        return None
    if not isinstance(asked, Mapping) or asked.get("version") != 1:
        raise Refused("BAD_REQUEST", "Unsupported persisted query version")
    named = asked.get("sha256Hash")
    if not isinstance(named, str):
        raise Refused("BAD_REQUEST", "`extensions.persistedQuery.sha256Hash` must be a string.")
    return named
