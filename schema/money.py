"""An exact amount of money."""

import strawberry

from schema.fields import described
from schema.scalars import BigInt, Decimal


@strawberry.type(description="An exact amount of one asset.")
class Money:
    """GraphQL `Money`, backed by `providers.domain.Money`."""

    amount: Decimal = described(
        "The amount in the asset's own unit (dollars, not cents), digit for digit as the provider sent it."
    )
    currency: str = described("The currency's ISO 4217 code, or the asset's code where there is none, such as `BTC`.")
    asset: str = described("The code and how many decimals it has, such as `USD/2`, `JPY/0` or `BTC/8`.")
    minor_units: BigInt | None = described(
        "The amount in the asset's smallest unit. Null when the provider sent more decimals than the asset has."
    )
