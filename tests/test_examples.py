"""The examples are the first thing that a user copies: each is run as it is, against fresh sandboxes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql import OperationDefinitionNode, parse

from tests.conftest import Answer, Graph

FOLDER = Path(__file__).parents[1] / "examples"
EXAMPLES = sorted(FOLDER.glob("*.graphql"))

each_example = pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: str(path.stem))


def variables(example: Path) -> dict[str, Any]:
    """What stands beside it."""
    given: dict[str, Any] = json.loads(example.with_suffix(".variables.json").read_text(encoding="utf-8"))
    return given


@each_example
async def test_an_example_does_what_it_shows(graph: Graph, example: Path) -> None:
    """Without an error or anything to mend, and with something in every field that it begins with.

    A second time it does so again, and changes nothing.
    """
    first = await sent(graph, example)
    await graph.forget_calls()
    second = await sent(graph, example)

    for answer in (first, second):
        assert answer.errors == []
        assert list(of_name(answer.data, "userErrors")) == [[]] * (len(answer.data) if is_mutation(example) else 0)
        assert all(problems == [] for problems in of_name(answer.data, "problems"))
        assert all(value not in (None, []) for value in beginning(answer.data))
    assert {call["method"] for call in await graph.calls()} <= {"GET"}


@each_example
def test_an_example_says_what_it_is_for(example: Path) -> None:
    """In a comment at its head; it has a name to be found by, and mutations ask for `userErrors`."""
    text = text_of(example)
    operations = [node for node in parse(text).definitions if isinstance(node, OperationDefinitionNode)]

    assert text.startswith("# ")
    assert [operation.name.value.lower() for operation in operations if operation.name] == [
        example.stem.replace("-", "")
    ]
    assert ("userErrors" in text) is is_mutation(example)


def test_every_example_has_its_variables_and_the_other_way_round() -> None:
    """No file stands alone."""
    beside = {path.name.removesuffix(".variables.json") for path in FOLDER.glob("*.variables.json")}

    assert beside == {example.stem for example in EXAMPLES}
    assert len(EXAMPLES) >= 5


async def sent(graph: Graph, example: Path) -> Answer:
    return await graph.ask(text_of(example), **variables(example))


def text_of(example: Path) -> str:
    return example.read_text(encoding="utf-8")


def is_mutation(example: Path) -> bool:
    return "\nmutation " in text_of(example)


def beginning(data: dict[str, Any]) -> Iterator[Any]:
    """The values of the roots, and of the first fields below them; what the caller must mend aside."""
    for root in data.values():
        yield root
        if isinstance(root, dict):
            yield from (value for name, value in root.items() if name not in {"userErrors", "problems"})


def of_name(value: Any, name: str) -> Iterator[Any]:
    """Every value of a field, wherever it is."""
    if isinstance(value, list):
        for each in value:
            yield from of_name(each, name)
    elif isinstance(value, dict):
        for key, each in value.items():
            if key == name:
                yield each
            else:
                yield from of_name(each, name)
