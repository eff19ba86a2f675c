"""An exact amount of one asset. Arithmetic and parsing live in `providers.money`."""

from decimal import Decimal

import msgspec


class Money(msgspec.Struct, frozen=True, gc=False):
    """`amount` in major units, digit for digit as the vendor gave it; `asset` is a code and its decimals, as `USD/2`.

    `minor_units` is None when the amount has more decimals than the asset has.
    """

    amount: Decimal
    currency: str
    asset: str
    minor_units: int | None
