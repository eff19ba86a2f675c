"""What every mutation's input and payload are made of."""

import strawberry

from schema.fields import described
from schema.scalars import Decimal

IDEMPOTENCY_KEY = (
    "Chosen by the caller, 1 to 255 characters, a new one for each thing to be done. The same key with the same input "
    "gives the first outcome and does nothing again; with another input it is refused."
)


@strawberry.type(
    description="Something that the caller can mend, or a refusal of the provider. Where the payload has no object, "
    "nothing was changed."
)
class UserError:
    """GraphQL `UserError`, backed by `providers.domain.Refusal`."""

    code: str = described(
        "`INVALID`, `TOO_MANY_DECIMALS`, `IDEMPOTENCY_KEY_INVALID`, `IDEMPOTENCY_KEY_REUSED`, `ALREADY_EXISTS`, "
        "`ALREADY_RUNNING`, `NOT_FORWARDED`, `NOT_TRIED`, `ROLLED_BACK`, `UPSTREAM_REJECTED`, `NOT_FOUND` or "
        "`UNSUPPORTED`. More may be added."
    )
    message: str = described("What is wrong, in words, for people.")
    field: list[str] = described("The path of the input's field that is at fault. Empty when it is not one field's.")
    vendor_code: str | None = described(
        "The vendor's own code of its refusal. Null when the vendor was not asked, or gave none."
    )


@strawberry.interface(description="What every mutation answers.")
class Payload:
    """GraphQL `Payload`, backed by `resolvers.writing.Changed`."""

    user_errors: list[UserError] = described("What the caller has to mend. Empty when the change was made.")


@strawberry.input(description="An exact amount of one asset.")
class MoneyInput:
    """GraphQL `MoneyInput`, read by `resolvers.writing`."""

    amount: Decimal = described("The amount in the asset's own unit, above zero, with no more decimals than it has.")
    asset: str = described("The code and how many decimals it has, such as `USD/2`, `JPY/0` or `BTC/8`.")
