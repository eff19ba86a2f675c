"""`python server.py` as its operators meet it: a real process, watched over its port, its output and its exit."""

import asyncio
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

import server
from providers.finicity.sandbox import CREDENTIALS as FINICITY
from providers.formance.sandbox import CREDENTIALS as FORMANCE
from providers.pluggy.sandbox import CREDENTIALS as PLUGGY
from serving import logs
from tests.process import ROOT, Process, environment, serving
from tests.test_readme import block

EVERYTHING = """{
  customers(first: 15) { nodes {
    id name links { provider externalId } totals { money { amount } }
    accounts { nodes {
      id providerId name maskedNumber balances { money { amount } }
      ... on SmartAccount { agency number }
      payments(first: 5) { nodes { id reference status } }
    } }
    pools { id name balances { money { amount } } }
  } }
}"""
CHANCE = {"requestId", "time", "ms"}
LONG_DIGITS = re.compile(r"(?<![\d.])\d{8,}")


@pytest.fixture(scope="module")
def debugged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A server that tells all it can, after it was asked for everything."""
    with serving(tmp_path_factory.mktemp("debugged"), LOG_LEVEL="debug") as process:
        yield process


def ask(process: Process, query: str, timeout: float = 60) -> httpx.Response:
    return httpx.post(f"{process.url}/graphql", json={"query": query}, timeout=timeout)


def identifiers(value: object) -> Iterator[str]:
    """Every text in an answer that identifies an object or a number of one."""
    if isinstance(value, dict):
        for name, part in value.items():
            if name in {"id", "providerId", "externalId", "number", "maskedNumber", "reference"} and part:
                yield part
            yield from identifiers(part)
    elif isinstance(value, list):
        for part in value:
            yield from identifiers(part)


def test_a_query_is_answered_over_the_wire(debugged: Process) -> None:
    """What the README shows, by a real client over a real socket."""
    body = ask(debugged, block("graphql")).json()

    assert "errors" not in body
    assert body["data"]["customer"]["name"] == "Ada Lovelace"


def test_the_log_holds_no_secret_and_no_account(debugged: Process) -> None:
    """At debug level, after a query for everything: no id, no number, no credential, no token, no query, no URL."""
    body = ask(debugged, EVERYTHING).json()
    told = set(identifiers(body["data"]))
    secrets = {value for vendor in (FINICITY, PLUGGY, FORMANCE) for value in vendor.values()}
    text = debugged.text

    assert "errors" not in body
    assert len(told) > 300
    assert len([line for line in debugged.lines if line["message"] == "vendor call"]) > 50
    assert {word for word in told | secrets if len(word) > 5 and word in text} == set()
    # Four digits are in a request id by chance.
    plain = [str(value) for line in debugged.lines for name, value in line.items() if name not in CHANCE]
    assert {word for word in told | secrets if len(word) > 3} & {
        part for each in plain for part in each.split()
    } == set()
    assert [line for line in debugged.lines if LONG_DIGITS.search(str(line["message"]))] == []
    for word in ("maskedNumber", "Bearer", "eyJ", "/api/", "?page"):
        assert word not in text


def test_a_normal_run_warns_of_nothing(tmp_path: Path) -> None:
    """From start to stop every line is JSON, and the server says loudly that its data are made up."""
    with serving(tmp_path) as process:
        assert ask(process, block("graphql")).status_code == 200
        httpx.get(f"{process.url}/graphql", headers={"accept": "text/html"})
        httpx.get(f"{process.url}/nothing")
        process.tell_to_stop()
        status = process.wait()

    assert status == 0
    assert {line["level"] for line in process.lines} == {"info"}
    assert any(str(line["message"]).startswith("SANDBOX") for line in process.lines)
    (profile,) = [line for line in process.lines if line["message"] == "profile"]
    assert {name: profile[name] for name in ("auth", "introspection", "traces", "explorer")} == {
        "auth": "none",
        "introspection": "open",
        "traces": "open",
        "explorer": "on",
    }


async def test_what_is_under_way_is_finished_before_the_end(tmp_path: Path) -> None:
    """The stop comes in the middle of a slow operation: it is answered whole, new connections are not."""
    with serving(tmp_path, SANDBOX_DELAY_MS="400") as process:
        async with httpx.AsyncClient(timeout=30) as client:
            asked = asyncio.create_task(client.post(f"{process.url}/graphql", json={"query": block("graphql")}))
            await asyncio.sleep(0.3)
            began = time.monotonic()
            process.tell_to_stop()
            await asyncio.sleep(0.2)
            with pytest.raises(httpx.TransportError):
                await client.get(f"{process.url}/livez")
            answer = await asked
        status = await asyncio.to_thread(process.wait)

    assert answer.status_code == 200
    assert "errors" not in answer.json()
    assert status == 0
    assert 0.4 < time.monotonic() - began < 15


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="only Linux tells what a process has loaded")
def test_the_fast_event_loop_and_http_parser_are_in_use(debugged: Process) -> None:
    """Both are loaded by nothing but their use."""
    loaded = Path(f"/proc/{debugged.process.pid}/maps").read_text(encoding="utf-8")

    assert "/uvloop/loop" in loaded
    assert "/httptools/parser/parser" in loaded


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"PORT": "hunter2"}, "PORT"),
        ({"WORKERS": "2"}, "WORKERS"),
    ],
    ids=str,
)
def test_a_wrong_setting_ends_the_process_with_one_line(tmp_path: Path, variables: dict[str, str], named: str) -> None:
    """All that can be wrong is told in the same place, so that two processes are enough to see it."""
    done = subprocess.run(
        [sys.executable, "server.py"],
        cwd=ROOT,
        env=environment(tmp_path, **variables),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert_one_line(done.returncode, done.stdout, done.stderr, named)


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"PLUGGY_CLIENT_ID": "hunter2", "PLUGGY_CLIENT_SECRET": "hunter2"}, "AUTH"),
        ({"PLUGGY_CLIENT_ID": "hunter2", "AUTH": "none"}, "PLUGGY_CLIENT_SECRET"),
        ({"PERSISTED_DOCUMENTS": "hunter2"}, "PERSISTED_DOCUMENTS"),
        ({"LOG_LEVEL": "hunter2"}, "LOG_LEVEL must be one of debug, info, warning, error"),
    ],
    ids=str,
)
def test_main_itself_gives_the_status(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    variables: dict[str, str],
    named: str,
) -> None:
    monkeypatch.setattr(os, "environ", environment(tmp_path, **variables))
    monkeypatch.setattr(logs, "set_up", lambda _level: None)
    interval = sys.getswitchinterval()
    try:
        status = server.main()
    finally:
        sys.setswitchinterval(interval)

    assert_one_line(status, *capsys.readouterr(), named)


def assert_one_line(status: int, out: str, err: str, named: str) -> None:
    assert status == 2
    assert out == ""
    assert err.startswith("tributary: ")
    assert named in err
    assert err.count("\n") == 1
    assert "hunter2" not in err


def test_a_database_that_does_not_answer_ends_the_start_with_json(tmp_path: Path) -> None:
    url = "postgresql://somebody:hunter2@127.0.0.1:9/nowhere"
    done = subprocess.run(
        [sys.executable, "server.py"],
        cwd=ROOT,
        env=environment(tmp_path, DATABASE_URL=url),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode not in (0, 2)
    assert "DATABASE_URL" in done.stdout
    assert "hunter2" not in done.stdout + done.stderr
    assert all(line.startswith("{") for line in (done.stdout + done.stderr).splitlines())
