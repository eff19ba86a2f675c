"""What all groups of loaders share."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from providers.domain import Provider, Ref
from providers.errors import ProviderError
from providers.operation import Operation
from providers.registry import Providers
from resolvers.batching import Loader, loader

PowerT = TypeVar("PowerT")


class LoaderBase:
    """Made anew for every operation: nothing loaded for one caller is seen by another."""

    def __init__(self, providers: Providers, operation: Operation, *, lends: bool = False) -> None:
        self._providers, self._operation = providers, operation
        self._options: dict[str, Any] = {"lends": lends, "loop": operation.loop}

    def stop(self) -> None:
        """End all loading. Whoever still waits is cancelled.

        The loaders are let go: they refer to this, and would stay with all that they have loaded until the garbage is
        collected.
        """
        for name in [name for name in vars(self) if not name.startswith("_")]:
            made = vars(self).pop(name)
            for each in made.values() if isinstance(made, dict) else (made,):
                each.stop()

    def _able(self, power: type[PowerT]) -> Mapping[Provider, PowerT]:
        return self._providers.able(power)

    def _with_operation(
        self, batch: Callable[[Sequence[Any], Operation], Awaitable[Mapping[Any, Any]]]
    ) -> Callable[[Sequence[Any]], Awaitable[Mapping[Any, Any]]]:
        return lambda keys: batch(keys, self._operation)

    def _each(
        self,
        power: type[PowerT],
        method: Callable[[PowerT], Callable[[Sequence[Any], Operation], Awaitable[Mapping[Any, Any]]]],
        missing: object = None,
        accept: Callable[[Any, Any], bool] | None = None,
    ) -> dict[Provider, Loader[Any, Any]]:
        """A loader over a batch method of every provider that has it."""
        return {
            name: loader(self._with_operation(method(vendor)), missing=missing, accept=accept, **self._options)
            for name, vendor in self._able(power).items()
        }


def is_named_so(ref: Ref, value: Any) -> bool:  # noqa: ANN401 - any node, or why there is none
    """One that a provider finds by another spelling of its id is not the same."""
    return value is None or isinstance(value, ProviderError) or value.ref == ref
