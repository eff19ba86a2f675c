"""Mutations of accounts at payment providers."""

from datetime import datetime

import strawberry

from providers.domain import AccountKind
from resolvers import account_orders as resolve
from resolvers import writing
from resolvers.caller import Scope
from schema.account import PaymentAccount
from schema.fields import backed_by, described, ordered_by, resolved_by
from schema.payload import IDEMPOTENCY_KEY, Payload
from schema.scalars import JSON


@strawberry.input(description="An account at a payment provider to be recorded.")
class CreatePaymentAccountInput:
    """GraphQL `CreatePaymentAccountInput`."""

    connector_id: strawberry.ID = described(
        "The global id of the connector that it belongs to. Servers of the third generation take accounts only at "
        "connectors that do not tell of them by themselves, such as `GENERIC`."
    )
    reference: str = described("The payment provider's reference, unique at the connector; 3 to 1000 characters.")
    name: str = described("Its name.")
    kind: AccountKind = described("`INTERNAL` for the organisation's own, `EXTERNAL` for a counterparty's.")
    created_at: datetime = described("When it was made at the payment provider. Not in the future.")
    default_asset: str | None = described("The asset that it is kept in, such as `USD/2`.", default=None)
    metadata: JSON | None = described("Notes to keep with it: an object of strings.", default=None)
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.type(description="What `createPaymentAccount` answers.")
class CreatePaymentAccountPayload(Payload):
    """GraphQL `CreatePaymentAccountPayload`, backed by `resolvers.writing.Changed`."""

    account: PaymentAccount | None = resolved_by(
        writing.node, "The account. Null when it was not recorded.", needs=Scope.ACCOUNTS_READ
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type
class AccountMutations:
    """The mutations of accounts at payment providers, a part of the root `Mutation`."""

    create_payment_account: CreatePaymentAccountPayload | None = ordered_by(
        resolve.create_payment_account,
        "Records an account that a payment provider does not tell by itself. Moves no money, and refuses with "
        "`ALREADY_EXISTS` what is there before.",
        needs=Scope.PAYMENTS_WRITE,
        is_organisations=True,
    )
