"""Documents that are made to cost much. `python -m tests.hostile.document_costs` shows what each of them takes."""

from graphql import get_introspection_query

MOST = 1_490
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
    "800 KB string": ('{node(id:"' + "x" * 800_000 + '"){id}}', "documentBytes"),
    "20 KB string": ('{node(id:"' + "x" * 20_000 + '"){id}}', "stringLength"),
    "800 same names, other arguments": (
        "{" + " ".join(f"customers(first:{n}){{totalCount}}" for n in range(800)) + "}",
        "tokens",
    ),
    "140 same names, other arguments": (
        customers(" ".join(f"accounts(first:{n}){{totalCount}}" for n in range(140))),
        "comparisons",
    ),
    "overlap 40 by 20": (customers(("...on Customer{" + "id name " * 10 + "}") * 40), "comparisons"),
    "same name 1,400 times": (customers("id " * 1_400), "comparisons"),
    "150 fragments in one place": (
        customers(repeated("...f#", 2, most=300)) + repeated("fragment f# on Customer{id}", 7, most=1050),
        "comparisons",
    ),
    "cycle 30 deep": (nested(10), "depth"),
    "400 aliases": ("{" + " ".join(f"a{n}:__typename" for n in range(400)) + "}", "aliases"),
    "60 root fields": ("{" + "__typename " * 60 + "}", "rootFields"),
    "fragment bomb": (bomb(20), "depth"),
    "wide fragment bomb": (
        customers("...f0")
        + " ".join(f"fragment f{n} on Customer{{{f'...f{n + 1} ' * 5}}}" for n in range(30))
        + "fragment f30 on Customer{id}",
        "fields",
    ),
    "fragments that name one another": (
        "{__typename ...f0}"
        + " ".join(f"fragment f{n} on Query{{{' '.join(f'...f{m}' for m in range(18) if m != n)}}}" for n in range(18)),
        "fields",
    ),
    "chain of 300 fragments": (chain(300), "tokens"),
    "chain of 160 fragments": (chain(160), "fragments"),
    "200 fragments": ("{__typename}" + "fragment f on Query{a}" * 200, "fragments"),
    "chain of 140 fragments": (chain(140), "comparisons"),
    "180 inline fragments, one in another": ("{" + "...{" * 180 + "__typename" + "}" * 180 + "}", "nesting"),
    "10 schemas": ("{" + " ".join(f"a{n}:__schema{{types{{name}}}}" for n in range(10)) + "}", "introspections"),
    "a directive 6 times": ("{__typename" + "@include(if:true)" * 6 + "}", "directivesInOnePlace"),
    "120 directives": (customers("id @include(if:true) " * 120), "directives"),
    "11 operations": (repeated("query q#{__typename}", 5, most=55), "operations"),
    "150 variables": ("query(" + repeated("$v#:Int", 4, most=600) + "){__typename}", "variables"),
    "100 arguments": ("{customers(" + repeated("first:1", 3, most=300) + "){totalCount}}", "arguments"),
    "1,400 ids": ("{nodes(ids:[" + '"a" ' * 1_400 + "]){id}}", "entries"),
    "lists 100 deep": ("{nodes(ids:" + "[" * 100 + '"a"' + "]" * 100 + "){id}}", "inputDepth"),
}
"""What a default server refuses for its size, and the limit that it names."""

WRONG: dict[str, str] = {
    "1,400 names": "a " * 1_400,
    "unknown fields": "{" + repeated("customerz#", 1, most=45) + "}",
    "unknown fields of an object": customers(repeated("accountz#", 1)),
    "unknown fields with long names": customers(repeated("connectorConfigurationz#", 1)),
    "unknown arguments": "{"
    + repeated("a#:customers(" + " ".join(f"firstz{n}:1" for n in range(50)) + "){totalCount}", 158, most=1_400)
    + "}",
    "unknown types": "{__typename}" + repeated("fragment f# on PaymentAccountz{id}", 7, most=1_050),
    "unknown enum values": "{"
    + repeated("a#:accounts(provider:[" + "FINICITYX " * 200 + "]){totalCount}", 215, most=1_400)
    + "}",
    "unknown input fields": "{"
    + repeated(
        "a#:payments(filter:{" + " ".join(f"assetz{n}:1" for n in range(200)) + "}){totalCount}", 620, most=1_400
    )
    + "}",
    "wrong literals": "{" + repeated("a#:nodes(ids:[" + "1.5 " * 240 + "]){id}", 250) + "}",
    "unknown directives": customers(repeated("id @x#", 3, most=290)),
    "missing sub-selections": "{" + repeated("a#:customers", 3, most=145) + "}",
    "unused variables": "query(" + repeated("$v#:Int", 4, most=390) + "){__typename}",
    "undefined variables": "{" + repeated("a#:customers(first:$v#){totalCount}", 12, most=580) + "}",
    "unused fragments": "{__typename}" + repeated("fragment f# on Customer{id}", 7, most=1_050),
    "types that cannot be": "{accounts{nodes{" + repeated("...on Customer{id}", 6, most=240) + "}}}",
    "operations over shared fragments": repeated("query q#($a:Int){...f}", 11, most=110)
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
    "overlaps that fit": customers("...on Customer{id name accounts{nodes{id name}}}" * 18),
    "chain of 60 fragments": chain(60),
    "fragments that spread all later ones": customers("...f0")
    + " ".join(
        f"fragment f{n} on Customer{{id {' '.join(f'...f{m}' for m in range(n + 1, min(n + 3, 12)))}}}"
        for n in range(12)
    ),
    "10 operations over 480 uses of a variable": repeated("query q#($a:ID!){...f}", 12, most=120)
    + "fragment f on Query{"
    + repeated("a#:nodes(ids:[" + "$a " * 240 + "]){id}", 490, most=980)
    + "}",
    "deep and wide": customers(repeated("a#:accounts{nodes{customer{accounts{nodes{customer{id name}}}}}}", 22)),
    "interfaces in interfaces": "{accounts{nodes{"
    + repeated("...on Account{...on Node{...on SmartAccount{a#:id}}}", 17, most=1_400)
    + "}}}",
    "40,000 characters of escapes": "{"
    + " ".join(f'a{n}:node(id:"{chr(92) + "n"}{(chr(92) + "n") * 16_000}"){{id}}' for n in range(2))
    + "}",
    "operations over shared variables": repeated("query q#($a:Int){...f}", 11, most=110)
    + "fragment f on Query{"
    + repeated("a#:customers(first:$a){totalCount}", 12, most=590)
    + "}",
}
"""Small enough, and nothing is wrong."""
