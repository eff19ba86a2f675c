"""Bank account numbers as answers show them: both ends, stars between."""

from providers.formance.sandbox.errors import internal
from providers.formance.sandbox.records import Generation


def iban(generation: Generation, number: str) -> str:
    """The first four characters and the last four."""
    return _hidden(generation, number, first=4, last=4, name="IBAN")


def account_number(generation: Generation, number: str) -> str:
    """The first two characters and the last three."""
    return _hidden(generation, number, first=2, last=3, name="account number")


def _hidden(generation: Generation, number: str, *, first: int, last: int, name: str) -> str:
    """Of a number too short for that v3 shows stars only, and v2 fails."""
    if not number:
        return ""
    if len(number) < first + last:
        if generation == "v2":
            raise internal("v2", f"{name} is not valid")
        return "*" * len(number)
    return number[:first] + "*" * (len(number) - first - last) + number[-last:]
