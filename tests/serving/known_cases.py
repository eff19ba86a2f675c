"""What is asked of both ways of a server, and by which way each request is to go."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec

from resolvers import caller
from serving.guard import SMALL
from tests.resolvers.asking import TREE, person
from tests.resolvers.test_partial import ACCOUNTS
from tests.serving.persisted.test_automatic import named
from tests.serving.persisted.test_manifest import FOLDER, customers
from tests.tokens import bearer

GRAPHQL_JSON = "application/graphql-response+json"
TRACED = {"x-upstream-trace": "1"}
Headers = Mapping[str, str] | list[tuple[str, str]]


class Case(msgspec.Struct, frozen=True):
    """Requests, one after the other, each of which is a body or a body with headers; and the ways that they go."""

    ways: str
    requests: tuple[Any, ...]
    settings: Mapping[str, str] = {}
    statuses: tuple[int, ...] = (200,)
    """Of the last requests."""


def query(text: str, /, **more: Any) -> dict[str, Any]:
    """The body of a request."""
    return {"query": text, **more}


def often(body: Any, headers: Headers = (), *, times: int = 3) -> tuple[Any, ...]:  # type: ignore[assignment]
    """The same request again and again."""
    return ((body, headers),) * times


ANYTHING = query("{ __typename }")
NODE = "query One($id: ID!) { node(id: $id) { id __typename } }"
PAGE = "query Page($first: Int) { customers(first: $first) { nodes { id name } pageInfo { endCursor } } }"
CHOICE = "query($yes: Boolean!) { providers { provider health @include(if: $yes) } a: __typename @skip(if: $yes) }"
TWO = "query A { a: __typename } query B { b: __typename }"
SCHEMA = "{ __schema { queryType { name } } }"
COSTLY = "query($first: Int!) { customers(first: $first) { nodes { payments(first: 1) { totalCount } } } }"
KEEP = """mutation Keep($name: String!, $key: String!) {
  createBankAccount(input: {name: $name, country: "FR", iban: "FR7630006000011234567890189", idempotencyKey: $key}) {
    bankAccount { name } userErrors { code field message }
} }"""
LISTED = customers("codegen.json")
ONLY = {"PERSISTED_DOCUMENTS": str(FOLDER / "codegen.json"), "PERSISTED_DOCUMENTS_ONLY": "true"}
BUT_SCHEMA = [each for each in caller.Scope if each is not caller.Scope.SCHEMA_READ]

CASES = {
    "a query": Case("LSS", often(ANYTHING)),
    "a query with a name that is not named": Case("LSS", often(query("query Q { __typename }"))),
    "a query that is named": Case("LSS", often(query("query Q { __typename }", operationName="Q"))),
    "a query that is named at times": Case(
        "LSSS",
        (
            query("query Q { a: __typename }", operationName="Q"),
            query("query Q { a: __typename }"),
            query("query Q { a: __typename }", operationName=None),
            query("query Q { a: __typename }", operationName="Q"),
        ),
    ),
    "a query by a wrong name": Case(
        "LLL", (ANYTHING, *often({**ANYTHING, "operationName": "Q"}, times=2)), statuses=(400,)
    ),
    "a query by an empty name": Case(
        "LLL", (ANYTHING, *often({**ANYTHING, "operationName": ""}, times=2)), statuses=()
    ),
    "a name that is no text": Case("LL", (ANYTHING, {**ANYTHING, "operationName": 5}), statuses=(400,)),
    "one of several operations": Case("LLSS", tuple(query(TWO, operationName=name) for name in ("A", "B", "A", "B"))),
    "none of several operations": Case(
        "LLSS", (query(TWO), query(TWO, operationName="A"), query(TWO), query(TWO)), statuses=(400, 200, 400, 400)
    ),
    "nothing of two operations": Case("LLL", often(query(TWO, operationName="C")), statuses=(400,)),
    "everything of a customer": Case("LSS", often(query(TREE, variables={"id": person(0)}), TRACED)),
    "ids": Case("LSSS", tuple(query(NODE, variables={"id": person(index)}) for index in (0, 1, 0, 24))),
    "ids of nothing": Case("LSS", tuple(query(NODE, variables={"id": each}) for each in (person(0), "?", ""))),
    "pages": Case("LSSSSS", tuple(query(PAGE, variables={"first": each}) for each in (1, 2, None, 0, -1, 1_000_000))),
    "choices": Case("LSSS", tuple(query(CHOICE, variables={"yes": each}) for each in (True, False, True, False))),
    "wrong variables": Case(
        "LSSSSS",
        tuple(
            query(NODE, variables=each)
            for each in ({"id": person(0)}, {}, None, {"id": None}, {"id": [1]}, {"id": {"a": 1}})
        ),
    ),
    "wrong variables for the newer media type": Case(
        "LSS",
        tuple((query(NODE, variables=each), {"accept": GRAPHQL_JSON}) for each in ({"id": person(0)}, {}, {"id": [1]})),
        statuses=(400, 400),
    ),
    "a name like one that would fit": Case(
        "LSS",
        tuple(
            query("query($p: Provider!) { accounts(provider: $p, first: 1) { totalCount } }", variables={"p": each})
            for each in ("PLUGGY", "PLUGY", "São Paulo")
        ),
    ),
    "the same without suggestions": Case(
        "LSS",
        tuple(
            query("query($p: Provider!) { accounts(provider: $p, first: 1) { totalCount } }", variables={"p": each})
            for each in ("PLUGGY", "PLUGY", "PLUGGY")
        ),
        {"SUGGESTIONS": "off"},
    ),
    "too many variables": Case(
        "LS",
        (
            query("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", variables={"ids": [person(0)]}),
            query("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", variables={"ids": ["x" * 100] * 500}),
        ),
        {"MAX_VARIABLE_VALUES": "100"},
        (400,),
    ),
    "variables that are no object": Case("LL", (ANYTHING, {**ANYTHING, "variables": []}), statuses=(400,)),
    "a document that is no GraphQL": Case("LLL", often(query("{"))),
    "a document that does not fit": Case("LLL", often(query("{ nothing }"))),
    "a document with a fault that is found late": Case("LLL", often(query("query($a: Int) { __typename }"))),
    "a subscription": Case("LLL", often(query("subscription { __typename }")), statuses=()),
    "no document": Case("LL", often({}, times=2), statuses=(400,)),
    "no JSON": Case("LL", often(b"{", times=2), statuses=(400,)),
    "a batch": Case("LL", (ANYTHING, [ANYTHING]), statuses=(400,)),
    "a body with a mark of its order": Case(
        "LL", (ANYTHING, b"\xef\xbb\xbf" + json.dumps(ANYTHING).encode()), statuses=(400,)
    ),
    "a long body": Case("LSL", (ANYTHING, ANYTHING, {**ANYTHING, "extensions": {"pad": "x" * SMALL}})),
    "a body that is too long": Case(
        "LS",
        (ANYTHING, {**ANYTHING, "extensions": {"pad": "x" * SMALL}}, ANYTHING),
        {"MAX_REQUEST_BYTES": "2000"},
        (413, 200),
    ),
    "nested without end": Case(
        "LL",
        (ANYTHING, b'{"query": "{ __typename }", "variables": ' + b'{"a":' * 5000 + b"1" + b"}" * 5001),
        statuses=(400,),
    ),
    "the newer media type": Case("LSS", often(ANYTHING, {"accept": GRAPHQL_JSON})),
    "media types": Case(
        "LSSSSS",
        tuple(
            (ANYTHING, [("accept", each) for each in accepted])
            for accepted in (
                [""],
                ["*/*"],
                ["application/json;q=0.5", "Application/GraphQL-Response+JSON"],
                ["text/html", "*/*;q=0.1"],
                ["application/json;q=abc"],
                ["application/json;q=0, */*"],
            )
        ),
    ),
    "media types that are not had": Case(
        "LLLL",
        tuple((ANYTHING, {"accept": each}) for each in ("*/*", "text/html", "application/json;q=0", ",;=,,q")),
        statuses=(406, 406, 406),
    ),
    "bodies of other types": Case(
        "LLLSSL",
        tuple(
            (ANYTHING, {"content-type": each})
            for each in (
                "application/json",
                "text/plain",
                "application/json; charset=latin-1",
                "application/json; charset=utf-8",
                "Application/JSON",
                "",
            )
        ),
        statuses=(415, 415, 200, 200, 415),
    ),
    "headers that are given twice": Case(
        "LSSSL",
        (
            ANYTHING,
            (ANYTHING, [("x-query-cost", "1"), ("x-query-cost", "0")]),
            (ANYTHING, [("x-upstream-trace", "0"), ("x-upstream-trace", "1")]),
            (ANYTHING, [("content-type", "application/json"), ("content-type", "text/plain")]),
            (ANYTHING, [("content-type", "text/plain"), ("content-type", "application/json")]),
        ),
        statuses=(415,),
    ),
    "a trace": Case("LSS", often(query(ACCOUNTS, variables={"id": person(1)}), TRACED)),
    "a trace at times": Case(
        "LSSS", ((ANYTHING, TRACED), ANYTHING, (ANYTHING, TRACED), (ANYTHING, {"x-upstream-trace": "2"}))
    ),
    "a cost": Case("LSS", often(query(ACCOUNTS, variables={"id": person(1)}), {"x-query-cost": "1"})),
    "a cost in the extensions": Case(
        "LSS", often(query(ACCOUNTS, variables={"id": person(1)}, extensions={"cost": True}))
    ),
    "an explanation": Case(
        "LL", often(query(ACCOUNTS, variables={"id": person(1)}, extensions={"explain": True}), times=2)
    ),
    "an explanation of what was run": Case(
        "LSS",
        (
            query(ACCOUNTS, variables={"id": person(1)}),
            *often(query(ACCOUNTS, variables={"id": person(1)}, extensions={"explain": True, "cost": True}), times=2),
        ),
    ),
    "too much": Case(
        "LSSS",
        tuple((query(COSTLY, variables={"first": each}), {"x-query-cost": "1"}) for each in (1, 50, 2, 50)),
        {"MAX_CALLS": "40"},
        (400, 200, 400),
    ),
    "writes, by keys": Case(
        "LSSSSS",
        tuple(
            (query(KEEP, variables={"name": name, "key": key}), TRACED)
            for name, key in (("A", "1"), ("A", "1"), ("A", "2"), ("B", "1"), ("", "3"), ("B", ""))
        ),
    ),
    "a text that is remembered": Case(
        "LLSSS",
        (
            {"extensions": named(PAGE)},
            query(PAGE, extensions=named(PAGE)),
            query(PAGE, extensions=named(PAGE)),
            {"extensions": named(PAGE), "variables": {"first": 1}},
            {"extensions": named(PAGE), "variables": {"first": "x"}},
        ),
    ),
    "a text that is remembered late": Case(
        "LSLSS",
        (
            query(PAGE),
            query(PAGE),
            {"extensions": named(PAGE)},
            query(PAGE, extensions=named(PAGE)),
            {"extensions": named(PAGE)},
        ),
    ),
    "a text by a wrong hash": Case("LL", (ANYTHING, {**ANYTHING, "extensions": named(PAGE)}), statuses=(400,)),
    "hashes where none are known": Case(
        "LSL",
        (query(PAGE), query(PAGE, extensions=named(PAGE)), {"extensions": named(PAGE)}),
        {"APQ": "off"},
    ),
    "a hash of another version": Case(
        "LL", (ANYTHING, {**ANYTHING, "extensions": {"persistedQuery": {"version": 2}}}), statuses=(400,)
    ),
    "a listed document": Case(
        "LSSSLL",
        (
            {"documentId": LISTED[0], "variables": {"first": 1}},
            {"documentId": LISTED[0], "variables": {"first": 2}},
            {"query": LISTED[1], "variables": {"first": 1}},
            {"extensions": named(LISTED[1]), "variables": {"first": 1}},
            {"documentId": "sha256:" + "0" * 64},
            ANYTHING,
        ),
        ONLY,
        (404, 403),
    ),
    "a page of another site": Case(
        "LSSS",
        (
            *often(ANYTHING, {"origin": "https://app.example.com"}, times=3),
            (ANYTHING, {"origin": "https://evil.example.com"}),
        ),
        {"ALLOWED_ORIGINS": "https://app.example.com"},
    ),
    "another host": Case(
        "LS", (ANYTHING, (ANYTHING, {"host": "evil.example.com"}), ANYTHING), {"ALLOWED_HOSTS": "127.0.0.1"}, (421, 200)
    ),
    "too often": Case(
        "LSSSSL", (*often(ANYTHING, times=5), query("{")), {"RATE_LIMIT": "2/hour"}, (429, 429, 429, 429)
    ),
    "too often for the newer media type": Case(
        "LSS", often(ANYTHING, {"accept": GRAPHQL_JSON}), {"RATE_LIMIT": "1/hour"}, (429, 429)
    ),
}


def token_of(*, ttl: float = 86_400, **claims: Any) -> dict[str, str]:
    """The header of somebody whose token lasts as long as a run of all tests."""
    return bearer(ttl=ttl, **claims)


AS_SOMEBODY = {
    "an administrator": Case("LSS", often(query(TREE, variables={"id": person(0)}), token_of())),
    "without a token": Case("LSS", ((ANYTHING, token_of()), *often(ANYTHING, times=2)), statuses=(401, 401)),
    "with a wrong token": Case(
        "LSSSS",
        (
            (ANYTHING, token_of()),
            *(
                (ANYTHING, {"authorization": each})
                for each in ("Bearer x", "Basic x", "", f"{token_of()['authorization']}x")
            ),
        ),
        statuses=(401,) * 4,
    ),
    "with an expired token": Case(
        "LSS", ((ANYTHING, token_of()), (ANYTHING, token_of(ttl=-60)), (ANYTHING, token_of())), statuses=(401, 200)
    ),
    "with two tokens": Case(
        "LS", ((ANYTHING, token_of()), (ANYTHING, [*token_of().items(), *token_of().items()])), statuses=(401,)
    ),
    "guesses": Case(
        "LSSSS",
        ((ANYTHING, token_of()), *often(ANYTHING, {"authorization": "Bearer x"}), (ANYTHING, token_of())),
        {"RATE_LIMIT_FAILURES": "2/hour"},
        (401, 401, 429, 200),
    ),
    "bound to customers": Case(
        "LSSS",
        tuple(
            (query(TREE, variables={"id": person(index)}), {**token_of(**claims), **TRACED})
            for index, claims in ((0, {}), (0, {"customers": "cus_0001"}), (1, {"customers": "cus_0001"}), (1, {}))
        ),
    ),
    "bound callers that cost too much": Case(
        "LSS",
        tuple(
            (query(TREE, variables={"id": person(0)}, extensions={"cost": True}), token_of(**claims))
            for claims in ({}, {"customers": "cus_0001"}, {})
        ),
        {"MAX_CALLS_BOUND": "5"},
        (400, 200),
    ),
    "without scopes": Case(
        "LSSS",
        tuple(
            (query(TREE, variables={"id": person(0)}), token_of(scopes=scopes))
            for scopes in (list(caller.Scope), [caller.Scope.CUSTOMERS_READ], [], list(caller.Scope))
        ),
    ),
    "introspection without its scope": Case(
        "LSSS",
        (
            (query(SCHEMA), token_of()),
            (query(SCHEMA), token_of(scopes=BUT_SCHEMA)),
            (query(SCHEMA), token_of()),
            (query(SCHEMA), token_of(scopes=BUT_SCHEMA)),
        ),
        {"INTROSPECTION": "scope"},
        (403, 200, 403),
    ),
    "traces and explanations without their scope": Case(
        "LSS",
        (
            (query(PAGE), {**token_of(), **TRACED}),
            (query(PAGE), {**token_of(scopes=BUT_SCHEMA, customers="cus_0001"), **TRACED}),
            (query(PAGE, extensions={"explain": True}), token_of(scopes=[caller.Scope.CUSTOMERS_READ])),
        ),
        {"TRACES": "scope"},
        (200, 403),
    ),
    "too often, each by itself": Case(
        "LSSS",
        tuple((ANYTHING, token_of(sub=each)) for each in ("a", "b", "a", "b")),
        {"RATE_LIMIT": "1/hour"},
        (200, 429, 429),
    ),
}
