"""What is raised when an order to a small module is refused, fails or is lost."""

from collections.abc import Awaitable, Callable

import pytest

from providers.config import Secret
from providers.errors import (
    Broken,
    Garbled,
    NotFound,
    ProviderError,
    RateLimited,
    Rejected,
    Unauthorized,
    UnknownOutcome,
    Unsupported,
)
from providers.formance.oauth import OAuth
from providers.formance.webhooks import Webhooks
from providers.operation import Operation
from providers.orders.oauth import OAuthClientOrder, OAuthSecretOrder
from providers.orders.webhook import WebhookOrder
from tests.providers.formance.conftest import Rig
from tests.providers.formance.test_modules import client, config
from tests.providers.formance.test_write_outcomes import error_of, writes

SECRET = Secret("AAECAwQFBgcICQoLDA0ODxAREhMUFRYX")
CONFIG = config("00000000-0000-4000-8000-000000000007")
CLIENT = client("reports")
ORDER = WebhookOrder(endpoint="https://a.example", event_types=("x",), secret=SECRET)

Does = Callable[[Webhooks, OAuth, Operation], Awaitable[object]]
ORDERS: dict[str, Does] = {
    "insert_config": lambda webhooks, _, on: webhooks.create_webhook_config(ORDER, on),
    "delete_config": lambda webhooks, _, on: webhooks.delete_webhook_config(CONFIG, on),
    "activate_config": lambda webhooks, _, on: webhooks.activate_webhook_config(CONFIG, on),
    "deactivate_config": lambda webhooks, _, on: webhooks.deactivate_webhook_config(CONFIG, on),
    "change_config_secret": lambda webhooks, _, on: webhooks.change_webhook_secret(CONFIG, SECRET, on),
    "test_config": lambda webhooks, _, on: webhooks.test_webhook_config(CONFIG, on),
    "create_client": lambda _, oauth, on: oauth.create_oauth_client(OAuthClientOrder(name="a"), on),
    "update_client": lambda _, oauth, on: oauth.update_oauth_client(CLIENT, OAuthClientOrder(name="a"), on),
    "delete_client": lambda _, oauth, on: oauth.delete_oauth_client(CLIENT, on),
    "create_secret": lambda _, oauth, on: oauth.create_oauth_secret(OAuthSecretOrder(client=CLIENT, name="a"), on),
    "delete_secret": lambda _, oauth, on: oauth.delete_oauth_secret(CLIENT, "a", on),
}
NAMES = pytest.mark.parametrize("name", ORDERS)
REFUSALS: list[tuple[int, str, type[ProviderError], str | None]] = [
    (400, "VALIDATION", Rejected, "VALIDATION"),
    (400, "SOMETHING_NEW", Rejected, "SOMETHING_NEW"),
    (404, "NOT_FOUND", NotFound, "NOT_FOUND"),
    (404, "", NotFound, None),
    (429, "", RateLimited, None),
    (500, "INTERNAL", Broken, "INTERNAL"),
    (500, "", Broken, None),
]


async def failed(rig: Rig, name: str, **fault: object) -> ProviderError:
    rig.fault("/api/auth/clients*", **fault)
    rig.fault("/api/webhooks/*", **fault)

    async def does(rig: Rig, on: Operation) -> object:
        return await ORDERS[name](Webhooks(rig.client.webhooks), OAuth(rig.client.oauth), on)

    return await error_of(does, rig)


@NAMES
async def test_every_refusal_has_its_class_and_code(v3: Rig, name: str) -> None:
    for status, code, kind, expected in REFUSALS:
        body = f'{{"errorCode":"{code}","errorMessage":"{SECRET.reveal()}"}}' if code else ""
        error = await failed(v3, name, status=status, body=body, headers={} if code else {"content-type": ""})

        assert (type(error), error.vendor_code, error.operation) == (kind, expected, name)
        assert SECRET.reveal() not in f"{error!r} {error.message}"
        assert len(writes(v3)) == 1
        v3.paths()
        v3.bench.clear_faults()


@NAMES
async def test_a_module_that_is_not_there_is_unsupported(v3: Rig, name: str) -> None:
    error = await failed(v3, name, status=404, body="404 page not found\n", headers={"content-type": "text/plain"})
    assert isinstance(error, Unsupported)


@NAMES
async def test_a_lost_answer_is_an_unknown_outcome_and_nothing_is_sent_again(v3: Rig, name: str) -> None:
    assert isinstance(await failed(v3, name, drop="before"), UnknownOutcome)
    assert len(writes(v3)) == 1


@NAMES
async def test_a_refused_token_is_renewed_and_the_order_sent_once_more(v3: Rig, name: str) -> None:
    assert isinstance(await failed(v3, name, status=401, times=2), Unauthorized)
    assert len(writes(v3)) == 2


@pytest.mark.parametrize("name", ["insert_config", "create_client", "create_secret"])
@pytest.mark.parametrize("body", ["<html>", "{}", '{"data":{}}', '{"data":{"id":"","clear":""}}', '{"data":'])
async def test_an_answer_that_cannot_be_understood_is_no_refusal(v3: Rig, name: str, body: str) -> None:
    error = await failed(v3, name, status=200, body=body, headers={"content-type": "application/json"})
    assert isinstance(error, Garbled)
