"""What a mutation shows once, to whoever has it carried out, and keeps nowhere."""

from typing import Any

import strawberry

from providers.config import Secret
from resolvers.context import Info
from resolvers.writing import Changed


class Showing(Changed, frozen=True):
    """A change, and what is shown with it this once."""

    once: Any = None


def showing(changed: Changed, once: object) -> Changed:
    """The change, with what is shown once if it was made."""
    if once is None or changed.ref is None:
        return changed
    return Showing(changed.ref, changed.node, changed.user_errors, once)


def shown(root: strawberry.Parent[Changed], info: Info) -> Any:  # noqa: ANN401, ARG001 - any payload's; for the guard
    """What is shown once."""
    return root.once if isinstance(root, Showing) else None


def secret(root: strawberry.Parent[Changed], info: Info) -> str | None:  # noqa: ARG001 - for the guard
    """A secret that is shown once."""
    return (root.once.reveal() or None) if isinstance(root, Showing) and isinstance(root.once, Secret) else None
