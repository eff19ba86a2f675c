"""From what a request holds to the text of its document, for every transport."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from providers.config import ConfigurationError, Environment
from resolvers.context import RequestContext
from resolvers.screening import Asked, Refused
from serving.persisted.automatic import Automatic
from serving.persisted.names import digest_of, hash_named, id_named, sha256
from serving.persisted.trusted import Trusted
from serving.screening.limits import Limits


class Persisted:
    """Trusted documents, those seen before, or neither. With `only`, nothing else than trusted ones runs."""

    def __init__(self, trusted: Trusted, automatic: Automatic | None, *, only: bool) -> None:
        self._trusted, self._only = trusted, only
        self._automatic = None if only else automatic

    @classmethod
    def read(cls, environment: Environment) -> "Persisted":
        """From the environment and the manifest that it names. Raises `ConfigurationError`."""
        path = environment.get("PERSISTED_DOCUMENTS")
        only = environment.choice("PERSISTED_DOCUMENTS_ONLY", ("true", "false"), "false") == "true"
        if only and path is None:
            raise ConfigurationError("PERSISTED_DOCUMENTS_ONLY needs PERSISTED_DOCUMENTS")
        limits = Limits.read(environment)
        trusted = Trusted.read(Path(path), setting="PERSISTED_DOCUMENTS", limits=limits) if path else Trusted({})
        automatic = Automatic() if environment.choice("APQ", ("on", "off"), "on") == "on" else None
        return cls(trusted, automatic, only=only)

    @property
    def trusted(self) -> frozenset[str]:
        """The texts of the manifest."""
        return self._trusted.texts

    def resolve(self, payload: Mapping[str, Any]) -> str | None:
        """The text that a request means; None when it holds and names none. Raises `Refused`.

        `payload` is what GraphQL over HTTP calls the parameters of a request: `query`, `extensions`, `documentId`, …
        A request that holds a text means that text, and its `documentId` is not looked at.
        """
        text, hashed = payload.get("query"), hash_named(payload.get("extensions"))
        if isinstance(text, str):
            return self._named_well(text, hashed)
        id_ = id_named(payload)
        if id_ is not None:
            return self._listed(id_)
        return None if hashed is None else self._hashed(hashed)

    def admit(self, text: str, context: RequestContext) -> None:  # noqa: ARG002 - as rules for texts are asked
        """Refuse what is not listed, in whatever way it came: the rule for texts behind `only`."""
        if self._only and text not in self._trusted:
            raise Refused("QUERY_NOT_IN_SAFELIST", "Only documents that this server lists may run.", status=403)

    def remember(self, asked: Asked) -> None:
        """Keep a text that names its hash, after everything else has let it pass: the last rule for operations."""
        if self._automatic is not None:
            self._automatic.remember(asked)

    def told(self) -> dict[str, str | int]:
        """How it is set, for the log."""
        return {
            "documents": "trusted only" if self._only else "any",
            "trusted": len(self._trusted),
            "apq": "off" if self._automatic is None else "on",
        }

    def _named_well(self, text: str, hashed: str | None) -> str:
        is_named_well = hashed is None or self._trusted.get(hashed) == text or sha256(text) == digest_of(hashed)
        if self._automatic is not None and not is_named_well:
            raise Refused("BAD_REQUEST", "provided sha does not match query")
        return text

    def _listed(self, id_: str) -> str:
        text = self._trusted.get(id_)
        if text is None:
            raise Refused("PERSISTED_QUERY_NOT_IN_LIST", "This server lists no document with that id.", status=404)
        return text

    def _hashed(self, hashed: str) -> str:
        if self._only:
            return self._listed(hashed)
        text = self._trusted.get(hashed)
        if text is None and self._automatic is None:
            raise Refused("PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported", status=200)
        if text is None and self._automatic is not None:
            text = self._automatic.get(digest_of(hashed))
        if text is None:
            # Apollo's clients know this message by heart, and send the text next.
            raise Refused("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound", status=200)
        return text
