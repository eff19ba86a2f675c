"""Calls by the vendor's own operation names, one file for each service of the stack."""

from providers.formance.client.information import InformationService
from providers.formance.client.ledger import LedgerService
from providers.formance.client.oauth import OAuthService
from providers.formance.client.orchestration import OrchestrationService
from providers.formance.client.reconciliation import ReconciliationService
from providers.formance.client.search import SearchService
from providers.formance.client.service import PaymentsService
from providers.formance.client.stack import StackService
from providers.formance.client.wallets import WalletsService
from providers.formance.client.webhooks import WebhooksService
from providers.formance.paging import PAGE
from providers.http import Upstream


class Client:
    """All services of one stack, asked by the client `own_id`."""

    def __init__(
        self, upstream: Upstream, *, largest_page: int = PAGE, orchestration: str = "auto", own_id: str | None = None
    ) -> None:
        self._upstream = upstream
        self.stack = StackService(upstream)
        self.payments = PaymentsService(upstream, largest_page=largest_page)
        self.ledger = LedgerService(upstream, largest_page=largest_page)
        self.wallets = WalletsService(upstream, largest_page=largest_page)
        self.orchestration = OrchestrationService(upstream, setting=orchestration, largest_page=largest_page)
        self.information = InformationService(upstream)
        self.webhooks = WebhooksService(upstream)
        self.oauth = OAuthService(upstream, own_id=own_id)
        self.search = SearchService(upstream)
        self.reconciliation = ReconciliationService(upstream, largest_page=largest_page)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._upstream.aclose()


__all__ = ["Client", "LedgerService", "PaymentsService", "StackService", "WalletsService"]
