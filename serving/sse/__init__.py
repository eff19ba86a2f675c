"""GraphQL over Server-Sent Events, in distinct connections mode: each operation's results on a response of its own.

streams: who asks, and for what → `serving.websocket.Execution` → writing: events, keep-alives, the end
"""

from serving.sse.streams import EventStreams

__all__ = ["EventStreams"]
