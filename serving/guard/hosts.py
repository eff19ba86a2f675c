"""Which names in `Host` this server answers to."""

import re
from collections.abc import Iterable

from starlette.types import Scope

_PORT = re.compile(r":\d*\Z")


class Hosts:
    """An exact name, or `*.` in front of one for all names beneath it. None given: every name."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(names)
        self._beneath = tuple(name[1:] for name in self._names if name.startswith("*."))

    def knows(self, scope: Scope) -> bool:
        """Whether a request is meant for this server. A proxy and an app could differ about two `Host` headers."""
        if not self._names:
            return True
        given = [value for name, value in scope["headers"] if name == b"host"]
        if len(given) != 1:
            return False
        host = _PORT.sub("", given[0].decode("latin-1").lower())
        return host in self._names or (bool(self._beneath) and host.endswith(self._beneath))
