"""`/webhooks/{vendor}`: what is taken, what is turned away, and with which words."""

import asyncio
import logging
import time

import pytest

from providers.config import ConfigurationError, Environment
from providers.domain import NodeType, Provider, Ref, Topic
from providers.errors import DirectoryUnavailable
from serving.settings import Settings
from serving.webhooks import view
from tests.conftest import Start
from tests.serving.webhooks.messages import (
    LEDGER_EVENT,
    OTHER,
    SECRET,
    SECRETS,
    finicity,
    formance,
    outcome,
    pluggy,
    posted,
    stored,
)

SEVENTH = Ref(NodeType.LEDGER_TRANSACTION, ("main", "7"), Provider.FORMANCE)
TX_PUSH = {"event": {"class": "account", "type": "modified", "records": [{"id": "11", "customerId": "22"}]}}
SMART = {"eventId": "e-1", "event": "smart_account/created", "smartAccountId": "a" * 8 + "-0000-4000-8000-" + "b" * 12}
NOT_ACCEPTED = (401, "WEBHOOK_NOT_ACCEPTED")


async def test_a_message_of_each_vendor_is_acknowledged_when_it_is_kept(start: Start) -> None:
    async with start(**SECRETS) as graph:
        for message in (formance(), finicity(TX_PUSH, header="x-txpush-signature"), pluggy(SMART)):
            answer = await posted(graph, message)
            assert (answer.status_code, answer.content) == (200, b"")
        events = await stored(graph)

    assert [(event.provider, event.topic, event.ref.type) for event in events] == [
        (Provider.FORMANCE, Topic.LEDGER_TRANSACTION_COMMITTED, NodeType.LEDGER_TRANSACTION),
        (Provider.FINICITY, Topic.ACCOUNT_CHANGED, NodeType.AGGREGATED_ACCOUNT),
        (Provider.PLUGGY, Topic.ACCOUNT_CHANGED, NodeType.SMART_ACCOUNT),
    ]
    assert events[0].ref == SEVENTH
    assert str(events[0].occurred_at) == "2026-10-01 10:00:00+00:00"


async def test_what_comes_again_is_acknowledged_and_kept_once(start: Start) -> None:
    """Also when both come at the same time, and when the second delivery is signed anew, as each attempt is."""
    async with start(**SECRETS) as graph:
        now = time.time()
        first = await asyncio.gather(*(posted(graph, formance(at=now - second)) for second in range(5)))
        again = [await posted(graph, message) for message in (finicity(TX_PUSH), finicity(TX_PUSH), pluggy(SMART))]
        again.append(await posted(graph, pluggy({**SMART, "event": "other"})))
        events = await stored(graph)

    assert {answer.status_code for answer in [*first, *again]} == {200}
    assert [event.provider for event in events] == [Provider.FORMANCE, Provider.FINICITY, Provider.PLUGGY]


async def test_nothing_that_is_forged_is_kept_or_explained(start: Start) -> None:
    """Whatever is wrong with it, a stranger hears the same."""
    real = formance()
    tampered = {**real, "content": real["content"].replace(b"7", b"8")}
    renamed = {**real, "headers": {**real["headers"], "formance-webhook-id": "message-2"}}
    redated = {**real, "headers": {**real["headers"], "formance-webhook-timestamp": str(int(time.time()) + 1)}}
    bare = {**real, "headers": {"content-type": "application/json"}}
    old, early = formance(at=time.time() - 310), formance(at=time.time() + 310)
    odd = [
        {**real, "headers": {**real["headers"], "formance-webhook-signature": value}}
        for value in ("v1,", "v1", "v2,AAAA", b"v1,\xe9\xe9", real["headers"]["formance-webhook-signature"][3:])
    ]
    others = [finicity(TX_PUSH, secret=OTHER), pluggy(SMART, secret=OTHER), pluggy({**SMART, "clientId": "another's"})]
    async with start(**SECRETS) as graph:
        answers = [
            await posted(graph, message)
            for message in (tampered, renamed, redated, bare, old, early, formance(secret=OTHER), *odd, *others)
        ]
        events = await stored(graph)

    assert {outcome(answer) for answer in answers} == {NOT_ACCEPTED}
    assert len({answer.json()["errors"][0]["message"] for answer in answers}) == 1
    assert events == []


@pytest.mark.parametrize("seconds", [-290, 290])
async def test_a_clock_that_is_a_little_off_does_no_harm(start: Start, seconds: int) -> None:
    async with start(**SECRETS) as graph:
        assert (await posted(graph, formance(at=time.time() + seconds))).status_code == 200


async def test_a_secret_is_changed_without_a_gap(start: Start) -> None:
    async with start(
        FORMANCE_WEBHOOK_SECRETS=f"{SECRET}, {OTHER}", PLUGGY_WEBHOOK_SECRETS=f"{SECRET}\n{OTHER}"
    ) as graph:
        answers = [
            await posted(graph, message)
            for message in (
                formance(id="1"),
                formance(id="2", secret=OTHER),
                pluggy(SMART),
                pluggy({**SMART, "eventId": "e-2"}, secret=OTHER),
            )
        ]
        both = formance(id="3", secret="a-third-one-that-is-not-known")
        known = formance(id="3")["headers"]["formance-webhook-signature"]
        both["headers"]["formance-webhook-signature"] += f" {known}"
        answers.append(await posted(graph, both))

        assert [answer.status_code for answer in answers] == [200] * 5
        assert len(await stored(graph)) == 5


async def test_a_vendor_without_a_secret_has_no_address(start: Start) -> None:
    """As little as one that does not exist. What the sandboxes sign with nobody knows."""
    live = {"PLUGGY_CLIENT_ID": "id", "PLUGGY_CLIENT_SECRET": "secret", "AUTH": "none"}
    async with start(**live, FORMANCE_WEBHOOK_SECRETS=SECRET) as graph:
        for vendor in ("pluggy", "formance", "finicity", "nobody", "FORMANCE"):
            for method in ("GET", "POST"):
                answer = await graph.client.request(method, f"/webhooks/{vendor}")
                assert outcome(answer) == (404, "NOT_FOUND"), vendor
    async with start() as graph:
        assert outcome(await posted(graph, formance())) == NOT_ACCEPTED


async def test_the_vendors_question_whether_it_may_send_is_answered(start: Start) -> None:
    async with start(**SECRETS) as graph:
        answer = await graph.client.get("/webhooks/finicity", params={"txpush_verification_code": "aB3-_x"})
        assert (answer.status_code, answer.text) == (200, "aB3-_x")
        assert answer.headers["content-type"].startswith("text/plain")
        for code in ("", "<script>", "a b", "x" * 201, "ä"):
            asked = await graph.client.get("/webhooks/finicity", params={"txpush_verification_code": code})
            assert outcome(asked) == (400, "WEBHOOK_NOT_UNDERSTOOD")
            assert code not in asked.text or not code
        for vendor, allowed in (("finicity", "GET, POST"), ("formance", "POST"), ("pluggy", "POST")):
            put = await graph.client.put(f"/webhooks/{vendor}")
            assert (outcome(put), put.headers["allow"]) == ((405, "METHOD_NOT_ALLOWED"), allowed)
        assert (await graph.client.get("/webhooks/formance")).status_code == 405


async def test_a_notice_may_come_to_an_address_that_only_the_vendor_was_told(start: Start) -> None:
    async with start(**SECRETS) as graph:
        for token, status in ((SECRET, 200), (OTHER, 401)):
            answer = await graph.client.post("/webhooks/finicity", params={"token": token}, json=TX_PUSH)
            assert answer.status_code == status
        assert len(await stored(graph)) == 1


async def test_servers_that_share_a_directory_keep_a_message_once(start: Start) -> None:
    async with start(**SECRETS) as one, start(**SECRETS) as other:
        answers = await asyncio.gather(*(posted(each, formance()) for each in (one, other, one, other)))
        events = await stored(other)

    assert {answer.status_code for answer in answers} == {200}
    assert len(events) == 1


@pytest.mark.parametrize(
    "content", [b"", b"null", b"[]", b'"text"', b"{", b"\xff\xfe", b"[" * 50_000, b'{"type": 1}' * 2]
)
async def test_what_is_signed_and_no_message_is_not_understood(start: Start, content: bytes) -> None:
    async with start(**SECRETS) as graph:
        for message in (formance(content), finicity(content), pluggy(content)):
            assert outcome(await posted(graph, message)) == (400, "WEBHOOK_NOT_UNDERSTOOD"), message["url"]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "application/xml"])
async def test_a_message_must_say_that_it_is_json(start: Start, kind: str) -> None:
    message = formance()
    async with start(**SECRETS) as graph:
        answer = await posted(graph, {**message, "headers": {**message["headers"], "content-type": kind}})
        assert outcome(answer) == (415, "UNSUPPORTED_MEDIA_TYPE")
        assert await stored(graph) == []


async def test_a_message_may_have_so_many_bytes(start: Start) -> None:
    large = {**LEDGER_EVENT, "more": "x" * 2000}
    async with start(**SECRETS, MAX_REQUEST_BYTES="2048") as graph:
        assert (await posted(graph, formance())).status_code == 200
        assert outcome(await posted(graph, formance(large))) == (413, "PAYLOAD_TOO_LARGE")


async def test_who_sends_too_many_messages_has_to_wait(start: Start) -> None:
    async with start(**SECRETS, RATE_LIMIT_WEBHOOKS="2/hour") as graph:
        answers = [await posted(graph, formance(id=str(number))) for number in range(3)]
        assert len(await stored(graph)) == 2

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "retry-after" in answers[-1].headers


async def test_who_guesses_signatures_has_to_wait_sooner(start: Start) -> None:
    async with start(**SECRETS, RATE_LIMIT_FAILURES="2/hour") as graph:
        answers = [await posted(graph, formance(secret=OTHER)) for _ in range(3)]
        real = await posted(graph, formance())

    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert real.status_code == 200


async def test_what_cannot_be_kept_has_to_be_sent_again(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second delivery is the first that is kept."""
    async with start(**SECRETS) as graph:
        events = graph.client._transport.app.state.providers.directory.events  # type: ignore[attr-defined]
        append = type(events).append

        async def down(*_: object) -> None:
            raise DirectoryUnavailable

        async def hanging(*_: object) -> None:
            await asyncio.Event().wait()

        monkeypatch.setattr(type(events), "append", down)
        unavailable = await posted(graph, formance())
        monkeypatch.setattr(type(events), "append", hanging)
        monkeypatch.setattr(view, "SECONDS", 0.01)
        late = await posted(graph, formance())
        monkeypatch.setattr(view, "SECONDS", 9)
        monkeypatch.setattr(type(events), "append", append)

        assert outcome(unavailable) == outcome(late) == (503, "WEBHOOK_NOT_KEPT")
        assert unavailable.headers["retry-after"] == "5"
        assert unavailable.json()["errors"][0]["extensions"]["retryable"] is True
        assert (await posted(graph, formance())).status_code == 200
        assert len(await stored(graph)) == 1


async def test_so_many_messages_at_once_and_no_more(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    async with start(**SECRETS) as graph:
        events = graph.client._transport.app.state.providers.directory.events  # type: ignore[attr-defined]
        came, go_on = asyncio.Event(), asyncio.Event()

        async def waiting(*_: object) -> None:
            came.set()
            await go_on.wait()

        monkeypatch.setattr(type(events), "append", waiting)
        monkeypatch.setattr(view, "MOST_AT_ONCE", 1)
        first = asyncio.create_task(posted(graph, formance()))
        await came.wait()
        second = await posted(graph, formance(id="2"))
        go_on.set()

        assert outcome(second) == (503, "OVERLOADED")
        assert (await first).status_code == 200


async def test_events_that_nobody_can_listen_to_are_acknowledged(start: Start) -> None:
    async with start(**SECRETS) as graph:
        for message in (
            formance({"data": "test"}),
            formance({**LEDGER_EVENT, "type": "ledger.something_new"}),
            formance({**LEDGER_EVENT, "payload": "not an object"}),
            formance({**LEDGER_EVENT, "payload": {"ledger": "../x", "transactions": [{"id": "y"}, {"id": -1}]}}),
            finicity({"eventType": "ping", "payload": {}}),
            finicity({"event": {"class": "transaction", "type": "created", "records": ["x", {}, {"customerId": 1}]}}),
            pluggy({"eventId": "1", "event": "item/created", "itemId": "x"}),
        ):
            assert (await posted(graph, message)).status_code == 200
        assert await stored(graph) == []


async def test_no_line_of_the_log_holds_a_message_or_a_secret(start: Start, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    private = {**LEDGER_EVENT, "payload": {**LEDGER_EVENT["payload"], "note": "very-private"}}  # type: ignore[dict-item]
    async with start(**SECRETS) as graph:
        for message in (formance(private), formance(b"{very-private"), formance(private, secret=OTHER)):
            await posted(graph, message)

    told = [record for record in caplog.records if record.name == "tributary.webhooks"]
    assert len(told) == 2
    about = {"pathname", "threadName", "processName"}  # of the program, whose folder may be called anything
    lines = " ".join(str({name: value for name, value in vars(record).items() if name not in about}) for record in told)
    for word in ("very-private", SECRET, OTHER, "message-1", "main"):
        assert word not in lines


async def test_a_token_is_neither_needed_nor_enough(start: Start) -> None:
    """Vendors have none; who has one is no vendor."""
    from tests.tokens import SETTINGS, bearer

    async with start(**SECRETS, **SETTINGS) as graph:
        message = formance(secret=OTHER)
        with_token = {**message, "headers": {**message["headers"], **bearer()}}
        assert outcome(await posted(graph, with_token)) == NOT_ACCEPTED
        assert (await posted(graph, formance())).status_code == 200


@pytest.mark.parametrize("value", ["short", f"{SECRET},short", ",".join([SECRET] * 51)])
def test_secrets_that_are_none_are_told_at_the_start(value: str) -> None:
    from serving.app import create

    environment = Environment({"FORMANCE_WEBHOOK_SECRETS": value})
    with pytest.raises(ConfigurationError, match="FORMANCE_WEBHOOK_SECRETS") as told:
        create(environment, Settings.read(environment))
    assert SECRET not in str(told.value)


async def test_a_secret_can_come_from_a_file(start: Start, tmp_path: object) -> None:
    from pathlib import Path

    file = Path(str(tmp_path)) / "secret"
    file.write_text(f"{SECRET}\n", encoding="utf-8")
    async with start(FORMANCE_WEBHOOK_SECRETS_FILE=str(file)) as graph:
        assert (await posted(graph, formance())).status_code == 200


async def test_messages_out_of_order_are_kept_as_they_came(start: Start) -> None:
    """An event has no data: which object, and in which order it was heard of."""
    async with start(**SECRETS) as graph:
        for number in (3, 1, 2):
            payload = {"ledger": "main", "transactions": [{"id": number}]}
            await posted(graph, formance({**LEDGER_EVENT, "payload": payload}, id=f"m{number}"))
        events = await stored(graph)

    assert [event.ref.native_id for event in events] == ["3", "1", "2"]
    assert [event.sequence for event in events] == sorted(event.sequence for event in events)
