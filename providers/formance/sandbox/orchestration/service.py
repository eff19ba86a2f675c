"""All groups of the orchestration service's endpoints over one stack."""

from providers.formance.sandbox.orchestration.engine import Engine
from providers.formance.sandbox.orchestration.reads import Reads
from providers.formance.sandbox.orchestration.writes import Writes
from providers.formance.sandbox.stack import Stack


def services(stack: Stack) -> "tuple[Reads, Writes]":
    """Reads before writes. The engine listens to the stack's events from now on."""
    engine = Engine(stack)
    return Reads(stack.flows, engine), Writes(stack.flows, engine, stack.moments)
