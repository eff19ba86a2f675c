"""What vendors send on their own, at `POST /webhooks/<vendor>`: checked, kept once, and acknowledged when it is kept.

An event says which object has changed, and holds none of its data: a message that is old, twice there or out of order
can make somebody read once more, and nothing else.
"""

from serving.webhooks.intake import Intake
from serving.webhooks.own import closed, listening, subscribed
from serving.webhooks.view import WebhookView

__all__ = ["Intake", "WebhookView", "closed", "listening", "subscribed"]
