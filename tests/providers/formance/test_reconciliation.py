"""Policies and reconciliations of the provider: how many calls they take, and what older servers answer."""

import json
from decimal import Decimal

from providers.domain import NodeType, PageRequest, Provider, ReconciliationStatus, Ref
from providers.errors import Broken, Garbled, Unsupported
from providers.formance.reconciliation import ReconciliationReads
from providers.formance.sandbox.draw import name_uuid
from providers.operation import Operation
from tests.providers.formance.conftest import Rig, pool

POLICIES, ROWS = "/api/reconciliation/policies", "/api/reconciliation/reconciliations"
HUGE = 1_234_567_890_123_456_789_012_345_678_901_234_567_890


def reads(rig: Rig) -> ReconciliationReads:
    return next(part for part in rig.provider.parts if isinstance(part, ReconciliationReads))


def policy(number: int) -> Ref:
    return Ref(NodeType.RECONCILIATION_POLICY, (name_uuid("policy", number),), Provider.FORMANCE)


def reconciliation(row_id: str) -> Ref:
    return Ref(NodeType.RECONCILIATION, (row_id,), Provider.FORMANCE)


UNKNOWN = Ref(NodeType.RECONCILIATION_POLICY, ("00000000-0000-4000-8000-000000000000",), Provider.FORMANCE)
IMPOSSIBLE = Ref(NodeType.RECONCILIATION_POLICY, ("x",), Provider.FORMANCE)


async def test_one_policy_is_got_and_several_are_listed(v3: Rig, operation: Operation) -> None:
    one = await reads(v3).reconciliation_policies_by_ref([policy(1)], operation)
    assert v3.reads() == [f"{POLICIES}/{policy(1).native_id}"]
    several = await reads(v3).reconciliation_policies_by_ref([policy(0), UNKNOWN, policy(1)], operation)
    assert v3.reads() == [POLICIES]

    assert set(several) == {policy(0), policy(1)}
    found, again = one[policy(1)], several[policy(1)]
    assert not isinstance(found, Exception)
    assert not isinstance(again, Exception)
    assert found.name == again.name == "Shared reserve in the ledger"
    assert json.loads(bytes(found.ledger_query))["$or"]
    assert await reads(v3).reconciliation_policies_by_ref([UNKNOWN], operation) == {}
    v3.reads()
    assert await reads(v3).reconciliation_policies_by_ref([IMPOSSIBLE], operation) == {}
    assert v3.paths() == []


async def test_policies_of_all_pools_are_one_call(v3: Rig, operation: Operation) -> None:
    pools = v3.pools()
    found = await reads(v3).policies_by_pool([*pools, pool("x")], operation)

    assert v3.reads() == [POLICIES]
    assert set(found) == {*pools, pool("x")}
    counts = [len(outcome) for outcome in found.values() if not isinstance(outcome, Exception)]
    assert sorted(counts, reverse=True) == [1, 1, 1, *[0] * (len(pools) - 2)]


async def test_the_newest_of_several_policies_are_one_call(v3: Rig, operation: Operation) -> None:
    """And those that others leave too few rows for get a page of their own."""
    wanted = [policy(0), policy(1), policy(2), IMPOSSIBLE]
    found = await reads(v3).reconciliations_by_policy(wanted, 3, operation)
    assert v3.reads() == [ROWS]
    pages = {ref: outcome for ref, outcome in found.items() if not isinstance(outcome, Exception)}
    assert [len(pages[ref].items) for ref in wanted] == [3, 3, 0, 0]
    assert all(row.policy_ref == ref for ref, page in pages.items() for row in page.items)

    v3.client.reconciliation.largest_page = 4
    starved = await reads(v3).reconciliations_by_policy(wanted, 3, operation)
    assert len(v3.reads()) == 4
    for ref in wanted:
        page = starved[ref]
        assert not isinstance(page, Exception)
        assert [row.ref for row in page.items] == [row.ref for row in pages[ref].items]


async def test_servers_that_do_not_listen_to_filters_show_no_foreign_rows(v3: Rig, operation: Operation) -> None:
    """Older servers look for a filter in the body alone."""
    every = await reads(v3).list_reconciliations(None, PageRequest("", 100), operation)
    text = json.dumps(
        {
            "cursor": {
                "hasMore": False,
                "data": [
                    {"id": row.provider_id, "policyID": row.policy_ref.native_id, "status": "OK"} for row in every.items
                ],
            }
        }
    )
    v3.fault(ROWS, status=200, body=text, headers={"content-type": "application/json"}, times=2)

    page = await reads(v3).list_reconciliations(policy(0), PageRequest("", 100), operation)
    several = await reads(v3).reconciliations_by_policy([policy(0), policy(1)], 100, operation)

    assert 0 < len(page.items) < len(every.items)
    assert {row.policy_ref for row in page.items} == {policy(0)}
    first, second = several[policy(0)], several[policy(1)]
    assert not isinstance(first, Exception)
    assert not isinstance(second, Exception)
    assert len(first.items) + len(second.items) == len(every.items)


async def test_pages_go_on_to_the_end_of_a_policy(v3: Rig, operation: Operation) -> None:
    found: list[str] = []
    token = ""
    while True:
        page = await reads(v3).list_reconciliations(policy(1), PageRequest(token, 3), operation)
        found += [row.provider_id for row in page.items]
        if page.next is None:
            break
        token = page.next

    assert len(found) == len(set(found)) == 8
    assert v3.reads() == [ROWS] * 3


async def test_forty_digits_survive_and_unknown_words_are_unknown(v3: Rig, operation: Operation) -> None:
    ref = reconciliation(name_uuid("reconciliation", policy(1).native_id, "huge"))
    found = (await reads(v3).reconciliations_by_ref([ref], operation))[ref]
    assert not isinstance(found, Exception)
    assert (found.payments_balances[0].minor_units, found.ledger_balances[0].minor_units) == (HUGE, -HUGE - 1)
    assert found.payments_balances[0].amount == Decimal(HUGE)

    row = {"id": ref.native_id, "policyID": policy(1).native_id, "status": "MAYBE", "error": None}
    v3.fault(f"{ROWS}/*", status=200, body=json.dumps({"data": row}), headers={"content-type": "application/json"})
    odd = (await reads(v3).reconciliations_by_ref([ref], operation))[ref]
    assert not isinstance(odd, Exception)
    assert (odd.status, odd.provider_status, odd.drift) == (ReconciliationStatus.UNKNOWN, "MAYBE", ())


async def test_each_failure_is_the_keys_own(v3: Rig, operation: Operation) -> None:
    every = await reads(v3).list_reconciliations(None, PageRequest("", 2), operation)
    refs = [row.ref for row in every.items]
    amounts = '{"data": {"id": "x", "policyID": "y", "status": "OK", "driftBalances": {"/2": 1}}}'
    v3.fault(f"{ROWS}/{refs[0].native_id}", status=200, body=amounts, headers={"content-type": "application/json"})
    found = await reads(v3).reconciliations_by_ref(refs, operation)
    assert isinstance(found[refs[0]], Garbled)
    assert not isinstance(found[refs[1]], Exception)

    v3.fault(POLICIES, status=500, body='{"errorCode": "INTERNAL"}', times=2)
    broken = await reads(v3).policies_by_pool(v3.pools()[:2], operation)
    assert all(isinstance(outcome, Broken) for outcome in broken.values())
    assert isinstance(
        (await reads(v3).reconciliation_policies_by_ref([policy(0), policy(1)], operation))[policy(0)], Broken
    )


async def test_a_stack_without_the_service_says_so(v3: Rig, operation: Operation) -> None:
    v3.fault(POLICIES, status=404, body="404 page not found\n", headers={"content-type": "text/plain"})
    found = await reads(v3).policies_by_pool([v3.pools()[0]], operation)

    assert isinstance(found[v3.pools()[0]], Unsupported)
