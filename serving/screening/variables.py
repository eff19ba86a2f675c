"""How large the variables of an operation are, before they are converted."""

from typing import Any

from resolvers.screening import Asked
from serving.screening.limits import Limits


class VariableSizes:
    """The rule. It walks without recursion, so that no nesting can exhaust the stack."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    def __call__(self, asked: Asked) -> None:
        """Raise `Refused` when the variables are larger than the limits allow."""
        limits, values, length = self._limits, 0, 0
        stack: list[tuple[Any, int]] = [(value, 0) for value in asked.variables.values()]
        limits.hold("variables", len(stack))
        while stack:
            value, depth = stack.pop()
            values += 1
            limits.hold("variable_values", values)
            if isinstance(value, str):
                limits.hold("string_length", len(value))
                length += len(value)
            elif isinstance(value, list | dict):
                limits.hold("input_depth", depth + 1)
                limits.hold("entries", len(value))
                inner = value.values() if isinstance(value, dict) else value
                length += sum(map(len, value)) if isinstance(value, dict) else 0
                stack.extend((each, depth + 1) for each in inner)
            limits.hold("variable_length", length)
