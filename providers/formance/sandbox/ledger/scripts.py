"""Runs a script against a ledger: which postings it makes, and what it notes."""

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import msgspec

from providers.formance.sandbox.ledger.book import Book, InsufficientFundsError
from providers.formance.sandbox.ledger.records import WORLD, Posting
from providers.formance.sandbox.ledger.refusals import invalid, uncompiled
from providers.formance.sandbox.ledger.script_reading import Monetary, Note, Send, Share, Source, Token, read

_PORTION = re.compile(r"(\d+)/(\d+)|(\d+(?:\.\d+)?)%")
_ACCOUNT = re.compile(r"[a-zA-Z0-9_-]+(:[a-zA-Z0-9_-]+)*")

Money = tuple[str, int | None]
"""Asset, and amount in minor units; None is everything."""


class Ran(msgspec.Struct):
    """What a script came to."""

    postings: list[Posting]
    metadata: dict[str, str]
    accounts: dict[str, dict[str, str]]
    unlimited: set[str]


def run(book: Book, text: str, variables: Mapping[str, Any]) -> Ran:
    """Raises COMPILATION_FAILED, VALIDATION for variables that are wrong, and `InsufficientFundsError`."""
    script = read(text)
    return _Run(book, _bound(script.variables, variables)).all(script.statements)


def _bound(types: Mapping[str, str], given: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(given) - {name[1:] for name in types}
    if unknown:
        raise invalid(f"extraneous variable ${min(unknown)}")
    return {name: _typed(name, kind, given) for name, kind in types.items()}


def _typed(name: str, kind: str, given: Mapping[str, Any]) -> Any:  # noqa: ANN401 - of the variable's type
    value = given.get(name[1:])
    if value is None:
        raise invalid(f"missing variable {name}")
    try:
        return _READERS[kind](value)
    except (TypeError, ValueError, KeyError, ZeroDivisionError) as error:
        raise invalid(f"invalid JSON value for variable {name} of type {kind}") from error


def _monetary(value: str | Mapping[str, Any]) -> Money:
    if isinstance(value, str):
        asset, amount = value.split()
        return asset, int(amount)
    return str(value["asset"]), int(value["amount"])


def _account(value: object) -> str:
    text = str(value).removeprefix("@")
    if not _ACCOUNT.fullmatch(text):
        raise ValueError(text)
    return text


def _portion(value: object) -> Fraction:
    found = _PORTION.fullmatch(str(value))
    if found is None:
        raise ValueError(value)
    return Fraction(int(found[1]), int(found[2])) if found[1] else Fraction(found[3]) / 100


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "account": _account,
    "asset": str,
    "monetary": _monetary,
    "number": int,
    "portion": _portion,
    "string": str,
}


class _Run:
    def __init__(self, book: Book, variables: Mapping[str, Any]) -> None:
        self._book, self._variables = book, variables
        self._ran = Ran([], {}, {}, set())
        self._moved: dict[tuple[str, str], int] = {}

    def all(self, statements: Sequence[Send | Note]) -> Ran:
        for each in statements:
            if isinstance(each, Send):
                self._send(each)
            else:
                self._note(each)
        return self._ran

    def _send(self, send: Send) -> None:
        asset, amount = self._money(send.money)
        parts = self._taken(send, asset, amount)
        total = sum(part for _, part in parts)
        for address, share in self._shared(send.shares, total):
            left = share
            while parts and (left > 0 or total == 0):
                source, has = parts[0]
                given = min(has, left)
                self._post(Posting(source, address, given, asset))
                parts = parts[1:] if given == has else [(source, has - given), *parts[1:]]
                left -= given

    def _taken(self, send: Send, asset: str, amount: int | None) -> list[tuple[str, int]]:
        """What each source gives, in order. All that is there if no amount is told."""
        left = amount
        parts: list[tuple[str, int]] = []
        for source in send.sources:
            if left == 0 and parts:
                break
            address = self._word(source.account)
            given = self._offered(source, address, asset, left)
            if given or left == 0:
                parts.append((address, given))
            left = None if left is None else left - given
        if left:
            raise InsufficientFundsError(self._word(send.sources[-1].account))
        return parts

    def _offered(self, source: Source, address: str, asset: str, wanted: int | None) -> int:
        if source.most is not None:
            cap = self._money(source.most)[1]
            wanted = cap if wanted is None or cap is None else min(wanted, cap)
        if source.is_unbounded or address == WORLD:
            if wanted is None:
                raise uncompiled("cannot take all balance of an unbounded source")
            self._ran.unlimited.add(address)
            return wanted
        has = self._book.balance(address, asset) + self._moved.get((address, asset), 0)
        if source.overdraft is not None:
            has += self._money(source.overdraft)[1] or 0
            self._ran.unlimited.add(address)
        return max(0, has) if wanted is None else max(0, min(has, wanted))

    def _shared(self, shares: Sequence[Share], total: int) -> list[tuple[str, int]]:
        """Whole minor units for each; what rounding leaves goes to the first ones, one each."""
        portions = [None if share.portion is None else self._part(share) for share in shares]
        told = sum(each for each in portions if each is not None)
        if portions.count(None) > 1 or told > 1 or (None not in portions and told != 1):
            raise uncompiled("the sum of known portions is not 1")
        exact = [1 - told if each is None else each for each in portions]
        amounts = [int(total * each) for each in exact]
        for place in range(total - sum(amounts)):
            amounts[place] += 1
        return [(self._word(share.account), amount) for share, amount in zip(shares, amounts, strict=True)]

    def _part(self, share: Share) -> Fraction:
        assert share.portion is not None  # noqa: S101 - asked for before
        if share.portion.kind == "variable":
            return self._typed_variable(share.portion, Fraction)  # type: ignore[no-any-return]
        return _portion(share.portion.text)

    def _money(self, money: Token | Monetary) -> Money:
        if isinstance(money, Token):
            return self._typed_variable(money, tuple)  # type: ignore[no-any-return]
        if money.amount.text == "*":
            return self._word(money.asset), None
        if money.amount.kind == "variable":
            return self._word(money.asset), self._typed_variable(money.amount, int)
        return self._word(money.asset), int(money.amount.text)

    def _word(self, token: Token) -> str:
        if token.kind == "variable":
            return self._typed_variable(token, str)  # type: ignore[no-any-return]
        return token.text.removeprefix("@").strip('"')

    def _typed_variable(self, token: Token, kind: type) -> Any:  # noqa: ANN401 - of the kind
        value = self._variables.get(token.text)
        if not isinstance(value, kind):
            raise uncompiled(f"variable not declared or of another type: {token.text}")
        return value

    def _note(self, note: Note) -> None:
        if isinstance(note.value, Monetary):
            asset, amount = self._money(note.value)
            value = f"{asset} {amount}"
        elif note.value.kind == "variable":
            found = self._typed_variable(note.value, object)
            value = " ".join(str(part) for part in found) if isinstance(found, tuple) else str(found)
        else:
            value = self._word(note.value)
        if note.account is None:
            self._ran.metadata[note.key] = value
        else:
            self._ran.accounts.setdefault(self._word(note.account), {})[note.key] = value

    def _post(self, posting: Posting) -> None:
        source, target = (posting.source, posting.asset), (posting.destination, posting.asset)
        self._moved[source] = self._moved.get(source, 0) - posting.amount
        self._moved[target] = self._moved.get(target, 0) + posting.amount
        self._ran.postings.append(posting)
