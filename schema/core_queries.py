"""Where queries of customers and their money begin."""

import strawberry

import resolvers.account
import resolvers.bank_account
import resolvers.connector
import resolvers.connector_settings
import resolvers.customer
import resolvers.node
import resolvers.payment
import resolvers.pool
import resolvers.provider
import resolvers.transfer
from providers.costs import ACCOUNTS_EACH
from resolvers.caller import Scope
from schema.account import Account
from schema.bank_account import BankAccount
from schema.connection import Connection
from schema.connector import AvailableConnector, Connector, ConnectorSetting, ConnectorTask
from schema.costs import ACCOUNTS, PAYMENTS, POOLS, Cost, Load, listed, load
from schema.customer import Customer
from schema.fields import resolved_by
from schema.node import Node
from schema.payment import Payment
from schema.pool import Pool
from schema.provider import ProviderStatus
from schema.transfer import TransferInitiation

_ONLY_OF_ITS_KIND = (
    "The vendor has deprecated this form. It works where exactly one connector of the kind is installed, on servers of "
    "the second generation."
)


_BANK_ACCOUNTS = (
    Load(name="bank_accounts_by_customer"),
    Load(name="bank_accounts_by_account", times=ACCOUNTS_EACH, follows=True),
)


@strawberry.type
class CoreQueries:
    """The queries of customers, accounts, payments and pools, a part of the root `Query`."""

    node: Node | None = resolved_by(
        resolvers.node.node, "Any object by its global id. Null when there is none.", cost=Cost(weight=1, by_id="id")
    )
    nodes: list[Node | None] | None = resolved_by(
        resolvers.node.nodes,
        "Up to 100 objects by their global ids, in the same order. Null where there is none.",
        cost=Cost(weight=100, by_id="ids", assumed=100),
    )
    customer: Customer | None = resolved_by(
        resolvers.customer.customer,
        "A customer by its global id. Null when there is none.",
        needs=Scope.CUSTOMERS_READ,
        cost=Cost(by_id="id"),
    )
    customers: Connection[Customer] | None = resolved_by(
        resolvers.customer.customers,
        "All customers of the directory.",
        needs=Scope.CUSTOMERS_READ,
        cost=Cost(is_sliced=True),
    )
    account: Account | None = resolved_by(
        resolvers.account.account,
        "An account by its global id. Null when there is none.",
        needs=Scope.ACCOUNTS_READ,
        cost=Cost(weight=1, by_id="id"),
    )
    accounts: Connection[Account] | None = resolved_by(
        resolvers.account.accounts,
        "All accounts that this server's credentials reach, provider after provider.",
        needs=Scope.ACCOUNTS_READ,
        cost=listed("list_accounts", weight=57, for_bound=(ACCOUNTS,)),
    )
    payment: Payment | None = resolved_by(
        resolvers.payment.payment,
        "A payment by its global id. Null when there is none.",
        needs=Scope.PAYMENTS_READ,
        cost=Cost(weight=1, by_id="id"),
    )
    payments: Connection[Payment] | None = resolved_by(
        resolvers.payment.payments,
        "All payments, newest first.",
        needs=Scope.PAYMENTS_READ,
        cost=listed("list_payments", for_bound=(ACCOUNTS, *PAYMENTS)),
    )
    pool: Pool | None = resolved_by(
        resolvers.pool.pool,
        "A pool by its global id. Null when there is none.",
        needs=Scope.POOLS_READ,
        cost=Cost(weight=1, by_id="id"),
    )
    pools: Connection[Pool] | None = resolved_by(
        resolvers.pool.pools,
        "All pools.",
        needs=Scope.POOLS_READ,
        cost=listed("list_pools", for_bound=(ACCOUNTS, POOLS)),
    )
    connectors: Connection[Connector] | None = resolved_by(
        resolvers.connector.connectors,
        "All connectors to payment providers.",
        needs=Scope.CONNECTORS_READ,
        cost=listed("list_connectors"),
    )
    providers: list[ProviderStatus] | None = resolved_by(
        resolvers.provider.providers,
        "Every provider, how it runs and whether it answers.",
        needs=Scope.PROVIDERS_READ,
        cost=Cost(weight=4, loads=load("probe"), assumed=3),
    )
    bank_account: BankAccount | None = resolved_by(
        resolvers.bank_account.bank_account,
        "A bank account by its global id. Null when there is none.",
        needs=Scope.BANK_ACCOUNTS_READ,
        cost=Cost(weight=1, by_id="id"),
    )
    bank_accounts: Connection[BankAccount] | None = resolved_by(
        resolvers.bank_account.bank_accounts,
        "All bank accounts that the organisation keeps.",
        needs=Scope.BANK_ACCOUNTS_READ,
        cost=listed("list_bank_accounts", for_bound=(ACCOUNTS, *_BANK_ACCOUNTS)),
    )
    transfer_initiation: TransferInitiation | None = resolved_by(
        resolvers.transfer.transfer_initiation,
        "A transfer initiation by its global id. Null when there is none.",
        needs=Scope.TRANSFERS_READ,
        cost=Cost(weight=1, by_id="id"),
    )
    transfer_initiations: Connection[TransferInitiation] | None = resolved_by(
        resolvers.transfer.transfer_initiations,
        "All transfer initiations, newest first.",
        needs=Scope.TRANSFERS_READ,
        cost=listed("list_transfers", for_bound=(ACCOUNTS, Load(name="list_transfers", follows=True))),
    )
    available_connectors: list[AvailableConnector] | None = resolved_by(
        resolvers.connector_settings.available_connectors,
        "The kinds of connectors that can be installed, by name.",
        needs=Scope.CONNECTORS_READ,
        cost=Cost(weight=1, loads=load("available_connectors"), assumed=50),
    )
    connector_settings_by_kind: list[ConnectorSetting] | None = resolved_by(
        resolvers.connector_settings.settings_by_kind,
        f"The settings of the only connector of a kind. {_ONLY_OF_ITS_KIND}",
        deprecation_reason="Use `settings` of `connectors`.",
        needs=Scope.CONNECTORS_READ,
        cost=Cost(weight=1, loads=load("connector_settings_by_kind"), assumed=20),
    )
    connector_tasks_by_kind: Connection[ConnectorTask] | None = resolved_by(
        resolvers.connector_settings.tasks_by_kind,
        f"The tasks of the only connector of a kind. {_ONLY_OF_ITS_KIND}",
        deprecation_reason="Use `tasks` of `connectors`.",
        needs=Scope.CONNECTORS_READ,
        cost=listed("connector_tasks_by_kind"),
    )
    connector_task_by_kind: ConnectorTask | None = resolved_by(
        resolvers.connector_settings.task_by_kind,
        f"A task of the only connector of a kind. {_ONLY_OF_ITS_KIND}",
        deprecation_reason="Use `node`, or `tasks` of `connectors`.",
        needs=Scope.CONNECTORS_READ,
        cost=Cost(weight=1, loads=load("task_by_kind")),
    )
