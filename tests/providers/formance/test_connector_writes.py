"""Connectors installed, configured, reset and removed."""

import asyncio
import logging

import pytest

from providers.errors import NotFound, Rejected, Unsupported
from providers.operation import Operation
from tests.providers.formance.conftest import NewRig, Rig, connector
from tests.providers.formance.orders import SECRET, connector_order, installed


async def test_a_connector_is_installed_as_ordered_and_found_by_name(
    rig: Rig, operation: Operation, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    order = connector_order()
    assert await rig.provider.find_connector("stripe-new", operation) is None
    rig.sent()

    made = await rig.provider.install_connector(order, operation)

    assert rig.sent() == [("POST", "/connectors/STRIPE", {"name": "stripe-new", "apiKey": SECRET, "pageSize": 50})]
    assert await rig.provider.find_connector("stripe-new", operation) == made
    settings = await rig.provider.connector_settings(made, operation)
    assert {each.name: each.value for each in settings or ()}["pageSize"] == "50"
    assert SECRET not in f"{settings}{caplog.text}{operation.calls}"


@pytest.mark.parametrize("name", ["BANKING-CIRCLE", "banking-circle", "bankingcircle", "BANKINGCIRCLE"])
async def test_kinds_are_known_by_all_their_names(rig: Rig, operation: Operation, name: str) -> None:
    needed = "name username password endpoint authorizationEndpoint userCertificate userCertificateKey".split()
    order = connector_order(provider_name=name, settings=dict.fromkeys(needed, "x"))
    made = await rig.provider.install_connector(order, operation)
    (found,) = [each for each in await rig.provider.list_connectors(operation) if each.ref == made]
    assert found.provider_name == "BANKING-CIRCLE"
    assert await rig.provider.connector_settings(made, operation)


async def test_a_kind_that_nobody_knows_goes_out_in_lower_case(v3: Rig, operation: Operation) -> None:
    with pytest.raises(Rejected):
        await v3.provider.install_connector(connector_order(provider_name="COLUMN"), operation)
    assert v3.sent()[0][1] == "/connectors/column"


async def test_a_name_that_is_taken_is_a_conflict_and_a_missing_setting_refused(rig: Rig, operation: Operation) -> None:
    await rig.provider.install_connector(connector_order(), operation)
    for order, code in ((connector_order(), "CONFLICT"), (connector_order(settings={"name": "x"}), "VALIDATION")):
        with pytest.raises(Rejected) as refusal:
            await rig.provider.install_connector(order, operation)
        assert refusal.value.vendor_code == code


async def test_settings_are_replaced(rig: Rig, operation: Operation) -> None:
    made = await rig.provider.install_connector(connector_order(), operation)
    rig.sent()
    order = connector_order(provider_name="stripe", settings={"name": "stripe-renamed", "apiKey": SECRET})
    await rig.provider.update_connector(made, order, operation)

    ((method, path, body),) = rig.sent()
    assert (method, path.rpartition("/")[2], body) == ("POST", "config", order.settings)
    assert await rig.provider.find_connector("stripe-renamed", operation) == made
    rig.paths()
    with pytest.raises(Rejected):
        await rig.provider.update_connector(made, connector_order(provider_name="WISE"), operation)
    assert rig.paths() == []


async def test_a_reset_connector_comes_back_under_another_id(rig: Rig, operation: Operation) -> None:
    made = await rig.provider.install_connector(connector_order(), operation)
    await rig.provider.reset_connector(made, operation)
    await asyncio.sleep(0.01)
    again = await rig.provider.find_connector("stripe-new", operation)
    assert again not in (None, made)


async def test_a_removed_connector_is_gone(rig: Rig, operation: Operation) -> None:
    made = await rig.provider.install_connector(connector_order(), operation)
    await rig.provider.uninstall_connector(made, operation)
    await asyncio.sleep(0.01)
    assert await rig.provider.connector_settings(made, operation) is None
    assert await rig.provider.find_connector("stripe-new", operation) is None


async def test_one_that_is_on_its_way_out_is_not_found_by_name(new_rig: NewRig, operation: Operation) -> None:
    rig = new_rig("v3", workflow_seconds=0.05)
    wise = installed(rig, "WISE")
    await rig.provider.uninstall_connector(wise, operation)
    leaving = [each.ref for each in await rig.provider.list_connectors(operation) if each.is_scheduled_for_deletion]
    assert leaving == [wise]
    assert await rig.provider.find_connector("wise-payouts", operation) is None


async def test_by_kind_v2_takes_the_only_one_and_refuses_where_there_are_more(v2: Rig, operation: Operation) -> None:
    provider = v2.provider
    await provider.reset_connector_by_kind("WISE", operation)
    assert v2.sent() == [("POST", "/connectors/WISE/reset", None)]
    assert await provider.find_connector("wise-payouts", operation) not in (None, installed(v2, "WISE"))
    v2.sent()
    await provider.uninstall_connector_by_kind("wise", operation)
    assert v2.sent() == [("DELETE", "/connectors/WISE", None)]
    assert await provider.find_connector("wise-payouts", operation) is None
    for write in (
        provider.reset_connector_by_kind("STRIPE", operation),
        provider.uninstall_connector_by_kind("WISE", operation),
    ):
        with pytest.raises(Rejected) as refusal:
            await write
        assert refusal.value.vendor_code == "INVALID_ID"


async def test_by_kind_v3_has_no_routes(v3: Rig, operation: Operation) -> None:
    for write in (v3.provider.reset_connector_by_kind, v3.provider.uninstall_connector_by_kind):
        with pytest.raises(Unsupported) as refusal:
            await write("WISE", operation)
        assert refusal.value.status == 405


async def test_impossible_ids_are_not_found_and_nothing_is_sent(rig: Rig, operation: Operation) -> None:
    wrong = connector("x")
    for write in (
        rig.provider.update_connector(wrong, connector_order(), operation),
        rig.provider.reset_connector(wrong, operation),
        rig.provider.uninstall_connector(wrong, operation),
    ):
        with pytest.raises(NotFound):
            await write
    assert rig.paths() == []
