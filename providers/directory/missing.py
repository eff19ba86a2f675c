"""Rows that are stored unless they are there: each database has its own words for it."""

from sqlalchemy import Insert, Table


def insert_missing(table: Table, dialect: str) -> Insert:
    """The statement. What is there stays as it is."""
    # Each only here: a server talks to one database, and the words for both take megabytes.
    if dialect == "sqlite":
        from sqlalchemy.dialects.sqlite import insert as insert_sqlite  # noqa: PLC0415

        return insert_sqlite(table).on_conflict_do_nothing()
    from sqlalchemy.dialects.postgresql import insert as insert_postgresql  # noqa: PLC0415

    return insert_postgresql(table).on_conflict_do_nothing()
