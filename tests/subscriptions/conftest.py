"""A server with subscribers, and what providers tell it of."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from itertools import count
from typing import Any

import pytest

from providers.domain import Message, Occurrence, Provider, Ref, Topic
from resolvers import ids
from tests.inside import Inside, inside

TOPICS = {
    "PaymentAccount": Topic.ACCOUNT_CHANGED,
    "AggregatedAccount": Topic.ACCOUNT_CHANGED,
    "SmartAccount": Topic.ACCOUNT_CHANGED,
    "Payment": Topic.PAYMENT_CHANGED,
    "LedgerTransaction": Topic.LEDGER_TRANSACTION_COMMITTED,
    "TransferInitiation": Topic.TRANSFER_INITIATION_CHANGED,
}
numbers = count(1)


def message(*refs: Ref) -> Message:
    """What a provider would say of these objects. Each call is a message of its own."""
    occurrences = tuple(Occurrence(TOPICS[str(ref.type)], ref) for ref in refs)
    return Message(provider=Provider.FORMANCE, id=f"message {next(numbers)}", occurrences=occurrences)


def refs(*global_ids: str) -> list[Ref]:
    return [ids.decode(each) for each in global_ids]


async def tell(server: Inside, *global_ids: str) -> None:
    """A provider's message about these objects has come."""
    await server.do(server.app.state.providers.directory.events.append(message(*refs(*global_ids))))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inside]:
    """A server as a new user gets it, that waits long for initialisations: machines may be slow."""
    with inside(tmp_path_factory.mktemp("server"), SOCKET_INIT_TIMEOUT="60") as running:
        yield running


@pytest.fixture
async def nobody_is_left(server: Inside) -> AsyncIterator[None]:
    """After the test, nothing of it runs on."""
    yield
    from tests.subscriptions.client import listening

    await listening(server, 0)


Ask = Callable[..., Awaitable[Any]]
