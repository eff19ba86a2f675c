"""How the webhooks service tells its receivers of what the other services announce."""

import base64
import hashlib
import hmac
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from providers.formance.sandbox.moments import Moments
from providers.formance.sandbox.records import timestamp
from providers.formance.sandbox.webhooks.configs import Config
from providers.outbox import Outbox, Posting

EVENTS = (
    "ledger.committed_transactions",
    "ledger.reverted_transaction",
    "ledger.saved_metadata",
    "ledger.deleted_metadata",
    "payments.saved_payment",
    "payments.saved_account",
    "payments.saved_balance",
    "payments.saved_transfer_initiation",
    "payments.saved_payment_initiation",
    "payments.saved_payment_initiation_adjustment",
    "payments.saved_payment_initiation_related_payment",
)
"""What a receiver is told of that asks for everything that can be listened to."""

_ENCODER = msgspec.json.Encoder(decimal_format="number")


class Sender:
    """Listens to the stack's announcements. `versions` are those of each service's events."""

    def __init__(
        self,
        configs: Mapping[str, Config],
        outbox: Outbox,
        moments: Moments,
        *,
        versions: Mapping[str, str],
        clock: Callable[[], float],
    ) -> None:
        self._configs, self._outbox, self._moments = configs, outbox, moments
        self._versions, self._clock = versions, clock

    def __call__(self, service: str, kind: str, payload: Mapping[str, Any]) -> None:
        """Send an event to all who asked for it, to each under an id of its own."""
        name = f"{service}.{kind}".lower()
        wanted = [config for config in self._configs.values() if config.active and name in config.event_types]
        if not wanted:
            return
        date = timestamp(self._moments.now())
        version = self._versions.get(service, "v2")
        body = _ENCODER.encode({"date": date, "app": service, "version": version, "type": name, "payload": payload})
        for config in wanted:
            self._outbox.send(Posting(config.endpoint, body, self._headers(config.secret, str(uuid.uuid4()))))

    def _headers(self, secret: str, message_id: str) -> Callable[[bytes], Mapping[str, str]]:
        return lambda body: signed(body, secret=secret, message_id=message_id, seconds=int(self._clock()))


def signed(body: bytes, *, secret: str, message_id: str, seconds: int, is_test: bool = False) -> Mapping[str, str]:
    """The headers of a message. The secret is the key as it is written, not what it is base64 of."""
    text = b"%s.%d.%s" % (message_id.encode(), seconds, body)
    signature = base64.b64encode(hmac.digest(secret.encode(), text, hashlib.sha256)).decode()
    return {
        "user-agent": "formance-webhooks/v0",
        "formance-webhook-id": message_id,
        "formance-webhook-timestamp": str(seconds),
        "formance-webhook-signature": f"v1,{signature}",
        "formance-webhook-test": "true" if is_test else "false",
    }
