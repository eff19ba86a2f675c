"""A vendor's message → what it tells, in the store."""

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from providers.domain import Provider
from providers.errors import DirectoryUnavailable
from providers.messages import Delivery, Unreadable, Untrusted
from providers.protocols.messages import ConfirmsMessages, ReceivesMessages
from providers.registry import Providers
from resolvers.screening import Refused

log = logging.getLogger("tributary.webhooks")

RETRY_SECONDS = 5


class NotAccepted(Refused):
    """401: nothing shows that it is the vendor's. A stranger is not told what is missing."""

    def __init__(self) -> None:
        super().__init__("WEBHOOK_NOT_ACCEPTED", "The message is not accepted.", status=401)


class NotUnderstood(Refused):
    """400: the vendor's, and yet no message."""

    def __init__(self) -> None:
        super().__init__("WEBHOOK_NOT_UNDERSTOOD", "The message is not understood.", status=400)


class NotKept(Refused):
    """503: it could not be kept, so that the vendor has to send it again."""

    def __init__(self) -> None:
        message = "The message could not be kept. Send it again."
        super().__init__("WEBHOOK_NOT_KEPT", message, status=503, retryable=True, retryAfter=RETRY_SECONDS)
        self.headers = {"retry-after": str(RETRY_SECONDS)}


class Intake:
    """Of all vendors. Those without a secret do not exist here."""

    def __init__(self, providers: Providers, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._providers, self._clock = providers, clock

    def knows(self, provider: Provider) -> bool:
        """Whether a vendor's messages are taken."""
        return provider in self._providers.able(ReceivesMessages)

    def asks(self, provider: Provider) -> bool:
        """Whether a vendor asks before it sends any."""
        return provider in self._providers.able(ConfirmsMessages)

    def confirmed(self, provider: Provider, query: Mapping[str, str]) -> str:
        """The answer to a vendor that asks whether it may send. Raises `Refused`."""
        try:
            return self._providers.able(ConfirmsMessages)[provider].confirm_messages(query)
        except Untrusted:
            raise NotUnderstood from None

    async def take(self, provider: Provider, headers: Mapping[str, str], body: bytes, *, token: str = "") -> None:
        """Check a message and keep what it tells. When this returns it is kept. Raises `Refused`."""
        delivery = Delivery(headers, body, self._clock(), token)
        try:
            message = self._providers.able(ReceivesMessages)[provider].read_message(delivery)
        except Untrusted:
            log.debug("a message was not accepted", extra={"provider": provider.value})
            raise NotAccepted from None
        except Unreadable:
            log.info("a message was not understood", extra={"provider": provider.value})
            raise NotUnderstood from None
        if not message.occurrences:
            return
        try:
            await self._providers.directory.events.append(message)
        except DirectoryUnavailable:
            log.warning("a message was not kept", extra={"provider": provider.value})
            raise NotKept from None
