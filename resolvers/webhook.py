"""Where receivers of events come from."""

from functools import partial
from typing import Annotated

import strawberry

from providers.domain import NodeType, WebhookConfig
from providers.protocols.webhook import ReadsWebhooks
from resolvers import ids
from resolvers.context import Info
from resolvers.listing import listed
from resolvers.node import by_ref
from resolvers.paging import After, Connection, First
from resolvers.problems import BadInput

_LONGEST = 2_000


async def webhook_config(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="A receiver's global id.")]
) -> WebhookConfig | None:
    """The receiver with this id."""
    found: WebhookConfig | None = await by_ref(ids.decode(id, NodeType.WEBHOOK_CONFIG), info.context)
    return found


async def webhook_configs(
    info: Info,
    endpoint: Annotated[
        str | None, strawberry.argument(description="Only receivers at exactly this address. All when omitted.")
    ] = None,
    first: First = 20,
    after: After = None,
) -> Connection[WebhookConfig]:
    """All receivers, or those at an address."""
    if len(endpoint or "") > _LONGEST:
        raise BadInput(f"An address has at most {_LONGEST} characters.")
    vendors = {
        name: partial(vendor.list_webhook_configs, endpoint=endpoint or "")
        for name, vendor in info.context.providers.able(ReadsWebhooks).items()
    }
    return await listed(info, vendors, of=("webhookConfigs", endpoint or ""), first=first, after=after)
