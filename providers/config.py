"""The environment, read once at start-up into frozen settings. A secret may also come from a file: `NAME_FILE`."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn, TypeVar

import msgspec

T = TypeVar("T")
NumberT = TypeVar("NumberT", int, float)


class ConfigurationError(Exception):
    """A setting is missing or wrong. The message names the variable and never its value."""


class Secret:
    """A value that prints as `***` and cannot be pickled."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself, for the wire."""
        return self._value

    def __repr__(self) -> str:
        return "***"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not written anywhere")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


class Environment:
    """Variables by name, or from the file that `NAME_FILE` points at. Empty counts as absent."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables

    def get(self, name: str) -> str | None:
        """The value, or None."""
        value = self._variables.get(name)
        if value:
            return value
        path = self._variables.get(f"{name}_FILE")
        return self._from_file(name, path) if path else None

    def need(self, name: str) -> str:
        """The value; without one the server does not start."""
        value = self.get(name)
        if value is None:
            raise ConfigurationError(f"{name} is not set")
        return value

    def secret(self, name: str) -> Secret:
        """A value that must be there and must not be seen."""
        return Secret(self.need(name))

    def typed(self, name: str, kind: type[T], default: T) -> T:
        """The value as an int, a float, a bool or a Literal; `default` when absent."""
        value = self.get(name)
        if value is None:
            return default
        try:
            converted = msgspec.convert(value, kind, strict=False)
        except msgspec.ValidationError:
            raise ConfigurationError(f"{name} is not a valid {getattr(kind, '__name__', kind)}") from None
        if isinstance(converted, float) and not math.isfinite(converted):
            raise ConfigurationError(f"{name} must be finite")
        return converted

    def number(self, name: str, default: NumberT, *, least: NumberT, most: NumberT | None = None) -> NumberT:
        """The value as a number of the default's kind, within bounds."""
        value = self.typed(name, type(default), default)
        if value < least or (most is not None and value > most):
            raise ConfigurationError(f"{name} must be at least {least}" + (f" and at most {most}" if most else ""))
        return value

    def choice(self, name: str, choices: tuple[str, ...], default: str) -> str:
        """One of a few words, in any case."""
        value = (self.get(name) or default).lower()
        if value not in choices:
            raise ConfigurationError(f"{name} must be one of {', '.join(choices)}")
        return value

    def has(self, *names: str) -> bool:
        """True when all of these are set."""
        return all(self.get(name) is not None for name in names)

    def any(self, *names: str) -> bool:
        """True when at least one of these is set."""
        return any(self.get(name) is not None for name in names)

    def _from_file(self, name: str, path: str) -> str | None:
        try:
            return Path(path).read_text(encoding="utf-8").strip() or None
        except OSError as error:
            raise ConfigurationError(f"{name}_FILE cannot be read: {error.strerror}") from None
        except UnicodeDecodeError:
            raise ConfigurationError(f"{name}_FILE is not UTF-8 text") from None
