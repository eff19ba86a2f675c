"""Workflows through the provider: either API, few calls, and what vendors' odd answers become."""

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from providers.config import ConfigurationError, Environment
from providers.domain import (
    NodeType,
    PageRequest,
    Provider,
    Ref,
    WorkflowInstanceFilter,
    WorkflowStageKey,
    WorkflowStatus,
)
from providers.errors import Broken, Garbled, NotFound, Unauthorized, UnknownOutcome, Unsupported
from providers.formance import Config
from providers.formance.orchestration import Flows, OrderedTransfers
from providers.formance.orchestration.generation import OrchestrationGeneration
from providers.formance.sandbox.orchestration import seed
from providers.formance.translate.orchestration import ordering_instance
from providers.operation import Operation
from providers.orders.workflow import RunOrder, TriggerOrder, WorkflowOrder
from tests.providers.formance.conftest import TOKEN, NewRig, Rig

V1, V2 = "/api/orchestration", "/api/orchestration/v2"
INFO = f"{V2}/_info"


def flows(rig: Rig) -> Flows:
    return next(part for part in rig.provider.parts if isinstance(part, Flows))


def workflow(native: str) -> Ref:
    return Ref(NodeType.WORKFLOW, (native,), Provider.FORMANCE)


def instance(native: str) -> Ref:
    return Ref(NodeType.WORKFLOW_INSTANCE, (native,), Provider.FORMANCE)


def asked(rig: Rig) -> list[str]:
    return [path for path in rig.paths() if path not in {TOKEN, INFO}]


ROWS = [{"id": f"{number}", "event": "E", "workflowID": "w"} for number in range(101)]
ALL = [workflow(each) for each in (seed.COLLECT, seed.PAYOUT, seed.SWEEP)]


@pytest.mark.parametrize(("server", "root"), [("v1", V1), ("v2", V2)])
async def test_the_newest_api_of_the_server_is_used(
    new_rig: NewRig, operation: Operation, server: str, root: str
) -> None:
    """The server is asked once, without a token."""
    rig = new_rig(orchestration=server)
    for _ in range(2):
        assert len((await flows(rig).list_workflows(PageRequest(), operation)).items) == 3

    assert rig.paths() == [INFO, TOKEN, f"{root}/workflows", f"{root}/workflows"]


@pytest.mark.parametrize(("setting", "root"), [("v1", V1), ("v2", V2)])
async def test_a_set_api_is_not_asked_for(new_rig: NewRig, operation: Operation, setting: str, root: str) -> None:
    rig = new_rig()
    part = flows(rig)
    rig.client.orchestration.setting = setting
    await Flows(rig.client.orchestration).list_workflows(PageRequest(), operation)

    assert part is flows(rig)
    assert rig.paths() == [TOKEN, f"{root}/workflows"]


def test_the_setting_is_read() -> None:
    given = {"FORMANCE_BASE_URL": "http://x", "FORMANCE_CLIENT_ID": "c", "FORMANCE_CLIENT_SECRET": "s"}
    assert Config.read(Environment(given)).orchestration == "auto"
    assert Config.read(Environment({**given, "FORMANCE_ORCHESTRATION": "v1"})).orchestration == "v1"
    with pytest.raises(ConfigurationError, match="FORMANCE_ORCHESTRATION"):
        Config.read(Environment({**given, "FORMANCE_ORCHESTRATION": "v3"}))


async def test_what_is_known_outlasts_a_server_that_does_not_tell(new_rig: NewRig, operation: Operation) -> None:
    """It is asked anew each hour."""
    rig, now = new_rig(), 0.0
    generation = OrchestrationGeneration(rig.client.orchestration, clock=lambda: now)
    first = await generation.api(operation)
    now = 3700.0
    rig.fault(INFO, status=500, times=10)
    assert await generation.api(operation) is first is rig.client.orchestration.apis["v2"]
    rig.bench.clear_faults()
    rig.paths()
    for _ in range(2):
        assert await generation.api(operation) is first
    assert rig.paths() == [INFO]


async def test_a_server_that_does_not_tell_is_asked_again(new_rig: NewRig, operation: Operation) -> None:
    rig = new_rig()
    rig.fault(INFO, status=500, times=10)
    with pytest.raises(Broken):
        await flows(rig).list_workflows(PageRequest(), operation)
    found = await flows(rig).workflows_by_ref(ALL, operation)
    assert {type(each) for each in found.values()} == {Broken}
    rig.bench.clear_faults()
    assert len((await flows(rig).list_workflows(PageRequest(), operation)).items) == 3


async def test_a_server_that_wants_a_token_gets_one(new_rig: NewRig, operation: Operation) -> None:
    rig = new_rig()
    rig.fault(INFO, status=401, times=1)
    assert len((await flows(rig).list_workflows(PageRequest(), operation)).items) == 3


async def test_many_workflows_are_one_call(new_rig: NewRig, operation: Operation) -> None:
    """Two are two calls; one that the list lacks is asked for by its id, and one that is not there is left out."""
    rig = new_rig()
    assert set(await flows(rig).workflows_by_ref(ALL, operation)) == set(ALL)
    assert asked(rig) == [f"{V2}/workflows"]

    assert set(await flows(rig).workflows_by_ref(ALL[:2], operation)) == set(ALL[:2])
    assert len(asked(rig)) == 2

    await flows(rig).delete_workflow(ALL[2], operation)
    asked(rig)
    missing = workflow("00000000-0000-4000-8000-000000000000")
    found = await flows(rig).workflows_by_ref([*ALL, missing, workflow("no uuid")], operation)
    assert set(found) == set(ALL)
    assert sorted(asked(rig)) == sorted(
        [f"{V2}/workflows", f"{V2}/workflows/{seed.SWEEP}", f"{V2}/workflows/{missing.native_id}"]
    )


async def test_numbers_keep_all_their_digits(new_rig: NewRig, operation: Operation) -> None:
    rig = new_rig()
    found = await flows(rig).workflows_by_ref(ALL[2:], operation)
    sweep = found[ALL[2]]
    assert not isinstance(sweep, Exception)
    assert f'"amount":{seed.LARGE}'.encode() in bytes(sweep.stages[1].config)
    assert f'"amount":{seed.LARGE}'.encode() in bytes(sweep.config)


async def test_numbers_that_the_service_would_round_are_sent_as_texts(new_rig: NewRig, operation: Operation) -> None:
    rig = new_rig()
    stage = {"send": {"amount": {"amount": seed.LARGE, "asset": "COIN"}, "parts": [2**53, 2**53 + 1, True]}}
    await flows(rig).create_workflow(WorkflowOrder(name="large", stages=(stage,)), operation)
    sent = {"amount": {"amount": str(seed.LARGE), "asset": "COIN"}, "parts": [2**53, str(2**53 + 1), True]}
    assert [body for method, _, body in rig.sent() if method == "POST"] == [
        {"name": "large", "stages": [{"send": sent}]}
    ]


@pytest.mark.parametrize("server", ["v1", "v2"])
async def test_instances_tell_their_stages_and_histories(new_rig: NewRig, operation: Operation, server: str) -> None:
    rig = new_rig(orchestration=server)
    refs = [instance(seed.instance_id("collect", number)) for number in (0, 5)]
    refs += [instance(seed.instance_id("payout", number)) for number in (0, 2)]
    found = await flows(rig).workflow_instances_by_ref(refs, operation)
    statuses = [found[ref].status for ref in refs]
    assert statuses == [
        WorkflowStatus.TERMINATED,
        WorkflowStatus.FAILED,
        WorkflowStatus.RUNNING,
        WorkflowStatus.FAILED,
    ]
    assert len(asked(rig)) == 4
    keys = [WorkflowStageKey(refs[0], number) for number in (0, 1, 2)]
    activities = await flows(rig).workflow_activities(keys, operation)
    made = [[(each.ledger, each.number) for act in activities[key] for each in act.transactions] for key in keys]  # type: ignore[union-attr]
    assert made == [[("orchestration-000-internal", 1)], [("orchestration-000-internal", 2)], []]


async def test_pages_are_read_on_and_v1s_lists_are_whole(new_rig: NewRig, operation: Operation) -> None:
    for server, count in (("v2", 5), ("v1", 12)):
        part = flows(new_rig(orchestration=server))
        page = await part.list_workflow_instances(WorkflowInstanceFilter(), PageRequest(size=5), operation)
        assert (len(page.items), page.has_more) == (count, server == "v2")
        assert page.items[0].stages is None


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (500, '{"errorCode":"INTERNAL","errorMessage":"sql: no rows in result set"}', NotFound),
        (500, '{"errorCode":"INTERNAL","errorMessage":"out of memory"}', Broken),
        (500, '{"errorCode":"INTERNAL","errorMessage":{"sql: no rows": 1}}', Broken),
        (500, "", Broken),
        (404, "", NotFound),
        (404, '{"errorCode":"SOMETHING_NEW"}', NotFound),
        (401, "", Unauthorized),
    ],
)
async def test_errors_become_what_they_mean(
    new_rig: NewRig, operation: Operation, status: int, body: str, kind: type[Exception]
) -> None:
    rig = new_rig()
    await flows(rig).list_workflows(PageRequest(), operation)
    rig.fault(f"{V2}/triggers/*/test", status=status, body=body, times=2)
    trigger = Ref(NodeType.TRIGGER, (seed.trigger_id("nightly"),), Provider.FORMANCE)
    with pytest.raises(kind):
        await flows(rig).test_trigger(trigger, {}, operation)


async def test_a_trigger_cannot_be_tried_by_v1(new_rig: NewRig, operation: Operation) -> None:
    rig = new_rig(orchestration="v1")
    trigger = Ref(NodeType.TRIGGER, (seed.trigger_id("nightly"),), Provider.FORMANCE)
    with pytest.raises(Unsupported):
        await flows(rig).test_trigger(trigger, {}, operation)
    assert asked(rig) == []


@pytest.mark.parametrize("generation", ["v2", "v3"])
async def test_a_stages_transfers_are_found_by_their_references(
    new_rig: NewRig, operation: Operation, generation: str
) -> None:
    """Three stages are two calls, on either payments server."""
    rig = new_rig(generation)
    runs = [instance(seed.instance_id("payout", number)) for number in (0, 1)]
    for ref in runs:
        await flows(rig).send_workflow_event(ref, "approved", operation)
    await asyncio.sleep(0)
    asked(rig)
    keys = [WorkflowStageKey(ref, number) for ref in runs for number in (0, 1)][:3]
    part = next(part for part in rig.provider.parts if isinstance(part, OrderedTransfers))
    found = await part.transfers_by_workflow_stage(keys, operation)

    references: Sequence[list[str]] = [[each.reference for each in found[key]] for key in keys]  # type: ignore[union-attr]
    assert references == [[], [f"{runs[0].native_id}-117"], []]
    assert [each.workflow_instance for each in found[keys[1]]] == [runs[0]]  # type: ignore[union-attr]
    assert len(asked(rig)) == 2


@pytest.mark.parametrize("reference", ["", "order-001", "218668ac-e42e-57f1-9801-d31a7a3f7645", "x" * 36 + "-05"])
def test_other_references_name_no_instance(reference: str) -> None:
    assert ordering_instance(reference) is None


async def test_a_run_that_does_not_show_by_whom_it_was_started_stays_unknown(
    new_rig: NewRig, operation: Operation
) -> None:
    """Without any new instance it certainly has not happened; with one whose workflow names no mark nobody can say."""
    rig = new_rig()
    part, since = flows(rig), datetime.fromtimestamp(rig.clock.now, UTC)
    order = RunOrder(workflow=ALL[1], variables={})
    assert await part.find_run(order, "mark", since, operation) is None

    await part.run_workflow(order, "mark", operation)
    with pytest.raises(UnknownOutcome):
        await part.find_run(order, "mark", since, operation)


async def test_a_run_is_told_from_others_by_its_mark(new_rig: NewRig, operation: Operation) -> None:
    rig = new_rig()
    part, since = flows(rig), datetime.fromtimestamp(rig.clock.now, UTC)
    order = RunOrder(workflow=ALL[0], variables={"customer": "c", "amount": "1"})
    mine = await part.run_workflow(order, "mine", operation)
    await part.run_workflow(order, "others", operation)

    assert await part.find_run(order, "mine", since, operation) == mine
    assert await part.find_run(order, "nobodys", since, operation) is None


@pytest.mark.parametrize(
    ("answer", "is_whole"),
    [
        ({"data": ROWS[:99]}, True),
        ({"data": ROWS[:100]}, False),
        ({"data": ROWS}, True),
        ({"data": ROWS[:100], "hasMore": False, "pageSize": 100}, True),
        ({"data": ROWS[:100], "hasMore": True, "next": "c", "pageSize": 100}, True),
        ({"data": None}, True),
    ],
    ids=["short", "cut", "long", "told to be whole", "told to go on", "null"],
)
async def test_a_list_of_v1_that_may_be_cut_does_not_pass_for_the_whole(
    new_rig: NewRig, operation: Operation, answer: dict[str, object], *, is_whole: bool
) -> None:
    """A page of it is shown all the same."""
    rig = new_rig(orchestration="v1")
    part, order = flows(rig), TriggerOrder(event="X", workflow=ALL[0])
    rig.fault(f"{V1}/triggers", status=200, body=json.dumps(answer), headers={"content-type": "application/json"})
    if is_whole:
        assert await part.same_triggers(order, operation) == []
    else:
        with pytest.raises(Garbled):
            await part.same_triggers(order, operation)
    asked = [call.query for call in rig.bench.calls if call.path == f"{V1}/triggers"]
    assert asked == ["pageSize=100", "cursor=c"][: 1 + ("next" in answer)]

    rig.fault(f"{V1}/triggers", status=200, body=json.dumps(answer), headers={"content-type": "application/json"})
    page = await part.list_triggers(None, PageRequest(), operation)
    assert (len(page.items), page.has_more) == (len(answer["data"] or ()), "next" in answer)  # type: ignore[arg-type]
