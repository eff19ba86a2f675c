"""What mutations do to the stack's clients and their secrets."""

import hashlib
from typing import Annotated, Any, Protocol

import msgspec
import strawberry

from providers.config import Secret
from providers.domain import NodeType, OAuthClient, OAuthSecret, Ref
from providers.orders.oauth import OAuthClientOrder, OAuthSecretOrder, WritesOAuth
from providers.protocols.oauth import ReadsOAuth
from resolvers.batching import value_of
from resolvers.context import Info
from resolvers.showing import Showing, showing
from resolvers.writing import INPUT, Changed, Checks, Ordered, carried_out, off, ordered, then

NOTE = "idempotency_hash"
"""The note by which a client or a secret is found again that was made by a write whose answer was lost."""
_MOST = 100
_FIELD = "oauthClientId"


class ClientSettings(Protocol):
    """What the inputs that say what a client is have in common."""

    name: str
    description: str
    is_public: bool
    is_trusted: bool
    redirect_uris: list[str]
    post_logout_redirect_uris: list[str]
    scopes: list[str]
    metadata: Any
    idempotency_key: str


class CreateOAuthClientInput(ClientSettings, Protocol):
    """The shape of the schema's input of this name."""


class UpdateOAuthClientInput(ClientSettings, Protocol):
    """The shape of the schema's input of this name."""

    oauth_client_id: strawberry.ID


class OAuthClientInput(Protocol):
    """The shape of the inputs that name a client."""

    oauth_client_id: strawberry.ID
    idempotency_key: str


class DeleteOAuthClientInput(OAuthClientInput, Protocol):
    """The shape of the schema's input of this name."""


class CreateOAuthClientSecretInput(OAuthClientInput, Protocol):
    """The shape of the schema's input of this name."""

    name: str


class DeleteOAuthClientSecretInput(OAuthClientInput, Protocol):
    """The shape of the schema's input of this name."""

    secret_id: str


# The annotations name the schema's input types by lazy references, because this layer does not import the schema.
Create = Annotated[Annotated["CreateOAuthClientInput", strawberry.lazy("schema.oauth_orders")], INPUT]
Update = Annotated[Annotated["UpdateOAuthClientInput", strawberry.lazy("schema.oauth_orders")], INPUT]
Delete = Annotated[Annotated["DeleteOAuthClientInput", strawberry.lazy("schema.oauth_orders")], INPUT]
CreateSecret = Annotated[Annotated["CreateOAuthClientSecretInput", strawberry.lazy("schema.oauth_orders")], INPUT]
DeleteSecret = Annotated[Annotated["DeleteOAuthClientSecretInput", strawberry.lazy("schema.oauth_orders")], INPUT]


async def create_oauth_client(info: Info, input: Create) -> Changed:
    """Make a client."""
    checks = Checks(info)
    note = {NOTE: _note(info, input.idempotency_key)}
    order = _order(input, checks)
    to = ordered(info, WritesOAuth)
    if to is None or checks.failed:
        return checks.failed or off()
    noted = msgspec.structs.replace(order, metadata={**order.metadata, **note})
    return await carried_out(
        info,
        to,
        name="createOAuthClient",
        key=input.idempotency_key,
        checks=checks,
        order=order,
        send=lambda: to.vendor.create_oauth_client(noted, to.operation),
        shows=lambda: to.vendor.find_oauth_client(note, to.operation),
    )


async def update_oauth_client(info: Info, input: Update) -> Changed:
    """Replace what a client is."""
    checks = Checks(info)
    client = checks.ref(input.oauth_client_id, _FIELD, of=[NodeType.OAUTH_CLIENT])
    order = _order(input, checks)
    to = ordered(info, WritesOAuth)
    if to is None or client is None or checks.failed:
        return checks.failed or off()

    async def shows() -> Ref | None:
        return client if await to.vendor.is_oauth_client_so(client, order, to.operation) else None

    return await carried_out(
        info,
        to,
        name="updateOAuthClient",
        key=input.idempotency_key,
        checks=checks,
        order=[client, order],
        send=lambda: then(to.vendor.update_oauth_client(client, order, to.operation), client),
        shows=shows,
    )


async def delete_oauth_client(info: Info, input: Delete) -> Changed:
    """Delete a client."""
    checks = Checks(info)
    client = checks.ref(input.oauth_client_id, _FIELD, of=[NodeType.OAUTH_CLIENT])
    to = ordered(info, WritesOAuth)
    if to is None or client is None:
        return checks.failed or off()

    async def is_gone() -> Ref | None:
        return None if await _client(info, to, client) else client

    return await carried_out(
        info,
        to,
        name="deleteOAuthClient",
        key=input.idempotency_key,
        checks=checks,
        order=client,
        send=lambda: then(to.vendor.delete_oauth_client(client, to.operation), client),
        shows=is_gone,
    )


async def create_oauth_client_secret(info: Info, input: CreateSecret) -> Changed:
    """Make a secret for a client."""
    checks = Checks(info)
    client = checks.ref(input.oauth_client_id, _FIELD, of=[NodeType.OAUTH_CLIENT])
    name = checks.text(input.name, "name")
    to = ordered(info, WritesOAuth)
    if to is None or client is None or checks.failed:
        return checks.failed or off()
    note = {NOTE: _note(info, input.idempotency_key)}
    made: list[Secret] = []

    async def send() -> Ref:
        order = OAuthSecretOrder(client=client, name=name, metadata=note)
        made.append(await to.vendor.create_oauth_secret(order, to.operation))
        return client

    async def shows() -> Ref | None:
        return client if await to.vendor.find_oauth_secret(client, note, to.operation) else None

    outcome = await carried_out(
        info,
        to,
        name="createOAuthClientSecret",
        key=input.idempotency_key,
        checks=checks,
        order=[client, name],
        send=send,
        shows=shows,
    )
    return showing(outcome, _Made(note[NOTE], made[0] if made else None))


async def delete_oauth_client_secret(info: Info, input: DeleteSecret) -> Changed:
    """Delete a client's secret."""
    checks = Checks(info)
    client = checks.ref(input.oauth_client_id, _FIELD, of=[NodeType.OAUTH_CLIENT])
    secret_id = checks.text(input.secret_id, "secretId")
    to = ordered(info, WritesOAuth)
    if to is None or client is None or checks.failed:
        return checks.failed or off()

    async def is_gone() -> Ref | None:
        return None if await to.vendor.has_oauth_secret(client, secret_id, to.operation) else client

    return await carried_out(
        info,
        to,
        name="deleteOAuthClientSecret",
        key=input.idempotency_key,
        checks=checks,
        order=[client, secret_id],
        send=lambda: then(to.vendor.delete_oauth_secret(client, secret_id, to.operation), client),
        shows=is_gone,
    )


class _Made(msgspec.Struct, frozen=True):
    """A secret that was made: its note, and what it is when this has just made it."""

    note: str
    clear: Secret | None


def new_secret(root: strawberry.Parent[Changed], info: Info) -> OAuthSecret | None:  # noqa: ARG001 - for the guard
    """The secret that was made, as the client's record tells of it."""
    if not isinstance(root, Showing) or not isinstance(root.once, _Made) or not isinstance(root.node, OAuthClient):
        return None
    own = (each for each in root.node.secrets if _noted(each) == root.once.note)
    return next(own, None)


def clear_secret(root: strawberry.Parent[Changed], info: Info) -> str | None:  # noqa: ARG001 - for the guard
    """What the secret is."""
    if not isinstance(root, Showing) or not isinstance(root.once, _Made) or root.once.clear is None:
        return None
    return root.once.clear.reveal()


def _noted(secret: OAuthSecret) -> object:
    notes = msgspec.json.decode(secret.metadata)
    return notes.get(NOTE) if isinstance(notes, dict) else None


def _order(input: ClientSettings, checks: Checks) -> OAuthClientOrder:
    """What was asked for; not to be used when a check has failed."""
    notes = checks.notes(input.metadata, "metadata")
    if NOTE in notes:
        checks.refuse(f"The note `{NOTE}` is kept by this server.", "metadata", NOTE)
    return OAuthClientOrder(
        name=checks.text(input.name, "name"),
        description=input.description,
        is_public=input.is_public,
        is_trusted=input.is_trusted,
        redirect_uris=_texts(input.redirect_uris, checks, "redirectUris"),
        post_logout_redirect_uris=_texts(input.post_logout_redirect_uris, checks, "postLogoutRedirectUris"),
        metadata=notes,
        scopes=_texts(input.scopes, checks, "scopes"),
    )


def _texts(given: list[str], checks: Checks, field: str) -> tuple[str, ...]:
    if len(given) > _MOST:
        checks.refuse(f"At most {_MOST} can be given.", field)
    return tuple(checks.text(each, field, str(place)) for place, each in enumerate(given))


def _note(info: Info, key: str) -> str:
    """What no other caller and no other key has, and what tells neither."""
    return hashlib.sha256(msgspec.json.encode([info.context.caller.id, key])).hexdigest()


async def _client(info: Info, to: Ordered[WritesOAuth], client: Ref) -> OAuthClient | None:
    """The client as the provider has it now."""
    found = await info.context.providers.able(ReadsOAuth)[to.provider].oauth_clients_by_ref([client], to.operation)
    return value_of(found[client]) if client in found else None
