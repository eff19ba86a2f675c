"""Where the stack's clients and users come from."""

from typing import Annotated

import strawberry

from providers.domain import NodeType, OAuthClient, OAuthDiscovery, OAuthUser
from providers.protocols.oauth import ReadsOAuth
from resolvers import ids
from resolvers.context import Info
from resolvers.listing import listed
from resolvers.node import by_ref
from resolvers.paging import After, Connection, First


async def oauth_client(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="A client's global id.")]
) -> OAuthClient | None:
    """The client with this id."""
    found: OAuthClient | None = await by_ref(ids.decode(id, NodeType.OAUTH_CLIENT), info.context)
    return found


async def oauth_clients(info: Info, first: First = 20, after: After = None) -> Connection[OAuthClient]:
    """All clients."""
    able = info.context.providers.able(ReadsOAuth)
    vendors = {name: vendor.list_oauth_clients for name, vendor in able.items()}
    return await listed(info, vendors, of=("oauthClients",), first=first, after=after)


async def oauth_user(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="A user's global id.")]
) -> OAuthUser | None:
    """The user with this id."""
    found: OAuthUser | None = await by_ref(ids.decode(id, NodeType.OAUTH_USER), info.context)
    return found


async def oauth_users(info: Info, first: First = 20, after: After = None) -> Connection[OAuthUser]:
    """All users."""
    able = info.context.providers.able(ReadsOAuth)
    vendors = {name: vendor.list_oauth_users for name, vendor in able.items()}
    return await listed(info, vendors, of=("oauthUsers",), first=first, after=after)


async def oauth_discovery(info: Info) -> OAuthDiscovery | None:
    """Where tokens are to be had, and which."""
    for vendor in info.context.providers.able(ReadsOAuth).values():
        return await vendor.oauth_discovery(info.context.operation)
    return None
