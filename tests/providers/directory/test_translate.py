"""Rows into links."""

from typing import Any

import pytest

from providers.directory import translate
from providers.domain import CustomerLink, LinkKind, Provider

ROW: dict[str, Any] = {"provider": "formance", "kind": "account", "external_id": "x", "customer_id": "c"}


def test_a_row_and_a_link_are_the_same() -> None:
    link = CustomerLink(Provider.FORMANCE, LinkKind.ACCOUNT, "x", "c")

    assert translate.link(ROW) == link
    assert translate.link_row(link) == ROW


@pytest.mark.parametrize("change", [{"provider": "newbank"}, {"kind": "vault"}])
def test_words_of_a_newer_version_are_passed_over(change: dict[str, str]) -> None:
    assert translate.link({**ROW, **change}) is None
