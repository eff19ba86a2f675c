"""Documents that clients have sent once and name by their hash from then on: Apollo's automatic persisted queries."""

from collections import OrderedDict

from resolvers.screening import Asked
from serving.persisted.names import digest_of, encoded, hash_named, sha256

MOST_BYTES = 8 * 1024 * 1024
"""Of all texts together."""
MOST_BYTES_OF_ONE = MOST_BYTES // 64
OVERHEAD = 300
"""Bytes that an entry takes beside its text, about."""


class Automatic:
    """The latest that were asked for, in memory, for all callers: whoever knows a hash could know the text."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._texts: OrderedDict[str, str] = OrderedDict()
        self._bytes, self._most_bytes = 0, most_bytes

    def get(self, digest: str) -> str | None:
        """The text with that hash."""
        if digest not in self._texts:
            return None
        self._texts.move_to_end(digest)
        return self._texts[digest]

    def remember(self, asked: Asked) -> None:
        """Keep the text of an operation that names its hash. As a rule it comes last: what is refused is not kept."""
        name, location = hash_named(asked.extensions), asked.document.loc
        digest = digest_of(name or "")
        if location is None or not digest or digest in self._texts:
            return
        text = location.source.body
        if _size(text) <= MOST_BYTES_OF_ONE and sha256(text) == digest:
            self._keep(digest, text)

    def _keep(self, digest: str, text: str) -> None:
        self._texts[digest] = text
        self._bytes += _size(text)
        while self._bytes > self._most_bytes:
            _, oldest = self._texts.popitem(last=False)
            self._bytes -= _size(oldest)


def _size(text: str) -> int:
    return len(encoded(text)) + OVERHEAD
