"""Conditions on a ledger's lists: as filters of the second API, and as parameters of the first, which knows fewer."""

import re
from collections.abc import Sequence
from datetime import datetime

import msgspec

from providers.domain import (
    LedgerAccountFilter,
    LedgerTransactionFilter,
    LedgerVolumesFilter,
    MetadataMatch,
    PageRequest,
    Provider,
)
from providers.errors import Unsupported
from providers.formance import filters
from providers.formance.client.ledger import Search
from providers.formance.filters import Expression
from providers.formance.ledger.generation import V1, V2_4
from providers.formance.translate import rfc3339
from providers.http import Endpoint, Query

VOLUMES = ("expand", "volumes")
EFFECTIVE = ("expand", "effectiveVolumes")

_LEDGER = re.compile(r"[0-9a-zA-Z_-]{1,63}")
_ADDRESS = re.compile(r"[a-zA-Z0-9_-]+(?::[a-zA-Z0-9_-]+)*")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,39}")


def is_ledger(name: str) -> bool:
    """Whether a text can be a ledger's name. What cannot need not be asked for."""
    return _LEDGER.fullmatch(name) is not None


def is_address(text: str) -> bool:
    """Whether a text can be an account's address."""
    return _ADDRESS.fullmatch(text) is not None


def is_number(text: str) -> bool:
    """Whether a text can be a transaction's number, in its only spelling."""
    return _NUMBER.fullmatch(text) is not None


def any_of(key: str, values: Sequence[str], generation: str) -> Expression:
    """Rows whose `key` is one of the values."""
    if generation == V2_4 and len(values) > 1:
        return {"$in": {key: list(values)}}
    return filters.either([filters.match(key, value) for value in values])


def named(customer_note: str, customer_id: str) -> Expression:
    """Accounts whose metadata names a customer."""
    return filters.match(f"metadata[{customer_note}]", customer_id)


def of_accounts(where: LedgerAccountFilter, generation: str, endpoint: Endpoint, *, expand: bool = True) -> Search:
    """Which accounts are wanted."""
    if generation == V1:
        balance = _balance_parameters(where, endpoint)
        refuse(endpoint, where.at)
        return Search(more=[*_given(address=where.address), *balance, *_notes(where.metadata)])
    balance_key = f"balance[{where.asset}]" if where.asset else "balance"
    parts = [
        *_matches(address=where.address),
        *_compared(balance_key, where.balance_from, where.balance_below),
        *_noted(where.metadata),
    ]
    return Search(filter=filters.text(filters.both(*parts)), more=[*([VOLUMES] if expand else ()), *pit(where.at)])


def of_transactions(
    where: LedgerTransactionFilter, generation: str, endpoint: Endpoint, *, expand: bool = True
) -> Search:
    """Which transactions are wanted."""
    ends = {"account": where.account, "source": where.source, "destination": where.destination}
    if generation == V1:
        refuse(endpoint, where.at, where.is_reverted)
        times = {"startTime": _written(where.since), "endTime": _written(where.until)}
        return Search(more=[*_given(**ends, reference=where.reference, **times), *_notes(where.metadata)])
    parts = [
        *_matches(**ends, reference=where.reference),
        *_compared("timestamp", _written(where.since), _written(where.until)),
        *([] if where.is_reverted is None else [_is("reverted", where.is_reverted)]),
        *_noted(where.metadata),
    ]
    return Search(filter=filters.text(filters.both(*parts)), more=[*([VOLUMES] if expand else ()), *pit(where.at)])


def of_volumes(where: LedgerVolumesFilter, generation: str, endpoint: Endpoint) -> Search:
    """Which volumes are wanted."""
    if generation == V1:
        refuse(endpoint, where.since, where.until, where.group_by)
        return Search(more=_given(address=where.address))
    more = _given(startTime=_written(where.since), endTime=_written(where.until))
    if where.group_by is not None:
        more.append(("groupBy", str(where.group_by)))
    return Search(filter=filters.text(filters.both(*_matches(address=where.address))), more=more)


def of_sums(address: str | None, at: datetime | None, generation: str, endpoint: Endpoint) -> Search:
    """Which balances are summed."""
    if generation == V1:
        refuse(endpoint, at)
        return Search(more=_given(address=address))
    return Search(filter=filters.text(filters.both(*_matches(address=address))), more=pit(at))


def of_logs(since: datetime | None, until: datetime | None, generation: str) -> Search:
    """Which entries of the log are wanted."""
    if generation == V1:
        return Search(more=_given(startTime=_written(since), endTime=_written(until)))
    return Search(filter=filters.text(filters.both(*_compared("date", _written(since), _written(until)))))


def paged(search: Search, page: PageRequest, largest: int) -> Search:
    """The same for one page."""
    return msgspec.structs.replace(search, cursor=page.token, size=min(page.size, largest))


def pit(at: datetime | None) -> list[tuple[str, str]]:
    """The time that is asked about."""
    return _given(pit=_written(at))


def refuse(endpoint: Endpoint, *conditions: object) -> None:
    """Raise `Unsupported` if there is a condition that this server cannot look for."""
    if any(condition is not None for condition in conditions):
        raise Unsupported(Provider.FORMANCE, endpoint.operation)


def _balance_parameters(where: LedgerAccountFilter, endpoint: Endpoint) -> Query:
    refuse(endpoint, where.asset, where.balance_from if where.balance_below is not None else None)
    if where.balance_from is not None:
        return [("balance", str(where.balance_from)), ("balanceOperator", "gte")]
    return [] if where.balance_below is None else [("balance", str(where.balance_below)), ("balanceOperator", "lt")]


def _given(**parameters: str | None) -> list[tuple[str, str]]:
    return [(name, value) for name, value in parameters.items() if value is not None]


def _notes(metadata: Sequence[MetadataMatch]) -> Query:
    return [(f"metadata[{each.key}]", each.value) for each in metadata]


def _matches(**values: str | None) -> list[Expression]:
    return [filters.match(key, value) for key, value in values.items() if value is not None]


def _noted(metadata: Sequence[MetadataMatch]) -> list[Expression]:
    return [filters.match(f"metadata[{each.key}]", each.value) for each in metadata]


def _is(key: str, value: object) -> Expression:
    return {"$match": {key: value}}


def _compared(key: str, least: object, below: object) -> list[Expression]:
    bounds = (("$gte", least), ("$lt", below))
    return [{operator: {key: bound}} for operator, bound in bounds if bound is not None]


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else rfc3339(moment)
