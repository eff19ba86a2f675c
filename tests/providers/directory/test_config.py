"""`DATABASE_URL` in all its spellings."""

import pytest

from providers.config import ConfigurationError, Environment
from providers.directory import Config


def read(url: str) -> str:
    return Config.read(Environment({"DATABASE_URL": url})).url.reveal()


def test_how_long_events_are_kept_can_be_set() -> None:
    for read_config in (Config.read, Config.in_memory):
        assert read_config(Environment({"EVENTS_KEPT_HOURS": "5"})).events_kept_hours == 5
        with pytest.raises(ConfigurationError, match="EVENTS_KEPT_HOURS"):
            read_config(Environment({"EVENTS_KEPT_HOURS": "0"}))


@pytest.mark.parametrize(
    ("given", "driver_url"),
    [
        ("", "sqlite+aiosqlite:///var/tributary.sqlite3"),
        ("sqlite:////data/d.sqlite3", "sqlite+aiosqlite:////data/d.sqlite3"),
        ("sqlite://", "sqlite+aiosqlite://"),
        ("postgres://u:p%40@h/d", "postgresql+asyncpg://u:p%40@h/d"),
        ("postgresql://u@h:5433/d?sslmode=require", "postgresql+asyncpg://u@h:5433/d?ssl=require"),
        ("postgresql+asyncpg://u@/d?host=/run/pg", "postgresql+asyncpg://u@/d?host=%2Frun%2Fpg"),
    ],
)
def test_the_usual_spellings_are_understood(given: str, driver_url: str) -> None:
    assert read(given) == driver_url


@pytest.mark.parametrize(
    "given",
    [
        "mysql://root:hunter2@h/d",
        "postgresql+psycopg2://root:hunter2@h/d",
        "hunter2",
        "postgresql://root:hunter2@h:port/d",
        "postgresql://root:hunter2@h/d?options=hunter2",
        "sqlite:///d.sqlite3?mode=hunter2",
    ],
)
def test_other_urls_are_refused_without_being_printed(given: str) -> None:
    with pytest.raises(ConfigurationError, match="DATABASE_URL") as caught:
        read(given)

    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_config_does_not_print_its_password() -> None:
    config = Config.read(Environment({"DATABASE_URL": "postgres://u:hunter2@h/d"}))

    assert "hunter2" not in repr(config)
