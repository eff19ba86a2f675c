"""Calls every operation of every module but payments with the vendor's own Python SDK, and tells which it understood.

Run by an interpreter that has `formance-sdk-python`: `formance_stack.py BASE_URL CLIENT_ID CLIENT_SECRET`. It makes,
changes and deletes objects of every kind, so only a sandbox should be named.
Leaves with 0 and one line of JSON, or with the SDK's exception. Needs nothing of this project but the files beside it.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import httpx
from formance_sdk_python import SDK
from formance_sdk_python.models import shared
from formance_stack_filters import check_ledger_filters, check_old_ledger_filters, check_wallet_filters
from formance_stack_flows import check_orchestration
from formance_stack_ledgers import check_ledger, check_old_ledger
from formance_stack_mends import StackMending
from formance_stack_money import check_reconciliation, check_wallets
from formance_stack_refusals import check_refusals
from formance_stack_services import check_auth, check_search, check_webhooks


class Module:
    """One module of the SDK. Remembers which of its operations were understood."""

    def __init__(self, module: Any) -> None:
        self._module = module
        self.understood: set[str] = set()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """The operation. An answer that the SDK cannot read raises what the SDK raises."""
        operation = getattr(self._module, name)

        def called(**parameters: Any) -> Any:
            answer = operation(**parameters)
            self.understood.add(name)
            return answer

        return called

    @property
    def left(self) -> list[str]:
        """Operations of the SDK that were not understood yet."""
        return sorted(set(_operations(self._module)) - self.understood)


def _operations(module: Any) -> Iterator[str]:
    for name, member in vars(type(module)).items():
        if callable(member) and not name.startswith("_") and not name.endswith("_async"):
            yield name


def _payments(sdk: SDK) -> list[str]:
    """The ids of those that have come in. A workflow may take each in but once."""
    listed = sdk.payments.v1.list_payments(request={"page_size": 100}).payments_cursor.cursor.data
    return [row.id for row in listed if row.type == "PAY-IN" and row.status == "SUCCEEDED"]


def check(sdk: SDK) -> dict[str, Module]:
    """Every module by its name and version; only stacks that have a search module are asked for it."""
    present = {each.name for each in sdk.get_versions().get_versions_response.versions}
    modules = {
        "ledger.v1": Module(sdk.ledger.v1),
        "ledger.v2": Module(sdk.ledger.v2),
        "wallets.v1": Module(sdk.wallets.v1),
        "orchestration.v1": Module(sdk.orchestration.v1),
        "orchestration.v2": Module(sdk.orchestration.v2),
        "reconciliation.v1": Module(sdk.reconciliation.v1),
        "webhooks.v1": Module(sdk.webhooks.v1),
        "auth.v1": Module(sdk.auth.v1),
        "search.v1": Module(sdk.search.v1),
    }
    check_old_ledger(modules["ledger.v1"])
    check_ledger(modules["ledger.v2"])
    check_wallets(modules["wallets.v1"])
    for version, payment in zip(("v1", "v2"), _payments(sdk), strict=False):
        check_orchestration(modules[f"orchestration.{version}"], version, payment)
    check_reconciliation(modules["reconciliation.v1"])
    check_webhooks(modules["webhooks.v1"])
    check_auth(modules["auth.v1"])
    if "search" in present:
        check_search(modules["search.v1"])
    check_old_ledger_filters(modules["ledger.v1"])
    check_ledger_filters(modules["ledger.v2"])
    check_wallet_filters(modules["wallets.v1"])
    assert {name.partition(".")[0] for name, module in modules.items() if module.understood} == present - {"payments"}
    return modules


def told(modules: Mapping[str, Module], transport: StackMending) -> dict[str, object]:
    """How many operations were understood, which were not, and whose answers were mended before."""
    return {
        "understood": {name: len(module.understood) for name, module in modules.items()},
        "left": {name: module.left for name, module in modules.items() if module.left},
        "refusals": check_refusals(modules),
        "mended": transport.mended,
    }


def main() -> None:
    """Command line: base URL, client id, client secret."""
    base_url, client_id, client_secret = sys.argv[1:4]
    # the SDK would ask a relative token URL of the host's root, even when the stack lies below a path
    security = shared.Security(
        client_id=client_id, client_secret=client_secret, token_url=f"{base_url}/api/auth/oauth/token"
    )
    transport = StackMending()
    client = httpx.Client(transport=transport, follow_redirects=True)
    with SDK(server_url=base_url, security=security, timeout_ms=20_000, client=client) as sdk:
        sys.stdout.write(json.dumps(told(check(sdk), transport)) + "\n")


if __name__ == "__main__":
    main()
