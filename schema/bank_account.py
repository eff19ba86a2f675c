"""Bank accounts that the organisation keeps to pay to."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from providers import domain
from resolvers import bank_account as resolve
from resolvers.caller import Scope
from schema.connector import Connector
from schema.costs import PAYMENT_ACCOUNT, Cost, load
from schema.fields import backed_by, described, resolved_by
from schema.node import Node
from schema.scalars import JSON

if TYPE_CHECKING:
    from schema.account import Account

LazyAccount = Annotated["Account", strawberry.lazy("schema.account")]


@strawberry.type(description="What a bank account is called at one payment provider that it was forwarded to.")
class RelatedAccount:
    """GraphQL `RelatedAccount`, backed by `providers.domain.RelatedAccount`."""

    account: LazyAccount | None = resolved_by(
        resolve.related_account,
        "The account at the payment provider. Null while it is not made there, or when it could not be asked for.",
        needs=Scope.ACCOUNTS_READ,
        cost=PAYMENT_ACCOUNT,
    )
    connector: Connector | None = resolved_by(
        resolve.related_connector,
        "The connector that it was forwarded to. Null when it is uninstalled, or could not be asked for.",
        needs=Scope.CONNECTORS_READ,
        cost=Cost(weight=1, loads=load("connectors_by_ref")),
    )
    provider_name: str | None = described("The payment provider's name in the stack's word. Null when it is not said.")
    created_at: datetime | None = described("When it was forwarded. Null when the provider does not say.")


@strawberry.type(description="A bank account that the organisation keeps, to pay to through any connector (Formance).")
class BankAccount(Node):
    """GraphQL `BankAccount`, backed by `providers.domain.BankAccount`."""

    provider_id: str = described("The provider's own id of the bank account.")
    name: str = described("Its name.")
    country: str | None = described("Its country, by ISO 3166-1 alpha-2. Null when it is not known.")
    masked_iban: str | None = described("Its IBAN with the middle hidden. Null when it has none.")
    masked_account_number: str | None = described("Its number with the middle hidden. Null when it has none.")
    swift_bic_code: str | None = described("Its bank's BIC. Null when it is not known.")
    created_at: datetime | None = described("When it was made. Null when the provider does not say.")
    metadata: JSON = described("Notes kept with it: an object of strings.")
    related: list[RelatedAccount] = described("The payment providers that it was forwarded to.", cost=Cost(assumed=5))
    fetched_at: datetime = described("When this was read from the provider.")

    is_type_of = backed_by(domain.BankAccount)
