"""The mutation that refreshes accounts at banks."""

import strawberry

from resolvers import refresh_orders as resolve
from resolvers import writing
from resolvers.caller import Scope
from schema.fields import backed_by, described, ordered_by, resolved_by
from schema.payload import IDEMPOTENCY_KEY, Payload
from schema.refresh import Refresh

PROVIDER_CUSTOMER = (
    "Which of the provider's own customers is meant: an `externalId` of the customer's `links`. Needed only when the "
    "customer has several at the provider."
)


@strawberry.input(description="Accounts of a customer to be read anew at their banks.")
class RefreshAccountsInput:
    """GraphQL `RefreshAccountsInput`."""

    customer_id: strawberry.ID = described("The customer's global id.")
    institution_login_id: str | None = strawberry.field(
        default=None,
        description="Only the accounts behind this bank login, an `institutionLoginId` of an account. All accounts of "
        "the customer when omitted.",
    )
    provider_customer_id: str | None = strawberry.field(default=None, description=PROVIDER_CUSTOMER)
    is_tiered: bool = strawberry.field(
        default=False,
        description="True where the provider's contract bills by data access tiers (Finicity: ASD, AFD, ATD), which "
        "has an operation of its own for this.",
    )
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.type(description="What `refreshAccounts` answers.")
class RefreshAccountsPayload(Payload):
    """GraphQL `RefreshAccountsPayload`, backed by `resolvers.writing.Changed`."""

    refresh: Refresh | None = resolved_by(
        writing.node,
        "The refresh, most often still running. Null when it was refused.",
        needs=Scope.ACCOUNTS_READ,
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type
class RefreshMutations:
    """The mutations of refreshes, a part of the root `Mutation`."""

    refresh_accounts: RefreshAccountsPayload | None = ordered_by(
        resolve.refresh_accounts,
        "Has a customer's accounts read anew at their banks (Finicity), which takes up to 180 seconds. Answers "
        "within about a second; `node` with the refresh's id tells how far it is. It goes on when the client leaves. "
        "While the same accounts are being refreshed, also by the provider's own accord, it is refused with the code "
        "`ALREADY_RUNNING`. Providers permit this for a user who is waiting, not for automatic calls.",
        needs=Scope.ACCOUNTS_WRITE,
    )
