"""Reads the part of Numscript that the sandbox understands into statements; anything else is not compiled."""

import re
from collections.abc import Mapping, Sequence

import msgspec

from providers.formance.sandbox.ledger.refusals import uncompiled

_TOKEN = re.compile(
    r"""\s+|//[^\n]*|/\*.*?\*/
    |(?P<text>"[^"\n]*")|(?P<account>@[A-Za-z0-9_:-]+)|(?P<variable>\$[a-z_][a-z0-9_]*)
    |(?P<portion>\d+/\d+|\d+(?:\.\d+)?%)|(?P<number>\d+)
    |(?P<asset>[A-Z][A-Z0-9_]*(?:/\d{1,6})?)|(?P<word>[a-z_]+)|(?P<sign>[][(){}=,*])""",
    re.VERBOSE | re.DOTALL,
)
TYPES = ("account", "asset", "monetary", "number", "portion", "string")


class Token(msgspec.Struct, frozen=True):
    """A piece of a script, and which of the kinds above it is."""

    kind: str
    text: str


class Monetary(msgspec.Struct, frozen=True):
    """`[USD/2 100]`, in tokens. An amount of `*` is everything."""

    asset: Token
    amount: Token


class Source(msgspec.Struct, frozen=True):
    """An account that gives, in turn with others if there are several."""

    account: Token
    is_unbounded: bool = False
    overdraft: Token | Monetary | None = None
    most: Token | Monetary | None = None


class Share(msgspec.Struct, frozen=True):
    """What part of the money an account gets. None is what remains."""

    portion: Token | None
    account: Token


class Send(msgspec.Struct, frozen=True):
    """Money from sources to one account, or to several in parts."""

    money: Token | Monetary
    sources: Sequence[Source]
    shares: Sequence[Share]


class Note(msgspec.Struct, frozen=True):
    """Metadata of the transaction, or of an account."""

    account: Token | None
    key: str
    value: Token | Monetary


class Script(msgspec.Struct, frozen=True):
    """Types of the variables by name, and the statements in order."""

    variables: Mapping[str, str]
    statements: Sequence[Send | Note]


def read(text: str) -> Script:
    """The script. Raises COMPILATION_FAILED."""
    return _Reader(_tokens(text)).script()


def _tokens(text: str) -> list[Token]:
    found, place = [], 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise uncompiled(f"token recognition error at: {text[place]!r}")
        if match.lastgroup:
            found.append(Token(match.lastgroup, match[0]))
        place = match.end()
    return found


class _Reader:
    """Goes through the tokens once."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens, self._place = tokens, 0

    def script(self) -> Script:
        variables = self._variables() if self._is("vars") else {}
        statements: list[Send | Note] = []
        while self._place < len(self._tokens):
            statements.append(self._statement())
        if not statements:
            raise uncompiled("mismatched input '<EOF>'")
        return Script(variables, statements)

    def _variables(self) -> dict[str, str]:
        self._take("{")
        found: dict[str, str] = {}
        while not self._is("}"):
            kind = self._next("word").text
            name = self._next("variable").text
            if kind not in TYPES:
                raise uncompiled(f"unknown type {kind}")
            found[name] = kind
        return found

    def _statement(self) -> Send | Note:
        if self._is("send"):
            return self._send()
        if self._is("set_tx_meta"):
            self._take("(")
            return self._note(None)
        if self._is("set_account_meta"):
            self._take("(")
            account = self._next("account", "variable")
            self._take(",")
            return self._note(account)
        raise uncompiled(f"mismatched input '{self._peek().text}'")

    def _note(self, account: Token | None) -> Note:
        key = self._next("text").text.strip('"')
        self._take(",")
        value = self._value()
        self._take(")")
        return Note(account, key, value)

    def _send(self) -> Send:
        money = self._money()
        self._take("(", "source", "=")
        sources = self._sources()
        self._take("destination", "=")
        shares = self._shares()
        self._take(")")
        return Send(money, sources, shares)

    def _sources(self) -> list[Source]:
        if not self._is("{"):
            return [self._source()]
        found = []
        while not self._is("}"):
            found.append(self._source())
        return found

    def _source(self) -> Source:
        most = None
        if self._is("max"):
            most = self._money()
            self._take("from")
        account = self._next("account", "variable")
        if not self._is("allowing"):
            return Source(account, most=most)
        if self._is("unbounded"):
            self._take("overdraft")
            return Source(account, is_unbounded=True, most=most)
        self._take("overdraft", "up", "to")
        return Source(account, overdraft=self._money(), most=most)

    def _shares(self) -> list[Share]:
        if not self._is("{"):
            return [Share(None, self._next("account", "variable"))]
        found = []
        while not self._is("}"):
            portion = None if self._is("remaining") else self._next("portion", "variable")
            self._take("to")
            found.append(Share(portion, self._next("account", "variable")))
        return found

    def _money(self) -> Token | Monetary:
        if not self._is("["):
            return self._next("variable")
        asset = self._next("asset", "variable")
        amount = self._next("number", "variable", "sign")
        self._take("]")
        if amount.kind == "sign" and amount.text != "*":
            raise uncompiled(f"mismatched input '{amount.text}'")
        return Monetary(asset, amount)

    def _value(self) -> Token | Monetary:
        if self._peek().text == "[":
            return self._money()
        return self._next("text", "account", "variable", "portion", "number", "asset")

    def _peek(self) -> Token:
        return self._tokens[self._place] if self._place < len(self._tokens) else Token("end", "<EOF>")

    def _is(self, text: str) -> bool:
        """Take the next token if it is this one."""
        is_next = self._peek().text == text
        self._place += is_next
        return is_next

    def _take(self, *texts: str) -> None:
        for text in texts:
            if not self._is(text):
                raise uncompiled(f"mismatched input '{self._peek().text}' expecting '{text}'")

    def _next(self, *kinds: str) -> Token:
        token = self._peek()
        if token.kind not in kinds:
            raise uncompiled(f"mismatched input '{token.text}'")
        self._place += 1
        return token
