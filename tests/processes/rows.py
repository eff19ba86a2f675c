"""Every mutation, as it is tried by several processes. A new one needs a row here."""

from tests.conftest import Graph
from tests.operations import ground
from tests.operations.map import MAP
from tests.operations.row import Needs, Variables
from tests.processes import ledgers, modules, transfers, workflows
from tests.processes.reconciliation import RECONCILIATION
from tests.processes.row import Input, Row
from tests.processes.wallets import WALLETS

NEW_ACCOUNT = {"name": "Landlord", "country": "FR", "iban": "FR7630006000011234567890189"}


async def _noted_payment(graph: Graph) -> Variables:
    return ground.input_(paymentId=await ground.first_id(graph, "payments"), metadata={"reviewed": ground.key()})


async def _noted_bank_account(graph: Graph) -> Variables:
    return ground.input_(bankAccountId=await ground.first_id(graph, "bankAccounts"), metadata={"seen": ground.key()})


async def _forwarded_at_once(graph: Graph) -> Variables:
    return ground.input_(**NEW_ACCOUNT, connectorId=await ground.connector_id(graph, "GENERIC"))


async def _only_of_a_kind(_graph: Graph) -> Variables:
    return ground.input_(providerName="MANGOPAY")


def needs(operation: str) -> Needs:
    """As where the operation is reached in the map."""
    return MAP[operation].needs


def _connectors(payload: Input) -> list[str]:
    return [related["connector"]["id"] for related in payload["bankAccount"]["related"]]


POOLS = (
    Row(
        mutation="createPool",
        takes="CreatePoolInput",
        shows="pool { id name accounts { id } }",
        operation="formance.create_pool",
        needs=needs("formance.create_pool"),
        holds=lambda given, payload: (
            payload["pool"]["name"] == given["name"]
            and {each["id"] for each in payload["pool"]["accounts"]} == set(given["accountIds"])
        ),
    ),
    Row(
        mutation="deletePool",
        takes="DeletePoolInput",
        shows="deletedPoolId",
        operation="formance.delete_pool",
        needs=needs("formance.delete_pool"),
        holds=lambda given, payload: payload["deletedPoolId"] == given["poolId"],
    ),
    Row(
        mutation="addAccountToPool",
        takes="PoolAccountInput",
        shows="pool { id accounts { id } }",
        operation="formance.add_account_to_pool",
        needs=needs("formance.add_account_to_pool"),
        holds=lambda given, payload: {"id": given["accountId"]} in payload["pool"]["accounts"],
    ),
    Row(
        mutation="removeAccountFromPool",
        takes="PoolAccountInput",
        shows="pool { id accounts { id } }",
        operation="formance.remove_account_from_pool",
        needs=needs("formance.remove_account_from_pool"),
        holds=lambda given, payload: {"id": given["accountId"]} not in payload["pool"]["accounts"],
    ),
)

PAYMENTS = (
    Row(
        mutation="createPaymentAccount",
        takes="CreatePaymentAccountInput",
        shows="account { id reference }",
        operation="formance.create_account",
        needs=needs("formance.create_account"),
        holds=lambda given, payload: payload["account"]["reference"] == given["reference"],
    ),
    Row(
        mutation="createPayment",
        takes="CreatePaymentInput",
        shows="payment { id reference }",
        operation="formance.create_payment",
        needs=needs("formance.create_payment"),
        holds=lambda given, payload: payload["payment"]["reference"] == given["reference"],
    ),
    Row(
        mutation="updatePaymentMetadata",
        takes="UpdatePaymentMetadataInput",
        shows="payment { id metadata }",
        operation="formance.update_metadata",
        needs=_noted_payment,
        holds=lambda given, payload: given["metadata"].items() <= payload["payment"]["metadata"].items(),
    ),
)

BANK_ACCOUNTS = (
    Row(
        mutation="createBankAccount",
        takes="CreateBankAccountInput",
        shows="bankAccount { id name }",
        operation="formance.create_bank_account",
        needs=needs("formance.create_bank_account"),
        holds=lambda given, payload: payload["bankAccount"]["name"] == given["name"],
        is_patient=True,
    ),
    Row(
        mutation="createBankAccount",
        form="and forward",
        takes="CreateBankAccountInput",
        shows="bankAccount { id name related { connector { id } } }",
        operation="formance.create_bank_account",
        needs=_forwarded_at_once,
        holds=lambda given, payload: _connectors(payload) == [given["connectorId"]],
        is_patient=True,
    ),
    Row(
        mutation="forwardBankAccount",
        takes="ForwardBankAccountInput",
        shows="bankAccount { id related { connector { id } } }",
        operation="formance.forward_bank_account",
        needs=needs("formance.forward_bank_account"),
        holds=lambda given, payload: _connectors(payload) == [given["connectorId"]],
        is_patient=True,
    ),
    Row(
        mutation="updateBankAccountMetadata",
        takes="UpdateBankAccountMetadataInput",
        shows="bankAccount { id metadata }",
        operation="formance.update_bank_account_metadata",
        needs=_noted_bank_account,
        holds=lambda given, payload: given["metadata"].items() <= payload["bankAccount"]["metadata"].items(),
    ),
)

ACCOUNTS = (
    *(
        Row(
            mutation="refreshAccounts",
            form=operation.removeprefix("finicity.RefreshCustomerAccounts"),
            takes="RefreshAccountsInput",
            shows="refresh { id }",
            operation=operation,
            needs=needs(operation),
            holds=lambda _given, payload: bool(payload["refresh"]["id"]),
            is_patient=True,
        )
        for operation in MAP
        if operation.startswith("finicity.Refresh")
    ),
    Row(
        mutation="deleteAccount",
        takes="DeleteAccountInput",
        shows="deletedAccountId",
        operation="finicity.DeleteCustomerAccount",
        needs=needs("finicity.DeleteCustomerAccount"),
        holds=lambda given, payload: payload["deletedAccountId"] == given["accountId"],
    ),
    Row(
        mutation="deleteInstitutionLogin",
        takes="DeleteInstitutionLoginInput",
        shows="customer { id }",
        operation="finicity.DeleteCustomerAccountsByInstitutionLogin",
        needs=needs("finicity.DeleteCustomerAccountsByInstitutionLogin"),
        holds=lambda given, payload: payload["customer"]["id"] == given["customerId"],
    ),
    Row(
        mutation="createSmartAccount",
        takes="CreateSmartAccountInput",
        shows="account { id }",
        operation="pluggy.smart_account_create",
        needs=needs("pluggy.smart_account_create"),
        holds=lambda _given, payload: bool(payload["account"]["id"]),
    ),
)

CONNECTORS = (
    Row(
        mutation="installConnector",
        takes="InstallConnectorInput",
        shows="connector { id name }",
        operation="formance.install_connector",
        path="/api/payments/connectors/[wW]???",
        needs=needs("formance.install_connector"),
        holds=lambda given, payload: payload["connector"]["name"] == given["name"],
        is_patient=True,
    ),
    Row(
        mutation="updateConnector",
        takes="UpdateConnectorInput",
        shows="connector { id name }",
        operation="formance.update_connector_config_v1",
        needs=needs("formance.update_connector_config_v1"),
        holds=lambda given, payload: payload["connector"]["name"] == given["name"],
    ),
    Row(
        mutation="resetConnector",
        takes="ConnectorInput",
        shows="connector { id name }",
        operation="formance.reset_connector_v1",
        needs=needs("formance.reset_connector_v1"),
        holds=lambda _given, payload: payload["connector"]["name"].startswith("operations-"),
    ),
    Row(
        mutation="uninstallConnector",
        takes="ConnectorInput",
        shows="uninstalledConnectorId",
        operation="formance.uninstall_connector_v1",
        needs=needs("formance.uninstall_connector_v1"),
        holds=lambda given, payload: payload["uninstalledConnectorId"] == given["connectorId"],
    ),
    Row(
        mutation="resetConnectorByKind",
        takes="ConnectorKindInput",
        shows="connector { id name }",
        operation="formance.reset_connector",
        needs=_only_of_a_kind,
        holds=lambda _given, payload: payload["connector"]["name"] == "mangopay-wallets",
        refused={"v3": ("UNSUPPORTED", None)},
    ),
    Row(
        mutation="uninstallConnectorByKind",
        takes="ConnectorKindInput",
        shows="uninstalledConnectorId",
        operation="formance.uninstall_connector",
        needs=needs("formance.uninstall_connector"),
        holds=lambda _given, payload: bool(payload["uninstalledConnectorId"]),
        refused={"v3": ("UNSUPPORTED", None)},
    ),
)

ROWS: tuple[Row, ...] = (
    *POOLS,
    *PAYMENTS,
    *BANK_ACCOUNTS,
    *transfers.TRANSFERS,
    *ACCOUNTS,
    *CONNECTORS,
    *workflows.WORKFLOWS,
    *ledgers.LEDGERS,
    *WALLETS,
    *RECONCILIATION,
    *modules.WEBHOOKS,
    *modules.OAUTH,
)


def rows_of(generation: str) -> tuple[Row, ...]:
    """Generations are those of the payments service: what others do is the same beside either."""
    return tuple(row for row in ROWS if generation == "v3" or row.route()[1].startswith("/api/payments/"))
