"""GraphQL over WebSocket: the subprotocol `graphql-transport-ws` at the same path as HTTP.

wire: frames, sizes, pings → sockets: origin, room → socket: who asks, what may come when → operations → execution
"""

from serving.websocket.execution import Execution
from serving.websocket.limits import SocketLimits
from serving.websocket.sockets import Sockets
from serving.websocket.wire import Wire

__all__ = ["Execution", "SocketLimits", "Sockets", "Wire"]
