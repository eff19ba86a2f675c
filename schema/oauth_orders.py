"""Mutations of clients and their secrets."""

import strawberry

from resolvers import oauth_orders as resolve
from resolvers import writing
from resolvers.caller import Scope
from schema.fields import backed_by, described, ordered_by, resolved_by
from schema.oauth import OAuthClient, OAuthSecret
from schema.payload import IDEMPOTENCY_KEY, Payload
from schema.scalars import JSON

_ID = "The client's global id."


@strawberry.input(description="A client to be made. It has no secret at first.")
class CreateOAuthClientInput:
    """GraphQL `CreateOAuthClientInput`."""

    name: str = described("What it is called.")
    description: str = strawberry.field(default="", description="What it is for.")
    is_public: bool = strawberry.field(default=False, description="True when it keeps no secret.")
    is_trusted: bool = strawberry.field(default=False, description="True when it gets every scope that it asks for.")
    redirect_uris: list[str] = strawberry.field(
        default_factory=list, description="Where people may be sent after they have logged in, up to 100."
    )
    post_logout_redirect_uris: list[str] = strawberry.field(
        default_factory=list, description="Where people may be sent after they have logged out, up to 100."
    )
    scopes: list[str] = strawberry.field(
        default_factory=list, description="The stack's scopes that it may have, such as `ledger:read`, up to 100."
    )
    metadata: JSON | None = strawberry.field(
        default=None, description="Notes kept with it: an object of strings. None when omitted."
    )
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.input(description="All that a client is from now on: what is left out is empty. Its secrets stay.")
class UpdateOAuthClientInput(CreateOAuthClientInput):
    """GraphQL `UpdateOAuthClientInput`."""

    oauth_client_id: strawberry.ID = described(_ID)


@strawberry.input(description="A client to be deleted.")
class DeleteOAuthClientInput:
    """GraphQL `DeleteOAuthClientInput`."""

    oauth_client_id: strawberry.ID = described(_ID)
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.input(description="A secret to be made for a client.")
class CreateOAuthClientSecretInput:
    """GraphQL `CreateOAuthClientSecretInput`."""

    oauth_client_id: strawberry.ID = described(_ID)
    name: str = described("What the secret is called.")
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.input(description="A secret of a client to be deleted.")
class DeleteOAuthClientSecretInput:
    """GraphQL `DeleteOAuthClientSecretInput`."""

    oauth_client_id: strawberry.ID = described(_ID)
    secret_id: str = described("The stack's own id of the secret, a `providerId` of the client's `secrets`.")
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.type(description="What the mutations that make or change a client answer.")
class OAuthClientPayload(Payload):
    """GraphQL `OAuthClientPayload`, backed by `resolvers.writing.Changed`."""

    oauth_client: OAuthClient | None = resolved_by(
        writing.node, "The client as it is now. Null when it was not changed.", needs=Scope.OAUTH_READ
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type(description="What `deleteOAuthClient` answers.")
class DeleteOAuthClientPayload(Payload):
    """GraphQL `DeleteOAuthClientPayload`, backed by `resolvers.writing.Changed`."""

    deleted_oauth_client_id: strawberry.ID | None = resolved_by(
        writing.deleted_id,
        "The global id of the client that is no more. Null when it was not deleted.",
        name="deletedOAuthClientId",
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type(description="What `createOAuthClientSecret` answers.")
class CreateOAuthClientSecretPayload(Payload):
    """GraphQL `CreateOAuthClientSecretPayload`, backed by `resolvers.writing.Changed`."""

    oauth_client: OAuthClient | None = resolved_by(
        writing.node, "The client as it is now. Null when it was not changed.", needs=Scope.OAUTH_READ
    )
    secret: OAuthSecret | None = resolved_by(
        resolve.new_secret,
        "The secret that was made, as its client tells of it. Null when none was made, or it is there no more.",
        needs=Scope.OAUTH_READ,
    )
    clear_secret: str | None = resolved_by(
        resolve.clear_secret,
        "What the secret is. It is kept nowhere, and shown this once: null when the same idempotencyKey is used again, "
        "or the provider's answer was lost. Then delete the secret and make another.",
        needs=Scope.OAUTH_ADMIN,
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type
class OAuthMutations:
    """The mutations of clients, a part of the root `Mutation`."""

    create_oauth_client: OAuthClientPayload | None = ordered_by(
        resolve.create_oauth_client,
        "Makes a client that may ask the stack for tokens.",
        name="createOAuthClient",
        needs=Scope.OAUTH_ADMIN,
        is_organisations=True,
    )
    update_oauth_client: OAuthClientPayload | None = ordered_by(
        resolve.update_oauth_client,
        "Replaces all that a client is, but for its secrets.",
        name="updateOAuthClient",
        needs=Scope.OAUTH_ADMIN,
        is_organisations=True,
    )
    delete_oauth_client: DeleteOAuthClientPayload | None = ordered_by(
        resolve.delete_oauth_client,
        "Deletes a client. Tokens that it has got are good until they expire. The client by which this server itself "
        "asks is not deleted.",
        name="deleteOAuthClient",
        needs=Scope.OAUTH_ADMIN,
        is_organisations=True,
    )
    create_oauth_client_secret: CreateOAuthClientSecretPayload | None = ordered_by(
        resolve.create_oauth_client_secret,
        "Makes a secret for a client.",
        name="createOAuthClientSecret",
        needs=Scope.OAUTH_ADMIN,
        is_organisations=True,
    )
    delete_oauth_client_secret: OAuthClientPayload | None = ordered_by(
        resolve.delete_oauth_client_secret,
        "Deletes a secret of a client, which gets no more tokens by it.",
        name="deleteOAuthClientSecret",
        needs=Scope.OAUTH_ADMIN,
        is_organisations=True,
    )
