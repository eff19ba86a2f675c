"""The webhooks module's words into ours, and orders into its requests."""

from providers.domain import NodeType, Provider, Ref, WebhookAttempt, WebhookAttemptStatus, WebhookConfig
from providers.formance.models import webhooks as models
from providers.formance.translate.values import time
from providers.orders.webhook import WebhookOrder

STATUSES = {
    "success": WebhookAttemptStatus.SUCCEEDED,
    "to retry": WebhookAttemptStatus.TO_BE_RETRIED,
    "failed": WebhookAttemptStatus.FAILED,
}


def webhook_config_ref(config_id: str) -> Ref:
    """The identity of a receiver."""
    return Ref(NodeType.WEBHOOK_CONFIG, (config_id,), Provider.FORMANCE)


def webhook_config(raw: models.WebhookConfig) -> WebhookConfig:
    """A receiver without its secret."""
    return WebhookConfig(
        ref=webhook_config_ref(raw.id),
        provider_id=raw.id,
        name=raw.name or None,
        endpoint=raw.endpoint,
        event_types=raw.event_types or (),
        is_active=raw.active,
        created_at=time(raw.created_at),
        updated_at=time(raw.updated_at),
        fetched_at=raw.read_at,
    )


def webhook_attempt(raw: models.WebhookAttempt) -> WebhookAttempt:
    """One try to tell a receiver something."""
    return WebhookAttempt(
        provider_id=raw.id,
        status=STATUSES.get(raw.status, WebhookAttemptStatus.UNKNOWN),
        provider_status=raw.status,
        status_code=raw.status_code,
        retry_number=raw.retry_attempt,
        payload=raw.payload,
        created_at=time(raw.created_at),
        next_retry_after=time(raw.next_retry_after),
    )


def webhook_request(order: WebhookOrder) -> models.WebhookConfigRequest:
    """A receiver to be made."""
    secret = order.secret.reveal() if order.secret else None
    return models.WebhookConfigRequest(order.endpoint, order.event_types, order.name, secret)
