"""Executes GraphQL operations by plans that are made once for each document.

`CompiledExecutor` takes the place of graphql-core's executor (Strawberry: `execution_context_class=`). Its answers are
graphql-core's; what it does not support is given to graphql-core. `docs/executor.md` explains it to a newcomer.

This package knows graphql-core and Strawberry, and nothing of the rest of the project.
"""

from executor.hook import CompiledExecutor, Compiling, known_plan
from executor.plan import Plan

__all__ = ["CompiledExecutor", "Compiling", "Plan", "known_plan"]
