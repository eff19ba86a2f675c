"""What a caller that is bound to customers may change, and what it is told when it may not."""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, get_named_type

from tests.access import ledger_orders
from tests.access.callers import Caller, bound
from tests.access.documents import CORE
from tests.access.modules import MODULES
from tests.access.organisations import INPUTS
from tests.access.own import MONEY, MY_NOTE, Own
from tests.access.walk import bare
from tests.access.world import World, absent, everything, of
from tests.conftest import Graph
from tests.resolvers.asking import codes

UNLINKED = 2
"""A person whose accounts are told by the vendors' records alone."""
CLOSED = {
    *("installConnector", "updateConnector", "resetConnector", "uninstallConnector"),
    *("resetConnectorByKind", "uninstallConnectorByKind"),
    *("createPaymentAccount", "transferBetweenConnectorAccounts"),
    *ledger_orders.CLOSED,
    *INPUTS,
    *MODULES,
    *("createReconciliationPolicy", "deleteReconciliationPolicy", "reconcile"),
}
"""The organisation's mutations."""

MUTATIONS = CORE.type_map["Mutation"].fields  # type: ignore[attr-defined]
KEEP = """
mutation($input: CreateBankAccountInput!) { createBankAccount(input: $input) { bankAccount { id } } }
"""


def document(mutation: str) -> str:
    """A mutation that shows all that it can show of whatever it changed."""
    payload = get_named_type(MUTATIONS[mutation].type)
    shown = [
        name if not hasattr(get_named_type(field.type), "fields") else f"{name} {_shown(get_named_type(field.type))}"
        for name, field in payload.fields.items()
        if name != "userErrors"
    ]
    errors = "userErrors { code message field vendorCode }"
    return (
        f"mutation($input: {_input(mutation).name}!) {{ {mutation}(input: $input) {{ {' '.join(shown)} {errors} }} }}"
    )


def _shown(type_: Any) -> str:
    return "{ __typename id }" if "id" in type_.fields else "{ __typename }"


def _input(mutation: str) -> GraphQLInputObjectType:
    type_ = get_named_type(MUTATIONS[mutation].args["input"].type)
    assert isinstance(type_, GraphQLInputObjectType)
    return type_


def naming(mutation: str) -> Iterator[str]:
    """The fields of a mutation's input that name objects."""
    for name, field in _input(mutation).fields.items():
        if get_named_type(field.type).name == "ID":
            yield name


async def mine(graph: Graph) -> tuple[Caller, World, Own]:
    """The first person's caller, and what they have; among it a bank account that they have kept themselves."""
    caller, world = bound(graph, 0), of(await everything(graph), 0)
    kept = {"name": "Mine", "accountNumber": "0123456789", "metadata": MY_NOTE, "idempotencyKey": "kept"}
    made = (await caller.data(KEEP, input=kept))["createBankAccount"]["bankAccount"]["id"]
    await graph.forget_calls()
    return caller, world, Own(world, made)


async def written(graph: Graph) -> list[str]:
    """What the vendors were told to change."""
    calls = [call for call in await graph.calls() if call["method"] != "GET" and "auth" not in call["path"]]
    return [f"{call['method']} {call['path']}" for call in calls]


async def test_naming_anothers_object_is_like_naming_none_and_nothing_is_written(graph: Graph) -> None:
    """Each mutation, each field of its input that takes an id, several foreign objects."""
    caller, world, own = await mine(graph)
    inputs, pairs = own.inputs(), 0
    assert set(inputs) | CLOSED == set(MUTATIONS)
    for mutation, given in inputs.items():
        for field in naming(mutation):
            for foreign in own.foreign(world, mutation, field):
                texts = []
                for id in (foreign, absent(foreign)):
                    named = {**given, field: [id] if field == "accountIds" else id}
                    key = f"{mutation}-{field}-{id[-40:]}"
                    texts.append((await caller.post(document(mutation), input={**named, "idempotencyKey": key})).text)
                pairs += 1

                assert bare(texts[0]) == bare(texts[1]), mutation
                assert '"NOT_FOUND"' in texts[0], (mutation, field, texts[0])
                assert world.shown(texts[0]) == []
    assert await written(graph) == []
    print(f"{pairs} pairs of an input's field and a foreign object")  # noqa: T201
    assert pairs > 80


@pytest.mark.parametrize("mutation", sorted(CLOSED))
async def test_the_organisations_mutations_are_closed(graph: Graph, mutation: str) -> None:
    """Refused before anything is looked at."""
    given = {
        **INPUTS,
        "installConnector": {"name": "abc", "config": {"stripe": {"apiKey": "k"}}},
        "updateConnector": {"connectorId": "x", "name": "abc", "config": {"stripe": {"apiKey": "k"}}},
        "createPaymentAccount": {
            "connectorId": "x",
            "reference": "abc",
            "name": "n",
            "kind": "INTERNAL",
            "createdAt": "2026-01-01T00:00:00Z",
        },
        "createReconciliationPolicy": {"name": "n", "ledgerName": "l", "ledgerQuery": {}, "poolId": "x"},
        "deleteReconciliationPolicy": {"policyId": "x"},
        "reconcile": {"policyId": "x", "atLedger": "2026-01-01T00:00:00Z", "atPayments": "2026-01-01T00:00:00Z"},
        "transferBetweenConnectorAccounts": {"providerName": "STRIPE", "money": MONEY, "destinationReference": "r"},
        **ledger_orders.CLOSED,
        **MODULES,
    }.get(mutation, {"providerName": "STRIPE"} if mutation.endswith("ByKind") else {"connectorId": "x"})
    answer = await bound(graph, 0).ask(document(mutation), input={**given, "idempotencyKey": "k"})

    assert answer.data == {mutation: None}
    assert codes(answer) == ["FORBIDDEN"]
    assert await graph.calls() == []


async def test_a_transaction_of_a_ledger_cannot_be_tried(graph: Graph) -> None:
    given = ledger_orders.CLOSED["createLedgerTransaction"]
    answer = await bound(graph, 0).ask(ledger_orders.PREVIEW, input=given)

    assert answer.data == {"previewLedgerTransaction": None}
    assert codes(answer) == ["FORBIDDEN"]
    assert await graph.calls() == []


async def test_what_is_others_too_cannot_be_changed(graph: Graph) -> None:
    """A pool that also holds another's account, and a transfer whose other end is another's."""
    caller, world, own = await mine(graph)
    transfer = {
        each["id"]: {each[end]["id"] for end in ("source", "destination") if each[end]}
        for each in world.all["transferInitiations"]
    }
    crossing = next(id for id, ends in transfer.items() if ends & world.mine and not ends <= world.mine)
    for mutation, given in (
        ("deletePool", {"poolId": own.shared_pool}),
        ("addAccountToPool", {"poolId": own.shared_pool, "accountId": own.account}),
        ("removeAccountFromPool", {"poolId": own.shared_pool, "accountId": own.account}),
        ("validateTransferInitiation", {"transferInitiationId": crossing}),
        ("reverseTransferInitiation", {"transferInitiationId": crossing, "reference": "r", "money": MONEY}),
    ):
        payload = (await caller.data(document(mutation), input={**given, "idempotencyKey": mutation}))[mutation]
        assert [error["code"] for error in payload["userErrors"]] == ["FORBIDDEN"], mutation
    assert await written(graph) == []


async def test_nothing_is_made_that_would_be_nobodys_or_anothers(graph: Graph) -> None:
    """What is new says whose it is; money is not taken from whomever the provider chooses."""
    caller, _, own = await mine(graph)
    inputs = own.inputs()
    for mutation, change, code in (
        ("createBankAccount", {"metadata": None}, "INVALID"),
        ("createBankAccount", {"metadata": {"customer_id": "cus_0002"}}, "NOT_FOUND"),
        ("updateBankAccountMetadata", {"metadata": {"customer_id": "cus_0002"}}, "NOT_FOUND"),
        ("createSmartAccount", {"customerId": None}, "INVALID"),
        ("createTransferInitiation", {"sourceId": None}, "INVALID"),
        ("createPayment", {"sourceId": None, "destinationId": None}, "INVALID"),
        ("createPool", {"accountIds": []}, "INVALID"),
    ):
        given = {**inputs[mutation], **change, "idempotencyKey": "k"}
        payload = (await caller.data(document(mutation), input=given))[mutation]
        assert [error["code"] for error in payload["userErrors"]] == [code], (mutation, change)
    assert await written(graph) == []


async def test_their_own_can_be_changed(graph: Graph) -> None:
    """A pool is made, emptied of an account, deleted, and deleted again by the same key with the same outcome."""
    caller, _, own = await mine(graph)

    async def does(mutation: str, **given: Any) -> Any:
        payload = (await caller.data(document(mutation), input=given))[mutation]
        assert payload["userErrors"] == [], payload
        return payload

    pool = (await does("createPool", name="Ours", accountIds=[own.account], idempotencyKey="a"))["pool"]["id"]
    first = await does("deletePool", poolId=pool, idempotencyKey="b")
    again = await does("deletePool", poolId=pool, idempotencyKey="b")
    noted = await does("updatePaymentMetadata", paymentId=own.payment, metadata={"seen": "yes"}, idempotencyKey="c")

    assert first == again == {"deletedPoolId": pool, "userErrors": []}
    assert noted["payment"]["id"] == own.payment
    assert len(await written(graph)) == 3


async def test_the_same_key_of_two_callers_is_two_keys(graph: Graph) -> None:
    """What one has done by it is not told to the other, nor does it keep the other from doing the same."""
    caller, world, own = await mine(graph)
    given = {"name": "Ours", "accountIds": [own.account], "idempotencyKey": "same"}
    made = (await caller.data(document("createPool"), input=given))["createPool"]["pool"]["id"]
    other = (await bound(graph, 1).data(document("createPool"), input=given))["createPool"]
    everybody = (await graph.data(document("createPool"), input={**given, "name": "Another"}))["createPool"]

    assert (other["pool"], [error["code"] for error in other["userErrors"]]) == (None, ["NOT_FOUND"])
    assert everybody["userErrors"] == []
    assert everybody["pool"]["id"] != made
    assert made not in world.mine


async def test_a_token_for_other_customers_shows_nothing_of_what_its_key_once_made(graph: Graph) -> None:
    """The same person, bound to other customers since: the outcome is the first one, its object is not shown."""
    _, _, own = await mine(graph)
    given = {"name": "Ours", "accountIds": [own.account], "idempotencyKey": "same"}
    before, since = bound(graph, 0, sub="someone"), bound(graph, 3, sub="someone")
    assert (await before.data(document("createPool"), input=given))["createPool"]["pool"]
    answer = await since.ask(document("createPool"), input=given)

    assert answer.data == {"createPool": {"pool": None, "userErrors": []}}


async def test_an_order_whose_owner_cannot_be_told_sends_nothing(graph: Graph) -> None:
    """Fail closed: an error, and the key is free for the next try."""
    world = of(await everything(graph), UNLINKED)
    payment = next(each["id"] for each in world.all["payments"] if each["id"] in world.mine)
    await graph.fault("formance", "/api/payments/*accounts*", status=503, times=100)
    given = {"paymentId": payment, "metadata": {"a": "b"}, "idempotencyKey": "k"}
    answer = await bound(graph, UNLINKED).ask(document("updatePaymentMetadata"), input=given)

    assert answer.data == {"updatePaymentMetadata": None}
    assert codes(answer) == ["UPSTREAM_UNAVAILABLE"]
    assert await written(graph) == []

    await graph.heal()
    assert (await bound(graph, UNLINKED).data(document("updatePaymentMetadata"), input=given))["updatePaymentMetadata"][
        "payment"
    ]
