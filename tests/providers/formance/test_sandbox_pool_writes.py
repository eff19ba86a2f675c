"""Pools made, filled, emptied and deleted, and how the generations differ in what they let in."""

import pytest

from providers.formance.sandbox import Generation
from tests.providers.formance.sandbox_stack import GENERATIONS, Stack, opened
from tests.providers.formance.sandbox_writes import done, made, refused, sent
from tests.providers.formance.test_sandbox_objects import ABSENT, NO_POOL

POOL = {"name": "Rainy days"}


async def accounts(stack: Stack, kind: str) -> list[str]:
    return [row["id"] for row in await stack.everything("/accounts") if row["type"] == kind]


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_a_pool_lives(generation: Generation) -> None:
    async with opened(generation, payments_count=0) as stack:
        first, second = (await accounts(stack, "INTERNAL"))[:2]
        pool = await made(stack, "/pools", {**POOL, "accountIDs": [first]})
        path = f"/pools/{pool['id']}"

        assert pool == await stack.data(path)
        assert pool.get("type") == ("STATIC" if generation == "v3" else None)
        assert (await stack.data("/pools"))[0]["id"] == pool["id"]
        await done(stack, "POST", f"{path}/accounts", {"accountID": second})
        assert (await stack.data(path))["accounts"] == [first, second]
        await done(stack, "DELETE", f"{path}/accounts/{first}")
        await done(stack, "DELETE", f"{path}/accounts/{first}")
        assert (await stack.data(path))["accounts"] == [second]
        await done(stack, "DELETE", path)
        await done(stack, "DELETE", path)
        assert (await stack.get(path)).status_code == 404


@pytest.mark.parametrize(
    ("generation", "message"),
    [("v2", "creating pool: duplicate key value"), ("v3", "cannot create pool: object already exists")],
)
async def test_a_pools_name_is_its_own(generation: Generation, message: str) -> None:
    async with opened(generation, payments_count=0) as stack:
        body = {**POOL, "accountIDs": (await accounts(stack, "INTERNAL"))[:1]}
        await made(stack, "/pools", body)

        assert await refused(stack, "POST", "/pools", body) == (400, "CONFLICT", message)


async def test_an_account_added_twice_is_a_conflict_on_v2_alone() -> None:
    async with opened("v2", payments_count=0) as old, opened("v3", payments_count=0) as new:
        for stack in (old, new):
            body = {**POOL, "accountIDs": (await accounts(stack, "INTERNAL"))[:1]}
            path = f"/pools/{(await made(stack, '/pools', body))['id']}/accounts"
            answer = await sent(stack, "POST", path, {"accountID": body["accountIDs"][0]})
            assert answer.status_code == (400 if stack is old else 204)
            if stack is old:
                assert answer.json()["errorMessage"] == "adding account to pool: duplicate key value"


async def test_only_v2_pools_take_external_accounts() -> None:
    async with opened("v2", payments_count=0) as old, opened("v3", payments_count=0) as new:
        outside = (await accounts(old, "EXTERNAL"))[:1]
        await made(old, "/pools", {**POOL, "accountIDs": outside})
        outside = (await accounts(new, "EXTERNAL"))[:1]
        assert (await refused(new, "POST", "/pools", {**POOL, "accountIDs": outside}))[:2] == (400, "VALIDATION")
        pool = (await new.data("/pools"))[0]["id"]
        wanted = {"accountID": outside[0]}
        assert (await refused(new, "POST", f"/pools/{pool}/accounts", wanted))[:2] == (400, "VALIDATION")


async def test_a_dynamic_pool_finds_its_accounts_and_takes_no_others() -> None:
    async with opened("v3", payments_count=0) as stack:
        inside = await accounts(stack, "INTERNAL")
        pool = await made(stack, "/pools", {**POOL, "query": {"$match": {"type": "INTERNAL"}}})

        assert (pool["type"], set(pool["accounts"])) == ("DYNAMIC", set(inside))
        path = f"/pools/{pool['id']}/accounts"
        assert (await refused(stack, "POST", path, {"accountID": inside[0]}))[:2] == (400, "VALIDATION")
        assert (await refused(stack, "DELETE", f"{path}/{inside[0]}"))[:2] == (400, "VALIDATION")


@pytest.mark.parametrize(
    ("generation", "name", "members", "absent"),
    [
        ("v2", "name is required", "accountIDs is required", "getting"),
        ("v3", "Name is a required field", "AccountIDs is a required field", "cannot get"),
    ],
)
async def test_bad_requests_are_refused(generation: Generation, name: str, members: str, absent: str) -> None:
    async with opened(generation, payments_count=0) as stack:
        inside, pool = (await accounts(stack, "INTERNAL"))[0], (await stack.data("/pools"))[0]["id"]
        wanted, no_pool = {"accountID": inside}, f"{absent} pool: not found"
        table: list[tuple[str, str, object, int, str, str | None]] = [
            ("POST", "/pools", {"accountIDs": [inside]}, 400, "VALIDATION", name),
            ("POST", "/pools", POOL, 400, "VALIDATION", members),
            ("POST", "/pools", {**POOL, "accountIDs": ["x"]}, 400, "VALIDATION", None),
            ("POST", "/pools", {**POOL, "accountIDs": [ABSENT]}, 404, "NOT_FOUND", f"{absent} account: not found"),
            ("POST", "/pools", None, 400, "MISSING_OR_INVALID_BODY", None),
            ("POST", f"/pools/{pool}/accounts", {}, 400, "VALIDATION", "accountID is required"),
            ("POST", f"/pools/{pool}/accounts", {"accountID": "x"}, 400, "INVALID_ID", None),
            ("POST", f"/pools/{pool}/accounts", None, 400, "MISSING_OR_INVALID_BODY", None),
            ("POST", "/pools/x/accounts", wanted, 400, "INVALID_ID", None),
            ("POST", f"/pools/{NO_POOL}/accounts", wanted, 404, "NOT_FOUND", no_pool),
            ("DELETE", f"/pools/{pool}/accounts/x", None, 400, "INVALID_ID", None),
            ("DELETE", f"/pools/x/accounts/{inside}", None, 400, "INVALID_ID", None),
            ("DELETE", "/pools/x", None, 400, "INVALID_ID", None),
        ]
        for method, path, body, status, code, message in table:
            answer = await refused(stack, method, path, body)
            assert answer[:2] == (status, code), (method, path, body, answer)
            assert message in (None, answer[2])


async def test_only_v3_minds_that_the_pool_to_remove_from_is_absent() -> None:
    async with opened("v2", payments_count=0) as old, opened("v3", payments_count=0) as new:
        path = f"/pools/{NO_POOL}/accounts/{(await accounts(old, 'INTERNAL'))[0]}"
        await done(old, "DELETE", path)
        assert await refused(new, "DELETE", path) == (404, "NOT_FOUND", "cannot get pool: not found")
