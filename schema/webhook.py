"""Receivers that a provider tells of its events."""

from datetime import datetime

import strawberry

from providers import domain
from providers.domain import WebhookAttemptStatus
from schema.fields import backed_by, described
from schema.node import Node


@strawberry.type(
    description="A receiver that a provider's stack tells of its events (Formance). Its secret is not shown."
)
class WebhookConfig(Node):
    """GraphQL `WebhookConfig`, backed by `providers.domain.WebhookConfig`."""

    provider_id: str = described("The stack's own id of the receiver.")
    name: str | None = described("What it is called. Null when it has no name.")
    endpoint: str = described("The address that events are sent to. This server never calls it.")
    event_types: list[str] = described(
        "What it is told of, in the stack's words, such as `ledger.committed_transactions`. An open list."
    )
    is_active: bool = described("True while it is told of events.")
    created_at: datetime | None = described("When it was made. Null when the provider does not say.")
    updated_at: datetime | None = described("When it last changed. Null when the provider does not say.")
    fetched_at: datetime = described("When this was read from the provider.")

    is_type_of = backed_by(domain.WebhookConfig)


@strawberry.type(description="One try to tell a receiver something (Formance).")
class WebhookAttempt:
    """GraphQL `WebhookAttempt`, backed by `providers.domain.WebhookAttempt`."""

    provider_id: str = described("The stack's own id of the try.")
    status: WebhookAttemptStatus = described("How it ended. A status that is not known is never a success.")
    provider_status: str = described("The status in the provider's own word.")
    status_code: int | None = described("The HTTP status that the receiver answered. Null when there is none.")
    retry_number: int | None = described("How many tries there were before. Null when the provider does not say.")
    payload: str | None = described("What was sent, as text. Null when the provider does not say.")
    created_at: datetime | None = described("When it took place. Null when the provider does not say.")
    next_retry_after: datetime | None = described("When it is tried again. Null when it is not.")
