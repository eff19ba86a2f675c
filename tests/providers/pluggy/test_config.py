"""Pluggy's settings."""

from pathlib import Path

import pytest

from providers.config import ConfigurationError, Environment
from providers.pluggy import REQUIRED, Config, sandbox

KEYS = {"PLUGGY_CLIENT_ID": "3f2c", "PLUGGY_CLIENT_SECRET": "hush"}


def test_the_vendors_own_host_is_the_default() -> None:
    config = Config.read(Environment(KEYS))

    assert (config.base_url, config.client_id) == ("https://api.pluggy.ai", "3f2c")
    assert config.client_secret.reveal() == "hush"


def test_another_host_can_be_set() -> None:
    config = Config.read(Environment(KEYS | {"PLUGGY_BASE_URL": "http://127.0.0.1:9/pluggy"}))

    assert config.base_url == "http://127.0.0.1:9/pluggy"


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_variable_is_named(name: str) -> None:
    rest = {key: value for key, value in KEYS.items() if key != name}

    with pytest.raises(ConfigurationError, match=name):
        Config.read(Environment(rest))


def test_the_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from a file\n")
    variables = {"PLUGGY_CLIENT_ID": "3f2c", "PLUGGY_CLIENT_SECRET_FILE": str(tmp_path / "secret")}

    assert Config.read(Environment(variables)).client_secret.reveal() == "from a file"


def test_the_secret_does_not_show() -> None:
    assert "hush" not in repr(Config.read(Environment(KEYS)))


def test_the_sandboxs_keys_are_those_that_it_takes() -> None:
    config = Config.for_sandbox()

    assert {config.client_id, config.client_secret.reveal()} == set(sandbox.CREDENTIALS.values())
