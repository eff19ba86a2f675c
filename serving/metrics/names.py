"""Names that clients choose, as values of a label: so many different ones and no more."""

ANONYMOUS = "anonymous"
OTHER = "other"
MOST = 200
"""Names of operations that are counted apart. Each is several time series, for as long as the server runs."""


class Names:
    """The first names that came; whatever comes later has one name together."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._known: set[str] = set()

    def of(self, name: str | None) -> str:
        """The label of an operation."""
        if not name:
            return ANONYMOUS
        if name in self._known:
            return name
        if len(self._known) >= self._most:
            return OTHER
        self._known.add(name)
        return name
