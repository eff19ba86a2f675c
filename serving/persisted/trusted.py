"""The documents that an app was built with. Each of them is valid here, or the server does not start."""

from collections.abc import Mapping
from pathlib import Path

from graphql import GraphQLError, parse, specified_rules
from strawberry.schema.schema import validate_document

from providers.config import ConfigurationError
from schema import schema
from serving.persisted.manifest import read
from serving.persisted.names import SHA256, sha256


class Trusted:
    """Found by the id that the manifest gives, and by `sha256:` with the hash, or the hash alone."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        hashes = {sha256(text): text for text in texts.values()}
        self._by_id = {**hashes, **{SHA256 + digest: text for digest, text in hashes.items()}, **texts}
        self._texts = frozenset(texts.values())

    def __len__(self) -> int:
        return len(self._texts)

    def __contains__(self, text: str) -> bool:
        return text in self._texts

    def get(self, id_: str) -> str | None:
        """The text of that id."""
        return self._by_id.get(id_)

    @classmethod
    def read(cls, path: Path, *, setting: str) -> "Trusted":
        """From a manifest. Raises `ConfigurationError` with the id of the document that could not run."""
        texts = read(path, setting=setting)
        for id_, text in texts.items():
            mistake = _mistake(id_, text)
            if mistake is not None:
                raise ConfigurationError(f"{setting}: the document {id_!r} is not valid here: {mistake}")
        return cls(texts)


def _mistake(id_: str, text: str) -> str | None:
    if id_.startswith(SHA256) and id_ != SHA256 + sha256(text):
        return "the id is not the hash of the text"
    try:
        errors = validate_document(schema._schema, parse(text), tuple(specified_rules))
    except GraphQLError as error:
        errors = [error]
    return " ".join(errors[0].message.split()) if errors else None
