"""What the environment says of the sandboxes."""

import asyncio

import httpx
import pytest

from providers.config import ConfigurationError, Environment
from providers.connect import modes, sandboxes
from providers.domain import Provider
from providers.finicity.sandbox.seed import customer_id
from tests.providers.finicity.conftest import APP_KEY, with_token

NAME = "SANDBOX_REFRESH_SECONDS"


@pytest.mark.parametrize(("settings", "seconds"), [({}, 0.0), ({NAME: "0.05"}, 0.05)])
async def test_a_refresh_takes_as_long_as_is_set(settings: dict[str, str], seconds: float) -> None:
    environment = Environment(settings)
    made = sandboxes(environment, modes(environment))
    transport = httpx.ASGITransport(made.apps[Provider.FINICITY])
    path = f"/aggregation/v2/customers/{customer_id(made.people[0])}/accounts"
    async with httpx.AsyncClient(transport=transport, base_url="http://finicity.test", headers=APP_KEY) as client:
        await with_token(client)
        started = asyncio.get_running_loop().time()
        answer = await client.post(path)

    assert answer.status_code == 204
    assert asyncio.get_running_loop().time() - started >= seconds


@pytest.mark.parametrize("value", ["-1", "601", "nan", "inf", "soon"])
def test_a_refresh_that_makes_no_sense_is_named_by_its_variable(value: str) -> None:
    environment = Environment({NAME: value})
    with pytest.raises(ConfigurationError, match=NAME):
        sandboxes(environment, modes(environment))
