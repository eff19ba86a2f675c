"""What a mutation needs to be tried by several processes: an input, and what its payload must show."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from providers.domain import NodeType
from resolvers import ids
from tests.conftest import Graph
from tests.operations.documented import DOCUMENTED, operation_of
from tests.operations.row import Needs, change

UNKNOWN = "UPSTREAM_UNKNOWN_OUTCOME"
"""The code that says that it is not known whether something was done."""

Input = Mapping[str, Any]
Call = Mapping[str, Any]


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One mutation, or one form of it."""

    mutation: str
    takes: str
    """The name of the input's type."""
    shows: str
    """What is asked of the payload, `userErrors` aside."""
    operation: str
    """The vendor's operation that has the effect, by the name in the list of documented operations."""
    needs: Needs
    """Gives the variables, and makes what they name."""
    holds: Callable[[Input, Any], bool]
    """Whether the payload of an input shows what was asked for."""
    form: str = ""
    path: str = ""
    """Of the call that has the effect, where the documented one would match others' calls, too."""
    is_patient: bool = False
    """The vendor is given minutes, so that a time-out cannot be waited for."""
    is_keyed: bool = False
    """The vendor knows it by a key, and is sent it again to learn what became of it: several calls have one effect."""
    is_untold: bool = False
    """The vendor keeps nothing by which it is found again: once its answer is lost, its key tells for ever that nobody
    knows what became of it, and it is not sent again."""
    refused: Mapping[str, tuple[str, str | None]] = {}
    """By generation of servers, the code and the vendor's code with which they refuse it by nature."""

    def __str__(self) -> str:
        return f"{self.mutation} {self.form}".strip()

    @property
    def document(self) -> str:
        """The mutation."""
        return change(self.mutation, self.takes, self.shows)

    @property
    def vendor(self) -> str:
        """Who has the effect."""
        return self.operation.partition(".")[0]

    def route(self) -> tuple[str, str]:
        """Method and path of the call that has the effect; `*` matches anything."""
        found = next(each for each in DOCUMENTED if each.key == self.operation)
        parts = found.path.split("/")
        return found.method, self.path or "/".join("*" if part.startswith("{") else part for part in parts)


class Order(msgspec.Struct, frozen=True, eq=False):
    """A row with an input of its own."""

    row: Row
    given: Input

    @property
    def transfer(self) -> str | None:
        """The transfer initiation that it is about."""
        return self.given.get("transferInitiationId")

    def is_like(self, other: "Order") -> bool:
        """Whether the vendor's record of calls tells the two apart."""
        return (self.row.operation, self.transfer) == (other.row.operation, other.transfer)

    def is_sent_by(self, call: Call) -> bool:
        """Whether a call asks the vendor for it."""
        if operation_of(call["vendor"], call["method"], call["path"]) != self.row.operation:
            return False
        return (
            self.transfer is None or ids.decode(self.transfer, NodeType.TRANSFER_INITIATION).native_id in call["path"]
        )

    async def ask(self, graph: Graph) -> "Said":
        """Ask one of the processes."""
        answer = await graph.ask(self.row.document, input=self.given)
        payload = answer.data and answer.data[self.row.mutation]
        errors = [(error["extensions"]["code"], error["message"]) for error in answer.errors]
        if payload is None:
            return Said(errors=errors)
        refusals = [(each["code"], each["vendorCode"]) for each in payload.pop("userErrors")]
        return Said(errors=errors, refusals=refusals, payload=payload)


class Said(msgspec.Struct, frozen=True):
    """An answer: errors, or a payload that shows something or was refused."""

    errors: list[tuple[str, str]] = []
    refusals: list[tuple[str, str | None]] = []
    payload: Any = None

    @property
    def codes(self) -> list[str]:
        """Of the errors."""
        return [code for code, _ in self.errors]

    def is_last_word(self, row: Row) -> bool:
        """Whether a process has no more to tell, however often it is asked again."""
        return not self.codes or (row.is_untold and self.codes == [UNKNOWN])
