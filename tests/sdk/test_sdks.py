"""The vendors' own SDKs as judges of the sandboxes: what they cannot read, no vendor would have answered."""

import json
import os
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from providers.formance.sandbox import CREDENTIALS as FORMANCE
from providers.pluggy.sandbox import CREDENTIALS as PLUGGY
from tests.process import Process, serving
from tests.sdk.environments import HERE, NotInstalled, interpreter

LEDGERS = {"v3": "v2.4", "v2": "v2.1"}
"""The ledger that stacks of each generation of the payments server have."""


@pytest.fixture(scope="module", params=["v3", "v2"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A real server, whose Formance sandbox runs this generation of the payments server."""
    variables = {"SANDBOX_PAYMENTS": request.param, "SANDBOX_LEDGER": LEDGERS[request.param]}
    with serving(tmp_path_factory.mktemp(request.param), **variables) as process:
        yield process


def judgement(name: str, *arguments: str, script: str = "check") -> dict[str, Any]:
    """What `<name>_<script>.py` prints. An SDK that cannot be installed is a failure wherever CI=true."""
    try:
        python = interpreter(name)
    except NotInstalled as reason:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(reason))
    command = [str(python), str(HERE / f"{name}_{script}.py"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    counts: dict[str, Any] = json.loads(done.stdout)
    return counts


READ = {
    "accounts": 112,
    "payments": 2000,
    "pools": 12,
    "pool_balances": 80,
    "connectors": 10,
    "balances": 50,
    "bank_accounts": 15,
    "transfer_initiations": 40,
    "configs": 10,
    "tasks": 40,
}
"""What Formance's sandbox holds of each kind, in both generations."""


UNDERSTOOD = {
    "ledger.v1": 16,
    "ledger.v2": 26,
    "wallets.v1": 16,
    "orchestration.v1": 17,
    "orchestration.v2": 18,
    "reconciliation.v1": 8,
    "webhooks.v1": 7,
    "auth.v1": 11,
    "search.v1": 2,
}
"""Operations of each module whose answers the SDK can read."""

DEAD = {"ledger.v1": ["create_transactions", "get_mapping", "run_script", "update_mapping"]}
"""Documented operations that no ledger of the second generation takes."""

MENDED = {"counts": 2, "logs": 1, "summary": 23, "old activities": 14, "activities": 15}
"""How often the document is wrong about what servers answer."""


def formance(server: Process, *flags: str, script: str = "check") -> dict[str, Any]:
    """What Formance's SDK finds, and the generation that it found it in."""
    return judgement(
        "formance",
        f"{server.url}/sandbox/formance",
        FORMANCE["FORMANCE_CLIENT_ID"],
        FORMANCE["FORMANCE_CLIENT_SECRET"],
        *flags,
        script=script,
    )


def test_formances_sdk_reads_the_whole_stack(server: Process) -> None:
    """Every page of every list, each object alone, filters, history balances, and balances of pools at past times."""
    major = int(server.variables["SANDBOX_PAYMENTS"].removeprefix("v"))

    assert formance(server) == {
        **READ,
        "major": major,
        "versions": {2: 8, 3: 7}[major],
        "mended": {2: 14, 3: 57}[major],
    }


def test_formances_sdk_writes_all_that_it_can(server: Process) -> None:
    """Each write of payments is followed by a read that sees it. The deprecated ones are taken by v2 alone."""
    counts = formance(server, "--write")

    assert counts.items() >= READ.items()
    assert counts["writes"] == {2: 29, 3: 27}[counts["major"]]


def test_formances_sdk_calls_all_other_modules(server: Process) -> None:
    """Every operation of each, with what is seeded and with what it makes itself; a stack of v3 has no search."""
    counts = formance(server, script="stack")

    if server.variables["SANDBOX_PAYMENTS"] == "v2":
        assert counts == {"understood": UNDERSTOOD, "left": DEAD, "mended": MENDED, "refusals": 22}
    else:
        search = {"search.v1": ["search", "searchget_server_info"]}
        assert counts["understood"] == {**UNDERSTOOD, "search.v1": 0}
        assert counts["left"] == {**DEAD, **search}
        assert counts["mended"] == {**MENDED, "info": 1, "codes": 1}


def test_pluggys_sdk_reads_smart_accounts_and_opens_one(server: Process) -> None:
    """Every page, each account and its balance alone, and every documented refusal as its exception."""
    counts = judgement(
        "pluggy", f"{server.url}/sandbox/pluggy", PLUGGY["PLUGGY_CLIENT_ID"], PLUGGY["PLUGGY_CLIENT_SECRET"]
    )

    assert counts == {"refusals": 2, "smart_accounts": 22, "balances": 22, "created": 1}


@pytest.mark.parametrize(
    ("name", "pinned"), [("formance", "formance-sdk-python==5.0.0"), ("pluggy", "pluggy-sdk==1.0.0.post24")]
)
def test_the_judges_are_the_versions_that_know_these_services(name: str, pinned: str) -> None:
    lock = (HERE / f"{name}.lock").read_text(encoding="utf-8")
    assert f"\n{pinned} " in lock
    assert "://" not in lock
