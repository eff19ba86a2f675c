"""The hash that ties each log entry to the one before it."""

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec


def linked(previous: str, kind: str, data: Mapping[str, Any], date: datetime) -> str:
    """The hash of an entry that follows the one with the hash `previous`, base64-encoded."""
    text = msgspec.json.encode([previous, kind, data, date])
    return base64.b64encode(hashlib.sha256(text).digest()).decode()
