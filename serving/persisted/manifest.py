"""The files in which client tools list an app's documents: a mapping from a document's id to its text.

graphql-codegen's client preset (`persisted-documents.json`) and relay-compiler (`persistConfig.file`) write the mapping
itself, Apollo (`persisted-query-manifest.json`) a list of operations.
"""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from providers.config import ConfigurationError

MOST_BYTES = 16 * 1024 * 1024
APOLLO = "apollo-persisted-query-manifest"


class _Operation(msgspec.Struct):
    id: str
    body: str


class _Apollo(msgspec.Struct, tag_field="format", tag=APOLLO):
    version: int
    operations: list[_Operation]


def read(path: Path, *, setting: str) -> Mapping[str, str]:
    """Text by id, at least one. Raises `ConfigurationError`, which names the setting that gave the path."""
    try:
        with path.open("rb") as file:
            written = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise ConfigurationError(f"{setting} cannot be read: {error.strerror}") from None
    if len(written) > MOST_BYTES:
        raise ConfigurationError(f"{setting} has more than {MOST_BYTES} bytes")
    texts = _decoded(written, setting)
    if not texts:
        raise ConfigurationError(f"{setting} lists no document")
    return texts


def _decoded(written: bytes, setting: str) -> Mapping[str, str]:
    try:
        content = msgspec.json.decode(written)
        if isinstance(content, dict) and content.get("format") == APOLLO:
            return _of_apollo(msgspec.convert(content, _Apollo), setting)
        return msgspec.convert(content, dict[str, str])
    except (ValueError, RecursionError):
        raise ConfigurationError(
            f"{setting} is no manifest that graphql-codegen, relay-compiler or Apollo writes"
        ) from None


def _of_apollo(manifest: _Apollo, setting: str) -> Mapping[str, str]:
    if manifest.version != 1:
        raise ConfigurationError(f"{setting} is a manifest of another version than 1")
    texts: dict[str, str] = {}
    for operation in manifest.operations:
        if texts.setdefault(operation.id, operation.body) != operation.body:
            raise ConfigurationError(f"{setting} lists {operation.id!r} with two texts")
    return texts
