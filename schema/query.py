"""Where every query begins."""

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
from resolvers.caller import Scope
from schema.account import Account
from schema.bank_account import BankAccount
from schema.connection import Connection
from schema.connector import AvailableConnector, Connector, ConnectorSetting, ConnectorTask
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


@strawberry.type(description="Where every query begins.")
class Query:
    """The root type. Every field is nullable, so that one failure never costs the others."""

    node: Node | None = resolved_by(resolvers.node.node, "Any object by its global id. Null when there is none.")
    nodes: list[Node | None] | None = resolved_by(
        resolvers.node.nodes, "Up to 100 objects by their global ids, in the same order. Null where there is none."
    )
    customer: Customer | None = resolved_by(
        resolvers.customer.customer,
        "A customer by its global id. Null when there is none.",
        needs=Scope.CUSTOMERS_READ,
    )
    customers: Connection[Customer] | None = resolved_by(
        resolvers.customer.customers,
        "All customers of the directory.",
        needs=Scope.CUSTOMERS_READ,
    )
    account: Account | None = resolved_by(
        resolvers.account.account,
        "An account by its global id. Null when there is none.",
        needs=Scope.ACCOUNTS_READ,
    )
    accounts: Connection[Account] | None = resolved_by(
        resolvers.account.accounts,
        "All accounts that this server's credentials reach, provider after provider.",
        needs=Scope.ACCOUNTS_READ,
    )
    payment: Payment | None = resolved_by(
        resolvers.payment.payment,
        "A payment by its global id. Null when there is none.",
        needs=Scope.PAYMENTS_READ,
    )
    payments: Connection[Payment] | None = resolved_by(
        resolvers.payment.payments, "All payments, newest first.", needs=Scope.PAYMENTS_READ
    )
    pool: Pool | None = resolved_by(
        resolvers.pool.pool, "A pool by its global id. Null when there is none.", needs=Scope.POOLS_READ
    )
    pools: Connection[Pool] | None = resolved_by(resolvers.pool.pools, "All pools.", needs=Scope.POOLS_READ)
    connectors: Connection[Connector] | None = resolved_by(
        resolvers.connector.connectors,
        "All connectors to payment providers.",
        needs=Scope.CONNECTORS_READ,
    )
    providers: list[ProviderStatus] | None = resolved_by(
        resolvers.provider.providers,
        "Every provider, how it runs and whether it answers.",
        needs=Scope.PROVIDERS_READ,
    )
    bank_account: BankAccount | None = resolved_by(
        resolvers.bank_account.bank_account,
        "A bank account by its global id. Null when there is none.",
        needs=Scope.BANK_ACCOUNTS_READ,
    )
    bank_accounts: Connection[BankAccount] | None = resolved_by(
        resolvers.bank_account.bank_accounts,
        "All bank accounts that the organisation keeps.",
        needs=Scope.BANK_ACCOUNTS_READ,
    )
    transfer_initiation: TransferInitiation | None = resolved_by(
        resolvers.transfer.transfer_initiation,
        "A transfer initiation by its global id. Null when there is none.",
        needs=Scope.TRANSFERS_READ,
    )
    transfer_initiations: Connection[TransferInitiation] | None = resolved_by(
        resolvers.transfer.transfer_initiations,
        "All transfer initiations, newest first.",
        needs=Scope.TRANSFERS_READ,
    )
    available_connectors: list[AvailableConnector] | None = resolved_by(
        resolvers.connector_settings.available_connectors,
        "The kinds of connectors that can be installed, by name.",
        needs=Scope.CONNECTORS_READ,
    )
    connector_settings_by_kind: list[ConnectorSetting] | None = resolved_by(
        resolvers.connector_settings.settings_by_kind,
        f"The settings of the only connector of a kind. {_ONLY_OF_ITS_KIND}",
        deprecation_reason="Use `settings` of `connectors`.",
        needs=Scope.CONNECTORS_READ,
    )
    connector_tasks_by_kind: Connection[ConnectorTask] | None = resolved_by(
        resolvers.connector_settings.tasks_by_kind,
        f"The tasks of the only connector of a kind. {_ONLY_OF_ITS_KIND}",
        deprecation_reason="Use `tasks` of `connectors`.",
        needs=Scope.CONNECTORS_READ,
    )
    connector_task_by_kind: ConnectorTask | None = resolved_by(
        resolvers.connector_settings.task_by_kind,
        f"A task of the only connector of a kind. {_ONLY_OF_ITS_KIND}",
        deprecation_reason="Use `node`, or `tasks` of `connectors`.",
        needs=Scope.CONNECTORS_READ,
    )
