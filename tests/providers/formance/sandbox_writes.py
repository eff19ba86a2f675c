"""Bodies that the sandbox takes, and the objects that tests of its writes begin with."""

from typing import Any

import httpx

from tests.providers.formance.sandbox_stack import Stack

CREATED_AT = "2026-10-01T10:00:00Z"


async def sent(stack: Stack, method: str, path: str, body: object = None) -> httpx.Response:
    """The raw answer to a write to `/api/payments` + path. No body at all when it is None."""
    url = f"/api/payments{path}"
    if body is None:
        return await stack.client.request(method, url)
    if isinstance(body, str):
        return await stack.client.request(method, url, content=body)
    return await stack.client.request(method, url, json=body)


async def made(stack: Stack, path: str, body: object, *, status: int = 200) -> Any:
    """The `data` of what a POST made."""
    response = await sent(stack, "POST", path, body)
    assert response.status_code == status, response.text
    return response.json()["data"]


async def done(stack: Stack, method: str, path: str, body: object = None) -> None:
    """A write that must be answered with 204 and nothing."""
    response = await sent(stack, method, path, body)
    assert (response.status_code, response.content) == (204, b""), response.text


async def refused(stack: Stack, method: str, path: str, body: object = None) -> tuple[int, str, str]:
    """Status, code and message of a write that must be refused."""
    response = await sent(stack, method, path, body)
    answer = response.json()
    return response.status_code, answer["errorCode"], answer["errorMessage"]


async def connector(stack: Stack, provider: str) -> str:
    """The id of the first connector of a provider."""
    rows = await stack.data("/connectors")
    return next(str(row["connectorID"]) for row in rows if row["provider"] == provider)


async def ends(stack: Stack, kind: str = "TRANSFER") -> dict[str, str]:
    """Connector, source and destination of a transfer or payout that can be asked for, as the body names them."""
    accounts = await stack.everything("/accounts")
    target = "INTERNAL" if kind == "TRANSFER" else "EXTERNAL"
    for source in accounts:
        for other in accounts:
            if (
                source["type"] == "INTERNAL"
                and other["type"] == target
                and other["connectorID"] == source["connectorID"]
                and other["id"] != source["id"]
            ):
                return {
                    "connectorID": source["connectorID"],
                    "sourceAccountID": source["id"],
                    "destinationAccountID": other["id"],
                }
    raise AssertionError("no two accounts at one connector")


async def transfer(stack: Stack, kind: str = "TRANSFER", **changes: object) -> dict[str, Any]:
    """The body of a request for a transfer that is good unless `changes` spoil it."""
    return {
        "reference": "order-1",
        "description": "Invoice 1",
        "type": kind,
        "amount": 1500,
        "asset": "EUR/2",
        "validated": False,
        **await ends(stack, kind),
        **changes,
    }


async def payment(stack: Stack, **changes: object) -> dict[str, Any]:
    """The body of a payment made by hand."""
    return {
        "reference": "hand-1",
        "connectorID": await connector(stack, "GENERIC"),
        "createdAt": CREATED_AT,
        "type": "PAY-IN",
        "amount": 2**70 + 1,
        "asset": "USD/2",
        "scheme": "sepa credit",
        "status": "SUCCEEDED",
        **changes,
    }


async def account(stack: Stack, **changes: object) -> dict[str, Any]:
    """The body of an account made by hand."""
    return {
        "reference": "hand-1",
        "connectorID": await connector(stack, "GENERIC"),
        "createdAt": CREATED_AT,
        "accountName": "Petty cash",
        "type": "INTERNAL",
        "defaultAsset": "EUR/2",
        **changes,
    }
