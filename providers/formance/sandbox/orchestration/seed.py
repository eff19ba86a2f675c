"""Three workflows, twelve instances in every state, and three triggers with what they did: the same every time."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from providers.formance.sandbox.draw import name_uuid
from providers.formance.sandbox.ledger.book import Book, Posting
from providers.formance.sandbox.orchestration import wire
from providers.formance.sandbox.orchestration.records import (
    Activity,
    Flows,
    Instance,
    Json,
    Occurrence,
    Stage,
    Trigger,
    Version,
    Workflow,
)
from providers.formance.sandbox.orchestration.sending import INTERNAL_LEDGER
from providers.formance.sandbox.records import timestamp
from providers.formance.sandbox.state import State
from providers.seed import NOW

LARGE = 1234567890123456789012345678901234567890
"""More than any number of a machine holds."""

RUN = "${tributary_run}"
"""What a workflow names in its first stage, so that each of its instances shows who has started it."""

COLLECT, PAYOUT, SWEEP = (name_uuid("workflow", name) for name in ("collect", "payout", "sweep"))
_SECOND = timedelta(seconds=1)


def seeded(version: Version, books: dict[str, Book], payments: State) -> Flows:
    """A server's state of its own. The ledger that the service keeps for itself is put to the others."""
    book = books.setdefault(INTERNAL_LEDGER, Book(INTERNAL_LEDGER, NOW - timedelta(days=90)))
    flows = Flows(version, workflows={each.id: each for each in _workflows(payments, book)})
    for instance in (*_collected(version, book), *_waiting(PAYOUT, "payout", 3), *_waiting(SWEEP, "sweep", 3)):
        flows.instances[instance.id] = instance
    for trigger, occurrences in _triggers():
        flows.triggers[trigger.id] = trigger
        flows.occurrences[trigger.id] = occurrences
    return flows


def _workflows(payments: State, book: Book) -> Iterator[Workflow]:
    made = NOW - timedelta(days=80)
    collected = {"account": {"id": "collections:${customer}", "ledger": INTERNAL_LEDGER}}
    money = {"amount": "${amount}", "asset": "EUR/2"}
    notes = {"purpose": "collection", "run": RUN}
    first = {"source": _at("world"), "destination": collected, "amount": money, "metadata": notes}
    second = {"source": collected, "destination": _at("treasury:main"), "amount": money}
    yield Workflow(COLLECT, "collect", [{"send": first}, {"send": second}], made, made)
    payout = next((each for each in payments.accounts.values() if each.kind == "EXTERNAL"), None)
    pays: Json = {"psp": "stripe", "metadata": "payoutAccount"}
    if payout is not None:
        book.account("treasury:main", made).metadata["payoutAccount"] = payout.id
        pays |= {"psp": payout.connector.provider.lower(), "connectorID": payout.connector.id}
    send = {"source": _at("treasury:main"), "destination": {"payment": pays}, "metadata": {"run": RUN}}
    send["amount"] = {"amount": 2500, "asset": "EUR/2"}
    made += timedelta(days=1)
    yield Workflow(PAYOUT, "payout", [{"wait_event": {"event": "approved"}}, {"send": send}], made, made)
    sweep = {"source": _at("world"), "destination": _at("reserve:deep"), "amount": {"amount": LARGE, "asset": "COIN"}}
    update = {"account": {"id": "reserve:deep", "ledger": INTERNAL_LEDGER, "metadata": {"swept": "yes"}}}
    made += timedelta(days=1)
    stages: list[dict[str, Json]] = [{"delay": {"until": "2100-01-01T00:00:00Z"}}, {"send": sweep}, {"update": update}]
    yield Workflow(SWEEP, "sweep", stages, made, made)


def _at(address: str) -> Json:
    return {"account": {"id": address, "ledger": INTERNAL_LEDGER}}


def _collected(version: Version, book: Book) -> Iterator[Instance]:
    """The last one was told no amount."""
    for number in range(6):
        at = NOW - timedelta(days=60 - 7 * number)
        amount = str(12_500 * (number + 1)) if number < 5 else "ten"
        variables = {"customer": f"c{number:03d}", "amount": amount}
        instance = Instance(instance_id("collect", number), COLLECT, variables, at, at)
        held = _at(f"collections:c{number:03d}")
        parts = [(_at("world"), held, {"purpose": "collection", "run": ""}), (held, _at("treasury:main"), {})]
        for place, (source, destination, notes) in enumerate(parts):
            money = {"amount": amount, "asset": "EUR/2"}
            given: Json = {"source": source, "destination": destination, "amount": money, "metadata": notes}
            stage = Stage(place, "send", given, at + place * _SECOND, at + (place + 1) * _SECOND)
            instance.stages.append(stage)
            if not amount.isdigit():
                stage.error = instance.error = f"unable to parse '{amount}' as big int"
                break
            stage.activities = [_posted(version, book, stage)]
        instance.terminated_at = instance.updated_at = instance.stages[-1].terminated_at or at
        yield instance


def _posted(version: Version, book: Book, stage: Stage) -> Activity:
    given, now = stage.input, stage.started_at
    source, destination = given["source"]["account"]["id"], given["destination"]["account"]["id"]
    amount, notes = int(given["amount"]["amount"]), given["metadata"]
    tx = book.post([Posting(source, destination, amount, "EUR/2")], now=now, metadata=notes)
    posting = {"source": source, "destination": destination, "amount": amount, "asset": "EUR/2"}
    data: Json = {"postings": [posting], "metadata": notes}
    output = wire.posted({**data, "timestamp": timestamp(now)}, tx.id, version)
    request = wire.posting(data, book.name, version)
    return Activity("5", "CreateTransaction", request, now, output, stage.terminated_at)


def _waiting(workflow: str, name: str, count: int) -> Iterator[Instance]:
    """All at their first stage, and the last one cancelled there."""
    kind, given = {
        PAYOUT: ("wait_event", {"event": "approved"}),
        SWEEP: ("delay", {"until": "2100-01-01T00:00:00Z"}),
    }[workflow]
    for number in range(count):
        at = NOW - timedelta(days=20 - 3 * number)
        stage = Stage(0, kind, given, at)
        instance = Instance(instance_id(name, number), workflow, {}, at, at, stages=[stage])
        if number == count - 1:
            stage.terminated_at = instance.terminated_at = instance.updated_at = at + timedelta(hours=1)
            stage.error = instance.error = "canceled"
        yield instance


def instance_id(workflow: str, number: int) -> str:
    """The id of a seeded instance."""
    return name_uuid("instance", workflow, number)


def trigger_id(name: str) -> str:
    """The id of a seeded trigger."""
    return name_uuid("trigger", name)


def _triggers() -> Iterator[tuple[Trigger, list[Occurrence]]]:
    made = NOW - timedelta(days=70)
    yield _trigger(
        Trigger(
            trigger_id("card-payments"),
            "SAVED_PAYMENT",
            COLLECT,
            made,
            "card-payments",
            'event.type == "PAY-IN" && event.metadata.collect == "yes"',
            {"customer": "event.metadata.customer_id", "amount": "event.amount"},
            "v1",
        ),
        [({"type": "PAY-IN", "amount": 12_500}, "collect"), ({"type": "PAY-IN", "amount": LARGE}, "collect")],
        error="cannot evaluate 'event.metadata.customer_id'",
    )
    yield _trigger(
        Trigger(
            trigger_id("large-bookings"),
            "COMMITTED_TRANSACTIONS",
            PAYOUT,
            made + timedelta(days=1),
            "large-bookings",
            'event.ledger == "clearing" && event.size > 1000',
        ),
        [({"ledger": "clearing", "size": 2000}, "payout")],
    )
    yield _trigger(
        Trigger(trigger_id("nightly"), "NIGHT_FELL", SWEEP, made + timedelta(days=2), "nightly"),
        [({}, "sweep"), ({}, "sweep")],
    )


def _trigger(
    trigger: Trigger, acted: list[tuple[Mapping[str, object], str]], *, error: str = ""
) -> tuple[Trigger, list[Occurrence]]:
    occurrences = [
        Occurrence(trigger.id, _day(number), _event(trigger, payload, _day(number)), instance_id(workflow, number))
        for number, (payload, workflow) in enumerate(acted)
    ]
    if error:
        at = _day(len(acted))
        occurrences.append(Occurrence(trigger.id, at, _event(trigger, {"type": "PAY-IN"}, at), error=error))
    return trigger, occurrences


def _day(number: int) -> datetime:
    return NOW - timedelta(days=60 - 7 * number)


def _event(trigger: Trigger, payload: Mapping[str, object], at: datetime) -> Json:
    app = "ledger" if trigger.event == "COMMITTED_TRANSACTIONS" else "payments"
    return {"date": timestamp(at), "app": app, "version": "v2", "type": trigger.event, "payload": dict(payload)}
