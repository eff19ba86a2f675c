"""Customer reads: a paged list with filters, and one by id."""

from starlette.requests import Request
from starlette.responses import Response

from providers.finicity.sandbox import errors
from providers.finicity.sandbox.errors import Dialect, RefusalError
from providers.finicity.sandbox.state import Store, answer
from providers.finicity.sandbox.values import Record

LIMIT = 25
MAX_LIMIT = 1000


class CustomerReads:
    """Endpoints over a store's customers."""

    def __init__(self, store: Store, *, dialect: Dialect) -> None:
        self._store, self._dialect = store, dialect

    async def get_customer(self, request: Request) -> Response:
        """One customer, bare."""
        return answer(self._written(self._store.customer(request.path_params["customer_id"])))

    async def list_customers(self, request: Request) -> Response:
        """Those that match every filter given. `start` counts records from 1; a larger `limit` than 1000 means 1000."""
        start, limit = _number(request, "start", 1), _number(request, "limit", LIMIT)
        if start < 1:
            raise RefusalError(400, 41003, "Start index cannot be less than one.")
        if limit < 1:
            raise RefusalError(400, 41004, "Limit cannot be less than one.")
        if request.query_params.get("type", "active") not in {"active", "testing"}:
            raise RefusalError(400, 14016, "Invalid customer type.")
        found = [record for record in self._store.customers.values() if _matches(record, request)]
        page = found[start - 1 : start - 1 + min(limit, MAX_LIMIT)]
        return answer(
            {
                "found": len(found),
                "displaying": len(page),
                "moreAvailable": start - 1 + len(page) < len(found),
                "customers": [self._written(record) for record in page],
            }
        )

    def _written(self, record: Record) -> Record:
        """The older dialect writes dates of customers as strings."""
        if self._dialect == "new":
            return record
        dates = {name: str(record[name]) for name in ("createdDate", "lastModifiedDate") if record[name] is not None}
        return {**record, **dates}


def _matches(record: Record, request: Request) -> bool:
    asked = request.query_params
    if any(name in asked and record[name] != asked[name] for name in ("username", "type")):
        return False
    text = f"{record['username']} {record['firstName']} {record['lastName']}"
    return asked.get("search", "").lower() in text.lower()


def _number(request: Request, name: str, default: int) -> int:
    try:
        return int(request.query_params.get(name, default))
    except ValueError as error:
        raise errors.bad_request() from error
