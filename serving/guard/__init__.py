"""What a client may take of the transport: bytes, time, connections and room. Nothing here reads GraphQL.

socket → protocol: bytes of headers, time to arrive, connections → Uvicorn
       → middleware: host, bytes of the body → operations: room, presence, wall time → the app
"""

from serving.guard.limits import Limits
from serving.guard.middleware import OPERATIONS, Guard
from serving.guard.protocol import guarded

__all__ = ["OPERATIONS", "Guard", "Limits", "guarded"]
