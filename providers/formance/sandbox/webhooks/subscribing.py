"""A receiver that is there from the start."""

import uuid

from starlette.applications import Starlette

from providers.formance.sandbox.stack import Stack
from providers.formance.sandbox.webhooks.configs import Config
from providers.formance.sandbox.webhooks.sending import EVENTS


def subscribe(app: Starlette, url: str, secret: str) -> None:
    """Have the stack of this app tell a receiver of all that can be listened to."""
    stack: Stack = app.state.stack
    now = stack.moments.now()
    config = Config(
        id=str(uuid.uuid4()),
        endpoint=url,
        secret=secret,
        event_types=list(EVENTS),
        active=True,
        name="tributary",
        created_at=now,
        updated_at=now,
    )
    stack.webhooks[config.id] = config
