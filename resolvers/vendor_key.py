"""What stands for a caller's idempotency key at a provider: neither the caller nor the key can be read from it."""

import hashlib
import json

from resolvers.context import Info

NOTE = "idempotency_hash"
"""The note by which something is found again that a provider has no other name for."""


def vendor_key(info: Info, key: str) -> str:
    """What no other caller and no other key has."""
    return hashlib.sha256(json.dumps([info.context.caller.id, key]).encode()).hexdigest()
