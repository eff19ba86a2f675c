"""Traces of operations and their vendor calls, sent by OTLP where the standard variables say so.

What is imported at once is small; OpenTelemetry itself is loaded only where traces are sent.
"""

from serving.tracing.settings import tracer

__all__ = ["tracer"]
