"""What went wrong, as a client reads it."""

import pytest

from providers import errors
from providers.domain import Provider
from resolvers.problems import upstream_problem

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.ProviderError)]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.__name__))
def test_every_failure_of_a_provider_can_be_told_as_data(kind: type[errors.ProviderError]) -> None:
    """A class whose code the schema does not know would turn its error into an unforeseen one."""
    problem = upstream_problem(kind(Provider.FORMANCE, "list_pools", status=500, vendor_code="X", retry_after=3))

    assert problem.code.value == kind.code
    assert (problem.vendor_code, problem.retry_after, problem.message) == ("X", 3, kind.summary)


def test_the_tree_was_looked_at() -> None:
    assert len(KINDS) >= 10
