"""What an answer means: a value, or an error of the right class that says nothing of what was sent."""

import traceback
from decimal import Decimal

import pytest

from providers.answers import Answer, Explanation, decode, problem, translating
from providers.domain import Provider
from providers.errors import Garbled, NotFound, ProviderError, RateLimited, Rejected, Unauthorized
from providers.http import HttpSettings, Upstream
from providers.money import InvalidAmount
from providers.operation import Operation
from providers.telemetry import Telemetry
from providers.transport import InProcessTransport
from tests.providers.vendor import DECODER, KINDS, Reply, Thing, Vendor, get, reached

JSON = {"content-type": "application/json"}
GARBLED = {
    "HTML with 200": Reply(headers={"content-type": "text/html"}, body=b"<html>s3cret</html>"),
    "JSON that calls itself HTML": Reply(headers={"content-type": "text/html"}),
    "JSON that calls itself nothing": Reply(headers={}),
    "cut JSON": Reply(body=b'{"value": 1'),
    "two values": Reply(body=b'{"value": 1}{"value": 2}'),
    "NaN": Reply(body=b'{"value": NaN}'),
    "Infinity": Reply(body=b'{"value": Infinity}'),
    "minus Infinity": Reply(body=b'{"value": -Infinity}'),
    "a word for a number": Reply(body=b'{"value": "s3cret"}'),
    "an endless exponent": Reply(body=b'{"value": 1E99999999999999999999}'),
    "a list for an object": Reply(body=b"[]"),
    "not UTF-8": Reply(body=b'{"value\xff": 1}\xfe'),
    "deeper than the stack": Reply(body=b'{"x": ' + b"[" * 200_000),
    "no body with 200": Reply(body=b""),
    "204 for a read": Reply(status=204, body=b"", headers={}),
    "a redirect to another host": Reply(status=302, body=b"", headers={"location": "http://169.254.169.254/s3cret"}),
    "not modified": Reply(status=304, body=b"", headers={}),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("case", GARBLED)
async def test_what_is_not_the_documented_json_is_garbled_and_final(kind: str, case: str) -> None:
    vendor = Vendor(GARBLED[case])
    async with reached(kind, vendor) as upstream:
        with pytest.raises(Garbled) as caught:
            await get(upstream, "acct-4711")
    assert len(vendor.asked) == 1
    assert caught.value.status == GARBLED[case].status
    shown = f"{caught.value!r} {caught.value} {caught.value.message}"
    for secret in ("s3cret", "4711", "http", "127.0.0.1", "169.254"):
        assert secret not in shown


@pytest.mark.parametrize("media_type", ["application/json", "Application/JSON; charset=utf-8", "application/hal+json"])
def test_json_has_several_names(media_type: str) -> None:
    answer = Answer(200, {"content-type": media_type}, b'{"value": 1.10}')
    assert decode(answer, DECODER, blame) == Thing(Decimal("1.10"))


def blame(kind: type[ProviderError], message: str | None = None, **detail: object) -> ProviderError:
    return kind(Provider.PLUGGY, "get_thing", message, **detail)  # type: ignore[arg-type]


def test_a_vendors_explanation_wins_over_the_status() -> None:
    def explain(answer: Answer) -> Explanation | None:
        return Explanation(NotFound, "38003", "No such account.") if answer.body else None

    explained = problem(Answer(400, {"retry-after": "4"}, b"x"), blame, explain)
    assert explained is not None
    assert (type(explained), explained.vendor_code, explained.message, explained.status, explained.retry_after) == (
        NotFound,
        "38003",
        "No such account.",
        400,
        4,
    )
    assert type(problem(Answer(400, {}, b""), blame, explain)) is Rejected
    assert problem(Answer(201, {}, b"x"), blame, explain) is None


async def test_an_explanation_can_tell_a_refused_token_from_a_refused_request() -> None:
    def explain(answer: Answer) -> Explanation:
        return Explanation(Rejected, answer.body.decode())

    upstream = Upstream(
        provider=Provider.FORMANCE,
        base_url="http://vendor.test",
        transport=InProcessTransport(Vendor(Reply(status=403, body=b"FORBIDDEN"))),
        telemetry=Telemetry(),
        settings=HttpSettings(),
        explain=explain,
    )
    with pytest.raises(Rejected) as caught:
        await get(upstream, operation=Operation(timeout=5))
    assert (caught.value.vendor_code, caught.value.status) == ("FORBIDDEN", 403)


@pytest.mark.parametrize(
    ("status", "headers", "body", "error"),
    [
        (401, {}, b"", Unauthorized),
        (429, {"content-encoding": "br"}, b"\x0b\x02\x80", RateLimited),
        (404, {"content-encoding": "gzip"}, b"not gzip", NotFound),
        (404, {"content-encoding": "gzip"}, b"", NotFound),
        (400, JSON, b"x" * 10_000, Rejected),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
async def test_the_status_of_an_error_counts_whatever_its_body_is(
    kind: str, status: int, headers: dict[str, str], body: bytes, error: type[ProviderError]
) -> None:
    async with reached(kind, Vendor(Reply(status, body, headers)), max_bytes=1000) as upstream:
        with pytest.raises(error) as caught:
            await get(upstream, authenticated=False)
    assert caught.value.status == status


async def test_causes_are_kept_for_the_log() -> None:
    async with reached("in process", Vendor(GARBLED["cut JSON"])) as upstream:
        with pytest.raises(Garbled) as caught:
            await get(upstream)
    assert "DecodeError" in "".join(traceback.format_exception(caught.value))


def test_a_number_that_is_no_amount_makes_the_answer_garbled() -> None:
    with pytest.raises(Garbled, match="cannot be an amount") as caught, translating(Provider.PLUGGY, "get_thing"):
        raise InvalidAmount
    assert caught.value.operation == "get_thing"
    with translating(Provider.PLUGGY, "get_thing"):
        pass
