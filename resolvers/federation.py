"""Objects as a federation gateway asks for them: by their type and their key, which is the global id."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated, NewType

import strawberry

from resolvers import ids
from resolvers.context import Info, RequestContext
from resolvers.node import Node, node_of
from resolvers.problems import BadInput

Representation = NewType("Representation", object)
"""An object as a gateway names it."""

TYPENAME = "__typename"
KEY = "id"
MOST = 1_000
"""Representations that a gateway may send at once."""


async def entities(
    info: Info,
    representations: Annotated[
        list[Representation],
        strawberry.argument(description="Objects by `__typename` and `id`; whatever else stands there is not read."),
    ],
) -> Sequence[Node | BaseException | None]:
    """The objects, in the same order. One that fails is null with an error of its own."""
    if len(representations) > MOST:
        raise BadInput(f"At most {MOST} objects can be asked for at once.")
    found = (_entity(each, info.context) for each in representations)
    return await asyncio.gather(*found, return_exceptions=True)


async def _entity(representation: object, context: RequestContext) -> Node | None:
    if not isinstance(representation, Mapping):
        raise BadInput("A representation is an object with `__typename` and `id`.")
    type_, key = representation.get(TYPENAME), representation.get(KEY)
    if not isinstance(type_, str) or not isinstance(key, str):
        raise BadInput("A representation is an object with `__typename` and `id`.")
    if ids.decode(key).type.value != type_:
        raise BadInput("The id is not one of this type of object.")
    return await node_of(key, context)
