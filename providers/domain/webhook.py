"""Receivers that a provider tells of its events, and its tries to do so."""

from datetime import datetime
from enum import StrEnum

import msgspec

from providers.domain.ref import Ref


class WebhookConfig(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A receiver. Its secret is nowhere in the graph."""

    ref: Ref
    provider_id: str
    name: str | None
    endpoint: str
    event_types: tuple[str, ...]
    is_active: bool
    created_at: datetime | None
    updated_at: datetime | None
    fetched_at: datetime


class WebhookAttemptStatus(StrEnum):
    """How a try to tell a receiver something ended."""

    SUCCEEDED = "succeeded"
    TO_BE_RETRIED = "to_be_retried"
    FAILED = "failed"
    UNKNOWN = "unknown"


class WebhookAttempt(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One try. `payload` is what was sent."""

    provider_id: str
    status: WebhookAttemptStatus
    provider_status: str
    status_code: int | None
    retry_number: int | None
    payload: str | None
    created_at: datetime | None
    next_retry_after: datetime | None
