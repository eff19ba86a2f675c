"""Mutations of receivers of events."""

import strawberry

from resolvers import showing, writing
from resolvers import webhook_orders as resolve
from resolvers.caller import Scope
from schema.fields import backed_by, described, ordered_by, resolved_by
from schema.payload import IDEMPOTENCY_KEY, Payload
from schema.webhook import WebhookAttempt, WebhookConfig

_ID = "The receiver's global id."
_KEY = "Base64 of the 24 bytes that messages are signed with (HMAC-SHA256), known to nobody but the receiver."


@strawberry.input(description="A receiver to be told of events. It is active at once.")
class CreateWebhookConfigInput:
    """GraphQL `CreateWebhookConfigInput`."""

    endpoint: str = described("The address that events are sent to by the stack. This server never calls it.")
    event_types: list[str] = described(
        "Types of events in the stack's words, such as `ledger.committed_transactions`, up to 100. They are kept in "
        "lower case."
    )
    name: str | None = strawberry.field(default=None, description="What it is called. It has no name when omitted.")
    secret: str | None = strawberry.field(default=None, description=f"{_KEY} The stack makes one when omitted.")
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.input(description="A receiver of events.")
class WebhookConfigInput:
    """GraphQL `WebhookConfigInput`."""

    webhook_config_id: strawberry.ID = described(_ID)
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.input(description="A receiver that is told of events under another secret from now on.")
class ChangeWebhookConfigSecretInput:
    """GraphQL `ChangeWebhookConfigSecretInput`."""

    webhook_config_id: strawberry.ID = described(_ID)
    secret: str = described(_KEY)
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.type(description="What `createWebhookConfig` answers.")
class CreateWebhookConfigPayload(Payload):
    """GraphQL `CreateWebhookConfigPayload`, backed by `resolvers.writing.Changed`."""

    webhook_config: WebhookConfig | None = resolved_by(
        writing.node, "The receiver. Null when it was not made.", needs=Scope.WEBHOOKS_READ
    )
    secret: str | None = resolved_by(
        showing.secret,
        "What messages to it are signed with. It is kept nowhere, and shown this once: null when the same "
        "idempotencyKey is used again. `changeWebhookConfigSecret` gives it another.",
        needs=Scope.WEBHOOKS_ADMIN,
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type(description="What the mutations that change a receiver answer.")
class WebhookConfigPayload(Payload):
    """GraphQL `WebhookConfigPayload`, backed by `resolvers.writing.Changed`."""

    webhook_config: WebhookConfig | None = resolved_by(
        writing.node, "The receiver as it is now. Null when it was not changed.", needs=Scope.WEBHOOKS_READ
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type(description="What `deleteWebhookConfig` answers.")
class DeleteWebhookConfigPayload(Payload):
    """GraphQL `DeleteWebhookConfigPayload`, backed by `resolvers.writing.Changed`."""

    deleted_webhook_config_id: strawberry.ID | None = resolved_by(
        writing.deleted_id, "The global id of the receiver that is no more. Null when it was not deleted."
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type(description="What `testWebhookConfig` answers.")
class TestWebhookConfigPayload(Payload):
    """GraphQL `TestWebhookConfigPayload`, backed by `resolvers.writing.Changed`."""

    webhook_config: WebhookConfig | None = resolved_by(
        writing.node, "The receiver. Null when nothing was sent to it.", needs=Scope.WEBHOOKS_READ
    )
    attempt: WebhookAttempt | None = resolved_by(
        showing.shown,
        "How the receiver took it. It is kept nowhere: null when the same idempotencyKey is used again.",
        needs=Scope.WEBHOOKS_ADMIN,
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type
class WebhookMutations:
    """The mutations of receivers, a part of the root `Mutation`."""

    create_webhook_config: CreateWebhookConfigPayload | None = ordered_by(
        resolve.create_webhook_config,
        "Makes a receiver that the stack tells of its events.",
        needs=Scope.WEBHOOKS_ADMIN,
        is_organisations=True,
    )
    delete_webhook_config: DeleteWebhookConfigPayload | None = ordered_by(
        resolve.delete_webhook_config, "Deletes a receiver.", needs=Scope.WEBHOOKS_ADMIN, is_organisations=True
    )
    activate_webhook_config: WebhookConfigPayload | None = ordered_by(
        resolve.activate_webhook_config,
        "Lets a receiver be told of events from now on. Nothing happens when it is already.",
        needs=Scope.WEBHOOKS_ADMIN,
        is_organisations=True,
    )
    deactivate_webhook_config: WebhookConfigPayload | None = ordered_by(
        resolve.deactivate_webhook_config,
        "Lets a receiver be told nothing from now on. Nothing happens when it is told nothing already.",
        needs=Scope.WEBHOOKS_ADMIN,
        is_organisations=True,
    )
    change_webhook_config_secret: WebhookConfigPayload | None = ordered_by(
        resolve.change_webhook_config_secret,
        "Lets messages to a receiver be signed with another secret from now on. It is not shown.",
        needs=Scope.WEBHOOKS_ADMIN,
        is_organisations=True,
    )
    test_webhook_config: TestWebhookConfigPayload | None = ordered_by(
        resolve.test_webhook_config,
        "Has the stack send a receiver a test. When the answer to it is lost, nobody can tell whether it was sent: the "
        "same idempotencyKey says so for ever, another one sends another test.",
        needs=Scope.WEBHOOKS_ADMIN,
        is_organisations=True,
    )
