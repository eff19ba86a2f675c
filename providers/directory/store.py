"""Customers and links in SQL: implements `protocols.Directory` over SQLite and PostgreSQL alike."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from sys import intern
from typing import Any

from sqlalchemy import BindParameter, Executable, RowMapping, bindparam, func, select, tuple_
from sqlalchemy.exc import DBAPIError

from providers.directory import translate
from providers.directory.engine import transaction, translated
from providers.directory.events import KEPT, SqlEvents
from providers.directory.keys import chunks, is_storable, storable
from providers.directory.missing import insert_missing
from providers.directory.spawned import AsyncEngine
from providers.directory.tables import CUSTOMERS, LINKS
from providers.directory.writes import SqlWrites, utc_now
from providers.domain import Customer, CustomerLink, Page, PageRequest, Provider
from providers.patience import patience

LinkKey = tuple[Provider, str, str]

LINK_KEY = tuple_(LINKS.c.provider, LINKS.c.kind, LINKS.c.external_id)


def _keys() -> BindParameter[Any]:
    return bindparam("keys", expanding=True)


CUSTOMERS_BY_ID = select(CUSTOMERS.c.id, CUSTOMERS.c.name).where(CUSTOMERS.c.id.in_(_keys()))
CUSTOMERS_AFTER = (
    select(CUSTOMERS.c.id, CUSTOMERS.c.name)
    .where(CUSTOMERS.c.id > bindparam("after"))
    .order_by(CUSTOMERS.c.id)
    .limit(bindparam("limit"))
)
LINKS_BY_CUSTOMER = (
    select(LINKS)
    .where(LINKS.c.customer_id.in_(_keys()))
    .order_by(LINKS.c.customer_id, LINKS.c.provider, LINKS.c.kind, LINKS.c.external_id)
)
LINKS_BY_KEY = select(LINKS).where(LINK_KEY.in_(_keys()))
PING = select(func.count()).select_from(select(CUSTOMERS.c.id).limit(1).subquery())


class SqlDirectory:
    """The store. Every method raises `DirectoryUnavailable` when the database fails or takes longer than `timeout`."""

    def __init__(
        self,
        engine: AsyncEngine,
        *,
        timeout: float,
        clock: Callable[[], datetime] = utc_now,
        events_kept: timedelta = KEPT,
    ) -> None:
        self._engine = engine
        self._timeout = timeout
        self.writes = SqlWrites(self._run, dialect=engine.dialect.name, clock=clock)
        self.events = SqlEvents(engine, self._rows, timeout=timeout, clock=clock, kept=events_kept)

    async def customers_by_id(self, customer_ids: Sequence[str]) -> Mapping[str, Customer]:
        """Customers by the directory's id; unknown ones are left out."""
        rows = await self._rows_by_key(CUSTOMERS_BY_ID, storable(customer_ids))
        return {row["id"]: translate.customer(row) for row in rows}

    async def list_customers(self, page: PageRequest) -> Page[Customer]:
        """Customers by id, in byte order. A token is the last id of the page before, so no page shifts under writes."""
        if not is_storable(page.token):
            return Page(items=(), token=page.token)
        size = max(page.size, 1)
        rows = await self._rows(CUSTOMERS_AFTER, {"after": page.token, "limit": size + 1})
        items = tuple(translate.customer(row) for row in rows[:size])
        has_more = len(rows) > size
        return Page(items=items, token=page.token, next=items[-1].customer_id if has_more else None, has_more=has_more)

    async def links_by_customer(self, customer_ids: Sequence[str]) -> Mapping[str, Sequence[CustomerLink]]:
        """Stored links of each customer, in a fixed order. Every customer asked for is a key of the answer."""
        found: dict[str, list[CustomerLink]] = {customer_id: [] for customer_id in customer_ids}
        for row in await self._rows_by_key(LINKS_BY_CUSTOMER, storable(customer_ids)):
            link = translate.link(row)
            if link is not None:
                found[link.customer_id].append(link)
        return found

    async def customers_by_link(self, links: Sequence[LinkKey]) -> Mapping[LinkKey, str]:
        """Customer ids by `(provider, kind, external id)`; unknown ones are left out."""
        keys = [(provider.value, kind, external_id) for provider, kind, external_id in links]
        rows = await self._rows_by_key(LINKS_BY_KEY, (key for key in keys if all(map(is_storable, key))))
        return {
            (Provider(row["provider"]), row["kind"], row["external_id"]): intern(row["customer_id"]) for row in rows
        }

    async def add(self, customers: Sequence[Customer], links: Sequence[CustomerLink]) -> None:
        """Store those that are not there yet, all or none. What is there stays as it is, also another customer's link.

        Each link's customer must be stored or among `customers`.
        """
        # Two writers that take rows in the same order wait for each other and never deadlock.
        people = sorted(map(translate.customer_row, customers), key=lambda row: row["id"])
        objects = [translate.link_row(link) for link in sorted(links)]
        with translated():
            async with patience(2 * self._timeout), transaction(self._engine) as connection:
                for table, rows in ((CUSTOMERS, people), (LINKS, objects)):
                    if rows:
                        await connection.execute(insert_missing(table, self._engine.dialect.name), rows)

    async def ping(self) -> None:
        """Raise when the database does not answer, or answers without our tables."""
        await self._rows(PING, {})

    async def aclose(self) -> None:
        """Close the connections."""
        await self._engine.dispose()

    async def _run(self, statement: Executable, *then: Executable) -> Sequence[RowMapping]:
        if not then:
            return await self._rows(statement, {})
        with translated():
            async with patience(2 * self._timeout), transaction(self._engine) as connection:
                rows = (await connection.execute(statement)).mappings().all()
                for following in then if rows else ():
                    await connection.execute(following)
                return rows

    async def _rows_by_key(self, statement: Executable, keys: Iterable[str | tuple[str, str, str]]) -> list[RowMapping]:
        return [row for chunk in chunks(keys) for row in await self._rows(statement, {"keys": chunk})]

    async def _rows(self, statement: Executable, parameters: Mapping[str, Any]) -> Sequence[RowMapping]:
        with translated():
            async with patience(self._timeout):
                try:
                    return await self._read(statement, parameters)
                except DBAPIError as error:
                    if not error.connection_invalidated:
                        raise
                # The database was restarted: the pool has dropped its dead connections, a new one may work.
                return await self._read(statement, parameters)

    async def _read(self, statement: Executable, parameters: Mapping[str, Any]) -> Sequence[RowMapping]:
        async with self._engine.connect() as connection:
            return (await connection.execute(statement, parameters)).mappings().all()
