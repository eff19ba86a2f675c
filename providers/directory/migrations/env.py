"""Run by Alembic for each command: on the connection of a starting server, or on `DATABASE_URL` from the command line.

Logging is left as it is: the server has its own.
"""

import asyncio
import os

from alembic import context
from sqlalchemy import Connection, make_url

from providers.config import Environment
from providers.directory.config import Config
from providers.directory.engine import create
from providers.directory.migrate import alone
from providers.directory.tables import METADATA


def run(connection: Connection) -> None:
    """Carry out the command within the transaction that the connection is in."""
    context.configure(
        connection=connection, target_metadata=METADATA, render_as_batch=connection.dialect.name == "sqlite"
    )
    context.run_migrations()


async def run_on_database(config: Config) -> None:
    """Carry out the command on a database of its own choice."""
    engine = create(config)
    try:
        async with alone(engine) as connection:
            await connection.run_sync(run)
    finally:
        await engine.dispose()


def print_sql(config: Config) -> None:
    """`--sql`: write what would be done, for the database that is set, without asking it."""
    dialect = make_url(config.url.reveal()).get_backend_name()
    context.configure(dialect_name=dialect, target_metadata=METADATA, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


if context.config.attributes.get("connection") is not None:
    run(context.config.attributes["connection"])
elif context.is_offline_mode():
    print_sql(Config.read(Environment(os.environ)))
else:
    asyncio.run(run_on_database(Config.read(Environment(os.environ))))
