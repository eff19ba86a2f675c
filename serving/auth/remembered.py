"""Tokens that were found valid, so that a signature is checked once and not for every operation.

A token is good until it expires, remembered or not: nothing is asked of its issuer in between. What remembering could
lose, the withdrawal of a key, it does not: the tokens of one ring of keys are forgotten with it.
"""

from collections import OrderedDict

from resolvers.caller import Caller
from serving.auth.keys import Keyring

MOST = 4096


class Remembered:
    """The callers of at most `most` tokens, by the tokens' SHA-256. Who has not called for longest is forgotten."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._ring: Keyring | None = None
        self._callers: OrderedDict[bytes, Caller] = OrderedDict()

    def get(self, digest: bytes, ring: Keyring) -> Caller | None:
        """The caller, if the token was checked with the keys of this ring."""
        if ring is not self._ring:
            return None
        caller = self._callers.get(digest)
        if caller is not None:
            self._callers.move_to_end(digest)
        return caller

    def put(self, digest: bytes, caller: Caller, ring: Keyring) -> None:
        """Note a token that was checked with the keys of this ring."""
        if ring is not self._ring:
            self._ring = ring
            self._callers.clear()
        self._callers[digest] = caller
        if len(self._callers) > self._most:
            self._callers.popitem(last=False)
