"""The documents that an app was built with. Each of them is valid here, or the server does not start."""

from collections.abc import Mapping
from pathlib import Path

from graphql import GraphQLError, specified_rules

from providers.config import ConfigurationError
from resolvers.screening import Refused
from schema import schema
from serving.persisted.manifest import read
from serving.persisted.names import SHA256, sha256
from serving.screening.documents import Documents
from serving.screening.limits import Limits


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

    @property
    def texts(self) -> frozenset[str]:
        """All of them."""
        return self._texts

    def get(self, id_: str) -> str | None:
        """The text of that id."""
        return self._by_id.get(id_)

    @classmethod
    def read(cls, path: Path, *, setting: str, limits: Limits) -> "Trusted":
        """From a manifest. Raises `ConfigurationError` with the id of the document that could not run."""
        texts, documents = read(path, setting=setting), Documents(limits)
        for id_, text in texts.items():
            mistake = _mistake(id_, text, documents)
            if mistake is not None:
                raise ConfigurationError(f"{setting}: the document {id_!r} is not valid here: {mistake}")
        return cls(texts)


def _mistake(id_: str, text: str, documents: Documents) -> str | None:
    if id_.startswith(SHA256) and id_ != SHA256 + sha256(text):
        return "the id is not the hash of the text"
    try:
        document = documents.parsed(text)
        errors = documents.mistakes(text, document, schema._schema, tuple(specified_rules), suggests=True)
    except Refused as refusal:
        return refusal.message
    except GraphQLError as error:
        errors = [error]
    return " ".join(errors[0].message.split()) if errors else None
