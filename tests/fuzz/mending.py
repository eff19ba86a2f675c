"""Arguments put right by their names, so that a document that is right everywhere but in one place is often met."""

from collections.abc import Mapping, Sequence
from random import Random

from graphql import ArgumentNode, Node, ObjectFieldNode, StringValueNode, Visitor, parse, print_ast, visit

from tests.fuzz.ground import Ground

SHARE = 0.85
"""Of the arguments that are put right."""
TYPES = {
    "poolId": "Pool",
    "accountId": "PaymentAccount",
    "accountIds": "PaymentAccount",
    "sourceId": "PaymentAccount",
    "destinationId": "PaymentAccount",
    "paymentId": "Payment",
    "transferInitiationId": "TransferInitiation",
    "bankAccountId": "BankAccount",
    "connectorId": "Connector",
    "customerId": "Customer",
    "taskId": "ConnectorTask",
}
WORDS: Mapping[str, Sequence[str]] = {
    "asset": ("USD/2", "EUR/2", "BRL/2", "BTC/8", "JPY", "USD"),
    "amount": ("1.00", "0.01", "12", "0", "-1.00", "1.001", "9007199254740993.00"),
    "providerName": ("stripe", "wise", "dummypay", "GENERIC", "ADYEN"),
    "at": ("2026-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-01:00"),
    "createdAt": ("2026-01-01T00:00:00Z", "0001-01-01T00:00:00+01:00", "2026-01-01T00:00:00+05:45"),
    "scheduledAt": ("2026-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-01:00"),
}


def mended(document: str, ground: Ground, chance: Random) -> str:
    """The document with most of its arguments' strings replaced by good ones. The same for the same `chance`."""
    return print_ast(visit(parse(document), _Mending(ground, chance)))


class _Mending(Visitor):
    def __init__(self, ground: Ground, chance: Random) -> None:
        super().__init__()
        self._ground, self._chance, self._root = ground, chance, ""

    def enter_argument(self, node: ArgumentNode, *_: object) -> Node | None:
        return self._mended(node)

    def enter_object_field(self, node: ObjectFieldNode, *_: object) -> Node | None:
        return self._mended(node)

    def _mended(self, node: ArgumentNode | ObjectFieldNode) -> Node | None:
        good = self._good(node.name.value)
        if not isinstance(node.value, StringValueNode) or not good or self._chance.random() > SHARE:
            return None
        value = StringValueNode(value=self._chance.choice(good))
        return type(node)(name=node.name, value=value)

    def _good(self, name: str) -> Sequence[str]:
        if name in TYPES:
            return self._ground.by_type[TYPES[name]]
        if name == "idempotencyKey":
            return [f"fuzz-{self._chance.getrandbits(64):x}"]
        if name == "after":
            return self._ground.all_cursors
        return WORDS.get(name, ())
