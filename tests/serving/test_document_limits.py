"""Limits of documents, variables and errors: each can be set, each is told by its name."""

from typing import Any

import pytest
from graphql import specified_rules

from schema import schema
from serving.screening.documents import Documents
from serving.screening.limits import Limits
from tests.conftest import Graph, Start

INTROSPECT = '{ __schema { types { name } } __type(name: "Query") { name } }'
FILTER = "query($filter: PaymentFilter) { payments(filter: $filter, first: 1) { totalCount } }"
IDS = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"


async def refusal(graph: Graph, query: str, **variables: Any) -> dict[str, Any]:
    """The extensions of the only error, without the request's id."""
    response = await graph.client.post("/graphql", json={"query": query, "variables": variables})
    assert response.status_code == 400, response.text
    [error] = response.json()["errors"]
    return {name: value for name, value in error["extensions"].items() if name != "requestId"}


SET = [
    ("MAX_DOCUMENT_BYTES", "1024", "{__typename}" + " " * 1100, "documentBytes", 1112),
    ("MAX_TOKENS", "200", "{" + "__typename " * 300 + "}", "tokens", 201),
    ("MAX_DEPTH", "2", "{ customers { nodes { id } } }", "depth", 3),
    ("MAX_NESTING", "3", "{ ... { ... { ... { __typename } } } }", "nesting", 4),
    ("MAX_FIELDS", "3", "{ a: __typename b: __typename c: __typename d: __typename }", "fields", 4),
    ("MAX_ALIASES", "1", "{ ...f ...f } fragment f on Query { a: __typename }", "aliases", 2),
    ("MAX_ROOT_FIELDS", "1", "{ ...f ...f } fragment f on Query { __typename }", "rootFields", 2),
    ("MAX_INTROSPECTIONS", "1", INTROSPECT, "introspections", 2),
    ("MAX_DIRECTIVES", "1", "{ __typename @skip(if: false) a: __typename @skip(if: true) }", "directives", 2),
    (
        "MAX_DIRECTIVES_IN_ONE_PLACE",
        "1",
        "{ __typename @skip(if: false) @include(if: true) }",
        "directivesInOnePlace",
        2,
    ),
    ("MAX_OPERATIONS", "1", "query A { __typename } query B { __typename }", "operations", 2),
    ("MAX_FRAGMENTS", "0", "{ ...f } fragment f on Query { __typename }", "fragments", 1),
    (
        "MAX_VARIABLES",
        "1",
        "query($a: Int, $b: Int) { customers(first: $a, after: $b) { totalCount } }",
        "variables",
        2,
    ),
    ("MAX_ARGUMENTS", "1", '{ customers(first: 1, after: "") { totalCount } }', "arguments", 2),
    ("MAX_INPUT_ENTRIES", "2", '{ nodes(ids: ["a", "b", "c"]) { id } }', "entries", 3),
    ("MAX_INPUT_DEPTH", "1", '{ nodes(ids: [["a"]]) { id } }', "inputDepth", 2),
    ("MAX_STRING_LENGTH", "64", '{ node(id: "' + "x" * 65 + '") { id } }', "stringLength", 65),
    ("MAX_COMPARISONS", "100", "{" + "__typename " * 12 + "}", "comparisons", 101),
]


@pytest.mark.parametrize("row", SET, ids=[row[0] for row in SET])
async def test_a_limit_is_the_one_that_is_set(start: Start, row: tuple[str, str, str, str, int]) -> None:
    name, value, query, limit, reached = row
    async with start(**{name: value}) as graph:
        said = await refusal(graph, query)
    assert said == {"code": "DOCUMENT_LIMIT_EXCEEDED", "limit": limit, "value": reached, "maximum": int(value)}


@pytest.mark.parametrize(
    ("variables", "limit"),
    [
        ({"ids": ["a"] * 251}, "entries"),
        ({"ids": [["a"] * 250 for _ in range(21)]}, "variableValues"),
        ({"ids": ["x" * 16_385]}, "stringLength"),
        ({"ids": ["x" * 16_000] * 9}, "variableLength"),
        ({"ids": [{"x" * 140_000: 1}]}, "variableLength"),
        ({"ids": [[[[[[[[[[[[["a"]]]]]]]]]]]]]}, "inputDepth"),
        ({f"v{number}": 1 for number in range(101)}, "variables"),
    ],
)
async def test_variables_are_looked_at_before_they_are_converted(
    graph: Graph, variables: dict[str, Any], limit: str
) -> None:
    said = await refusal(graph, IDS, **{"ids": [], **variables})
    assert (said["code"], said["limit"]) == ("DOCUMENT_LIMIT_EXCEEDED", limit)


async def test_a_cycle_of_fragments_is_told_as_what_it_is(graph: Graph) -> None:
    query = "{ ...f } fragment f on Query { __typename ...g } fragment g on Query { ...f }"
    answer = await graph.client.post("/graphql", json={"query": query})
    [error] = answer.json()["errors"]
    assert error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert "spread fragment 'f' within itself" in error["message"]


async def test_errors_beyond_the_limit_are_counted_and_not_sent(start: Start) -> None:
    query = "{" + " ".join(f'a{number}: node(id: "nonsense") {{ id }}' for number in range(9)) + "}"
    async with start(MAX_ERRORS="4") as graph:
        answer = await graph.ask(query)
    assert [error["extensions"]["code"] for error in answer.errors] == ["BAD_USER_INPUT"] * 3 + ["ERRORS_OMITTED"]
    assert answer.errors[-1]["extensions"]["omitted"] == 6
    assert answer.errors[-1]["extensions"]["requestId"]


def mistakes(documents: Documents, text: str, *, suggests: bool = True) -> list[str]:
    """What is said about a document."""
    found = documents.mistakes(text, documents.parsed(text), schema._schema, specified_rules, suggests=suggests)
    return [error.message for error in found]


def test_an_operation_that_was_seen_is_not_parsed_or_validated_again() -> None:
    documents, text = Documents(Limits()), "query SeenTwice { __typename }"
    first = documents.parsed(text)
    assert documents.parsed(text) is not first
    assert mistakes(documents, text) == []
    kept = documents.parsed(text)
    assert documents.parsed(text) is kept
    assert documents.mistakes(text, kept, None, specified_rules, suggests=True) == []  # type: ignore[arg-type]  # unread


def test_what_is_wrong_is_not_kept() -> None:
    documents, text = Documents(Limits()), "{ nothing }"
    assert mistakes(documents, text) == mistakes(documents, text) != []
    assert documents.weight == 0


def test_the_documents_that_were_used_last_are_kept_as_long_as_they_fit() -> None:
    documents = Documents(Limits(cache_bytes=20_000))
    often = "query Often { __typename }"
    for number in range(500):
        assert mistakes(documents, often) == []
        kept = documents.parsed(often)
        assert mistakes(documents, f"query Q{number} {{ __typename }}") == []
        assert documents.weight <= 20_000
        assert documents.parsed(often) is kept


def test_names_are_suggested_when_few_are_wrong() -> None:
    documents = Documents(Limits())
    assert mistakes(documents, "{ customerz { totalCount } }") == [
        "Cannot query field 'customerz' on type 'Query'. Did you mean 'customer' or 'customers'?"
    ]
    assert mistakes(documents, "{ customerz { totalCount } }", suggests=False) == [
        "Cannot query field 'customerz' on type 'Query'."
    ]
    many = "{" + " ".join(f"customerz{number}" for number in range(9)) + "}"
    assert not any("Did you mean" in said for said in mistakes(documents, many))


@pytest.mark.parametrize(
    "text", ['{"hunter2"}', '{a("""hunter2""")}', "{a(b: {12345678: 1})}", "{a(b: {1.2345678: 1})}"]
)
async def test_a_syntax_error_quotes_no_literal(graph: Graph, text: str) -> None:
    answer = await graph.client.post("/graphql", json={"query": text})
    [error] = answer.json()["errors"]
    assert error["message"].startswith("Syntax Error: Expected Name, found ")
    assert not any(secret in answer.text for secret in ("hunter2", "2345678"))
