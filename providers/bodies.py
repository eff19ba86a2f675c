"""Bodies of answers, unpacked as they come: never much of one in memory that is not wanted."""

import zlib
from collections.abc import Iterator

SMALL = 256 * 1024
"""Bytes of a body that are read without regard to how many others are being read."""

_PIECE = 64 * 1024


class BodyRefused(Exception):
    """A body that is larger than allowed, or not what its encoding says."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Lines:
    """Counts the lines of a body until there are as many as are wanted; 0 is for all."""

    def __init__(self, wanted: int) -> None:
        self._wanted, self._seen = wanted, 0

    @property
    def are_enough(self) -> bool:
        """The rest is not wanted."""
        return 0 < self._wanted <= self._seen

    def taken(self, piece: bytes) -> bytes:
        """As much of a piece as is wanted."""
        if not self._wanted:
            return piece
        end = 0
        while not self.are_enough:
            found = piece.find(b"\n", end)
            if found < 0:
                return piece
            end, self._seen = found + 1, self._seen + 1
        return piece[:end]


def gunzipped(gunzip: "zlib._Decompress", chunk: bytes) -> Iterator[bytes]:
    """A chunk in pieces that stay small, however well it was packed. Raises `BodyRefused`."""
    while chunk:
        try:
            yield gunzip.decompress(chunk, _PIECE)
        except zlib.error as error:
            raise BodyRefused("The provider's answer cannot be unpacked.") from error
        if gunzip.unused_data:
            raise BodyRefused("The provider's answer goes on after its end.")
        chunk = gunzip.unconsumed_tail
