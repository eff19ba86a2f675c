"""Settings from the environment: what is wrong is named, and its value never shown."""

import copy
import pickle
from pathlib import Path
from typing import Literal

import msgspec
import pytest

from providers.config import ConfigurationError, Environment, Secret

VALUE = "hunter2-value"


def test_a_value_is_read_and_an_empty_one_is_absent() -> None:
    environment = Environment({"A": "1", "B": ""})
    assert (environment.get("A"), environment.get("B"), environment.get("C")) == ("1", None, None)


def test_a_missing_value_is_named() -> None:
    with pytest.raises(ConfigurationError, match=r"^PLUGGY_CLIENT_ID is not set$"):
        Environment({}).need("PLUGGY_CLIENT_ID")


def test_a_file_gives_the_value_without_its_line_end(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{VALUE}\n")
    assert Environment({"KEY_FILE": str(file)}).secret("KEY").reveal() == VALUE


def test_the_variable_itself_wins_over_its_file(tmp_path: Path) -> None:
    assert Environment({"KEY": "own", "KEY_FILE": str(tmp_path / "absent")}).need("KEY") == "own"


def test_an_empty_file_is_as_good_as_none(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    with pytest.raises(ConfigurationError, match="KEY is not set"):
        Environment({"KEY_FILE": str(tmp_path / "empty")}).need("KEY")


@pytest.mark.parametrize("name", ["absent", ""], ids=["no such file", "a directory"])
def test_a_file_that_cannot_be_read_is_named_by_its_variable(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigurationError, match="KEY_FILE cannot be read") as caught:
        Environment({"KEY_FILE": str(tmp_path / name)}).get("KEY")
    assert str(tmp_path) not in str(caught.value)


def test_a_file_of_something_else_than_text_is_refused_without_showing_it(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"hunter2\xff\xfe")
    with pytest.raises(ConfigurationError, match=r"^KEY_FILE is not UTF-8 text$") as caught:
        Environment({"KEY_FILE": str(tmp_path / "binary")}).get("KEY")
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_values_have_types() -> None:
    environment = Environment({"I": "3", "F": "2.5", "B": "true", "L": "json"})
    assert environment.typed("I", int, 0) == 3
    assert environment.typed("F", float, 0.0) == 2.5
    assert environment.typed("B", bool, False) is True  # noqa: FBT003 - a default, not an option
    assert environment.typed("L", Literal["json", "text"], "text") == "json"  # type: ignore[arg-type]
    assert environment.typed("ABSENT", int, 7) == 7


@pytest.mark.parametrize("kind", [int, float, bool, Literal["a", "b"]])
def test_a_wrong_value_is_named_and_never_shown(kind: type) -> None:
    with pytest.raises(ConfigurationError, match=r"^LIMIT is not a valid ") as caught:
        Environment({"LIMIT": VALUE}).typed("LIMIT", kind, None)
    assert VALUE not in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("value", ["nan", "inf", "-Infinity"])
def test_a_number_must_be_finite(value: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^LIMIT must be finite$"):
        Environment({"LIMIT": value}).typed("LIMIT", float, 1.0)


def test_a_choice_is_taken_in_any_case() -> None:
    environment = Environment({"MODE": "Sandbox", "WRONG": VALUE})
    assert environment.choice("MODE", ("live", "sandbox"), "live") == "sandbox"
    assert environment.choice("ABSENT", ("live", "sandbox"), "live") == "live"
    with pytest.raises(ConfigurationError, match=r"^WRONG must be one of live, sandbox$"):
        environment.choice("WRONG", ("live", "sandbox"), "live")


def test_all_and_any_of_some_variables() -> None:
    environment = Environment({"A": "1", "B": "2", "C": ""})
    assert environment.has("A", "B")
    assert not environment.has("A", "C")
    assert environment.any("C", "A")
    assert not environment.any("C", "D")


class Config(msgspec.Struct, frozen=True):
    """Settings with a secret among them."""

    key: Secret


@pytest.mark.parametrize(
    "shown",
    [
        repr,
        str,
        "{}".format,
        "{!r}".format,
        lambda secret: f"{secret}",
        lambda s: str([s]),
    ],
)
def test_a_secret_is_never_shown(shown: object) -> None:
    assert VALUE not in shown(Secret(VALUE))  # type: ignore[operator]
    assert VALUE not in shown(Config(Secret(VALUE)))  # type: ignore[operator]


@pytest.mark.parametrize("written", [pickle.dumps, copy.deepcopy, msgspec.json.encode, msgspec.to_builtins, vars])
def test_a_secret_cannot_be_written(written: object) -> None:
    with pytest.raises(TypeError) as caught:
        written(Secret(VALUE))  # type: ignore[operator]
    assert VALUE not in str(caught.value)


def test_secrets_are_equal_by_value() -> None:
    assert Secret("a") == Secret("a")
    assert hash(Secret("a")) == hash(Secret("a"))
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
