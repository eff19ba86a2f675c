"""The plan counts what execution would load: no more than it needs to, and never less."""

import time

import pytest

from providers.domain import NodeType, Provider, Ref
from resolvers import ids
from serving.cost import Plan
from tests.resolvers.asking import person
from tests.serving.cost.planning import planned, rates

ADA = person(0)
UUID = "0b1c9b1c-6e0f-4c39-9f0f-000000000001"
ACCOUNT = ids.encode(Ref(NodeType.SMART_ACCOUNT, (UUID,), Provider.PLUGGY))
POOL = ids.encode(Ref(NodeType.POOL, (UUID,), Provider.FORMANCE))


def by_operation(plan: Plan) -> dict[str, int]:
    counted: dict[str, int] = {}
    for step in plan.steps:
        counted[step.operation] = counted.get(step.operation, 0) + step.calls
    return counted


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("{ __typename }", 0),
        ("{ customers { nodes { id name } } }", 0),
        ("{ payments { nodes { id } } }", 1),
        ("{ payments(first: 0) { nodes { id } } }", 1),
        ("{ payments(first: 100) { nodes { source { id } } } }", 1 + 3),
        ("{ payments(first: 100) { nodes { source { id } destination { id } } } }", 1 + 3 + 3),
        ("{ payments { nodes { connector { id } } } }", 1 + 1),
        ("{ pools(first: 7) { nodes { balances { kind } } } }", 1 + 7 * 2),
        ("{ connectors(first: 3) { nodes { settings { name } } } }", 1 + 3),
        ("{ providers { health } }", 4),
    ],
)
def test_batches_count_as_batches_and_single_calls_one_by_one(text: str, calls: int) -> None:
    assert planned(text).calls == calls


@pytest.mark.parametrize(
    "text",
    [
        "{ a: pool(id: $id) { balances { kind } } b: pool(id: $id) { balances { kind } } }",
        "{ ...A ...A } fragment A on Query { pool(id: $id) { ...B } } fragment B on Pool { balances { kind } }",
        "{ pool(id: $id) { balances { kind } ... on Pool { other: balances { kind } } } }",
        "{ node(id: $id) { ... on Pool { balances { kind } } ... on Account { balances { kind } } } }",
        "{ nodes(ids: [$id, $id, $id]) { ... on Pool { balances { kind } } } }",
        "{ pool(id: $id) { balances { kind } accounts @skip(if: true) { id } } }",
        "{ pool(id: $id) { balances { kind } ... @include(if: false) { accounts { id } } } }",
    ],
)
def test_what_is_loaded_once_counts_once(text: str) -> None:
    """However often, and by whatever names and fragments, it is asked for."""
    plan = planned(f"query($id: ID!) {text}", id=POOL)

    assert by_operation(plan) == {"get_pool": 1, "get_pool_balances": 1, "get_pool_balances_latest": 1}


def test_other_arguments_are_another_load() -> None:
    at = '"2026-01-01T00:00:00Z"'
    plan = planned(
        f"query($id: ID!) {{ pool(id: $id) {{ balances {{ kind }} old: balances(at: {at}) {{ kind }} }} }}", id=POOL
    )

    assert by_operation(plan)["get_pool_balances_latest"] == 2


def test_lists_that_no_loader_shares_count_for_every_alias() -> None:
    """Identical reads in flight are one, but nothing promises that they are in flight together."""
    one = planned("{ payments { nodes { connector { tasks { nodes { id } } } } } }").calls
    two = planned(
        "{ a: payments { nodes { connector { tasks { nodes { id } } } } } b: payments { nodes { id } } }"
    ).calls
    other = planned('{ payments { nodes { id } } b: payments(filter: {asset: "USD/2"}) { nodes { id } } }').calls

    assert two > one
    assert other == 2


def test_the_fields_of_one_customer_share_its_accounts() -> None:
    plan = planned(
        f'{{ customer(id: "{ADA}") {{ accounts {{ nodes {{ id }} }} pools {{ id }} totals {{ accountCount }} }} }}'
    )
    alone = planned(f'{{ customer(id: "{ADA}") {{ accounts {{ nodes {{ id }} }} }} }}')

    for operation, calls in by_operation(alone).items():
        assert by_operation(plan)[operation] == calls


def test_items_by_way_of_nodes_and_of_edges_are_the_same_items() -> None:
    below = "{ balances { kind } }"

    assert (
        planned(f"{{ pools {{ nodes {below} edges {{ cursor node {below} }} }} }}").calls
        == planned(f"{{ pools {{ nodes {below} }} }}").calls
    )


def test_of_an_abstract_list_the_dearest_type_counts() -> None:
    """20 accounts may be of one type or another; three calls each are the worst."""
    listed = planned("{ accounts { nodes { id } } }").calls

    assert planned("{ accounts { nodes { balances { kind } } } }").calls == listed + 20 * 3
    assert planned("{ accounts { nodes { ... on SmartAccount { balances { kind } } } } }").calls == listed + 20
    assert planned("{ accounts { nodes { ... on AggregatedAccount { balances { kind } } } } }").calls == listed


def test_a_provider_that_is_chosen_or_off_narrows_the_plan() -> None:
    below = "{ nodes { balances { kind } } }"
    text = f"query($p: Provider) {{ customers(first: 10) {{ nodes {{ accounts(provider: $p) {below} }} }} }}"

    assert {step.provider for step in planned(text, p="PLUGGY").steps} == {Provider.PLUGGY}
    assert {step.provider for step in planned(text, p=None).steps} == set(Provider)
    only = {Provider.FINICITY: rates()[Provider.FINICITY]}
    assert {step.provider for step in planned(text, given=only).steps} == {Provider.FINICITY}
    assert planned("{ providers { health } payments { nodes { id } } }", given={}).calls == 0


def test_an_id_tells_whom_to_ask() -> None:
    text = "query($id: ID!) { node(id: $id) { id ... on Account { balances { kind } } } }"

    assert by_operation(planned(text, id=ACCOUNT)) == {"smart_account_retrieve": 1, "smart_account_balance_retrieve": 1}
    assert planned(text, id=ADA).calls == 0
    assert planned(text, id="nonsense").calls == 0


def test_variables_and_defaults_say_how_long_a_list_is() -> None:
    below = "{ nodes { balances @include(if: $deep) { kind } } }"
    text = f"query($n: Int = 3, $deep: Boolean = true) {{ pools(first: $n) {below} }}"

    assert planned(text).calls == 1 + 3 * 2
    assert planned(text, n=50).calls == 1 + 50 * 2
    assert planned(text, n=None).calls == 1 + 20 * 2
    assert planned(text, n=50, deep=False).calls == 1
    assert planned("{ pools { nodes { balances { kind } } } }").calls == 1 + 20 * 2


def test_variables_that_do_not_fit_cost_nothing() -> None:
    """Nothing is executed with them."""
    assert planned("query($n: Int) { pools(first: $n) { nodes { id } } }", n="many").calls == 0


def test_a_cursor_may_have_been_made_of_smaller_pages() -> None:
    text = "query($after: String) { payments(first: 10, after: $after) { nodes { id } } }"

    assert planned(text).calls == 1
    assert planned(text, after=None).calls == 1
    assert planned(text, after="anything").calls == 11
    assert planned('{ payments(first: 100, after: "x") { nodes { id } } }').calls == 25


def test_older_servers_cost_their_scans_and_an_unknown_one_the_worse() -> None:
    text = f'{{ customer(id: "{ADA}") {{ payments {{ nodes {{ id }} }} }} }}'
    v2, v3, unknown = (by_operation(planned(text, given=rates(each)))["list_payments"] for each in ("v2", "v3", None))

    assert (v2, v3) == (25, 6)
    assert unknown >= max(v2, v3)


def test_waves_are_in_the_order_in_which_calls_wait_for_one_another() -> None:
    plan = planned(f'{{ customer(id: "{ADA}") {{ pools {{ balances {{ kind }} }} }} }}')

    assert plan.waves == 3
    assert [step.operation for step in plan.steps if step.wave == 2] == ["list_pools"]
    assert {path for step in plan.steps if step.wave == 3 for path in step.paths} == {"customer.pools.balances"}


def test_mutations_cost_their_write_and_what_is_read_of_the_answer() -> None:
    order = 'createPool(input: {name: "x", accountIds: [], idempotencyKey: "k"})'
    bare = planned(f"mutation {{ {order} {{ userErrors {{ code }} }} }}")
    deep = planned(f"mutation {{ {order} {{ pool {{ balances {{ kind }} }} }} }}")
    twice = planned(f"mutation {{ a: {order} {{ userErrors {{ code }} }} b: {order} {{ userErrors {{ code }} }} }}")

    assert by_operation(bare) == {"create_pool": bare.calls}
    assert deep.calls == bare.calls + 2
    assert twice.calls == 2 * bare.calls


def nested(levels: int, *, differing: bool) -> str:
    """Fragments that each spread the next one twice: executed, 2 ** levels objects."""
    second = 2 if differing else 1
    parts = [
        f"fragment F{level} on PaymentAccount {{"
        f" a: payments(first: 1) {{ nodes {{ source {{ ...F{level + 1} }} }} }}"
        f" b: payments(first: {second}) {{ nodes {{ source {{ ...F{level + 1} }} }} }} }}"
        for level in range(levels)
    ]
    last = f"fragment F{levels} on PaymentAccount {{ id }}"
    return f"{{ payments(first: 1) {{ nodes {{ source {{ ...F0 }} }} }} }} {' '.join(parts)} {last}"


def test_documents_that_are_made_to_grow_do_not() -> None:
    """Equal fields are walked once; those that differ are given up at a number of places, and never pass for cheap."""
    started = time.process_time()
    equal, differing = planned(nested(20, differing=False)), planned(nested(20, differing=True))
    chain = " ".join(f"fragment C{n} on Query {{ ...C{n + 1} ...C{n + 1} }}" for n in range(300))
    chained = planned(f"{{ ...C0 }} {chain} fragment C300 on Query {{ payments {{ nodes {{ id }} }} }}")

    assert equal.is_whole
    assert not differing.is_whole
    assert chained.calls == 1
    assert time.process_time() - started < 10.0


def test_a_deep_document_is_given_up() -> None:
    assert planned(nested(30, differing=False)).is_whole
    assert not planned(nested(60, differing=False)).is_whole
