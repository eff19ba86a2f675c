"""Which pages of other sites may read answers, and open sockets."""

import pytest
from starlette.datastructures import Headers

from providers.config import ConfigurationError, Environment
from serving.origins import Origins
from tests.conftest import Start

APP = "https://app.example.com"
PREFLIGHT = {"access-control-request-method": "POST", "access-control-request-headers": "authorization,content-type"}


async def test_a_page_of_an_allowed_site_may_read_answers(start: Start) -> None:
    async with start(ALLOWED_ORIGINS=f"{APP}, https://other.example") as graph:
        preflight = await graph.client.options("/graphql", headers={"origin": APP, **PREFLIGHT})
        answer = await graph.client.post("/graphql", json={"query": "{ __typename }"}, headers={"origin": APP})

    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-methods"] == "GET, POST"
    assert preflight.headers["access-control-allow-headers"] == "authorization,content-type"
    for response in (preflight, answer):
        assert response.headers["access-control-allow-origin"] == APP
        assert "access-control-allow-credentials" not in response.headers
    assert "x-request-id" in answer.headers["access-control-expose-headers"]


@pytest.mark.parametrize("allowed", ["", "https://other.example"])
async def test_a_page_of_another_site_may_not(start: Start, allowed: str) -> None:
    async with start(ALLOWED_ORIGINS=allowed) as graph:
        preflight = await graph.client.options("/graphql", headers={"origin": APP, **PREFLIGHT})
        answer = await graph.client.post("/graphql", json={"query": "{ __typename }"}, headers={"origin": APP})

    assert preflight.status_code in (400, 405)
    for response in (preflight, answer):
        assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize(
    ("allowed", "origin", "host", "is_admitted"),
    [
        ("", None, "api.example", True),
        ("", "https://api.example", "api.example", True),
        ("", "http://api.example:8000", "api.example:8000", True),
        ("", "http://api.example:8001", "api.example:8000", False),
        ("", APP, "api.example", False),
        (APP, APP, "api.example", True),
        ("HTTPS://App.Example.com:443", APP, "api.example", True),
        (APP, "https://app.example.com.evil.example", "api.example", False),
        (APP, "http://app.example.com", "api.example", False),
        (APP, "null", "api.example", False),
        ("*", "https://evil.example", "api.example", True),
    ],
)
def test_a_socket_is_opened_for_known_pages_only(
    allowed: str,
    origin: str | None,
    host: str,
    is_admitted: bool,  # noqa: FBT001
) -> None:
    headers = {"host": host, **({"origin": origin} if origin is not None else {})}
    origins = Origins.read(Environment({"ALLOWED_ORIGINS": allowed}))

    assert origins.admit(Headers(headers)) is is_admitted


def test_two_origins_are_none() -> None:
    raw = [(b"host", b"api.example"), (b"origin", b"https://api.example"), (b"origin", APP.encode())]

    assert not Origins(frozenset({APP})).admit(Headers(raw=raw))


@pytest.mark.parametrize("named", ["app.example.com", "https://app.example.com/path", "https://", "null"])
def test_what_is_no_origin_is_refused_at_start(named: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^ALLOWED_ORIGINS must be"):
        Origins.read(Environment({"ALLOWED_ORIGINS": named}))
