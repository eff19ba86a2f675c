"""What a client can ask of an account: what all have, and what only one provider's have."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from providers import domain
from providers.costs import ACCOUNTS_EACH
from providers.domain import AccountKind, AccountStatus, Provider
from resolvers import account as resolve
from resolvers import bank_account, transfer
from resolvers.caller import Scope
from schema.balance import Balance
from schema.bank_account import BankAccount
from schema.connection import Connection
from schema.connector import Connector
from schema.costs import Cost, Load, listed, load
from schema.fields import backed_by, described, resolved_by
from schema.node import Node
from schema.payment import Payment
from schema.pool import Pool
from schema.scalars import JSON
from schema.transfer import TransferInitiation

if TYPE_CHECKING:
    from schema.customer import Customer

LazyCustomer = Annotated["Customer", strawberry.lazy("schema.customer")]


@strawberry.interface(description="Money held or watched for a customer by one provider.")
class Account(Node):
    """GraphQL `Account`, backed by `providers.domain.Account`."""

    provider: Provider = described("Which provider knows the account.")
    provider_id: str = described("The provider's own id of the account.")
    name: str | None = described("The name that the provider gives it. Null when it gives none.")
    kind: AccountKind = described("What it is for.")
    provider_type: str | None = described("The kind in the provider's own word. Null when it gives none.")
    currency: str | None = described("Its currency, such as `USD`. Null when the provider names none.")
    masked_number: str | None = described(
        "The end of its number, or another short name by which its holder knows it. Null when the provider gives none."
    )
    fetched_at: datetime = described("When this was read from the provider.")
    balances: list[Balance] | None = resolved_by(
        resolve.balances,
        "Its balances, by kind and asset. Null when the provider could not be asked; see `errors`. "
        "They come with the account from Finicity, as new as it is whatever `maxAge` says, and by one more call for "
        "each account from Formance and Pluggy.",
        needs=Scope.ACCOUNTS_READ,
        cost=Cost(weight=3, loads=load("balances_by_account"), assumed=20),
    )
    customer: LazyCustomer | None = resolved_by(
        resolve.customer,
        "Whose account it is. Null when no customer is linked to it.",
        needs=Scope.CUSTOMERS_READ,
        cost=Cost(weight=1, loads=load("customer_ids_by_account"), is_told=True),
    )
    payments: Connection[Payment] | None = resolved_by(
        resolve.payments,
        "Payments from or to it, newest first. Null when its provider has no payments.",
        needs=Scope.PAYMENTS_READ,
        cost=Cost(
            weight=26,
            loads=(
                Load(name="payments_by_account", absent=("after",)),
                Load(name="list_payments_of_accounts", given=("after",)),
            ),
            is_sliced=True,
        ),
    )
    pools: list[Pool] | None = resolved_by(
        resolve.pools,
        "Pools that hold it. Null when its provider has no pools.",
        needs=Scope.POOLS_READ,
        cost=Cost(weight=3, loads=load("pools_by_account"), assumed=ACCOUNTS_EACH),
    )


@strawberry.type(description="An account at a bank, seen through an aggregator (Finicity).")
class AggregatedAccount(Account):
    """GraphQL `AggregatedAccount`, backed by `providers.domain.AggregatedAccount`."""

    status: AccountStatus = described("Whether the aggregator has finished discovering it.")
    provider_status: str | None = described("The status in the provider's own word. Null when it gives none.")
    aggregation_status_code: int | None = described(
        "How the last aggregation ended, in the provider's codes: 0 is success, 103 bad bank credentials, 185 a "
        "question to the holder. Balances are then those of the last success. Null before the first aggregation."
    )
    aggregation_attempted_at: datetime | None = described("When the bank was last asked. Null before the first time.")
    aggregation_succeeded_at: datetime | None = described("When the bank last answered. Null before the first time.")
    institution_id: str | None = described("The provider's id of the bank.")
    institution_login_id: str | None = described("The provider's id of the bank login that shows the account.")
    nickname: str | None = described("The name that its holder gave it. Null when there is none.")
    market_segment: str | None = described("`personal` or `business`. Null when it is not known.")
    created_at: datetime | None = described("When it was added at the provider.")
    updated_at: datetime | None = described("When the provider last changed its record.")
    last_transaction_at: datetime | None = described("Its newest transaction. Null when it has none.")
    oldest_transaction_at: datetime | None = described("Its oldest known transaction. Null when it has none.")
    detail: JSON | None = resolved_by(
        resolve.detail,
        "What the provider knows of this kind of account (rates, due dates, limits), as it was sent: amounts in major "
        "units, dates in seconds since 1970. Null when it knows nothing.",
    )

    is_type_of = backed_by(domain.AggregatedAccount)


@strawberry.type(description="An account at a payment provider (Formance).")
class PaymentAccount(Account):
    """GraphQL `PaymentAccount`, backed by `providers.domain.PaymentAccount`."""

    connector: Connector | None = resolved_by(
        resolve.connector,
        "The connector that brought it.",
        needs=Scope.CONNECTORS_READ,
        cost=Cost(weight=1, loads=load("connectors_by_ref")),
    )
    provider_name: str = described("The payment provider's name in the stack's word, such as `STRIPE`.")
    reference: str = described("The payment provider's reference.")
    default_asset: str | None = described("The asset that it is kept in, such as `USD/2`. Null when it is not known.")
    created_at: datetime | None = described("When it was made. Null when the provider does not say.")
    metadata: JSON = described("Notes kept with the account: an object of strings.")
    bank_accounts: list[BankAccount] | None = resolved_by(
        bank_account.of_account,
        "Bank accounts that were forwarded to it. Null when the provider could not be asked.",
        needs=Scope.BANK_ACCOUNTS_READ,
        cost=Cost(weight=3, loads=load("bank_accounts_by_account"), assumed=ACCOUNTS_EACH),
    )
    transfer_initiations: Connection[TransferInitiation] | None = resolved_by(
        transfer.of_account,
        "Transfer initiations from or to it, newest first.",
        needs=Scope.TRANSFERS_READ,
        cost=listed("list_transfers"),
    )
    raw: JSON | None = resolved_by(resolve.raw, "The payment provider's own record. Null when it was not passed on.")
    balance_history: Connection[Balance] | None = resolved_by(
        resolve.balance_history,
        "Its balances over time; the one that began last comes first. `asOf` is the latest time at which each held.",
        needs=Scope.ACCOUNTS_READ,
        cost=listed("balance_history"),
    )

    is_type_of = backed_by(domain.PaymentAccount)


@strawberry.type(description="An account that the provider itself holds for the application (Pluggy).")
class SmartAccount(Account):
    """GraphQL `SmartAccount`, backed by `providers.domain.SmartAccount`."""

    ispb: str | None = described("The holding institution's code in the Brazilian payment system. Null when not sent.")
    agency: str | None = described("The branch. Null when not sent.")
    number: str | None = described("The account number without its verifying digit. Null when not sent.")
    verifying_digit: str | None = described("The account number's verifying digit. Null when not sent.")
    pix_key: str | None = described("Its Pix key. Null when not sent.")
    is_sandbox: bool | None = described("True when it holds no real money. Null when not sent.")

    is_type_of = backed_by(domain.SmartAccount)
