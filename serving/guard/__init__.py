"""What a client may take of the transport: bytes, time, connections and room. Nothing here reads GraphQL.

socket → protocol: bytes of headers, time to arrive, connections, turns of what is large → Uvicorn
       → middleware: host, bytes of the body, turns again → operations: room, presence, wall time → the app
"""

from serving.guard.body import Bodies
from serving.guard.limits import Limits
from serving.guard.middleware import OPERATIONS, Guard
from serving.guard.protocol import guarded
from serving.guard.refusal import Refusal, overloaded
from serving.guard.turns import SMALL, Turns

__all__ = ["OPERATIONS", "SMALL", "Bodies", "Guard", "Limits", "Refusal", "Turns", "guarded", "overloaded"]
