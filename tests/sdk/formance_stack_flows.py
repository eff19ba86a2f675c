"""Orchestration by the vendor's own SDK, on both of its APIs, whose operations have the same names."""

import time
from collections.abc import Mapping
from typing import Any

from formance_sdk_python.models import shared

HUGE = 10**39 + 7
"""An amount of forty digits."""


def check_orchestration(flows: Any, version: str, payment: str) -> None:
    """All operations of one API: what is seeded, and a workflow that waits for an event and then sends money.

    `payment` is the id of a payment that has come in.
    """
    info = (
        flows.orchestrationget_server_info().server_info if version == "v1" else flows.get_server_info().v2_server_info
    )
    assert info.version
    _check_seeded(flows, version)
    suffix = f"sdk-{version}-{time.time_ns():x}"
    workflow = _data(flows.create_workflow(request=_workflow(version, suffix)))
    _check_instances(flows, workflow.id)
    _check_payments(flows, payment, version)
    _check_triggers(flows, workflow.id, suffix, version)
    flows.delete_workflow(request={"flow_id": workflow.id})
    assert workflow.id not in {row.id for row in _workflows(flows, version)}


def _data(answer: Any) -> Any:
    """The one body of an answer, whatever the operation calls it."""
    (body,) = (
        value
        for name, value in vars(answer).items()
        if name not in ("content_type", "status_code", "raw_response") and value is not None
    )
    return body.data


def _rows(answer: Any, version: str) -> list[Any]:
    """Lists of v1 come whole, those of v2 by pages."""
    if version == "v1":
        return list(_data(answer))
    (body,) = (value for name, value in vars(answer).items() if name.startswith("v2_") and value is not None)
    return list(body.cursor.data)


def _workflows(flows: Any, version: str) -> list[Any]:
    return _rows(flows.list_workflows(**_page(version)), version)


def _page(version: str, **parameters: str) -> Mapping[str, Any]:
    if version == "v1":
        return {"request": parameters} if parameters else {}
    return {"request": {"page_size": 100, **parameters}}


def _check_seeded(flows: Any, version: str) -> None:
    workflows = _workflows(flows, version)
    for row in workflows:
        assert _data(flows.get_workflow(request={"flow_id": row.id})) == row
    instances = [
        each for row in workflows for each in _rows(flows.list_instances(**_page(version, workflow_id=row.id)), version)
    ]
    acted = 0
    for row in instances:
        assert _data(flows.get_instance(request={"instance_id": row.id})).terminated == row.terminated
        acted += len(_activities(flows, row.id))
    triggers = _rows(flows.list_triggers(request={}), version)
    occurrences = 0
    for row in triggers:
        assert _data(flows.read_trigger(request={"trigger_id": row.id})) == row
        request = {"trigger_id": row.id}
        occurrences += len(_rows(flows.list_triggers_occurrences(request=request), version))
    assert min(len(workflows), len(instances), len(triggers), occurrences, acted) > 2


def _workflow(version: str, name: str) -> Any:
    kind = shared.CreateWorkflowRequest if version == "v1" else shared.V2CreateWorkflowRequest
    accounts = [{"account": {"id": each, "ledger": "main"}} for each in ("world", "flows:sdk")]
    money = {"amount": HUGE, "asset": "COIN"}
    send = {"source": accounts[0], "destination": accounts[1], "amount": money}
    return kind(name=name, stages=[{"wait_event": {"event": "approved"}}, {"send": send}])


def _check_instances(flows: Any, workflow: str) -> None:
    """One that is told what it waits for, and one that is cancelled."""
    told, cancelled = (
        _data(flows.run_workflow(request={"workflow_id": workflow, "request_body": {"by": "sdk"}})) for _ in range(2)
    )
    flows.send_event(request={"instance_id": told.id, "request_body": {"name": "approved"}})
    _until(lambda: _data(flows.get_instance(request={"instance_id": told.id})).terminated)
    history = _data(flows.get_instance_history(request={"instance_id": told.id}))
    assert [row.name for row in history] == ["RunWaitEvent", "RunSend"]
    assert history[1].input.amount.amount == HUGE
    activities = _data(flows.get_instance_stage_history(request={"instance_id": told.id, "number": 1}))
    assert activities[0].input.create_transaction.data.postings[0].amount == HUGE
    assert activities[0].output.create_transaction
    flows.cancel_event(request={"instance_id": cancelled.id})
    assert _data(flows.get_instance(request={"instance_id": cancelled.id})).terminated


def _check_payments(flows: Any, payment: str, version: str) -> None:
    """Money out of a payment into another ledger than the service's own, and money into a payment."""
    taken = {"source": {"payment": {"id": payment}}, "destination": {"account": {"id": "flows:in", "ledger": "main"}}}
    note = {"account": {"id": "flows:in", "ledger": "main", "metadata": {"by": "sdk"}}}
    kind = shared.CreateWorkflowRequest if version == "v1" else shared.V2CreateWorkflowRequest
    wanted = kind(name="payments", stages=[{"send": taken}, {"update": note}])
    workflow = _data(flows.create_workflow(request=wanted))
    ran = _data(flows.run_workflow(request={"workflow_id": workflow.id, "request_body": {}, "wait": True}))
    _until(lambda: _data(flows.get_instance(request={"instance_id": ran.id})).terminated)
    done = _activities(flows, ran.id)
    assert [row.name for row in done] == ["GetPayment", *["CreateTransaction"] * 3, "AddAccountMetadata"]
    assert done[0].output.get_payment.data.id == payment
    flows.delete_workflow(request={"flow_id": workflow.id})
    payout = next(row for row in _workflows(flows, version) if row.config.name == "payout")
    ran = _data(flows.run_workflow(request={"workflow_id": payout.id, "request_body": {}}))
    flows.send_event(request={"instance_id": ran.id, "request_body": {"name": "approved"}})
    _until(lambda: _data(flows.get_instance(request={"instance_id": ran.id})).terminated)
    done = _activities(flows, ran.id)
    assert [row.name for row in done] == ["GetAccount", "CreateTransaction", "StripeTransfer"]
    assert done[0].output.get_account.data.address == "treasury:main"


def _activities(flows: Any, instance: str) -> list[Any]:
    """All that an instance did, stage by stage."""
    return [
        row
        for number, _ in enumerate(_data(flows.get_instance_history(request={"instance_id": instance})))
        for row in _data(flows.get_instance_stage_history(request={"instance_id": instance, "number": number}))
    ]


def _check_triggers(flows: Any, workflow: str, name: str, version: str) -> None:
    kind = shared.TriggerData if version == "v1" else shared.V2TriggerData
    wanted = kind(
        event="SAVED_PAYMENT",
        workflow_id=workflow,
        filter_='event.type == "NONE"',
        name=name,
        vars={"amount": "event.amount"},
    )
    made = _data(flows.create_trigger(request=wanted))
    of = {"trigger_id": made.id}
    assert _data(flows.read_trigger(request=of)) == made
    assert [row.id for row in _rows(flows.list_triggers(request={"name": name}), version)] == [made.id]
    if version == "v2":
        tested = _data(flows.test_trigger(request={**of, "request_body": {"type": "NONE", "amount": 12}}))
        assert tested.filter_.match
        assert tested.variables["amount"].value == "12"
    flows.delete_trigger(request=of)
    assert not _rows(flows.list_triggers(request={"name": name}), version)


def _until(look: Any) -> None:
    for _ in range(100):
        if look():
            return
        time.sleep(0.05)
    raise AssertionError("waited for nothing")
