"""How large a document and its variables may be, and the one way to refuse what is larger."""

from typing import NoReturn

import msgspec

from providers.config import Environment
from resolvers.screening import Refused

CODE = "DOCUMENT_LIMIT_EXCEEDED"


class Limits(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The largest allowed value of each. A client reads these names, in camel case, as `extensions.limit`.

    Fragments count as often as they are spread: for `depth`, `fields`, `aliases`, `root_fields` and `introspections`.
    With the defaults a document that passes is validated in less than 50 ms.
    """

    document_bytes: int = 65_536
    tokens: int = 1_500
    """Comments are counted apart, with the same maximum."""
    depth: int = 20
    """Fields inside fields. The usual introspection query needs 14."""
    nesting: int = 150
    """Selections inside selections, fragments among them."""
    fields: int = 5_000
    aliases: int = 100
    root_fields: int = 50
    introspections: int = 2
    """`__schema` and `__type`: a whole schema takes about 35 ms of the event loop."""
    directives: int = 100
    directives_in_one_place: int = 5
    operations: int = 10
    fragments: int = 150
    variables: int = 100
    arguments: int = 50
    """Of one field or directive."""
    entries: int = 250
    """Of one list or one input object, in the document and in the variables."""
    input_depth: int = 12
    """Lists and input objects inside one another, in the document and in the variables."""
    string_length: int = 16_384
    """Characters of one string, in the document and in the variables."""
    variable_values: int = 5_000
    variable_length: int = 131_072
    """Characters of all strings in the variables together, their keys included."""
    comparisons: int = 10_000
    """Steps of the rule that fields of one name can be merged; they grow with the square of the fields' number."""
    mistakes: int = 10
    """Where validation stops."""
    errors: int = 1_000
    """Entries of `errors` in one answer."""
    unread: int = 32
    """Documents of one caller that wait to be read for the first time."""
    cache_bytes: int = 24_000_000
    """Memory for documents that were found valid, roughly."""

    @classmethod
    def read(cls, environment: Environment) -> "Limits":
        """From the environment. Raises `ConfigurationError`."""
        usual = cls()
        return cls(
            document_bytes=environment.number("MAX_DOCUMENT_BYTES", usual.document_bytes, least=1024, most=2**22),
            tokens=environment.number("MAX_TOKENS", usual.tokens, least=200, most=100_000),
            depth=environment.number("MAX_DEPTH", usual.depth, least=1, most=100),
            nesting=environment.number("MAX_NESTING", usual.nesting, least=1, most=200),
            fields=environment.number("MAX_FIELDS", usual.fields, least=1, most=1_000_000),
            aliases=environment.number("MAX_ALIASES", usual.aliases, least=0, most=100_000),
            root_fields=environment.number("MAX_ROOT_FIELDS", usual.root_fields, least=1, most=100_000),
            introspections=environment.number("MAX_INTROSPECTIONS", usual.introspections, least=0, most=1_000),
            directives=environment.number("MAX_DIRECTIVES", usual.directives, least=0, most=100_000),
            directives_in_one_place=environment.number(
                "MAX_DIRECTIVES_IN_ONE_PLACE", usual.directives_in_one_place, least=1, most=1_000
            ),
            operations=environment.number("MAX_OPERATIONS", usual.operations, least=1, most=1_000),
            fragments=environment.number("MAX_FRAGMENTS", usual.fragments, least=0, most=100_000),
            variables=environment.number("MAX_VARIABLES", usual.variables, least=0, most=100_000),
            arguments=environment.number("MAX_ARGUMENTS", usual.arguments, least=1, most=10_000),
            entries=environment.number("MAX_INPUT_ENTRIES", usual.entries, least=1, most=100_000),
            input_depth=environment.number("MAX_INPUT_DEPTH", usual.input_depth, least=1, most=100),
            string_length=environment.number("MAX_STRING_LENGTH", usual.string_length, least=64, most=2**22),
            variable_values=environment.number("MAX_VARIABLE_VALUES", usual.variable_values, least=1, most=1_000_000),
            variable_length=environment.number("MAX_VARIABLE_LENGTH", usual.variable_length, least=64, most=2**24),
            comparisons=environment.number("MAX_COMPARISONS", usual.comparisons, least=100, most=1_000_000),
            mistakes=environment.number("MAX_MISTAKES", usual.mistakes, least=1, most=100),
            errors=environment.number("MAX_ERRORS", usual.errors, least=2, most=10_000),
            unread=environment.number("MAX_UNREAD_DOCUMENTS", usual.unread, least=1, most=10_000),
            cache_bytes=environment.number("DOCUMENT_CACHE_BYTES", usual.cache_bytes, least=0, most=2**31),
        )

    def hold(self, limit: str, value: int) -> None:
        """Raise `Refused` when `value` is more than this limit allows."""
        maximum: int = getattr(self, limit)
        if value > maximum:
            self.refuse(limit, value)

    def refuse(self, limit: str, value: int) -> NoReturn:
        """Raise `Refused`. `value` is the number at which counting ended, which may be less than all."""
        maximum: int = getattr(self, limit)
        name = NAMES[limit]
        raise Refused(
            CODE,
            f"This is too large to run: `{name}` reaches {value}, and the maximum is {maximum}.",
            limit=name,
            value=value,
            maximum=maximum,
        )


NAMES = dict(zip(Limits.__struct_fields__, Limits.__struct_encode_fields__, strict=True))
