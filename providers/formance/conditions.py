"""A payment filter in the words and keys of either generation of servers."""

from providers.domain import PaymentFilter
from providers.formance import ids, translate
from providers.formance.filters import Expression, both, match

CONNECTOR_KEYS = {"v2": "connectorID", "v3": "connector_id"}
"""By which key payments are filtered by connector."""


def conditions(where: PaymentFilter, generation: str) -> Expression | None:
    """What payments must fulfil; None when no payment can. Empty when all do."""
    clauses: list[Expression] = []
    if where.type is not None:
        word = translate.payment_type_word(where.type, generation)
        if word is None:
            return None
        clauses.append(match("type", word))
    if where.status is not None:
        word = translate.payment_status_word(where.status, generation)
        if word is None:
            return None
        clauses.append(match("status", word))
    if where.asset is not None:
        clauses.append(match("asset", where.asset))
    if where.reference is not None:
        clauses.append(match("reference", where.reference))
    if where.connector is not None:
        if ids.connector(where.connector.native_id) is None:
            return None
        clauses.append(match(CONNECTOR_KEYS[generation], where.connector.native_id))
    return both(*clauses)
