"""Mutations of wallets and their money, as they are tried by several processes. Each order has a wallet of its own."""

from typing import Any

from tests.conftest import Graph
from tests.operations import ground
from tests.operations.map import MAP
from tests.operations.row import Needs, Variables, change
from tests.processes.row import Row
from tests.resolvers.orders.rows_wallets import LARGE, money

_CREATE = change("createWallet", "CreateWalletInput", "wallet { id }")
_CREDIT = change("creditWallet", "CreditWalletInput", "balance { id }")
_HOLD = change("debitWallet", "DebitWalletInput", "hold { id }")
_HELD = "hold { id isClosed originalMoney { amount asset } remainingMoney { amount asset } }"


async def _wallet(graph: Graph, amount: str = "") -> str:
    """A new wallet's id."""
    payload = await ground.made(graph, _CREATE, name=ground.key())
    made = str(payload["wallet"]["id"])
    if amount:
        await ground.made(graph, _CREDIT, walletId=made, money=money(amount))
    return made


def _of_wallet(amount: str = "", **fields: object) -> Needs:
    """An input about a new wallet that has this much."""

    async def needs(graph: Graph) -> Variables:
        return ground.input_(walletId=await _wallet(graph, amount), **fields)

    return needs


def _of_hold(amount: str, **fields: object) -> Needs:
    """An input about a new hold of this much."""

    async def needs(graph: Graph) -> Variables:
        wallet = await _wallet(graph, amount)
        held = await ground.made(graph, _HOLD, walletId=wallet, money=money(amount), isPending=True)
        return ground.input_(holdId=held["hold"]["id"], **fields)

    return needs


async def _to_note(graph: Graph) -> Variables:
    return ground.input_(walletId=await _wallet(graph), metadata={"reviewed": ground.key()})


def _held(payload: Any, original: str, remaining: str) -> bool:
    hold = payload["hold"]
    return {key: hold[key] for key in hold if key != "id"} == {
        "isClosed": remaining == "0.00",
        "originalMoney": money(original),
        "remainingMoney": money(remaining),
    }


def _row(mutation: str, shows: str, operation: str, needs: Needs, holds: Any, **more: Any) -> Row:
    return Row(
        mutation=mutation,
        takes=f"{mutation[0].upper()}{mutation[1:]}Input",
        shows=shows,
        operation=f"formance.wallets.{operation}",
        needs=needs,
        holds=holds,
        **more,
    )


WALLETS = (
    _row(
        "createWallet",
        "wallet { id name }",
        "create_wallet",
        MAP["formance.wallets.create_wallet"].needs,
        lambda given, payload: payload["wallet"]["name"] == given["name"],
    ),
    _row(
        "updateWallet",
        "wallet { id metadata }",
        "update_wallet",
        _to_note,
        lambda given, payload: (
            payload["wallet"]["id"] == given["walletId"]
            and given["metadata"].items() <= payload["wallet"]["metadata"].items()
        ),
    ),
    _row(
        "createWalletBalance",
        "balance { id name priority amounts { amount } wallet { id } }",
        "create_balance",
        _of_wallet(name="gift", priority=3),
        lambda given, payload: (
            payload["balance"] | {"id": ""}
            == {"id": "", "name": "gift", "priority": 3, "amounts": [], "wallet": {"id": given["walletId"]}}
        ),
    ),
    _row(
        "creditWallet",
        "balance { id amounts { amount asset } }",
        "credit_wallet",
        _of_wallet(money=money(LARGE)),
        lambda _given, payload: payload["balance"]["amounts"] == [money(LARGE)],
    ),
    _row(
        "debitWallet",
        "wallet { id mainAmounts { amount asset } }",
        "debit_wallet",
        _of_wallet("10.00", money=money("6.50")),
        lambda given, payload: payload["wallet"] == {"id": given["walletId"], "mainAmounts": [money("3.50")]},
    ),
    _row(
        "debitWallet",
        f"{_HELD} wallet {{ id mainAmounts {{ amount asset }} }}",
        "debit_wallet",
        _of_wallet("10.00", money=money("4.00"), isPending=True),
        lambda given, payload: (
            _held(payload, "4.00", "4.00")
            and payload["wallet"] == {"id": given["walletId"], "mainAmounts": [money("6.00")]}
        ),
        form="and hold",
    ),
    _row(
        "confirmHold",
        _HELD,
        "confirm_hold",
        _of_hold("2.00", money=money("0.75")),
        lambda given, payload: payload["hold"]["id"] == given["holdId"] and _held(payload, "2.00", "1.25"),
    ),
    _row(
        "confirmHold",
        _HELD,
        "confirm_hold",
        _of_hold("3.00", money=money("1.00"), isFinal=True),
        lambda given, payload: payload["hold"]["id"] == given["holdId"] and _held(payload, "3.00", "0.00"),
        form="for good",
    ),
    _row(
        "voidHold",
        _HELD,
        "void_hold",
        _of_hold("2.00"),
        lambda given, payload: payload["hold"]["id"] == given["holdId"] and _held(payload, "2.00", "0.00"),
    ),
)
