"""The receiver that is there at first, the same every time. It is not active, so that nothing is sent to it."""

import base64
from datetime import timedelta

from providers.formance.sandbox.webhooks.configs import Config
from providers.seed import NOW

_ID = "6f0f4b0e-5a42-4f0a-9a6b-3f4d1c1c7a10"


def seeded() -> dict[str, Config]:
    """By its id."""
    made_at = NOW - timedelta(days=40)
    config = Config(
        id=_ID,
        endpoint="https://receiver.example/formance",
        secret=base64.b64encode(b"the sandbox's own secret"[:24]).decode(),
        event_types=["ledger.committed_transactions", "payments.saved_payment"],
        active=False,
        name="archive",
        created_at=made_at,
        updated_at=made_at,
    )
    return {config.id: config}
