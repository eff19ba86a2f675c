"""Mutations of wallets, their balances and holds."""

from typing import Any

from providers.domain import NodeType, Provider, Ref
from providers.formance.sandbox.draw import name_uuid
from providers.formance.sandbox.wallets.seed import wallet_id
from providers.seed import customers
from resolvers import ids
from tests.resolvers.orders.row import Row

LARGE = "12345678901234567890123456789012345678.90"
"""Forty digits of cents."""
ROOT = "/api/wallets"
NOW = "{ node(id: $id) { ... on Wallet { id mainAmounts { amount asset } } } }"
HELD = "{ node(id: $id) { ... on Hold { remainingMoney { amount } isClosed } } }"


def _id(kind: NodeType, *keys: str) -> str:
    return ids.encode(Ref(kind, keys, Provider.FORMANCE))


NATIVE = wallet_id(customers(1)[0])
"""The first person's wallet, by the provider's own id."""
WALLET, OTHER = _id(NodeType.WALLET, NATIVE), _id(NodeType.WALLET, wallet_id(customers(2)[1]))
OPEN, PARTLY = (_id(NodeType.HOLD, name_uuid("hold", NATIVE, name)) for name in ("open", "partly"))


def money(amount: str, asset: str = "USD/2") -> dict[str, str]:
    """An amount as mutations take it."""
    return {"amount": amount, "asset": asset}


def in_dollars(holder: Any) -> str:
    """What an object's amounts say of dollars."""
    found = holder.get("mainAmounts") or holder.get("amounts")
    return str(next(each["amount"] for each in found if each["asset"] == "USD/2"))


CREATE = Row(
    mutation="createWallet",
    payload="wallet { id name metadata mainAmounts { amount } }",
    input=lambda _world: {"name": "Holidays", "metadata": {"customer_id": "cus_0001", "purpose": "travel"}},
    other=lambda _world: {"name": "Another"},
    calls=("POST", f"{ROOT}/wallets"),
    holds=lambda _world, payload: (
        payload["wallet"]["name"] == "Holidays"
        and payload["wallet"]["metadata"].items() >= {"customer_id": "cus_0001", "purpose": "travel"}.items()
        and payload["wallet"]["mainAmounts"] == []
    ),
    then=(NOW, lambda _world, payload: {"node": {"id": payload["wallet"]["id"], "mainAmounts": []}}),
)
UPDATE = Row(
    mutation="updateWallet",
    payload="wallet { id metadata }",
    input=lambda _world: {"walletId": WALLET, "metadata": {"tier": "iron"}},
    other=lambda _world: {"metadata": {"tier": "lead"}},
    calls=("PATCH", f"{ROOT}/wallets/*"),
    holds=lambda _world, payload: payload["wallet"]["metadata"] == {"customer_id": "cus_0001", "tier": "iron"},
    has_body=False,
)
CREATE_BALANCE = Row(
    mutation="createWalletBalance",
    payload="balance { id name priority expiresAt amounts { amount } }",
    input=lambda _world: {"walletId": WALLET, "name": "gift", "priority": 3, "expiresAt": "2036-01-01T00:00:00Z"},
    other=lambda _world: {"priority": 4},
    calls=("POST", f"{ROOT}/wallets/*/balances"),
    holds=lambda _world, payload: (
        payload["balance"] | {"id": ""}
        == {"id": "", "name": "gift", "priority": 3, "expiresAt": "2036-01-01T00:00:00Z", "amounts": []}
    ),
)
CREDIT = Row(
    mutation="creditWallet",
    payload="balance { id amounts { amount asset } }",
    input=lambda _world: {"walletId": WALLET, "balance": "savings", "money": money(LARGE)},
    other=lambda _world: {"money": money("0.01")},
    calls=("POST", f"{ROOT}/wallets/*/credit"),
    holds=lambda _world, payload: in_dollars(payload["balance"]) == "12345678901234567890123456789012355678.90",
    has_body=False,
)
DEBIT = Row(
    mutation="debitWallet",
    payload="wallet { id mainAmounts { amount asset } }",
    input=lambda _world: {"walletId": WALLET, "money": money("6.50")},
    other=lambda _world: {"money": money("6.51")},
    calls=("POST", f"{ROOT}/wallets/*/debit"),
    holds=lambda _world, payload: in_dollars(payload["wallet"]) == "2420.00",
    then=(NOW, lambda _world, payload: {"node": payload["wallet"]}),
    has_body=False,
)
HOLD = Row(
    mutation="debitWallet",
    payload="hold { id originalMoney { amount asset } remainingMoney { amount } description wallet { id } }",
    input=lambda _world: {
        "walletId": WALLET,
        "money": money("11.00"),
        "isPending": True,
        "balances": ["savings"],
        "description": "A boat",
    },
    other=lambda _world: {"isPending": False},
    calls=("POST", f"{ROOT}/wallets/*/debit"),
    holds=lambda _world, payload: (
        payload["hold"] | {"id": ""}
        == {
            "id": "",
            "originalMoney": money("11.00"),
            "remainingMoney": {"amount": "11.00"},
            "description": "A boat",
            "wallet": {"id": WALLET},
        }
    ),
    then=(HELD, lambda _world, _payload: {"node": {"remainingMoney": {"amount": "11.00"}, "isClosed": False}}),
)
CONFIRM = Row(
    mutation="confirmHold",
    payload="hold { id remainingMoney { amount } isClosed }",
    input=lambda _world: {"holdId": OPEN, "money": money("15.25")},
    other=lambda _world: {"isFinal": True},
    calls=("POST", f"{ROOT}/holds/*/confirm"),
    holds=lambda _world, payload: (
        payload["hold"] == {"id": OPEN, "remainingMoney": {"amount": "24.75"}, "isClosed": False}
    ),
    has_body=False,
)
VOID = Row(
    mutation="voidHold",
    payload="hold { id remainingMoney { amount } isClosed }",
    input=lambda _world: {"holdId": PARTLY},
    other=lambda _world: {"holdId": OPEN},
    calls=("POST", f"{ROOT}/holds/*/void"),
    holds=lambda _world, payload: (
        payload["hold"] == {"id": PARTLY, "remainingMoney": {"amount": "0.00"}, "isClosed": True}
    ),
    then=(HELD, lambda _world, _payload: {"node": {"remainingMoney": {"amount": "0.00"}, "isClosed": True}}),
    has_body=False,
)


ROWS = (CREATE, UPDATE, CREATE_BALANCE, CREDIT, DEBIT, HOLD, CONFIRM, VOID)
