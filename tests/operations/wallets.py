"""How the operations of wallets are reached."""

from tests.conftest import Graph
from tests.operations import ground
from tests.operations.row import Needs, Row, Variables, change

_MONEY = {"amount": "0.01", "asset": "USD/2"}
_HELD = "hold { remainingMoney { amount } }"
_DEBIT = change("debitWallet", "DebitWalletInput", "hold { id } wallet { id }")


async def _wallet(graph: Graph) -> str:
    """A wallet that has something."""
    query = '{ wallets(first: 1, filter: {metadata: {customer_id: "cus_0002"}}) { nodes { id } } }'
    return str((await graph.data(query))["wallets"]["nodes"][0]["id"])


def _input(**fields: object) -> Needs:
    """An input that names the wallet."""

    async def needs(graph: Graph) -> Variables:
        return ground.input_(walletId=await _wallet(graph), **fields)

    return needs


async def _id(graph: Graph) -> Variables:
    return {"id": await _wallet(graph)}


async def _balance(graph: Graph) -> Variables:
    query = "query ($id: ID!) { wallet(id: $id) { balances { id } } }"
    return {"id": (await graph.data(query, id=await _wallet(graph)))["wallet"]["balances"][0]["id"]}


async def _new_hold(graph: Graph) -> str:
    held = await ground.made(graph, _DEBIT, walletId=await _wallet(graph), money=_MONEY, isPending=True)
    return str(held["hold"]["id"])


async def _hold(graph: Graph) -> Variables:
    return {"id": await _new_hold(graph)}


async def _hold_input(graph: Graph) -> Variables:
    return ground.input_(holdId=await _new_hold(graph))


async def _new(_graph: Graph) -> Variables:
    return ground.input_(name=ground.key())


async def _new_balance(graph: Graph) -> Variables:
    return ground.input_(walletId=await _wallet(graph), name=ground.key())


WALLETS = (
    Row("formance.wallets.list_wallets", "Query.wallets", "{ wallets { nodes { id } } }"),
    Row("formance.wallets.get_wallet", "Query.wallet", "query ($id: ID!) { wallet(id: $id) { name } }", _id),
    Row(
        "formance.wallets.get_wallet_summary",
        "Query.wallet.availableFunds",
        "query ($id: ID!) { wallet(id: $id) { availableFunds { amount } } }",
        _id,
    ),
    Row(
        "formance.wallets.list_balances",
        "Query.wallet.balancePages",
        "query ($id: ID!) { wallet(id: $id) { balancePages { nodes { name } } } }",
        _id,
    ),
    Row(
        "formance.wallets.get_balance",
        "Query.node",
        "query ($id: ID!) { node(id: $id) { ... on WalletBalance { amounts { amount } } } }",
        _balance,
    ),
    Row(
        "formance.wallets.get_holds",
        "Query.wallet.holds",
        "query ($id: ID!) { wallet(id: $id) { holds { nodes { id } } } }",
        _id,
    ),
    Row(
        "formance.wallets.get_hold",
        "Query.hold",
        "query ($id: ID!) { hold(id: $id) { remainingMoney { amount } } }",
        _hold,
    ),
    Row(
        "formance.wallets.get_transactions",
        "Query.wallet.transactions",
        "query ($id: ID!) { wallet(id: $id) { transactions { nodes { number } } } }",
        _id,
    ),
    Row(
        "formance.wallets.create_wallet",
        "Mutation.createWallet",
        change("createWallet", "CreateWalletInput", "wallet { id }"),
        _new,
    ),
    Row(
        "formance.wallets.update_wallet",
        "Mutation.updateWallet",
        change("updateWallet", "UpdateWalletInput", "wallet { metadata }"),
        _input(metadata={"seen": "yes"}),
    ),
    Row(
        "formance.wallets.create_balance",
        "Mutation.createWalletBalance",
        change("createWalletBalance", "CreateWalletBalanceInput", "balance { name }"),
        _new_balance,
    ),
    Row(
        "formance.wallets.credit_wallet",
        "Mutation.creditWallet",
        change("creditWallet", "CreditWalletInput", "balance { amounts { amount } }"),
        _input(money=_MONEY),
    ),
    Row("formance.wallets.debit_wallet", "Mutation.debitWallet", _DEBIT, _input(money=_MONEY)),
    Row(
        "formance.wallets.confirm_hold",
        "Mutation.confirmHold",
        change("confirmHold", "ConfirmHoldInput", _HELD),
        _hold_input,
    ),
    Row("formance.wallets.void_hold", "Mutation.voidHold", change("voidHold", "VoidHoldInput", _HELD), _hold_input),
)
