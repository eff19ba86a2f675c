"""`WORKERS` processes on one port: a parent that accepts connections, and workers that each serve some of them.

parent: the port, signals, who is replaced → hands each connection to the worker that has fewest → worker: a whole
server but for the port. Between the two is a pair of sockets, the channel: connections go down, reports come up, and
when one end closes the other knows that it is alone.

Workers that accept for themselves were measured. On one shared socket the first to wake takes most of what comes in a
burst (63 and 1 of 64 connections). With a socket each (SO_REUSEPORT) the kernel draws lots (42 and 22), and what waits
at one that ends is lost. Connections are kept for long, so that it matters where they go.
"""

from serving.workers.channel import channel_in
from serving.workers.parent import lead
from serving.workers.worker import Worker

__all__ = ["Worker", "channel_in", "lead"]
