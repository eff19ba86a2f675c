"""Limits on how often one caller may ask, over HTTP."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from providers.config import ConfigurationError, Environment
from resolvers.caller import ANYBODY, Caller
from serving.counting import MOST_KEYS
from serving.rates import RateLimited, RateLimits, RateSettings
from serving.settings import Settings
from tests.conftest import Graph, Start
from tests.process import serving
from tests.tokens import SETTINGS, bearer

BODY = {"query": "{ __typename }"}


async def post(graph: Graph, headers: dict[str, str] | None = None) -> httpx.Response:
    return await graph.client.post("/graphql", json=BODY, headers=headers)


def limits(**variables: str) -> RateLimits:
    return RateLimits(RateSettings.read(Environment(variables), is_open=False), None)


async def test_who_asks_too_often_is_told_when_to_come_back_and_the_others_are_answered(start: Start) -> None:
    async with start(**SETTINGS, RATE_LIMIT="3/hour") as graph:
        answers = [await post(graph, bearer(sub="eager")) for _ in range(5)]
        other = await post(graph, bearer(sub="calm"))

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    [error] = answers[-1].json()["errors"]
    assert error["extensions"]["code"] == "RATE_LIMITED"
    assert error["extensions"]["retryable"] is True
    assert 1 <= int(answers[-1].headers["retry-after"]) == error["extensions"]["retryAfter"] <= 3600 * 4 / 3
    assert other.status_code == 200


async def test_all_tokens_of_a_caller_count_together(start: Start) -> None:
    async with start(**SETTINGS, RATE_LIMIT="2/hour") as graph:
        answers = [await post(graph, bearer(sub="eager", jti=str(number))) for number in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]


async def test_a_body_is_not_read_for_who_has_asked_too_often(start: Start) -> None:
    async with start(**SETTINGS, RATE_LIMIT="1/hour") as graph:
        await post(graph, bearer())
        answer = await graph.client.post("/graphql", content=b"{" * 1000, headers={**bearer(), "content-type": "x/y"})

    assert answer.status_code == 429


async def test_guesses_are_limited_and_hold_up_nobody_with_a_token(start: Start) -> None:
    """Both come from one address."""
    async with start(**SETTINGS, RATE_LIMIT_FAILURES="3/hour") as graph:
        guesses = [await post(graph, {"authorization": "Bearer guess"}) for _ in range(5)]
        answer = await post(graph, bearer())

    assert [guess.status_code for guess in guesses] == [401, 401, 401, 429, 429]
    assert guesses[-1].json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
    assert answer.status_code == 200


async def test_where_nobody_says_who_they_are_addresses_count_if_that_is_set(start: Start) -> None:
    async with start(RATE_LIMIT="2/hour") as graph:
        assert [(await post(graph)).status_code for _ in range(3)] == [200, 200, 429]
    async with start() as graph:
        statuses = [answer.status_code for answer in await asyncio.gather(*(post(graph) for _ in range(70)))]
    assert statuses == [200] * 70


async def test_who_waits_as_long_as_told_is_answered() -> None:
    rates = limits(RATE_LIMIT="2/second")
    caller = Caller(id="one", scopes=frozenset(), customers=None)
    for _ in range(2):
        while True:
            try:
                await rates.take(caller, "")
            except RateLimited as refusal:
                await asyncio.sleep(float(refusal.headers["retry-after"]))
                await rates.take(caller, "")
                break


@pytest.mark.parametrize(
    ("first", "second", "is_one"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("a", "b", False),
    ],
)
async def test_addresses_of_one_network_count_together(first: str, second: str, *, is_one: bool) -> None:
    rates = limits(RATE_LIMIT="1/hour")
    await rates.take(ANYBODY, first)
    refused = None
    try:
        await rates.take(ANYBODY, second)
    except RateLimited as error:
        refused = error
    assert (refused is not None) == is_one


async def test_what_is_counted_stays_small() -> None:
    rates = limits(RATE_LIMIT="1/hour")
    for number in range(MOST_KEYS + 10):
        await rates.take(ANYBODY, f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    assert len(rates._own._counted) == MOST_KEYS


@pytest.mark.parametrize("given", ["hunter2", "0/minute", "-1/minute", "5/fortnight"])
def test_a_limit_that_is_none_is_refused_and_not_repeated(given: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^RATE_LIMIT ") as caught:
        Settings.read(Environment({"RATE_LIMIT": given}))
    assert given not in str(caught.value)


def test_there_is_a_limit_as_soon_as_callers_are_told_apart_and_it_can_be_taken_off() -> None:
    def told(**variables: Any) -> tuple[bool, bool]:
        rates = Settings.read(Environment(variables)).rates
        return rates.requests is not None, rates.failures is not None

    assert told() == (False, False)
    assert told(**SETTINGS) == (True, True)
    assert told(**SETTINGS, RATE_LIMIT="off", RATE_LIMIT_FAILURES="off") == (False, False)


@pytest.mark.parametrize(("proxies", "statuses"), [("127.0.0.1", [200, 200, 429]), ("192.0.2.1", [200, 429, 429])])
def test_an_address_that_is_forwarded_counts_only_if_a_known_proxy_says_it(
    tmp_path: Path, proxies: str, statuses: list[int]
) -> None:
    """What stands left of it is the client's own invention."""
    with serving(tmp_path, RATE_LIMIT="1/hour", FORWARDED_ALLOW_IPS=proxies) as process:
        told = [
            httpx.post(f"{process.url}/graphql", json=BODY, headers={"x-forwarded-for": forwarded}).status_code
            for forwarded in ("192.0.2.8", "192.0.2.9", "203.0.113.5, 192.0.2.9")
        ]

    assert told == statuses
