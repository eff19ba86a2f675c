"""A failure costs what hangs on it: one field, one part of a list. Everything else answers, and nobody is misled."""

from typing import Any

import pytest

from tests.conftest import Graph
from tests.resolvers.asking import codes, only_error, person

DETAILS = {"code", "provider", "operation", "retryable", "retryAfter", "vendorCode", "requestId"}
ACCOUNTS = """
query Accounts($id: ID!, $provider: Provider) {
  customer(id: $id) {
    name
    accounts(provider: $provider) {
      nodes { id provider balances { money { amount } } }
      totalCount pageInfo { hasNextPage }
      problems { provider operation code retryable retryAfter vendorCode message }
    }
  }
}
"""
ALL = {"times": 1_000, "status": 503}
READ = {"FINICITY": "/aggregation/v1/*", "PLUGGY": "/payments/*", "FORMANCE": "/api/payments/*"}
COUNTS = {"FINICITY": 4, "PLUGGY": 2, "FORMANCE": 3}
"""Accounts of the first customer."""

each_vendor = pytest.mark.parametrize("vendor", ["FINICITY", "PLUGGY", "FORMANCE"])


def nodes(data: dict[str, Any]) -> list[dict[str, Any]]:
    """The accounts of the customer that was asked for."""
    found: list[dict[str, Any]] = data["customer"]["accounts"]["nodes"]
    return found


@pytest.mark.parametrize(("vendor", "path"), [("FORMANCE", "*/balances"), ("PLUGGY", "*/balance")])
async def test_one_accounts_balances_fail_alone(warm: Graph, vendor: str, path: str) -> None:
    """One field is null, with one typed error at its path. The siblings have their balances."""
    await warm.fault(vendor.lower(), path, status=400, body="{}")
    answer = await warm.ask(ACCOUNTS, id=person(0), provider=vendor)
    broken = [index for index, account in enumerate(nodes(answer.data)) if account["balances"] is None]

    assert len(nodes(answer.data)) == COUNTS[vendor]
    assert [error["path"] for error in answer.errors] == [["customer", "accounts", "nodes", *broken, "balances"]]
    assert codes(answer) == ["UPSTREAM_REJECTED"]


async def test_a_failing_balance_names_its_account_and_all_that_a_client_needs(warm: Graph) -> None:
    """The path of the field, the class, the vendor, its operation, and whether to try again."""
    healthy = nodes((await warm.ask(ACCOUNTS, id=person(0))).data)
    victim = next(index for index, account in enumerate(healthy) if account["provider"] == "PLUGGY")
    await warm.forget_calls()
    await warm.ask(ACCOUNTS, id=person(0), provider="PLUGGY")
    path = next(call["path"] for call in await warm.calls() if call["path"].endswith("/balance"))
    await warm.fault("pluggy", path, **ALL)
    answer = await warm.ask(ACCOUNTS, id=person(0))
    error = only_error(answer)

    assert victim >= 0
    assert error["path"][:3] == ["customer", "accounts", "nodes"]
    assert error["path"][-1] == "balances"
    assert error["extensions"].keys() == DETAILS
    assert error["extensions"]["requestId"] == answer.response.headers["x-request-id"]
    assert error["extensions"] | {"requestId": ""} == {
        "code": "UPSTREAM_UNAVAILABLE",
        "provider": "PLUGGY",
        "operation": "smart_account_balance_retrieve",
        "retryable": True,
        "retryAfter": None,
        "vendorCode": None,
        "requestId": "",
    }
    hurt = error["path"][3]
    assert nodes(answer.data)[hurt] == {**healthy[hurt], "balances": None}
    assert [a for i, a in enumerate(nodes(answer.data)) if i != hurt] == [a for i, a in enumerate(healthy) if i != hurt]


@each_vendor
async def test_a_merged_list_without_one_vendor_says_so(warm: Graph, vendor: str) -> None:
    """The others' accounts, the failure in `problems`, and exactly one entry in `errors`, with the list's path."""
    await warm.fault(vendor.lower(), READ[vendor], **ALL)
    answer = await warm.ask(ACCOUNTS, id=person(0))
    accounts = answer.data["customer"]["accounts"]
    error = only_error(answer)

    assert {account["provider"] for account in accounts["nodes"]} == COUNTS.keys() - {vendor}
    assert len(accounts["nodes"]) == sum(COUNTS.values()) - COUNTS[vendor]
    assert accounts["totalCount"] is None
    assert [problem["provider"] for problem in accounts["problems"]] == [vendor]
    assert error["path"] == ["customer", "accounts"]
    assert error["extensions"]["code"] == "PARTIAL_RESULT"
    assert error["extensions"]["cause"] == "UPSTREAM_UNAVAILABLE"
    assert error["extensions"]["provider"] == vendor
    assert error["extensions"].keys() >= DETAILS
    assert {**accounts["problems"][0]} == {
        key: error["extensions"]["problems"][0][key] for key in accounts["problems"][0]
    }


@each_vendor
async def test_the_accounts_of_the_one_vendor_that_fails_are_null(warm: Graph, vendor: str) -> None:
    """There is no part of the list to give, so the list is an error and its parent answers."""
    await warm.fault(vendor.lower(), READ[vendor], **ALL)
    answer = await warm.ask(ACCOUNTS, id=person(0), provider=vendor)
    error = only_error(answer)

    assert answer.data == {"customer": {"name": "Ada Lovelace", "accounts": None}}
    assert error["path"] == ["customer", "accounts"]
    assert error["extensions"]["code"] == "UPSTREAM_UNAVAILABLE"
    assert error["extensions"]["provider"] == vendor


@each_vendor
async def test_the_root_list_without_one_vendor_says_so(warm: Graph, vendor: str) -> None:
    """All accounts: the others' are there to the end of the list."""
    await warm.fault(vendor.lower(), READ[vendor], **ALL)
    found: list[str] = []
    after: str | None = None
    while True:
        answer = await warm.ask(
            "query($after: String) { accounts(first: 100, after: $after) "
            "{ nodes { provider } problems { provider code } pageInfo { hasNextPage endCursor } } }",
            after=after,
        )
        page = answer.data["accounts"]
        found += [node["provider"] for node in page["nodes"]]
        if page["problems"]:
            assert only_error(answer)["path"] == ["accounts"]
            assert codes(answer) == ["PARTIAL_RESULT"]
            assert page["problems"] == [{"provider": vendor, "code": "UPSTREAM_UNAVAILABLE"}]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break

    assert set(found) == COUNTS.keys() - {vendor}


async def test_all_vendors_down_leave_an_empty_list_with_three_problems(warm: Graph) -> None:
    """One entry in `errors` tells of all three."""
    await warm.fault("*", "/[!s]*", **ALL)
    answer = await warm.ask("{ accounts { nodes { id } problems { provider } pageInfo { hasNextPage } } }")

    assert answer.data["accounts"]["nodes"] == []
    assert [problem["provider"] for problem in answer.data["accounts"]["problems"]] == [*COUNTS]
    assert codes(answer) == ["PARTIAL_RESULT"]


async def test_payments_and_pools_of_a_customer_are_null_when_their_accounts_are_unknown(warm: Graph) -> None:
    """One error each; the name answers."""
    await warm.fault("formance", READ["FORMANCE"], **ALL)
    answer = await warm.ask(
        f'{{ customer(id: "{person(0)}") {{ name payments {{ nodes {{ id }} }} pools {{ id }} }} }}'
    )

    assert answer.data == {"customer": {"name": "Ada Lovelace", "payments": None, "pools": None}}
    assert codes(answer) == ["UPSTREAM_UNAVAILABLE"] * 2
    assert sorted(error["path"][-1] for error in answer.errors) == ["payments", "pools"]


async def test_payments_fail_alone(warm: Graph) -> None:
    """Accounts, balances and pools of the same vendor answer."""
    await warm.fault("formance", "/api/payments/payments", **ALL)
    answer = await warm.ask(
        f'{{ customer(id: "{person(0)}") {{ accounts(provider: FORMANCE) {{ nodes '
        "{ balances { kind } payments { nodes { id } } pools { id } } } payments { nodes { id } } } }"
    )
    accounts = answer.data["customer"]["accounts"]["nodes"]

    assert answer.data["customer"]["payments"] is None
    assert [account["payments"] for account in accounts] == [None] * 3
    assert all(account["balances"] for account in accounts)
    assert all(account["pools"] is not None for account in accounts)
    assert codes(answer) == ["UPSTREAM_UNAVAILABLE"] * 4


@pytest.mark.parametrize(
    ("path", "lost", "left"),
    [("/api/payments/pools/*", "balances", "accounts"), ("/api/payments/accounts", "accounts", "balances")],
)
async def test_a_pool_without_its_sums_has_its_members_and_the_other_way_round(
    warm: Graph, path: str, lost: str, left: str
) -> None:
    """Sums and members are separate calls. The twelfth pool has no members, so nothing of it is lost with them."""
    await warm.fault("formance", path, **ALL)
    answer = await warm.ask("{ pools { nodes { balances { kind } accounts { id } } } }")
    pools = answer.data["pools"]["nodes"]
    hurt = [pool for pool in pools if pool[lost] is None]

    assert len(hurt) == (12 if lost == "balances" else 11)
    assert codes(answer) == ["UPSTREAM_UNAVAILABLE"] * len(hurt)
    assert sum(bool(pool[left]) for pool in pools) == 11


async def test_lost_batches_of_a_large_answer_cost_their_members_only(warm: Graph) -> None:
    """Of 80 accounts read by forties, the failing forty are null, each with its own error."""
    await warm.fault("formance", "/api/payments/accounts", status=400, body="{}")
    answer = await warm.ask("{ payments(first: 100) { nodes { source { id } destination { id } } } }")
    lost = [error["path"] for error in answer.errors]

    assert 0 < len(lost) < 160
    assert set(codes(answer)) == {"UPSTREAM_REJECTED"}
    assert all(answer.data["payments"]["nodes"][path[2]][path[3]] is None for path in lost)
    assert sum(bool(end) for node in answer.data["payments"]["nodes"] for end in node.values()) > 20


async def test_a_pool_that_lacks_some_members_says_so(warm: Graph) -> None:
    """A part of a pool's members never passes for all: the list has its own entry in `errors`."""
    members = await warm.data("{ pools { nodes { accounts { id } } } }")
    await warm.fault("formance", "/api/payments/accounts", status=400, body="{}")
    answer = await warm.ask(
        "{ payments(first: 100) { nodes { source { id } destination { id } } } pools { nodes { accounts { id } } } }"
    )

    whole = members["pools"]["nodes"]
    for index, pool in enumerate(answer.data["pools"]["nodes"]):
        told = [error for error in answer.errors if error["path"][:3] == ["pools", "nodes", index]]
        missing = len(whole[index]["accounts"]) - len(pool["accounts"] or [])
        assert bool(told) == bool(missing)
        assert [error["extensions"]["code"] for error in told] in (
            [],
            ["PARTIAL_RESULT" if pool["accounts"] is not None else "UPSTREAM_REJECTED"],
        )


async def test_what_the_vendor_tells_of_a_refusal_comes_along(warm: Graph) -> None:
    """The vendor's own code, and how long to wait when it says."""
    await warm.fault("formance", "*/pools", status=400, body='{"errorCode":"VALIDATION","errorMessage":"secret"}')
    refused = await warm.ask("{ pools { totalCount } }")
    await warm.fault("formance", "*/pools", status=429, headers={"Retry-After": "77"}, times=10)
    limited = await warm.ask("{ pools { totalCount } }")

    assert refused.errors[0]["extensions"]["code"] == "UPSTREAM_REJECTED"
    assert refused.errors[0]["extensions"]["vendorCode"] == "VALIDATION"
    assert "secret" not in refused.response.text
    assert limited.errors[0]["extensions"]["code"] == "UPSTREAM_RATE_LIMITED"
    assert limited.errors[0]["extensions"]["retryAfter"] == 77
    assert limited.errors[0]["extensions"]["retryable"] is True
