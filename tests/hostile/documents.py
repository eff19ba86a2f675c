"""Documents that are made to cost much, and what each of them takes: `python -m tests.hostile.documents`."""

import time
from collections.abc import Callable
from typing import Any

from graphql import GraphQLError, GraphQLSyntaxError, get_introspection_query, specified_rules

from resolvers.screening import Refused
from schema import schema
from serving.screening.documents import Documents
from serving.screening.limits import Limits

MOST = 1_990
"""Tokens of a document that uses up what is allowed."""


def repeated(part: str, tokens: int, *, most: int = MOST) -> str:
    """As many of a part as the tokens allow; `#` in it is its number."""
    return " ".join(part.replace("#", str(number)) for number in range(most // tokens))


def customers(selected: str) -> str:
    """A query that selects this of every customer."""
    return "{customers{nodes{" + selected + "}}}"


def bomb(size: int) -> str:
    """Fragments that each spread the next one twice: 2 to the power of `size` fields."""
    fragments = (
        f"fragment f{n} on Customer{{a:accounts{{nodes{{customer{{...f{n + 1} ...f{n + 1}}}}}}}}}" for n in range(size)
    )
    return f"{customers('...f0')} {' '.join(fragments)} fragment f{size} on Customer{{id}}"


def chain(length: int) -> str:
    """Fragments that each spread the next one."""
    fragments = (f"fragment f{n} on Customer{{id ...f{n + 1}}}" for n in range(length))
    return f"{customers('...f0')} {' '.join(fragments)} fragment f{length} on Customer{{id}}"


def nested(depth: int) -> str:
    """The way from a customer to its accounts and back, again and again."""
    return "{accounts{nodes{" + "customer{accounts{nodes{" * depth + "id" + "}}}" * depth + "}}}"


TOO_LARGE: dict[str, tuple[str, str]] = {
    "250,000 names": ("a " * 250_000, "documentBytes"),
    "30,000 fields": ("{" + "a " * 30_000 + "}", "tokens"),
    "30,000 comments": ("{__typename" + "#\n" * 30_000 + "}", "tokens"),
    "10 MB string": ('{node(id:"' + "x" * 800_000 + '"){id}}', "documentBytes"),
    "20 KB string": ('{node(id:"' + "x" * 20_000 + '"){id}}', "stringLength"),
    "800 same names, other arguments": (
        "{" + " ".join(f"customers(first:{n}){{totalCount}}" for n in range(800)) + "}",
        "tokens",
    ),
    "190 same names, other arguments": (
        customers(" ".join(f"accounts(first:{n}){{totalCount}}" for n in range(190))),
        "comparisons",
    ),
    "overlap 40 × 20": (customers(("...on Customer{" + "id name " * 10 + "}") * 40), "comparisons"),
    "same name 1,900 times": (customers("id " * 1_900), "comparisons"),
    "200 fragments in one place": (
        customers(repeated("...f#", 2, most=400)) + repeated("fragment f# on Customer{id}", 7, most=1400),
        "comparisons",
    ),
    "fan-out 12 deep": (nested(4).replace("accounts", "accounts(first:2)"), "fields and depth are allowed"),
    "cycle 30 deep": (nested(10), "depth"),
    "1,000 aliases": ("{" + " ".join(f"a{n}:__typename" for n in range(600)) + "}", "aliases"),
    "60 root fields": ("{" + "__typename " * 60 + "}", "rootFields"),
    "fragment bomb": (bomb(20), "depth"),
    "wide fragment bomb": (
        customers("...f0")
        + " ".join(f"fragment f{n} on Customer{{{f'...f{n + 1} ' * 5}}}" for n in range(30))
        + "fragment f30 on Customer{id}",
        "fields",
    ),
    "chain of 300 fragments": (chain(300), "tokens"),
    "chain of 200 fragments": (chain(200), "nesting"),
    "260 fragments": ("{__typename}" + "fragment f on Query{a}" * 260, "fragments"),
    "180 inline fragments, one in another": ("{" + "...{" * 180 + "__typename" + "}" * 180 + "}", "nesting"),
    "10 schemas": ("{" + " ".join(f"a{n}:__schema{{types{{name}}}}" for n in range(10)) + "}", "introspections"),
    "a directive 6 times": ("{__typename" + "@include(if:true)" * 6 + "}", "directivesInOnePlace"),
    "120 directives": (customers("id @include(if:true) " * 120), "directives"),
    "30 operations": (repeated("query q#{__typename}", 5, most=150), "operations"),
    "150 variables": ("query(" + repeated("$v#:Int", 4, most=600) + "){__typename}", "variables"),
    "100 arguments": ("{customers(" + repeated("first:1", 3, most=300) + "){totalCount}}", "arguments"),
    "1,900 ids": ("{nodes(ids:[" + '"a" ' * 1_900 + "]){id}}", "entries"),
    "lists 100 deep": ("{nodes(ids:" + "[" * 100 + '"a"' + "]" * 100 + "){id}}", "inputDepth"),
}
"""What a default server refuses for its size, and the limit that it names."""
del TOO_LARGE["fan-out 12 deep"]

WRONG: dict[str, str] = {
    "1,900 names": "a " * 1_900,
    "unknown fields": "{" + repeated("customerz#", 1, most=45) + "}",
    "unknown fields of an object": customers(repeated("accountz#", 1)),
    "unknown fields with long names": customers(repeated("connectorConfigurationz#", 1)),
    "unknown arguments": "{"
    + repeated("a#:customers(" + " ".join(f"firstz{n}:1" for n in range(50)) + "){totalCount}", 158, most=1_900)
    + "}",
    "unknown types": "{__typename}" + repeated("fragment f# on PaymentAccountz{id}", 7, most=1_700),
    "unknown enum values": "{"
    + repeated("a#:accounts(provider:[" + "FINICITYX " * 200 + "]){totalCount}", 215, most=1_900)
    + "}",
    "unknown input fields": "{"
    + repeated(
        "a#:payments(filter:{" + " ".join(f"assetz{n}:1" for n in range(200)) + "}){totalCount}", 620, most=1_900
    )
    + "}",
    "wrong literals": "{" + repeated("a#:nodes(ids:[" + "1.5 " * 240 + "]){id}", 250) + "}",
    "unknown directives": customers(repeated("id @x#", 3, most=290)),
    "missing sub-selections": "{" + repeated("a#:customers", 3, most=145) + "}",
    "unused variables": "query(" + repeated("$v#:Int", 4, most=390) + "){__typename}",
    "undefined variables": "{" + repeated("a#:customers(first:$v#){totalCount}", 12, most=580) + "}",
    "unused fragments": "{__typename}" + repeated("fragment f# on Customer{id}", 7, most=1_700),
    "fragments that name one another": "{__typename ...f0}"
    + " ".join(f"fragment f{n} on Query{{{' '.join(f'...f{m}' for m in range(18) if m != n)}}}" for n in range(18)),
    "types that cannot be": "{accounts{nodes{" + repeated("...on Customer{id}", 6) + "}}}",
    "operations over shared fragments": repeated("query q#($a:Int){...f}", 11, most=220)
    + "fragment f on Query{"
    + repeated("a#:customers(first:$b){totalCount}", 12, most=590)
    + "}",
    "names in a cycle": customers("...f0")
    + " ".join(f"fragment f{n} on Customer{{...f{(n + 1) % 100}}}" for n in range(100)),
}
"""Small enough to be looked at, and wrong."""

VALID: dict[str, str] = {
    "the usual introspection": get_introspection_query(),
    "as many aliases as allowed": customers(" ".join(f"a{n}:name" for n in range(100))),
    "as many lists as allowed": "{" + repeated("a#:nodes(ids:[" + '"a" ' * 90 + "]){id}", 101) + "}",
    "as many variables as allowed": "query("
    + " ".join(f"$v{n}:Int" for n in range(45))
    + "){"
    + " ".join(f"a{n}:customers(first:$v{n}){{totalCount}}" for n in range(45))
    + "}",
    "same names in different places": "{" + repeated("a#:customers{nodes{id name}}", 10, most=490) + "}",
    "overlaps that fit": customers(
        "".join(f"...on Customer{{id name accounts{{nodes{{id name}}}}}}" for n in range(18))
    ),
    "chain of 140 fragments": chain(140),
    "fragments that spread all later ones": customers("...f0")
    + " ".join(
        f"fragment f{n} on Customer{{id {' '.join(f'...f{m}' for m in range(n + 1, min(n + 3, 12)))}}}"
        for n in range(12)
    ),
    "operations over shared variables": repeated("query q#($a:Int){...f}", 11, most=220)
    + "fragment f on Query{"
    + repeated("a#:customers(first:$a){totalCount}", 12, most=590)
    + "}",
}
"""Small enough, and nothing is wrong."""


def spent(work: Callable[[], Any]) -> tuple[float, Any]:
    """Milliseconds of processor time, the least of three, and what came of it."""
    least, came = float("inf"), None
    for _ in range(3):
        begun = time.thread_time()
        came = work()
        least = min(least, (time.thread_time() - begun) * 1000)
    return least, came


def outcome(documents: Documents, text: str, *, suggests: bool) -> tuple[float, float, str]:
    """Milliseconds to parse and to validate a text, and how it ended."""

    def parse() -> Any:  # noqa: ANN401
        try:
            return documents.parsed(text)
        except (Refused, GraphQLSyntaxError) as error:
            return error

    def validate() -> Any:  # noqa: ANN401
        try:
            return documents.mistakes(text, document, schema._schema, specified_rules, suggests=suggests)
        except Refused as error:
            return error

    parsing, document = spent(parse)
    if isinstance(document, Exception):
        return parsing, 0.0, _named(document)
    validating, mistakes = spent(validate)
    return parsing, validating, _named(mistakes)


def _named(came: "Exception | list[GraphQLError]") -> str:
    if isinstance(came, Refused):
        return f"refused: {came.details['limit']}"
    return f"{len(came)} mistakes" if isinstance(came, list) else "syntax error"


def main() -> None:
    """Print the table: parsed, validated and told about, without any help of a cache."""
    documents = Documents(Limits(cache_bytes=0))
    texts = {**{name: text for name, (text, _) in TOO_LARGE.items()}, **WRONG, **VALID}
    print(f"{'document':<40}{'bytes':>8}{'parse ms':>10}{'validate ms':>13}  outcome")
    for name, text in texts.items():
        parsing, validating, ended = outcome(documents, text, suggests=True)
        print(f"{name:<40}{len(text):>8}{parsing:>10.1f}{validating:>13.1f}  {ended}")


if __name__ == "__main__":
    main()
