"""Finicity's settings: what must be set, and what is never shown."""

from pathlib import Path

import msgspec
import pytest

from providers.config import ConfigurationError, Environment
from providers.finicity.config import BASE_URL, REQUIRED, Config

VARIABLES = {name: f"the {name}" for name in REQUIRED}


def test_the_vendors_own_host_is_the_default() -> None:
    config = Config.read(Environment(VARIABLES))

    assert config.base_url == BASE_URL
    assert config.app_key.reveal() == "the FINICITY_APP_KEY"


def test_another_host_may_be_named() -> None:
    config = Config.read(Environment({**VARIABLES, "FINICITY_BASE_URL": "http://127.0.0.1:9"}))

    assert config.base_url == "http://127.0.0.1:9"


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_variable_is_named(name: str) -> None:
    variables = {key: value for key, value in VARIABLES.items() if key != name}

    with pytest.raises(ConfigurationError, match=name):
        Config.read(Environment(variables))


def test_a_host_without_a_scheme_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="FINICITY_BASE_URL"):
        Config.read(Environment({**VARIABLES, "FINICITY_BASE_URL": "api.finicity.com"}))


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("from the file\n")
    variables = {key: value for key, value in VARIABLES.items() if key != "FINICITY_PARTNER_SECRET"}
    config = Config.read(Environment({**variables, "FINICITY_PARTNER_SECRET_FILE": str(file)}))

    assert config.partner_secret.reveal() == "from the file"


def test_secrets_are_not_printed() -> None:
    shown = repr(Config.read(Environment(VARIABLES)))

    assert "the FINICITY_APP_KEY" not in shown
    assert "the FINICITY_PARTNER_SECRET" not in shown


def test_the_sandbox_has_credentials_of_its_own() -> None:
    config = Config.for_sandbox()

    assert config.base_url == "http://finicity.sandbox"
    assert all(msgspec.structs.astuple(config))
