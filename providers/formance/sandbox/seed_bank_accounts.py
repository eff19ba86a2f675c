"""Fifteen bank accounts that the stack's user stored; two of three are known at connectors, one at two of them."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from providers.formance.sandbox.draw import Draw, name_uuid
from providers.formance.sandbox.records import Account, BankAccount, Generation, RelatedAccount
from providers.seed import NOW

_COUNT = 15
_PLACES = (("FR", "BNPAFRPP", 23), ("DE", "COBADEFF", 18), ("GB", "BARCGB22", 18), ("US", "", 0), ("BR", "ITAUBRSP", 0))
"""Country, BIC, and how many digits follow the country's two letters in an IBAN; 0 where only numbers are used."""


def bank_accounts(external: Sequence[Account], generation: Generation) -> Iterator[BankAccount]:
    """Newest last. `external` are the counterparties, some of whom the bank accounts became."""
    for number in range(_COUNT):
        draw = Draw("bank account", number)
        country, bic, digits = _PLACES[number % len(_PLACES)]
        related = [_related(external[number], number, generation)] if number % 3 else []
        if number == 1:
            related.append(_related(external[_COUNT], _COUNT, generation))
        yield BankAccount(
            id=name_uuid("bank account", number),
            name=f"{draw.pick(('Supplier', 'Landlord', 'Payroll', 'Tax office', 'Carrier'))} {number + 1}",
            created_at=NOW - timedelta(days=300 - 11 * number, minutes=number),
            country=country,
            iban=f"{country}{draw.below(10**digits):0{digits}d}" if digits else "",
            account_number="" if digits else f"{draw.below(10**10):010d}",
            swift_bic_code=bic,
            metadata={"purpose": draw.pick(("invoices", "salaries"))} if number % 2 else {},
            related=related,
        )


def _related(account: Account, number: int, generation: Generation) -> RelatedAccount:
    identifier = name_uuid("related account", number) if generation == "v2" else ""
    created_at = NOW - timedelta(days=200 - 11 * number, minutes=number)
    return RelatedAccount(identifier, account.id, account.connector, created_at)
