"""What the webhooks service remembers of a receiver."""

from collections.abc import Mapping
from datetime import datetime

import msgspec


class Config(msgspec.Struct, kw_only=True):
    """A receiver of events. `secret` is base64 of 24 bytes; `event_types` are `service.type` in lower case."""

    id: str
    endpoint: str
    secret: str
    event_types: list[str]
    active: bool
    name: str
    created_at: datetime
    updated_at: datetime

    def wire(self) -> Mapping[str, object]:
        """As it is answered."""
        return {
            "id": self.id,
            "endpoint": self.endpoint,
            "secret": self.secret,
            "eventTypes": self.event_types,
            "active": self.active,
            "name": self.name,
            "createdAt": self.created_at,
            "updatedAt": self.updated_at,
        }
