"""What the parts of the provider have in common. Each part is some of its protocols, in the file of its noun."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from providers.domain import Provider, Ref
from providers.errors import NotFound, ProviderError, Rejected, UnknownOutcome
from providers.formance import translate
from providers.formance.client import PaymentsService
from providers.formance.generation import Generation
from providers.http import Endpoint


class Part:
    """Some of the provider's methods, over the service's operations."""

    def __init__(self, service: PaymentsService, generation: Generation) -> None:
        self._service, self._generation = service, generation


def known(ref: Ref, reads: Callable[[str], object], endpoint: Endpoint) -> str:
    """The vendor's id of an object. One that `reads` says cannot be an id raises `NotFound`, and nothing is sent."""
    if not reads(ref.native_id):
        raise NotFound(Provider.FORMANCE, endpoint.operation)
    return ref.native_id


def unknown(refusal: ProviderError) -> UnknownOutcome:
    """For a refusal after which the order may have been carried out all the same. It keeps the vendor's code."""
    code, status = refusal.vendor_code, refusal.status
    return UnknownOutcome(refusal.provider, refusal.operation, status=status, vendor_code=code)


@contextmanager
def sendable(endpoint: Endpoint) -> Iterator[None]:
    """Around the translation of an order: one that cannot be sent is `Rejected`, and nothing is sent."""
    try:
        yield
    except translate.Unsendable as error:
        raise Rejected(Provider.FORMANCE, endpoint.operation, str(error)) from error
