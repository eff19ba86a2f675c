"""The provider's small modules: what is sent, what is understood, and what never shows."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from providers.config import Secret
from providers.domain import (
    ModuleKey,
    NodeType,
    PageRequest,
    Provider,
    Ref,
    SearchQuery,
    SearchTarget,
    WebhookAttemptStatus,
)
from providers.errors import Garbled, NotFound, Rejected, UnknownOutcome
from providers.formance.models import oauth as models
from providers.formance.oauth import OAuth
from providers.formance.search import Modules, Search
from providers.formance.translate.oauth import oauth_client
from providers.formance.webhooks import Webhooks
from providers.operation import Operation
from providers.orders.oauth import OAuthClientOrder, OAuthSecretOrder
from providers.orders.webhook import WebhookOrder
from tests.providers.formance.conftest import NewRig, Rig

CONFIGS = "/api/webhooks/configs"
CLIENTS = "/api/auth/clients"
SECRET = Secret("AAECAwQFBgcICQoLDA0ODxAREhMUFRYX")
ORDER = WebhookOrder(endpoint="https://a.example/x", event_types=("Ledger.X",), name="shop", secret=SECRET)
JSON = {"content-type": "application/json"}


def config(native: str) -> Ref:
    return Ref(NodeType.WEBHOOK_CONFIG, (native,), Provider.FORMANCE)


def client(native: str) -> Ref:
    return Ref(NodeType.OAUTH_CLIENT, (native,), Provider.FORMANCE)


def sent(rig: Rig) -> list[tuple[str, str, Any]]:
    return [(method, path, body) for method, path, body in rig.sent() if not path.startswith("/api/payments")]


async def test_a_receiver_is_ordered_in_the_vendors_form_and_found_again(v3: Rig, operation: Operation) -> None:
    webhooks = Webhooks(v3.client.webhooks)
    ref, secret = await webhooks.create_webhook_config(ORDER, operation)

    assert sent(v3) == [
        (
            "POST",
            CONFIGS,
            {
                "endpoint": "https://a.example/x",
                "eventTypes": ["Ledger.X"],
                "name": "shop",
                "secret": SECRET.reveal(),
            },
        )
    ]
    assert secret == SECRET
    assert await webhooks.find_webhook_configs(ORDER, operation) == {ref: SECRET}
    for change in ({"name": None}, {"secret": Secret("x")}, {"event_types": ("ledger.y",)}, {"endpoint": "https://b"}):
        fields = {name: getattr(ORDER, name) for name in ORDER.__struct_fields__}
        assert await webhooks.find_webhook_configs(WebhookOrder(**{**fields, **change}), operation) == {}
    assert SECRET.reveal() not in repr(ORDER)


async def test_every_order_about_a_receiver_is_one_call(v3: Rig, operation: Operation) -> None:
    webhooks = Webhooks(v3.client.webhooks)
    ref, _ = await webhooks.create_webhook_config(ORDER, operation)
    sent(v3)
    other = Secret("A" * 32)
    attempt = await webhooks.test_webhook_config(ref, operation)
    await webhooks.deactivate_webhook_config(ref, operation)
    await webhooks.activate_webhook_config(ref, operation)
    await webhooks.change_webhook_secret(ref, other, operation)
    place = f"{CONFIGS}/{ref.native_id}"

    assert attempt.status is WebhookAttemptStatus.SUCCEEDED
    assert sent(v3) == [
        ("GET", f"{place}/test", None),
        ("PUT", f"{place}/deactivate", None),
        ("PUT", f"{place}/activate", None),
        ("PUT", f"{place}/secret/change", {"secret": "A" * 32}),
    ]
    assert await webhooks.signs_with(ref, other, operation)
    assert not await webhooks.signs_with(ref, SECRET, operation)
    await webhooks.delete_webhook_config(ref, operation)
    with pytest.raises(NotFound):
        await webhooks.signs_with(ref, other, operation)


async def test_a_test_is_sent_once_though_it_is_asked_for_with_get(v3: Rig, operation: Operation) -> None:
    """Reads are sent again when their answer is lost."""
    webhooks = Webhooks(v3.client.webhooks)
    ref, _ = await webhooks.create_webhook_config(ORDER, operation)
    v3.bench.calls.clear()
    v3.fault(f"{CONFIGS}/*/test", drop="half")
    with pytest.raises(UnknownOutcome):
        await webhooks.test_webhook_config(ref, operation)

    assert len(v3.reads()) == 1


Order = Callable[[Webhooks, Ref, Operation], Awaitable[object]]
ABOUT_ONE: tuple[Order, ...] = (
    lambda webhooks, ref, on: webhooks.delete_webhook_config(ref, on),
    lambda webhooks, ref, on: webhooks.activate_webhook_config(ref, on),
    lambda webhooks, ref, on: webhooks.deactivate_webhook_config(ref, on),
    lambda webhooks, ref, on: webhooks.change_webhook_secret(ref, SECRET, on),
    lambda webhooks, ref, on: webhooks.signs_with(ref, SECRET, on),
    lambda webhooks, ref, on: webhooks.test_webhook_config(ref, on),
)


async def test_impossible_ids_of_receivers_are_not_found_and_nothing_is_sent(v3: Rig, operation: Operation) -> None:
    webhooks = Webhooks(v3.client.webhooks)
    for does in ABOUT_ONE:
        with pytest.raises(NotFound):
            await does(webhooks, config("x"), operation)
    assert await webhooks.webhook_configs_by_ref([config("x")], operation) == {}
    assert v3.paths() == []


async def test_a_receiver_of_which_little_is_said_is_understood(v3: Rig, operation: Operation) -> None:
    native = "00000000-0000-4000-8000-000000000007"
    body = json.dumps({"cursor": {"data": [{"id": native, "eventTypes": None, "createdAt": "0001-01-01T00:00:00Z"}]}})
    v3.fault(CONFIGS, status=200, headers=JSON, body=body)
    found = (await Webhooks(v3.client.webhooks).webhook_configs_by_ref([config(native)], operation))[config(native)]

    assert not isinstance(found, Exception)
    assert (found.event_types, found.name, found.is_active, found.created_at) == ((), None, False, None)


CLIENT = OAuthClientOrder(name="reports", scopes=("ledger:read",), metadata={"k": "v"}, redirect_uris=("https://a",))


async def test_a_client_is_ordered_in_the_vendors_form_and_found_again(v3: Rig, operation: Operation) -> None:
    oauth = OAuth(v3.client.oauth)
    ref = await oauth.create_oauth_client(CLIENT, operation)

    assert sent(v3) == [
        (
            "POST",
            CLIENTS,
            {
                "name": "reports",
                "public": False,
                "description": "",
                "trusted": False,
                "redirectUris": ["https://a"],
                "postLogoutRedirectUris": [],
                "metadata": {"k": "v"},
                "scopes": ["ledger:read"],
            },
        )
    ]
    assert await oauth.find_oauth_client({"k": "v"}, operation) == ref
    assert await oauth.find_oauth_client({"k": "w"}, operation) is None
    assert await oauth.is_oauth_client_so(ref, CLIENT, operation)
    other = OAuthClientOrder(name="other", description="Other.", is_public=True)
    await oauth.update_oauth_client(ref, other, operation)
    assert await oauth.is_oauth_client_so(ref, other, operation)
    assert not await oauth.is_oauth_client_so(ref, CLIENT, operation)
    await oauth.delete_oauth_client(ref, operation)
    with pytest.raises(NotFound):
        await oauth.is_oauth_client_so(ref, other, operation)


async def test_a_secret_is_made_found_by_its_notes_and_deleted(v3: Rig, operation: Operation) -> None:
    oauth = OAuth(v3.client.oauth)
    ref = await oauth.create_oauth_client(CLIENT, operation)
    order = OAuthSecretOrder(client=ref, name="one", metadata={"n": "1"})
    secret = await oauth.create_oauth_secret(order, operation)
    found = await oauth.find_oauth_secret(ref, {"n": "1"}, operation)

    assert repr(secret) == "***"
    assert found is not None
    assert await oauth.find_oauth_secret(ref, {"n": "2"}, operation) is None
    assert await oauth.has_oauth_secret(ref, found, operation)
    await oauth.delete_oauth_secret(ref, found, operation)
    assert not await oauth.has_oauth_secret(ref, found, operation)
    with pytest.raises(NotFound):
        await oauth.delete_oauth_secret(ref, found, operation)


@pytest.mark.parametrize("native", ["..", "a/b", "a?b", ""])
async def test_an_id_of_any_text_names_no_other_route(v3: Rig, operation: Operation, native: str) -> None:
    oauth = OAuth(v3.client.oauth)
    assert await oauth.oauth_clients_by_ref([client(native)], operation) == {}
    with pytest.raises(NotFound):
        await oauth.delete_oauth_client(client(native), operation)
    with pytest.raises(NotFound):
        await oauth.delete_oauth_secret(client("a"), native, operation)
    assert v3.paths() == []


async def test_lists_may_be_null_and_notes_of_any_kind(v3: Rig, operation: Operation) -> None:
    oauth, number = OAuth(v3.client.oauth), 10**39 + 7
    v3.fault("/api/auth/users", status=200, headers=JSON, body='{"data":null}')
    row = f'{{"id":"a","name":"b","scopes":null,"secrets":null,"metadata":{{"n":{number},"deep":[1]}}}}'
    v3.fault(CLIENTS, status=200, headers=JSON, body=f'{{"data":[{row}]}}')
    users = await oauth.list_oauth_users(PageRequest(), operation)
    [found] = (await oauth.list_oauth_clients(PageRequest(), operation)).items

    assert users.items == ()
    assert (found.scopes, found.secrets, found.description) == ((), (), None)
    assert bytes(found.metadata) == f'{{"n":{number},"deep":[1]}}'.encode()
    assert bytes(oauth_client(models.OAuthClient(id="a")).metadata) == b"{}"


async def test_a_secret_without_its_text_is_garbled_and_may_have_been_made(v3: Rig, operation: Operation) -> None:
    v3.fault(f"{CLIENTS}/*/secrets", status=200, headers=JSON, body='{"data":{"id":"a"}}')
    with pytest.raises(Garbled):
        await OAuth(v3.client.oauth).create_oauth_secret(OAuthSecretOrder(client=client("a"), name="b"), operation)


async def test_a_search_is_asked_by_a_body_and_read_on_by_its_cursor(new_rig: NewRig, operation: Operation) -> None:
    rig = new_rig("v2")
    search = Search(rig.client.search)
    query = SearchQuery(target=SearchTarget.PAYMENT, terms=("a",), ledgers=("main",), is_any=True, sort="id:asc")
    page = await search.search(query, PageRequest(size=250), operation)
    rest = await search.search(query, PageRequest(token=page.next or ""), operation)
    bodies = [body for _, path, body in rig.sent() if path == "/api/search/"]

    assert bodies[0] == {
        "target": "PAYMENT",
        "terms": ["a"],
        "ledgers": ["main"],
        "policy": "OR",
        "sort": "id:asc",
        "pageSize": 100,
    }
    assert bodies[1] == {"target": "PAYMENT", "cursor": page.next}
    assert (len(page.items), page.has_more, page.total) == (100, True, 300)
    assert {bytes(hit.raw) for hit in rest.items}.isdisjoint(bytes(hit.raw) for hit in page.items)


async def test_two_searches_at_once_are_two_questions(new_rig: NewRig, operation: Operation) -> None:
    """They differ in their bodies alone."""
    import asyncio

    search = Search(new_rig("v2").client.search)
    queries = [SearchQuery(target=SearchTarget.PAYMENT, terms=(term,)) for term in ("stripe", "nothing-is-so")]
    some, none = await asyncio.gather(*(search.search(query, PageRequest(), operation) for query in queries))

    assert some.items
    assert none.items == ()


@pytest.mark.parametrize(
    ("body", "version"),
    [
        ('{"version":"v1","debug":false}', "v1"),
        ('{"data":{"server":"ledger","version":"v2","config":{}}}', "v2"),
        ('{"server":"ledger","version":"v3"}', "v3"),
        ('{"version":""}', None),
        ("{}", None),
    ],
)
async def test_every_form_of_a_modules_word_is_understood(
    v3: Rig, operation: Operation, body: str, version: str | None
) -> None:
    key = ModuleKey("wallets")
    v3.fault("/api/wallets/_info", status=200, headers=JSON, body=body)
    assert (await Modules(v3.client.information).reported_versions([key], operation)).get(key) == version


async def test_a_module_is_asked_by_the_newest_of_its_apis(v3: Rig, operation: Operation) -> None:
    keys = [ModuleKey("orchestration"), ModuleKey("orchestration", 1), ModuleKey("orchestration", 3), ModuleKey("no")]
    told = await Modules(v3.client.information).reported_versions(keys, operation)

    assert set(told) == set(keys[:2])
    assert sorted(v3.reads()) == ["/api/orchestration/_info", "/api/orchestration/v2/_info"]


async def test_a_refusal_keeps_the_vendors_code(v3: Rig, operation: Operation) -> None:
    order = WebhookOrder(endpoint="nowhere", event_types=("x",))
    with pytest.raises(Rejected) as refusal:
        await Webhooks(v3.client.webhooks).create_webhook_config(order, operation)
    assert (refusal.value.vendor_code, refusal.value.operation) == ("VALIDATION", "insert_config")
