"""What a client may send on a socket (graphql-transport-ws)."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from serving.parameters import Misshapen, decoded
from serving.websocket.closing import bad_message

Id = Annotated[str, Meta(min_length=1, max_length=128)]
Payload = dict[str, Any] | None


class Initialise(msgspec.Struct, tag_field="type", tag="connection_init"):
    """Who asks. Must come first, and once."""

    payload: Payload = None


class Ping(msgspec.Struct, tag_field="type", tag="ping"):
    """Is to be answered with a pong."""

    payload: Payload = None


class Pong(msgspec.Struct, tag_field="type", tag="pong"):
    """Answers a ping, or is just a sign of life."""

    payload: Payload = None


class Subscribe(msgspec.Struct, tag_field="type", tag="subscribe"):
    """An operation of any kind: `payload` is what the body of a POST would be."""

    id: Id
    payload: dict[str, Any]


class Complete(msgspec.Struct, tag_field="type", tag="complete"):
    """The client no longer wants an operation's results."""

    id: Id


Message = Initialise | Ping | Pong | Subscribe | Complete


def message(text: str | None) -> Message:
    """A message from its text; None for a binary one. Raises `Closing`."""
    if text is None:
        raise bad_message("Messages must be text")
    try:
        told: Message = msgspec.convert(decoded(text), Message)
    except Misshapen:
        raise bad_message("Messages must be JSON objects") from None
    except msgspec.ValidationError:
        raise bad_message("Invalid message") from None
    return told


def headers_in(payload: Payload) -> dict[str, str]:
    """What an initialisation says in the place of headers, which pages in browsers cannot set on a socket."""
    given = payload or {}
    nested = given.get("headers")
    told = {**given, **(nested if isinstance(nested, dict) else {})}
    return {name.lower(): value for name, value in told.items() if isinstance(value, str)}
