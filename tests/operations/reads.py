"""How the operations that read are reached."""

from tests.operations import ground
from tests.operations.row import Row

_ACCOUNT = "query ($id: ID!) { account(id: $id) { id } }"
_LISTED = "{ nodes { id } }"

FINICITY = (
    Row(
        "finicity.GetCustomerAccounts",
        "Query.customer.accounts",
        "query ($id: ID!) { customer(id: $id) { accounts(provider: FINICITY) { nodes { id } } } }",
        ground.customer,
    ),
    Row("finicity.GetCustomerAccount", "Query.account", _ACCOUNT, ground.account_of("FINICITY")),
)

PLUGGY = (
    Row("pluggy.smart_account_retrieve", "Query.account", _ACCOUNT, ground.account_of("PLUGGY")),
    Row("pluggy.smart_accounts_list", "Query.accounts(provider)", f"{{ accounts(provider: PLUGGY) {_LISTED} }}"),
    Row(
        "pluggy.smart_account_balance_retrieve",
        "Query.account.balances",
        "query ($id: ID!) { account(id: $id) { balances { money { amount } } } }",
        ground.account_of("PLUGGY"),
    ),
)

PAYMENTS = (
    # The server is asked for its version by the first document that needs to know it, and not again for an hour.
    Row("formance.paymentsget_server_info", "Query.payments", f"{{ payments(first: 1) {_LISTED} }}"),
    Row("formance.paymentslist_accounts", "Query.accounts(provider)", f"{{ accounts(provider: FORMANCE) {_LISTED} }}"),
    Row("formance.paymentsget_account", "Query.account", _ACCOUNT, ground.account_of("FORMANCE")),
    Row(
        "formance.get_account_balances",
        "Query.account.balances",
        "query ($id: ID!) { account(id: $id) { balances { money { amount } } } }",
        ground.account_of("FORMANCE"),
    ),
    Row("formance.list_payments", "Query.payments", f"{{ payments {_LISTED} }}"),
    Row(
        "formance.get_payment",
        "Query.payment",
        "query ($id: ID!) { payment(id: $id) { id } }",
        ground.one_of("payments"),
    ),
    Row("formance.list_pools", "Query.pools", f"{{ pools {_LISTED} }}"),
    Row("formance.get_pool", "Query.pool", "query ($id: ID!) { pool(id: $id) { id } }", ground.one_of("pools")),
    Row(
        "formance.get_pool_balances",
        "Query.pool.balances(at)",
        'query ($id: ID!) { pool(id: $id) { balances(at: "2026-10-31T00:00:00Z") { money { amount } } } }',
        ground.one_of("pools"),
    ),
    Row("formance.list_bank_accounts", "Query.bankAccounts", f"{{ bankAccounts {_LISTED} }}"),
    Row(
        "formance.get_bank_account",
        "Query.bankAccount",
        "query ($id: ID!) { bankAccount(id: $id) { id } }",
        ground.one_of("bankAccounts"),
    ),
    Row("formance.list_transfer_initiations", "Query.transferInitiations", f"{{ transferInitiations {_LISTED} }}"),
    Row(
        "formance.get_transfer_initiation",
        "Query.transferInitiation.adjustments",
        "query ($id: ID!) { transferInitiation(id: $id) { adjustments { status } } }",
        ground.one_of("transferInitiations"),
    ),
    Row("formance.list_all_connectors", "Query.connectors", f"{{ connectors {_LISTED} }}"),
    Row(
        "formance.list_configs_available_connectors",
        "Query.availableConnectors",
        "{ availableConnectors { providerName } }",
    ),
    Row(
        "formance.read_connector_config_v1",
        "Query.connectors.nodes.settings",
        "{ connectors(first: 1) { nodes { settings { name } } } }",
    ),
    Row(
        "formance.list_connector_tasks_v1",
        "Query.connectors.nodes.tasks",
        f"{{ connectors(first: 1) {{ nodes {{ tasks {_LISTED} }} }} }}",
    ),
    Row("formance.get_connector_task_v1", "Query.node", "query ($id: ID!) { node(id: $id) { id } }", ground.task),
    Row(
        "formance.read_connector_config",
        "Query.connectorSettingsByKind",
        "query ($kind: String!) { connectorSettingsByKind(providerName: $kind) { name } }",
        ground.given(kind="WISE"),
        generation="v2",
    ),
    Row(
        "formance.list_connector_tasks",
        "Query.connectorTasksByKind",
        f"query ($kind: String!) {{ connectorTasksByKind(providerName: $kind) {_LISTED} }}",
        ground.given(kind="WISE"),
        generation="v2",
    ),
    Row(
        "formance.get_connector_task",
        "Query.connectorTaskByKind",
        "query ($kind: String!, $task: ID!) { connectorTaskByKind(providerName: $kind, taskId: $task) { id } }",
        ground.task_of_kind,
        generation="v2",
    ),
)
