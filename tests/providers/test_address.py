"""An id stays in its segment of the path, whatever it holds and whatever carries the call."""

import re
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.address import quoted, quoted_length
from providers.errors import (
    NotFound,
    Rejected,
)
from tests.providers.vendor import (
    KINDS,
    Vendor,
    get,
    reached,
)

pytestmark = pytest.mark.usefixtures("tidy")
on_both = pytest.mark.parametrize("kind", KINDS)


IDS = [
    "a/b",
    "a?b=c",
    "a#b",
    "../admin",
    "a/../../b",
    "..;/x",
    "a;b",
    "%2F",
    "%2e%2e",
    "%252F",
    "//evil.test/x",
    "@evil.test",
    ":80",
    "\\..\\x",
    "é/日本",
    "a b+c&d=e",
    "\x00\r\nX: y",
    "\ud800",
    "...",
]


def encoded(id: str) -> str:
    """Each byte but the unreserved ones as RFC 3986 writes it."""
    unreserved = re.compile(rb"[A-Za-z0-9._~-]")
    parts = (bytes([byte]) for byte in id.encode("utf-8", "surrogatepass"))
    return "".join(part.decode() if unreserved.match(part) else f"%{part[0]:02X}" for part in parts)


@on_both
async def test_an_id_is_one_encoded_segment_whatever_it_holds(kind: str) -> None:
    vendor = Vendor()
    async with reached(kind, vendor) as upstream:
        for id in IDS:
            await get(upstream, id, query=[("of", id)])
    assert [asked.raw_path.decode() for asked in vendor.asked] == [f"/things/{encoded(id)}" for id in IDS]
    assert [asked.query.decode() for asked in vendor.asked] == [f"of={encoded(id)}" for id in IDS]
    assert {asked.headers["host"].partition(":")[0] for asked in vendor.asked} <= {"vendor.test", "127.0.0.1"}


@pytest.mark.parametrize("id", ["", ".", ".."])
async def test_an_id_that_would_change_the_path_is_known_to_no_vendor(id: str) -> None:
    vendor = Vendor()
    async with reached("in process", vendor) as upstream:
        with pytest.raises(NotFound):
            await get(upstream, id)
    assert vendor.asked == []


async def test_an_absurdly_long_id_is_refused() -> None:
    async with reached("in process", Vendor()) as upstream:
        with pytest.raises(Rejected) as caught:
            await get(upstream, "x" * 100_000)
    assert "xxx" not in str(caught.value)


@given(
    st.text(alphabet=st.characters(codec=None), max_size=60)
    | st.text(alphabet='%{}":$,[]/ @+=&?#~-_.aZ9\x00\x7f\n', max_size=60)
)
def test_any_text_is_quoted_as_the_standard_library_does(value: str) -> None:
    expected = quote(value, safe="", errors="surrogatepass")

    assert quoted(value) == expected
    assert quoted_length(value) == len(expected)
