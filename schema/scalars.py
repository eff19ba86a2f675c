"""The graph's own scalars: exact numbers as strings, times in UTC, and vendors' JSON as it was sent."""

from datetime import UTC, datetime
from decimal import Decimal as PythonDecimal
from decimal import InvalidOperation
from typing import Any, NewType

import msgspec
import orjson
import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from providers.money import text
from resolvers.federation import Representation

Decimal = NewType("Decimal", PythonDecimal)
BigInt = NewType("BigInt", int)
JSON = NewType("JSON", object)

_LONGEST_NUMBER = 128


def _decimal(value: object) -> PythonDecimal:
    if not isinstance(value, str) or len(value) > _LONGEST_NUMBER:
        raise GraphQLError('A Decimal is written as a string of digits, such as "12.50".')
    try:
        number = PythonDecimal(value)
    except InvalidOperation:
        raise GraphQLError('A Decimal is written as a string of digits, such as "12.50".') from None
    if not number.is_finite() or abs(number.adjusted()) > _LONGEST_NUMBER:
        raise GraphQLError("A Decimal must be a finite number.")
    return number


def _big_int(value: object) -> int:
    if isinstance(value, str) and len(value) <= _LONGEST_NUMBER and value.removeprefix("-").isdecimal():
        return int(value)
    raise GraphQLError('A BigInt is written as a string of digits, such as "9007199254740993".')


def _json_text(value: object) -> Any:  # noqa: ANN401 - a fragment that the JSON encoder copies
    """The vendor's own bytes, so that not even a number's digits change."""
    return orjson.Fragment(bytes(value) if isinstance(value, msgspec.Raw) else msgspec.json.encode(value))


def _decimal_text(value: PythonDecimal) -> str:
    """As `text`, in a third of the time for numbers that need no exponent."""
    digits = str(value)
    return text(value) if "E" in digits else digits


def _time_text(value: datetime) -> str:
    if value.tzinfo is UTC and value.__class__ is datetime:
        written: str = msgspec.to_builtins(value)  # the same text, in a tenth of the time
        return written
    try:
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    except OverflowError:  # the calendar begins or ends within the offset
        return value.isoformat()


def _time(value: object) -> datetime:
    try:
        time = datetime.fromisoformat(str(value))
    except ValueError:
        raise GraphQLError('A DateTime is written as RFC 3339, such as "2026-01-31T12:00:00Z".') from None
    if time.tzinfo is None:
        raise GraphQLError("A DateTime needs an offset from UTC, such as `Z`.")
    try:
        return time.astimezone(UTC)
    except OverflowError:
        raise GraphQLError("A DateTime must be in the years 1 to 9999, in UTC, too.") from None


def _representation(value: object) -> object:
    if not isinstance(value, dict):
        raise GraphQLError("A representation is an object with `__typename` and `id`.")
    return value


SCALARS: dict[object, ScalarDefinition] = {
    Representation: strawberry.scalar(
        name="_Any",
        description="An object as a federation gateway names it: with its `__typename` and its key.",
        serialize=_representation,
        parse_value=_representation,
    ),
    Decimal: strawberry.scalar(
        name="Decimal",
        description='An exact decimal number as a string of digits without an exponent, such as `"12.50"`.',
        serialize=_decimal_text,
        parse_value=_decimal,
    ),
    BigInt: strawberry.scalar(
        name="BigInt",
        description='A whole number of any size as a string of digits, such as `"9007199254740993"`.',
        serialize=str,
        parse_value=_big_int,
    ),
    datetime: strawberry.scalar(
        name="DateTime",
        description='A point in time by RFC 3339. Answers are in UTC, such as `"2026-01-31T12:00:00Z"`.',
        specified_by_url="https://scalars.graphql.org/andimarek/date-time",
        serialize=_time_text,
        parse_value=_time,
    ),
    JSON: strawberry.scalar(
        name="JSON",
        description="Any JSON value. Records of providers are passed on byte for byte, so numbers may exceed 2^53.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc8259",
        serialize=_json_text,
    ),
}
