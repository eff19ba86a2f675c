"""What each module says of itself. The documentation asks for a token; most servers do not."""

import msgspec

from providers.formance.models.information import ModuleInfo
from providers.http import Endpoint, Upstream
from providers.operation import Operation

INFO: dict[tuple[str, int], Endpoint] = {
    ("auth", 1): Endpoint("get_server_info", "GET", "/api/auth/_info"),
    ("ledger", 1): Endpoint("get_info", "GET", "/api/ledger/_info"),
    ("ledger", 2): Endpoint("v2_get_info", "GET", "/api/ledger/v2/_info"),
    ("orchestration", 1): Endpoint("orchestrationget_server_info", "GET", "/api/orchestration/_info"),
    ("orchestration", 2): Endpoint("v2_get_server_info", "GET", "/api/orchestration/v2/_info"),
    ("payments", 1): Endpoint("paymentsget_server_info", "GET", "/api/payments/_info"),
    ("reconciliation", 1): Endpoint("reconciliationget_server_info", "GET", "/api/reconciliation/_info"),
    ("search", 1): Endpoint("searchget_server_info", "GET", "/api/search/_info"),
    ("wallets", 1): Endpoint("walletsget_server_info", "GET", "/api/wallets/_info"),
    ("webhooks", 1): Endpoint("get_server_info", "GET", "/api/webhooks/_info"),
}
"""By a module's name and the generation of its API. That of webhooks is in no documentation."""

_INFO = msgspec.json.Decoder(ModuleInfo)


class InformationService:
    """All modules' `_info`."""

    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream

    async def get_info(self, endpoint: Endpoint, operation: Operation) -> ModuleInfo:
        """A module's own word on itself. `endpoint` is one of `INFO`."""
        return await self._upstream.read(endpoint, _INFO, operation)
