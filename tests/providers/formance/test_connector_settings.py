"""Connectors' settings without their secrets, their tasks, and what can be installed."""

import logging

import msgspec
import pytest

from providers.domain import ConnectorTaskStatus, NodeType, PageRequest, Provider, Ref
from providers.errors import Broken, NotFound, Rejected, Unsupported
from providers.formance.models import ConfigOption, Task
from providers.formance.sandbox.configs import PROVIDERS, settings
from providers.formance.translate import available_connectors, connector_settings, connector_task
from providers.formance.translate.connectors import SECRETS
from providers.operation import Operation
from providers.seed import NOW
from tests.providers.formance.conftest import Rig, connector

ABSENT = connector("eyJQcm92aWRlciI6IlNUUklQRSIsIlJlZmVyZW5jZSI6IngifQ")
PAGE = PageRequest("", 20)


def task(connector_id: str, task_id: str) -> Ref:
    return Ref(NodeType.CONNECTOR_TASK, (connector_id, task_id), Provider.FORMANCE)


def of(rig: Rig, provider: str) -> Ref:
    """The first installed connector of a kind."""
    return connector(next(each.id for each in rig.state.connectors.values() if each.provider == provider))


async def test_secrets_stay_behind_whatever_is_asked(
    rig: Rig, operation: Operation, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for held in rig.state.connectors.values():
        found = await rig.provider.connector_settings(connector(held.id), operation)
        assert found is not None
        by_name = {each.name: each for each in found}
        assert {"name", "pollingPeriod"} <= by_name.keys()
        assert held.config.keys() <= by_name.keys()
        secret = SECRETS[held.provider]
        assert {name for name, each in by_name.items() if each.is_secret} == secret
        for name, value in held.config.items():
            assert by_name[name].value == (None if name in secret else str(value))
            assert name not in secret or (str(value) not in repr(found) and str(value) not in caplog.text)


async def test_settings_of_no_connector_are_none(rig: Rig, operation: Operation) -> None:
    assert await rig.provider.connector_settings(ABSENT, operation) is None
    rig.reads()
    assert await rig.provider.connector_settings(connector("x"), operation) is None
    assert rig.reads() == []
    rig.fault("/api/payments/connectors/*", status=500)
    with pytest.raises(Broken):
        await rig.provider.connector_settings(ABSENT, operation)


async def test_by_kind_v2_knows_only_kinds_that_are_installed_once(v2: Rig, operation: Operation) -> None:
    for name in ("WISE", "wise"):
        found = await v2.provider.connector_settings_by_kind(name, operation)
        assert found is not None
        assert {each.name for each in found if each.is_secret} == {"apiKey"}
    tasks = await v2.provider.connector_tasks_by_kind("WISE", PageRequest("", 3), operation)
    assert (len(tasks.items), tasks.has_more) == (3, True)
    one = tasks.items[0]
    again = await v2.provider.task_by_kind("WISE", one.provider_id, operation)
    assert again is not None
    assert again.ref == one.ref
    absent = "00000000-0000-4000-8000-000000000000"
    assert await v2.provider.task_by_kind("WISE", absent, operation) is None
    for kind in ("STRIPE", "MONEYCORP"):
        with pytest.raises(Rejected) as refusal:
            await v2.provider.connector_settings_by_kind(kind, operation)
        assert refusal.value.vendor_code == "INVALID_ID"


async def test_by_kind_an_absence_that_the_vendor_tells_is_none(v2: Rig, operation: Operation) -> None:
    v2.fault("/api/payments/connectors/WISE/*", status=404, body='{"errorCode":"NOT_FOUND"}')
    assert await v2.provider.connector_settings_by_kind("WISE", operation) is None


async def test_by_kind_v3_has_no_routes(v3: Rig, operation: Operation) -> None:
    provider = v3.provider
    for ask in (
        provider.connector_settings_by_kind("WISE", operation),
        provider.connector_tasks_by_kind("WISE", PAGE, operation),
        provider.task_by_kind("WISE", "t", operation),
    ):
        with pytest.raises(Unsupported) as refusal:
            await ask
        assert refusal.value.status in {404, 405}


async def test_tasks_are_of_their_connector_only(rig: Rig, operation: Operation) -> None:
    for held in rig.state.connectors.values():
        wanted = {each.id for each in rig.state.tasks.values() if each.connector.id == held.id}

        read = await rig.provider.connector_tasks(connector(held.id), PAGE, operation)

        assert {each.provider_id for each in read.items} == wanted
        assert {each.connector for each in read.items} == {connector(held.id)}
        assert (read.next, read.has_more) == (None, False)


async def test_a_page_of_tasks_has_as_many_as_are_wished_and_tells_of_more(rig: Rig, operation: Operation) -> None:
    wise = of(rig, "WISE")
    everything = await rig.provider.connector_tasks(wise, PAGE, operation)
    first = await rig.provider.connector_tasks(wise, PageRequest("", 3), operation)

    assert [each.ref for each in first.items] == [each.ref for each in everything.items][:3]
    assert first.has_more
    if rig.state.generation == "v2":
        rest = await rig.provider.connector_tasks(wise, PageRequest(first.next or "", 3), operation)
        assert [each.ref for each in rest.items] == [each.ref for each in everything.items][3:]
    else:
        assert first.next is None  # read again from its start, with a larger size


async def test_tasks_of_no_connector_are_not_found_or_none(v2: Rig, v3: Rig, operation: Operation) -> None:
    with pytest.raises(NotFound):
        await v2.provider.connector_tasks(ABSENT, PAGE, operation)
    assert (await v3.provider.connector_tasks(ABSENT, PAGE, operation)).items == ()
    for rig in (v2, v3):
        rig.reads()
        with pytest.raises(NotFound):
            await rig.provider.connector_tasks(connector("x"), PAGE, operation)
        assert rig.reads() == []
        with pytest.raises(Rejected):
            await rig.provider.connector_tasks(of(rig, "WISE"), PageRequest("no cursor", 3), operation)


async def test_tasks_by_id_are_one_call_each(rig: Rig, operation: Operation) -> None:
    held = [task(each.connector.id, each.id) for each in rig.state.tasks.values()][:5]
    strangers = [
        task(ABSENT.native_id, held[0].native_id),
        task("x", "y"),
        task(held[0].keys[0], "nothing"),
        connector(ABSENT.native_id),
    ]

    found = await rig.provider.tasks_by_ref([*held, *strangers], operation)

    assert {ref: getattr(each, "ref", None) for ref, each in found.items()} == {ref: ref for ref in held}
    assert len(rig.reads()) == 7
    rig.fault("/api/payments/connectors/*", status=500)
    assert isinstance((await rig.provider.tasks_by_ref(held[:1], operation))[held[0]], Broken)


async def test_task_statuses_are_the_tasks_own(v2: Rig, v3: Rig, operation: Operation) -> None:
    for rig in (v2, v3):
        page = await rig.provider.connector_tasks(of(rig, "WISE"), PAGE, operation)
        for each in page.items:
            assert each.status.value.upper() == each.provider_status
            assert rig is v2 or (each.status, each.name) == (ConnectorTaskStatus.ACTIVE, None)
            assert rig is v3 or each.name


async def test_what_can_be_installed_is_named_alike_on_both_generations(rig: Rig, operation: Operation) -> None:
    found = await rig.provider.available_connectors(operation)

    assert [each.provider_name for each in found] == sorted(PROVIDERS)
    for each in found:
        expected = settings(rig.state.generation, each.provider_name)
        assert {option.name: option.is_required for option in each.options} == {
            name: setting.is_required for name, setting in expected.items()
        }


@pytest.mark.parametrize("kind", sorted(SECRETS))
def test_every_secret_of_every_kind_is_hidden(kind: str) -> None:
    raw = {name: msgspec.Raw(b'"s3cr3t"') for name in SECRETS[kind]}
    for name in (kind, kind.lower(), kind.replace("-", "").lower()):
        found = connector_settings(raw, name)
        assert all(each.is_secret and each.value is None for each in found)
    assert "s3cr3t" not in repr(connector_settings(raw, "SOMETHING-NEW"))


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("clientSecret", '"x"', None),
        ("access_token", '"x"', None),
        ("webhookPassword", '"x"', None),
        ("privateKey", '"x"', None),
        ("credentials", '"x"', None),
        ("basicAuth", '"x"', None),
        ("nested", '{"endpoint":"x"}', None),
        ("several", '["x"]', None),
        ("endpoint", '"https://user:pass@host/"', None),
        ("endpoint", '"https://host/a@b"', "https://host/a@b"),
        ("authorizationEndpoint", '"https://host"', "https://host"),
        ("loginID", '"me"', "me"),
        ("username", '"me"', "me"),
        ("userCertificate", '"-----BEGIN"', "-----BEGIN"),
        ("pageSize", "12345678901234567890123", "12345678901234567890123"),
        ("isSandbox", "true", "true"),
    ],
)
def test_what_looks_secret_is_hidden_where_the_kind_is_not_known(name: str, value: str, shown: str | None) -> None:
    (found,) = connector_settings({name: msgspec.Raw(value.encode()), "provider": msgspec.Raw(b'"New"')}, "NEW")
    assert (found.name, found.value, found.is_secret) == (name, shown, shown is None)


def test_a_setting_that_is_null_is_no_secret() -> None:
    (found,) = connector_settings({"endpoint": msgspec.Raw(b"null")}, "NEW")
    assert (found.value, found.is_secret) == (None, False)


def test_unknown_kinds_and_words_are_kept() -> None:
    (kind,) = available_connectors({"column": {"apiKey": ConfigOption("string", required=True, default_value="")}})
    assert (kind.provider_name, kind.options[0].default) == ("COLUMN", None)
    made = connector_task(Task("t", "c", status="NEW", error="IBAN", descriptor=msgspec.Raw(b"[]")), fetched_at=NOW)
    assert (made.status, made.provider_status, made.name, made.has_error) == (
        ConnectorTaskStatus.UNKNOWN,
        "NEW",
        None,
        True,
    )
