"""Mutations of accounts at banks."""

import strawberry

from resolvers import aggregation_orders as resolve
from resolvers import writing
from resolvers.caller import Scope
from schema.customer import Customer
from schema.fields import backed_by, described, ordered_by, resolved_by
from schema.payload import IDEMPOTENCY_KEY, Payload
from schema.refresh_orders import PROVIDER_CUSTOMER


@strawberry.input(description="An account at a bank that the provider shall forget.")
class DeleteAccountInput:
    """GraphQL `DeleteAccountInput`."""

    account_id: strawberry.ID = described("The global id of an aggregated account.")
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.input(description="A bank login that the provider shall forget.")
class DeleteInstitutionLoginInput:
    """GraphQL `DeleteInstitutionLoginInput`."""

    customer_id: strawberry.ID = described("The customer's global id.")
    institution_login_id: str = described("The provider's id of the login, an `institutionLoginId` of an account.")
    provider_customer_id: str | None = strawberry.field(default=None, description=PROVIDER_CUSTOMER)
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.type(description="What `deleteAccount` answers.")
class DeleteAccountPayload(Payload):
    """GraphQL `DeleteAccountPayload`, backed by `resolvers.writing.Changed`."""

    deleted_account_id: strawberry.ID | None = resolved_by(
        writing.deleted_id, "The global id of the account that is no more. Null when it was not deleted."
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type(description="What `deleteInstitutionLogin` answers.")
class DeleteInstitutionLoginPayload(Payload):
    """GraphQL `DeleteInstitutionLoginPayload`, backed by `resolvers.writing.Changed`."""

    customer: Customer | None = resolved_by(
        writing.node,
        "The customer, with the accounts that are left. Null when the login was not deleted.",
        needs=Scope.CUSTOMERS_READ,
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type
class AggregationMutations:
    """The mutations of accounts at banks, a part of the root `Mutation`."""

    delete_account: DeleteAccountPayload | None = ordered_by(
        resolve.delete_account,
        "Has the provider (Finicity) forget an account at a bank: it is not aggregated any more. The account itself is "
        "not touched.",
        needs=Scope.ACCOUNTS_WRITE,
    )
    delete_institution_login: DeleteInstitutionLoginPayload | None = ordered_by(
        resolve.delete_institution_login,
        "Has the provider (Finicity) forget a bank login and all accounts behind it. The accounts themselves are not "
        "touched.",
        needs=Scope.ACCOUNTS_WRITE,
    )
