"""The ledger's refusals, which differ a little between its versions."""

from collections.abc import Iterator
from contextlib import contextmanager

from providers.formance.sandbox.errors import RefusedError, invalid
from providers.formance.sandbox.ledger.book import AlreadyRevertedError, InsufficientFundsError, TakenReferenceError
from providers.formance.sandbox.ledger.records import Version

__all__ = ["conflict", "invalid", "no_ledger", "not_found", "told", "uncompiled"]


def not_found(noun: str) -> RefusedError:
    """An account or a transaction that is not there."""
    return RefusedError(404, "NOT_FOUND", f"{noun} not found")


def no_ledger(name: str) -> RefusedError:
    """A ledger that nobody made."""
    return RefusedError(404, "LEDGER_NOT_FOUND", f"ledger '{name}' not found")


def conflict(version: Version, message: str) -> RefusedError:
    """Something that is taken: a bad request to 2.1 alone."""
    return RefusedError(400 if version == "v2.1" else 409, "CONFLICT", message)


def uncompiled(message: str) -> RefusedError:
    """A script that is none."""
    return RefusedError(400, "COMPILATION_FAILED", message)


@contextmanager
def told(version: Version) -> Iterator[None]:
    """Answer what the books refuse."""
    try:
        yield
    except InsufficientFundsError as error:
        raise RefusedError(400, "INSUFFICIENT_FUND", f"account {error} had insufficient funds") from error
    except TakenReferenceError as error:
        raise conflict(version, f"conflict error on reference: {error}") from error
    except AlreadyRevertedError as error:
        code = "VALIDATION" if version == "v1" else "ALREADY_REVERT"
        raise RefusedError(400, code, "already reverted") from error
