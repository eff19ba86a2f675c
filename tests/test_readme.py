"""The README is the first thing that a stranger tries: what it shows is what happens."""

import json
import re
from pathlib import Path

from providers.domain import Capability
from providers.finicity.capabilities import CAPABILITIES as FINICITY
from providers.formance.capabilities import CAPABILITIES as FORMANCE
from providers.pluggy.capabilities import CAPABILITIES as PLUGGY
from tests.conftest import Graph

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    """The first block of a language."""
    found = re.search(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


async def test_the_query_gives_the_answer_that_the_readme_shows(graph: Graph) -> None:
    """Field by field, digit by digit."""
    answer = await graph.ask(block("graphql"))

    assert answer.errors == []
    assert {"data": answer.data} == json.loads(block("json"))


async def test_the_query_costs_what_the_readme_says(warm: Graph) -> None:
    """13 calls in 3 waves, and one wave more while tokens are fetched for the first time."""
    answer = await warm.ask(block("graphql"))

    assert (len(answer.calls), answer.waves) == (13, 3)
    assert "13 vendor calls in 3 waves" in README


async def test_the_query_takes_at_most_four_waves_on_a_cold_start(graph: Graph) -> None:
    """Tokens and the discovery of the server's version share the first wave."""
    answer = await graph.ask(block("graphql"))

    assert len(answer.reads) == 13
    assert answer.waves <= 4


def test_the_vendor_table_is_what_the_vendors_say_of_themselves() -> None:
    """A tick for each capability of a vendor, in its column."""
    lines = README[README.index("## Vendors") :].splitlines()
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]] for line in lines if line.startswith("|") and "---" not in line
    ]
    (_, *vendors), *told = rows[: len(Capability) + 1]
    shown = {vendor: {name for name, *ticks in told if ticks[column] == "✓"} for column, vendor in enumerate(vendors)}

    assert shown == {
        name: {capability.value.replace("_", " ") for capability in capabilities}
        for name, capabilities in (("Finicity", FINICITY), ("Pluggy", PLUGGY), ("Formance", FORMANCE))
    }


def test_the_two_commands_are_shown() -> None:
    """What a fresh machine needs."""
    assert "make run" in block("sh")
    assert "make test" in block("sh")
