"""Which texts can be ids of the vendor. What cannot is not asked for, and nothing is ordered for it."""

from providers.domain import Ref


def is_id(text: str) -> bool:
    """True for letters and digits alone."""
    return text.isascii() and text.isalnum()


def is_account(ref: Ref) -> bool:
    """True when the ref has the vendor's customer and account."""
    return len(ref.keys) == 2 and all(is_id(key) for key in ref.keys)
