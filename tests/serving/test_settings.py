"""What the operator sets. A wrong value is named by its variable, before anything starts, and never shown."""

from pathlib import Path

import pytest

from providers.config import ConfigurationError, Environment
from serving.app import create
from serving.settings import Settings
from tests.conftest import running

SECRET = "hunter2"
LIVE = {
    "FINICITY_APP_KEY": SECRET,
    "FINICITY_PARTNER_ID": "partner",
    "FINICITY_PARTNER_SECRET": SECRET,
    "PLUGGY_CLIENT_ID": "client",
    "PLUGGY_CLIENT_SECRET": SECRET,
    "FORMANCE_BASE_URL": "https://stack.example",
    "FORMANCE_CLIENT_ID": "client",
    "FORMANCE_CLIENT_SECRET": SECRET,
}


def refusal(**variables: str) -> str:
    """Why the server does not start with these variables."""
    environment = Environment(variables)
    with pytest.raises(ConfigurationError) as caught:
        create(environment, Settings.read(environment))
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eight"),
        ("PORT", "-1"),
        ("PORT", "65536"),
        ("WORKERS", "0"),
        ("WORKERS", "65"),
        ("WORKERS", "auto"),
        ("LOG_LEVEL", "loud"),
        ("OPERATION_TIMEOUT", "soon"),
        ("OPERATION_TIMEOUT", "0"),
        ("OPERATION_TIMEOUT", "nan"),
        ("MAX_REQUEST_BYTES", "1MB"),
        ("MAX_HEADER_BYTES", "12"),
        ("REQUEST_TIMEOUT", "0"),
        ("KEEP_ALIVE_TIMEOUT", "0"),
        ("MAX_CONNECTIONS", "0"),
        ("MAX_CONCURRENCY", "none"),
        ("ALLOWED_HOSTS", "api.example.com:443"),
        ("AUTH", "nobody"),
        ("WRITE_LEASE", "0.5"),
        ("WRITE_SETTLE", "never"),
        ("UPSTREAM_TIMEOUT", "-3"),
        ("UPSTREAM_MAX_BYTES", "8MB"),
        ("UPSTREAM_CONCURRENCY", "0"),
        ("DATABASE_URL", "mysql://root:pa55@host/database"),
        ("DATABASE_URL", "not a url"),
        ("CACHE_DIRECTORY_SECONDS", "-1"),
        ("CACHE_CONNECTORS_SECONDS", "3601"),
        ("CACHE_POOLS_SECONDS", "short"),
        ("CACHE_BALANCES_SECONDS", "7200"),
        ("CACHE_MAX_BYTES", "32MB"),
        ("FINICITY_MODE", "dry"),
        ("PLUGGY_MODE", "dry"),
        ("FORMANCE_MODE", "dry"),
        ("SANDBOX_CUSTOMERS", "-5"),
        ("SANDBOX_DELAY_MS", "-7"),
        ("SANDBOX_PAYMENTS", "v9"),
    ],
)
def test_a_wrong_value_is_named_by_its_variable_and_not_shown(name: str, value: str) -> None:
    said = refusal(**{name: value})

    assert name in said
    assert value not in said.split()
    assert "pa55" not in said


@pytest.mark.parametrize("missing", sorted(LIVE))
def test_a_live_vendor_that_lacks_one_setting_names_it(missing: str) -> None:
    """Before anything starts, not at the first call. The others are not shown."""
    said = refusal(AUTH="none", **{name: value for name, value in LIVE.items() if name != missing})

    assert missing in said
    assert SECRET not in said


def test_live_without_credentials_names_the_first_that_is_missing() -> None:
    assert "PLUGGY_CLIENT_ID" in refusal(AUTH="none", PLUGGY_MODE="live")


def test_live_vendors_without_access_control_are_refused() -> None:
    said = refusal(**LIVE)

    assert said.startswith("AUTH is not set")
    assert SECRET not in said


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "tributary.example"])
def test_an_open_address_without_access_control_is_refused(host: str) -> None:
    said = refusal(HOST=host)

    assert "AUTH" in said
    assert "HOST" in said


@pytest.mark.parametrize("variables", [{}, {"PLUGGY_MODE": "sandbox", "FORMANCE_MODE": "off"}], ids=str)
def test_workers_that_would_each_have_sandboxes_of_their_own_are_refused(variables: dict[str, str]) -> None:
    said = refusal(WORKERS="2", AUTH="none", **variables)

    assert said.startswith("WORKERS")
    assert "sandboxes" in said
    assert "WORKERS=1" in said


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_workers_that_would_each_have_a_directory_of_their_own_are_refused(url: str) -> None:
    said = refusal(WORKERS="2", AUTH="none", DATABASE_URL=url, **LIVE)

    assert said.startswith("WORKERS")
    assert "DATABASE_URL" in said


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"WORKERS": "2", "AUTH": "none", **LIVE},
        {"HOST": "localhost"},
        {"HOST": "127.8.8.8"},
        {"HOST": "::1"},
        {"HOST": "0.0.0.0", "AUTH": "none"},
        {"AUTH": "none", **LIVE},
        {"PORT": "", "HOST": "", "AUTH": ""},
    ],
    ids=str,
)
def test_what_is_safe_or_said_on_purpose_starts(variables: dict[str, str]) -> None:
    environment = Environment(variables)

    create(environment, Settings.read(environment))


@pytest.mark.parametrize(
    ("variables", "modes"),
    [
        ({}, "SANDBOX SANDBOX SANDBOX"),
        ({"PLUGGY_MODE": "off"}, "SANDBOX OFF SANDBOX"),
        ({"FINICITY_MODE": "OFF", "FORMANCE_MODE": "off"}, "OFF SANDBOX OFF"),
        ({"PLUGGY_CLIENT_ID": "a", "PLUGGY_CLIENT_SECRET": "b"}, "OFF LIVE OFF"),
        ({"PLUGGY_CLIENT_ID": "a", "PLUGGY_CLIENT_SECRET": "b", "FINICITY_MODE": "sandbox"}, "SANDBOX LIVE OFF"),
        ({"PLUGGY_CLIENT_ID": "a", "PLUGGY_MODE": "sandbox"}, "OFF SANDBOX OFF"),
        ({"PLUGGY_CLIENT_ID": "a", "PLUGGY_CLIENT_SECRET": "b", "PLUGGY_MODE": "auto"}, "OFF LIVE OFF"),
        ({"FINICITY_MODE": "off", "FORMANCE_MODE": "off", "PLUGGY_MODE": "off"}, "OFF OFF OFF"),
    ],
    ids=str,
)
async def test_each_vendor_runs_as_its_settings_say(tmp_path: Path, variables: dict[str, str], modes: str) -> None:
    """In the order Finicity, Pluggy, Formance. Behind the live one nobody answers, which hinders no start."""
    async with running(
        tmp_path / "directory.sqlite3", AUTH="none", PLUGGY_BASE_URL="http://127.0.0.1:9", **variables
    ) as graph:
        statuses = (await graph.data("{ providers { name: provider mode } }"))["providers"]

    assert [status["name"] for status in statuses] == ["FINICITY", "PLUGGY", "FORMANCE"]
    assert " ".join(status["mode"] for status in statuses) == modes


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    variables = {name: value for name, value in LIVE.items() if name != "PLUGGY_CLIENT_SECRET"}
    environment = Environment({"AUTH": "none", "PLUGGY_CLIENT_SECRET_FILE": str(tmp_path / "secret"), **variables})

    create(environment, Settings.read(environment))


def test_a_file_that_is_not_there_is_named_by_its_variable(tmp_path: Path) -> None:
    said = refusal(PORT_FILE=str(tmp_path / "absent"))

    assert said.startswith("PORT_FILE cannot be read")
    assert str(tmp_path) not in said
