"""Global ids: every object has one, no two objects share one, and whatever else is sent is refused."""

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.domain import NodeType, Provider, Ref, customer_ref
from resolvers import ids
from resolvers.problems import BadInput
from tests.conftest import Graph, Start
from tests.resolvers.asking import codes, node_ids, only_error, person

PROVIDED = [type_ for type_ in NodeType if type_ is not NodeType.CUSTOMER]
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


@st.composite
def refs(draw: st.DrawFn) -> Ref:
    """Any identity that an object can have."""
    if draw(st.booleans()):
        return customer_ref(draw(TEXT))
    type_ = draw(st.sampled_from(PROVIDED))
    count = ids.KEYS.get(type_, 1)
    keys = draw(st.lists(TEXT, min_size=count, max_size=count))
    return Ref(type_, tuple(keys), draw(st.sampled_from(Provider)))


def raw(*parts: object) -> str:
    """An id made of any parts, in the form that ids have."""
    return base64.urlsafe_b64encode(json.dumps(parts, separators=(",", ":")).encode()).decode().rstrip("=")


@given(refs())
def test_an_id_gives_its_ref_back(ref: Ref) -> None:
    """Also with any text as the vendor's id; only ids that are absurdly long are refused."""
    global_id = ids.encode(ref)
    if len(global_id) > 2048:
        with pytest.raises(BadInput):
            ids.decode(global_id)
    else:
        assert ids.decode(global_id) == ids.decode(global_id, ref.type) == ref
    assert set(global_id) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@given(refs(), refs())
def test_different_refs_have_different_ids(one: Ref, other: Ref) -> None:
    """And equal ones equal ids."""
    assert (ids.encode(one) == ids.encode(other)) is (one == other)


@given(refs(), st.data())
def test_an_id_of_another_type_is_refused(ref: Ref, data: st.DataObject) -> None:
    """A field that wants one type of object takes no id of another one."""
    other = data.draw(st.sampled_from([type_ for type_ in NodeType if type_ is not ref.type]))
    with pytest.raises(BadInput):
        ids.decode(ids.encode(ref), other)


@settings(max_examples=60)
@given(st.one_of(st.text(max_size=60), st.text(alphabet="ABCabc019-_=", max_size=60), st.binary().map(ids.to_text)))
def test_whatever_is_no_id_is_refused(text: str) -> None:
    """With one sentence that says nothing of what an id is made of."""
    with pytest.raises(BadInput, match=r"^The id is not valid\.$"):
        ids.decode(text)


PERSON = person(0)
BAD_IDS = {
    "empty": "",
    "cut": PERSON[:-3],
    "padded": PERSON + "==",
    "with a line break": PERSON + "\n",
    "one more character": PERSON + "A",
    "bits that say nothing": PERSON[:-1] + chr(ord(PERSON[-1]) + 1),
    "spaced JSON": base64.urlsafe_b64encode(b'[1, "Customer", null, ["cus_0001"]]').decode().rstrip("="),
    "standard base64": base64.b64encode(b'[1,"Customer",null,["??>>~~"]]').decode().replace("=", ""),
    "other version": raw(2, "Customer", None, ["cus_0001"]),
    "other type": raw(1, "Wallet", None, ["w"]),
    "other provider": raw(1, "Payment", "stripe", ["p"]),
    "a customer of a provider": raw(1, "Customer", "finicity", ["cus_0001"]),
    "a payment of nobody": raw(1, "Payment", None, ["p"]),
    "too few keys": raw(1, "AggregatedAccount", "finicity", ["5026900000"]),
    "too many keys": raw(1, "Customer", None, ["cus_0001", "cus_0002"]),
    "no keys": raw(1, "Pool", "formance", []),
    "numbers for keys": raw(1, "Customer", None, [1]),
    "more than an id": raw(1, "Customer", None, ["cus_0001"], 1),
    "an object": base64.urlsafe_b64encode(b'{"a":1}').decode().rstrip("="),
    "huge": "A" * 16_000,
    "no ASCII": "é" * 20,
    "SQL": "' OR 1=1 --",
}
ROOTS = ["node", "customer", "account", "payment", "pool"]


async def test_a_bad_id_is_the_clients_mistake_on_every_root_field(warm: Graph) -> None:
    """The same sentence for all of them, which names nothing internal; no vendor is asked."""
    for field in ROOTS:
        for name, bad in BAD_IDS.items():
            answer = await warm.ask(f"query($id: ID!) {{ {field}(id: $id) {{ id }} }}", id=bad)
            error = only_error(answer)

            assert answer.data == {field: None}
            assert error["message"] == "The id is not valid.", (field, name)
            assert error["extensions"].keys() == {"code", "requestId"}
            assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert await warm.calls() == []


async def test_one_bad_id_among_many_costs_the_others_nothing(warm: Graph) -> None:
    """It is null with an error at its own place; ids of absent objects are null without one."""
    answer = await warm.ask(
        "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=[person(0), "nonsense", person(99), person(1)]
    )

    assert answer.data == {"nodes": [{"id": person(0)}, None, None, {"id": person(1)}]}
    assert only_error(answer)["path"] == ["nodes", 1]
    assert codes(answer) == ["BAD_USER_INPUT"]


async def test_more_than_a_hundred_ids_are_refused(warm: Graph) -> None:
    """A hundred are taken."""
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    most, more = await warm.ask(query, ids=[person(0)] * 100), await warm.ask(query, ids=[person(0)] * 101)

    assert len(most.data["nodes"]) == 100
    assert more.data == {"nodes": None}
    assert codes(more) == ["BAD_USER_INPUT"]


async def test_the_id_of_one_type_is_refused_where_another_is_wanted(warm: Graph) -> None:
    """Also as the connector of a payment filter."""
    examples = {
        "customer": person(0),
        "account": (await node_ids(warm, "accounts"))[0],
        "payment": (await node_ids(warm, "payments"))[0],
        "pool": (await node_ids(warm, "pools"))[0],
    }
    for field in examples:
        for kind, global_id in examples.items():
            answer = await warm.ask(f"query($id: ID!) {{ {field}(id: $id) {{ id }} }}", id=global_id)
            assert codes(answer) == ([] if kind == field else ["BAD_USER_INPUT"])
            if kind == field:
                assert answer.data == {field: {"id": global_id}}
    filtered = await warm.ask(
        "query($id: ID!) { payments(filter: { connectorId: $id }) { nodes { id } } }", id=examples["pool"]
    )
    assert codes(filtered) == ["BAD_USER_INPUT"]


ABSENT = [
    customer_ref("cus_9999"),
    customer_ref(""),
    customer_ref("\0"),
    customer_ref("CUS_0001"),
    customer_ref("cus_0001 "),
    Ref(NodeType.AGGREGATED_ACCOUNT, ("5026900000", "1"), Provider.FINICITY),
    Ref(NodeType.AGGREGATED_ACCOUNT, ("5026900137", "5011600000"), Provider.FINICITY),
    Ref(NodeType.AGGREGATED_ACCOUNT, ("../..", "x?y#z"), Provider.FINICITY),
    Ref(NodeType.SMART_ACCOUNT, ("00000000-0000-4000-8000-000000000000",), Provider.PLUGGY),
    Ref(NodeType.SMART_ACCOUNT, ("no uuid",), Provider.PLUGGY),
    *(
        Ref(type_, (key,), Provider.FORMANCE)
        for type_ in (NodeType.PAYMENT_ACCOUNT, NodeType.PAYMENT, NodeType.POOL, NodeType.CONNECTOR)
        for key in ("", "x", "é", "../../secret", "00000000-0000-4000-8000-000000000000", "eyJhIjoxfQ")
    ),
]
FIELDS = {
    NodeType.CUSTOMER: "customer",
    NodeType.AGGREGATED_ACCOUNT: "account",
    NodeType.PAYMENT_ACCOUNT: "account",
    NodeType.SMART_ACCOUNT: "account",
    NodeType.PAYMENT: "payment",
    NodeType.POOL: "pool",
    NodeType.CONNECTOR: "node",
}


@pytest.mark.parametrize("generation", ["v3", "v2"])
async def test_an_id_of_nothing_is_null_without_an_error(start: Start, generation: str) -> None:
    """Well formed, but there is no such object: on every type, alone and among others."""
    async with start(SANDBOX_PAYMENTS=generation) as graph:
        for ref in ABSENT:
            global_id, field = ids.encode(ref), FIELDS[ref.type]
            data = await graph.data(
                f"query($id: ID!) {{ {field}(id: $id) {{ id }} node(id: $id) {{ id }} }}", id=global_id
            )
            assert data == {field: None, "node": None}, ref
        many = await graph.data("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=[ids.encode(r) for r in ABSENT])
        assert many == {"nodes": [None] * len(ABSENT)}


async def test_an_id_never_gives_an_object_of_another_id(warm: Graph) -> None:
    """Types, providers and spellings are mixed up on purpose: null, or an error; never another object."""
    found: dict[NodeType, str] = {}
    for field in ("accounts", "payments", "pools", "connectors", "customers"):
        for global_id in await node_ids(warm, field):
            found[ids.decode(global_id).type] = global_id
    genuine = [ids.decode(global_id) for global_id in found.values()]
    forged = [
        Ref(type_, (keys * 2)[-ids.KEYS.get(type_, 1) :], provider)
        for ref in genuine
        for type_ in FIELDS.keys() - {NodeType.CUSTOMER}
        for provider in Provider
        for keys in (ref.keys, tuple(map(str.upper, ref.keys)), tuple(f"0{key}" for key in ref.keys))
    ]
    asked = [ids.encode(ref) for ref in dict.fromkeys(forged) if ref not in genuine]

    assert found.keys() == FIELDS.keys()
    assert len(asked) > 250
    for start in range(0, len(asked), 100):
        some = asked[start : start + 100]
        answer = await warm.ask("query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", ids=some)
        for global_id, node in zip(some, answer.data["nodes"], strict=True):
            assert node is None or (node["id"], node["__typename"]) == (global_id, ids.decode(global_id).type.value)
    for global_id in asked[::3]:
        node = (await warm.ask("query($id: ID!) { node(id: $id) { id } }", id=global_id)).data["node"]
        assert node is None or node["id"] == global_id
