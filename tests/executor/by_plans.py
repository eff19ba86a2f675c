"""A pytest plugin: whatever graphql-core's tests execute, plans execute where they can."""

import atexit
import importlib
import sys
from typing import Any

from executor import hook

execution: Any = importlib.import_module("graphql.execution.execute")
planned = {True: 0, False: 0}


class Incremental(hook.Compiling, execution.IncrementalExecutor):
    """What `experimental_execute_incrementally` uses."""


class Throwing(hook.Compiling, execution.ExecutorThrowingOnIncremental):
    """What `subscribe` uses."""


def _counting(plan_of: Any) -> Any:
    def counted(*given: Any) -> Any:
        plan = plan_of(*given)
        planned[plan is not None] += 1
        return plan

    return counted


execution.IncrementalExecutor = Incremental
execution.ExecutorThrowingOnIncremental = Throwing
hook.SEEN_FIRST = False
hook.plan_of = _counting(hook.plan_of)
atexit.register(lambda: sys.stdout.write(f"by plans: {planned[True]}\n"))
