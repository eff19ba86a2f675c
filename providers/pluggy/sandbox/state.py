"""What one sandbox holds. All of it may change while the sandbox runs; none of it is shared with another sandbox."""

from collections.abc import Callable, Sequence
from decimal import Decimal

import msgspec

from providers.pluggy.sandbox.limits import RateLimits

ISPB = "0001020"
"""The institution that holds every smart account."""


class SmartAccount(msgspec.Struct, rename="camel", frozen=True):
    """A smart account on the wire. Optional fields are left out, not null, when the vendor has nothing to say."""

    id: str
    agency: str
    number: str
    verifying_digit: str
    type: str = "CHECKING_ACCOUNT"
    ispb: str | msgspec.UnsetType = msgspec.UNSET
    is_sandbox: bool | msgspec.UnsetType = msgspec.UNSET
    pix_key: str | msgspec.UnsetType = msgspec.UNSET


class SmartAccountBalance(msgspec.Struct, rename="camel", frozen=True):
    """A balance on the wire: reais, with a time in ISO 8601 with milliseconds."""

    last_updated_at: str
    balance: Decimal
    blocked_balance: Decimal
    scheduled_balance: Decimal


class Holding(msgspec.Struct):
    """A smart account together with its money."""

    account: SmartAccount
    balance: SmartAccountBalance


class SandboxState:
    """The smart accounts in order of creation, the API keys in force, and the counters."""

    def __init__(self, holdings: Sequence[Holding], *, clock: Callable[[], float], limits: RateLimits) -> None:
        self.holdings = {holding.account.id: holding for holding in holdings}
        self.api_keys: dict[str, float] = {}
        """API key to the epoch second when it ends. Clearing it revokes them all."""
        self.keys_issued = 0
        self.client_enabled = True
        self.sparse_lists = False
        """True: list entries lack `ispb`, `isSandbox` and `pixKey`, as in the vendor's own example of a list."""
        self.clock = clock
        self.limits = limits
