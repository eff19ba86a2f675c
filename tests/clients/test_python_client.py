"""The example client in Python, run as it says, before a server of its own."""

import subprocess
import sys
from pathlib import Path

import httpx

from tests import process

CLIENT = process.ROOT / "examples" / "python" / "money.py"


def run(address: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, str(CLIENT), f"{address}/graphql"], capture_output=True, text=True, timeout=60, check=False
    )


def test_it_shows_money_over_three_vendors_and_pays_out_once(tmp_path: Path) -> None:
    with process.serving(tmp_path) as server:
        first = run(server.url)
        fault = {"vendor": "pluggy", "path": "/payments/*", "status": 503, "body": "{}", "times": 100}
        httpx.post(f"{server.url}/sandbox/_faults", json=fault).raise_for_status()
        second = run(server.url)
        received = httpx.get(f"{server.url}/sandbox/_calls").json()

    assert (first.returncode, first.stderr) == (0, "")
    lines = first.stdout.splitlines()
    assert lines[0] == "Ada Lovelace"
    assert "          103,910.03 USD in 3 accounts" in lines
    assert {"event: PROCESSED", "answer: PROCESSED"} == set(lines[-2:])
    assert {word for line in lines for word in line.split()} >= {"finicity", "formance", "pluggy"}

    assert second.returncode == 0
    assert "PARTIAL_RESULT" in second.stderr
    assert "no event: it was paid before" in second.stdout
    sent = [call["path"] for call in received if call["method"] == "POST"]
    assert sent.count("/api/payments/transfer-initiations") == 1
