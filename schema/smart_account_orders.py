"""The mutation of smart accounts."""

import strawberry

from resolvers import smart_account_orders as resolve
from resolvers import writing
from resolvers.caller import Scope
from schema.account import SmartAccount
from schema.fields import backed_by, described, ordered_by, resolved_by
from schema.payload import IDEMPOTENCY_KEY, Payload


@strawberry.input(description="Where an owner lives, in Brazil.")
class AddressInput:
    """GraphQL `AddressInput`."""

    city: str = described("The city.")
    state: str = described("The state, such as `SP`.")
    street_name: str | None = strawberry.field(default=None, description="The street.")
    street_number: str | None = strawberry.field(default=None, description="The number in the street.")
    postal_code: str | None = strawberry.field(default=None, description="The postal code (CEP).")


@strawberry.input(
    description="A smart account to be opened. Older contracts name the owner by `name` and `taxNumber`, newer ones by "
    "`itemId`; the provider refuses what its contract lacks."
)
class CreateSmartAccountInput:
    """GraphQL `CreateSmartAccountInput`."""

    email: str = described("The owner's e-mail address.")
    phone_number: str = described("The owner's telephone number, such as `+5511999999999`.")
    address: AddressInput = described("The owner's address.")
    name: str | None = strawberry.field(default=None, description="The owner's name.")
    tax_number: str | None = strawberry.field(default=None, description="The owner's CPF or CNPJ, digits alone.")
    item_id: str | None = strawberry.field(
        default=None, description="The provider's id of the item (a connection to a bank) that tells who the owner is."
    )
    is_sandbox: bool = strawberry.field(default=False, description="True for an account that holds no real money.")
    customer_id: strawberry.ID | None = strawberry.field(
        default=None, description="The global id of the customer whose account it becomes. Nobody's when omitted."
    )
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.type(description="What `createSmartAccount` answers.")
class CreateSmartAccountPayload(Payload):
    """GraphQL `CreateSmartAccountPayload`, backed by `resolvers.writing.Changed`."""

    account: SmartAccount | None = resolved_by(
        writing.node, "The account. Null when it was not opened.", needs=Scope.ACCOUNTS_READ
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type
class SmartAccountMutations:
    """The mutations of smart accounts, a part of the root `Mutation`."""

    create_smart_account: CreateSmartAccountPayload | None = ordered_by(
        resolve.create_smart_account,
        "Opens an account that the provider itself holds (Pluggy), and links it to a customer where one is given.",
        needs=Scope.ACCOUNTS_WRITE,
    )
