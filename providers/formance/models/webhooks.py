"""What the webhooks module answers and takes. Whoever may read a receiver is told its secret, so none is kept."""

from datetime import datetime
from typing import Annotated

import msgspec

from providers.kept import Dated


class WebhookConfig(Dated, frozen=True, rename="camel"):
    """A receiver of events."""

    id: Annotated[str, msgspec.Meta(min_length=1)]
    endpoint: str = ""
    secret: str = ""
    event_types: tuple[str, ...] | None = None
    active: bool = False
    name: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


class WebhookAttempt(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """One try to tell a receiver something."""

    id: str = ""
    payload: str | None = None
    status_code: int | None = None
    retry_attempt: int | None = None
    status: str = ""
    created_at: datetime | None = None
    next_retry_after: datetime | None = None


class WebhookConfigRequest(msgspec.Struct, frozen=True, gc=False, rename="camel", omit_defaults=True):
    """A receiver to be told of events."""

    endpoint: str
    event_types: tuple[str, ...]
    name: str | None = None
    secret: str | None = None


class WebhookSecretRequest(msgspec.Struct, frozen=True, gc=False):
    """What shall be signed with from now on."""

    secret: str
