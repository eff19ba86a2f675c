"""The operations that the vendors document, and which of them a call that a sandbox received was."""

import re
from collections.abc import Iterator

import msgspec


class Documented(msgspec.Struct, frozen=True):
    """An operation by the name that the vendor gives it. `path` has a `{name}` for each part that varies."""

    vendor: str
    module: str
    name: str
    method: str
    path: str
    service: str = ""
    """What tells apart operations of one vendor that have the same name."""

    @property
    def key(self) -> str:
        """What names it among all vendors' operations."""
        return ".".join(filter(None, (self.vendor, self.service, self.name)))

    def takes(self, vendor: str, method: str, path: str) -> bool:
        """True when such a call may be one of this operation."""
        pattern = re.sub(r"\{\w+\}", "[^/]+", self.path)
        return (vendor, method) == (self.vendor, self.method) and re.fullmatch(pattern, path) is not None


def table(vendor: str, module: str, root: str, rows: str, *, service: str = "") -> Iterator[Documented]:
    """One operation for each line of name, method and path."""
    for row in rows.strip().splitlines():
        name, method, path = row.split()
        yield Documented(vendor, module, name, method, root + path, service)


FINICITY = table(
    "finicity",
    "accounts",
    "/aggregation",
    """
DeleteCustomerAccount                       DELETE /v1/customers/{customer}/accounts/{account}
DeleteCustomerAccountsByInstitutionLogin    DELETE /v1/customers/{customer}/institutionLogins/{login}
GetCustomerAccount                          GET    /v2/customers/{customer}/accounts/{account}
GetCustomerAccounts                         GET    /v1/customers/{customer}/accounts
GetCustomerAccountsByInstitution            GET    /v1/customers/{customer}/institutions/{institution}/accounts
GetCustomerAccountsByInstitutionLogin       GET    /v1/customers/{customer}/institutionLogins/{login}/accounts
RefreshCustomerAccounts                     POST   /v1/customers/{customer}/accounts
RefreshCustomerAccountsByInstitutionLogin   POST   /v1/customers/{customer}/institutionLogins/{login}/accounts
RefreshCustomerAccountsByInstitutionLoginV2 POST   /v2/customers/{customer}/institutionLogins/{login}/accounts
RefreshCustomerAccountsV2                   POST   /v2/customers/{customer}/accounts
""",
)

PLUGGY = table(
    "pluggy",
    "smart accounts",
    "/payments",
    """
smart_account_balance_retrieve GET  /smart-accounts/{id}/balance
smart_account_create           POST /smart-accounts
smart_account_retrieve         GET  /smart-accounts/{id}
smart_accounts_list            GET  /smart-accounts
""",
)

PAYMENTS = table(
    "formance",
    "payments",
    "/api/payments",
    """
add_account_to_pool               POST   /pools/{pool}/accounts
connectors_transfer               POST   /connectors/{kind}/transfers
create_account                    POST   /accounts
create_bank_account               POST   /bank-accounts
create_payment                    POST   /payments
create_pool                       POST   /pools
create_transfer_initiation        POST   /transfer-initiations
delete_pool                       DELETE /pools/{pool}
delete_transfer_initiation        DELETE /transfer-initiations/{transfer}
forward_bank_account              POST   /bank-accounts/{bankAccount}/forward
get_account_balances              GET    /accounts/{account}/balances
get_bank_account                  GET    /bank-accounts/{bankAccount}
get_connector_task                GET    /connectors/{kind}/tasks/{task}
get_connector_task_v1             GET    /connectors/{kind}/{connector}/tasks/{task}
get_payment                       GET    /payments/{payment}
get_pool                          GET    /pools/{pool}
get_pool_balances                 GET    /pools/{pool}/balances
get_transfer_initiation           GET    /transfer-initiations/{transfer}
install_connector                 POST   /connectors/{kind}
list_all_connectors               GET    /connectors
list_bank_accounts                GET    /bank-accounts
list_configs_available_connectors GET    /connectors/configs
list_connector_tasks              GET    /connectors/{kind}/tasks
list_connector_tasks_v1           GET    /connectors/{kind}/{connector}/tasks
list_payments                     GET    /payments
list_pools                        GET    /pools
list_transfer_initiations         GET    /transfer-initiations
paymentsget_account               GET    /accounts/{account}
paymentsget_server_info           GET    /_info
paymentslist_accounts             GET    /accounts
read_connector_config             GET    /connectors/{kind}/config
read_connector_config_v1          GET    /connectors/{kind}/{connector}/config
remove_account_from_pool          DELETE /pools/{pool}/accounts/{account}
reset_connector                   POST   /connectors/{kind}/reset
reset_connector_v1                POST   /connectors/{kind}/{connector}/reset
retry_transfer_initiation         POST   /transfer-initiations/{transfer}/retry
reverse_transfer_initiation       POST   /transfer-initiations/{transfer}/reverse
udpate_transfer_initiation_status POST   /transfer-initiations/{transfer}/status
uninstall_connector               DELETE /connectors/{kind}
uninstall_connector_v1            DELETE /connectors/{kind}/{connector}
update_bank_account_metadata      PATCH  /bank-accounts/{bankAccount}/metadata
update_connector_config_v1        POST   /connectors/{kind}/{connector}/config
update_metadata                   PATCH  /payments/{payment}/metadata
""",
)

RECONCILIATION = table(
    "formance",
    "reconciliation",
    "/api/reconciliation",
    """
create_policy        POST   /policies
delete_policy        DELETE /policies/{policy}
get_policy           GET    /policies/{policy}
get_reconciliation   GET    /reconciliations/{reconciliation}
list_policies        GET    /policies
list_reconciliations GET    /reconciliations
reconcile            POST   /policies/{policy}/reconciliation
""",
    service="reconciliation",
)


LEDGER_READS_V1 = table(
    "formance",
    "ledger",
    "/api/ledger",
    """
get_info                GET  /_info
get_ledger_info         GET  /{ledger}/_info
count_accounts          HEAD /{ledger}/accounts
list_accounts           GET  /{ledger}/accounts
get_account             GET  /{ledger}/accounts/{address}
get_mapping             GET  /{ledger}/mapping
count_transactions      HEAD /{ledger}/transactions
list_transactions       GET  /{ledger}/transactions
get_transaction         GET  /{ledger}/transactions/{txid}
get_balances            GET  /{ledger}/balances
get_balances_aggregated GET  /{ledger}/aggregate/balances
list_logs               GET  /{ledger}/logs
read_stats              GET  /{ledger}/stats
""",
    service="ledger.v1",
)

LEDGER_READS_V2 = table(
    "formance",
    "ledger",
    "/api/ledger",
    """
get_info                  GET  /v2/_info
list_ledgers              GET  /v2
get_ledger                GET  /v2/{ledger}
get_ledger_info           GET  /v2/{ledger}/_info
count_accounts            HEAD /v2/{ledger}/accounts
list_accounts             GET  /v2/{ledger}/accounts
get_account               GET  /v2/{ledger}/accounts/{address}
count_transactions        HEAD /v2/{ledger}/transactions
list_transactions         GET  /v2/{ledger}/transactions
get_transaction           GET  /v2/{ledger}/transactions/{id}
get_balances_aggregated   GET  /v2/{ledger}/aggregate/balances
get_volumes_with_balances GET  /v2/{ledger}/volumes
list_logs                 GET  /v2/{ledger}/logs
read_stats                GET  /v2/{ledger}/stats
""",
    service="ledger.v2",
)

LEDGER_WRITES_V1 = table(
    "formance",
    "ledger",
    "/api/ledger",
    """
create_transaction          POST /{ledger}/transactions
create_transactions         POST /{ledger}/transactions/batch
revert_transaction          POST /{ledger}/transactions/{txid}/revert
add_metadata_on_transaction POST /{ledger}/transactions/{txid}/metadata
add_metadata_to_account     POST /{ledger}/accounts/{address}/metadata
run_script                  POST /{ledger}/script
update_mapping              PUT  /{ledger}/mapping
""",
    service="ledger.v1",
)

LEDGER_WRITES_V2 = table(
    "formance",
    "ledger",
    "/api/ledger",
    """
create_ledger               POST   /v2/{ledger}
update_ledger_metadata      PUT    /v2/{ledger}/metadata
delete_ledger_metadata      DELETE /v2/{ledger}/metadata/{key}
create_transaction          POST   /v2/{ledger}/transactions
revert_transaction          POST   /v2/{ledger}/transactions/{id}/revert
add_metadata_on_transaction POST   /v2/{ledger}/transactions/{id}/metadata
delete_transaction_metadata DELETE /v2/{ledger}/transactions/{id}/metadata/{key}
add_metadata_to_account     POST   /v2/{ledger}/accounts/{address}/metadata
delete_account_metadata     DELETE /v2/{ledger}/accounts/{address}/metadata/{key}
create_bulk                 POST   /v2/{ledger}/_bulk
export_logs                 POST   /v2/{ledger}/logs/export
import_logs                 POST   /v2/{ledger}/logs/import
""",
    service="ledger.v2",
)
AUTH = table(
    "formance",
    "auth",
    "/api/auth",
    """
create_client       POST   /clients
create_secret       POST   /clients/{client}/secrets
delete_client       DELETE /clients/{client}
delete_secret       DELETE /clients/{client}/secrets/{secret}
get_oidc_well_knowns GET   /.well-known/openid-configuration
get_server_info     GET    /_info
list_clients        GET    /clients
list_users          GET    /users
read_client         GET    /clients/{client}
read_user           GET    /users/{user}
update_client       PUT    /clients/{client}
""",
    service="auth",
)

SEARCH = table(
    "formance",
    "search",
    "/api/search",
    """
search                POST /
searchget_server_info GET  /_info
""",
    service="search",
)

WEBHOOKS = table(
    "formance",
    "webhooks",
    "/api/webhooks",
    """
activate_config      PUT    /configs/{config}/activate
change_config_secret PUT    /configs/{config}/secret/change
deactivate_config    PUT    /configs/{config}/deactivate
delete_config        DELETE /configs/{config}
get_many_configs     GET    /configs
insert_config        POST   /configs
test_config          GET    /configs/{config}/test
""",
    service="webhooks",
)

GATEWAY = table("formance", "gateway", "", "get_versions GET /versions", service="gateway")

INFORMATION = (
    *table(
        "formance",
        "information",
        "/api/orchestration",
        "orchestrationget_server_info GET /_info",
        service="orchestration.v1",
    ),
    *table(
        "formance", "information", "/api/orchestration/v2", "get_server_info GET /_info", service="orchestration.v2"
    ),
    *table(
        "formance",
        "information",
        "/api/reconciliation",
        "reconciliationget_server_info GET /_info",
        service="reconciliation",
    ),
    *table("formance", "information", "/api/wallets", "walletsget_server_info GET /_info", service="wallets"),
)
"""What modules say of themselves."""

WALLETS = table(
    "formance",
    "wallets",
    "/api/wallets",
    """
confirm_hold       POST  /holds/{hold}/confirm
create_balance     POST  /wallets/{wallet}/balances
create_wallet      POST  /wallets
credit_wallet      POST  /wallets/{wallet}/credit
debit_wallet       POST  /wallets/{wallet}/debit
get_balance        GET   /wallets/{wallet}/balances/{name}
get_hold           GET   /holds/{hold}
get_holds          GET   /holds
get_transactions   GET   /transactions
get_wallet         GET   /wallets/{wallet}
get_wallet_summary GET   /wallets/{wallet}/summary
list_balances      GET   /wallets/{wallet}/balances
list_wallets       GET   /wallets
update_wallet      PATCH /wallets/{wallet}
void_hold          POST  /holds/{hold}/void
""",
    service="wallets",
)


_FLOWS = """
cancel_event               PUT    /instances/{instance}/abort
create_trigger             POST   /triggers
create_workflow            POST   /workflows
delete_trigger             DELETE /triggers/{trigger}
delete_workflow            DELETE /workflows/{workflow}
get_instance               GET    /instances/{instance}
get_instance_history       GET    /instances/{instance}/history
get_instance_stage_history GET    /instances/{instance}/stages/{number}/history
get_workflow               GET    /workflows/{workflow}
list_instances             GET    /instances
list_triggers              GET    /triggers
list_triggers_occurrences  GET    /triggers/{trigger}/occurrences
list_workflows             GET    /workflows
read_trigger               GET    /triggers/{trigger}
run_workflow               POST   /workflows/{workflow}/instances
send_event                 POST   /instances/{instance}/events
"""

ORCHESTRATION = (
    *table("formance", "orchestration", "/api/orchestration", _FLOWS, service="orchestration.v1"),
    *table(
        "formance",
        "orchestration",
        "/api/orchestration/v2",
        f"{_FLOWS}test_trigger POST /triggers/{{trigger}}/test",
        service="orchestration.v2",
    ),
)

DOCUMENTED: tuple[Documented, ...] = (
    *FINICITY,
    *PLUGGY,
    *PAYMENTS,
    *LEDGER_READS_V1,
    *LEDGER_READS_V2,
    *LEDGER_WRITES_V1,
    *LEDGER_WRITES_V2,
    *WALLETS,
    *ORCHESTRATION,
    *RECONCILIATION,
    *WEBHOOKS,
    *AUTH,
    *SEARCH,
    *GATEWAY,
    *INFORMATION,
)


def operation_of(vendor: str, method: str, path: str) -> str | None:
    """The key of the operation that a call was; of several that it may have been, the one with the fewest variables."""
    found = [each for each in DOCUMENTED if each.takes(vendor, method, path)]
    return min(found, key=lambda each: each.path.count("{")).key if found else None
