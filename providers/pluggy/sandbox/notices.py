"""What the vendor tells those of who have asked for its events.

It documents no event of smart accounts. The sandbox sends one of the same form as its others, so that there is one.
"""

import uuid
from collections.abc import Mapping

import msgspec
from starlette.applications import Starlette

from providers.outbox import Outbox, Posting
from providers.pluggy.sandbox.seed import CREDENTIALS

HEADER = "x-webhook-secret"


class Notices:
    """Of one sandbox. `headers` are those that receivers have asked for, by their addresses."""

    def __init__(self, outbox: Outbox) -> None:
        self.headers: dict[str, Mapping[str, str]] = {}
        self._outbox = outbox

    def smart_account(self, event: str, account_id: str) -> None:
        """Tell of a smart account. `event` is the part of the name after the slash."""
        event_id = str(uuid.uuid4())
        told = {
            "id": event_id,
            "eventId": event_id,
            "event": f"smart_account/{event}",
            "clientId": CREDENTIALS["PLUGGY_CLIENT_ID"],
            "smartAccountId": account_id,
        }
        body = msgspec.json.encode(told)
        for url, headers in self.headers.items():
            self._outbox.send(Posting(url, body, lambda _, given=headers: given))  # type: ignore[misc]


def subscribe(app: Starlette, url: str, secret: str) -> None:
    """Have the vendor of this app tell a receiver of everything, with the secret in a header."""
    notices: Notices = app.state.notices
    notices.headers[url] = {HEADER: secret}
