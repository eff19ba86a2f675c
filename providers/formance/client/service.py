"""The payments service: https://docs.formance.com/payments and the v1 operations of the vendor's clients."""

import msgspec

from providers.formance.client.accounts import AccountCalls
from providers.formance.client.bank_accounts import BankAccountCalls
from providers.formance.client.connectors import ConnectorCalls
from providers.formance.client.payments import PaymentCalls
from providers.formance.client.pools import PoolCalls
from providers.formance.client.tasks import TaskCalls
from providers.formance.client.transfers import TransferCalls
from providers.formance.models import ServerInfo
from providers.http import Endpoint
from providers.operation import Operation

GET_SERVER_INFO = Endpoint("paymentsget_server_info", "GET", "/api/payments/_info")

_SERVER_INFO = msgspec.json.Decoder(ServerInfo)


class PaymentsService(
    AccountCalls, PaymentCalls, PoolCalls, BankAccountCalls, TransferCalls, ConnectorCalls, TaskCalls
):
    """All operations of the service, one method each."""

    async def paymentsget_server_info(self, operation: Operation, *, authenticated: bool) -> ServerInfo:
        """The server's version. Its documentation asks for a token; the servers themselves do not."""
        return await self._upstream.read(
            GET_SERVER_INFO, _SERVER_INFO, operation, authenticated=authenticated, is_counted=False
        )
