"""The image and the composition, as far as they go without a container engine: their files, settings and commands."""

import asyncio
import re
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx
import pytest
import yaml

from tests import services
from tests.process import ROOT, Process, serving
from tests.replicas.conftest import required

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
DEFAULT = re.compile(r"\$\{\w+:-(.*?)\}")


def copied(folder: Path) -> Path:
    """What the image's last stage takes of the checkout, and nothing else."""
    last = DOCKERFILE.split("\nFROM ")[-1]
    for line in re.findall(r"^COPY (?!--from)(.*)$", last, re.MULTILINE):
        *sources, target = line.split()
        for source in sources:
            place = folder / (source if target == "./" else target)
            copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy
            copy(ROOT / source, place)
    return folder


def variables() -> dict[str, str]:
    """What the composition sets when nobody sets anything else."""
    given: dict[str, str] = COMPOSE["services"]["tributary"]["environment"]
    return {name: DEFAULT.sub(r"\1", value) for name, value in given.items()}


@pytest.fixture
def database() -> Iterator[str]:
    """As the composition's own: empty, and the user's."""
    with required(services.postgresql()) as url:
        name = f"tributary_{secrets.token_hex(8)}"
        asyncio.run(services.execute(url, f"CREATE DATABASE {name} TEMPLATE template0"))
        yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        asyncio.run(services.execute(url, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def composed(database: str, tmp_path: Path) -> Iterator[Process]:
    """The server of the image with the composition's settings, but for addresses: they are those of services here."""
    image = tmp_path / "image"
    image.mkdir()
    with required(services.redis()) as redis:
        here = {"HOST": "127.0.0.1", "PORT": "0", "DATABASE_URL": database, "REDIS_URL": redis, "DRAIN_SECONDS": "0"}
        assert here.keys() <= variables().keys()
        with serving(tmp_path, root=copied(image), **{**variables(), **here}) as server:
            yield server


def test_what_is_composed_starts_and_answers_over_three_vendors(composed: Process) -> None:
    query = "{ customers(first: 3) { nodes { name accounts { nodes { provider } } } } }"
    ready = httpx.get(f"{composed.url}/readyz")
    body = httpx.post(f"{composed.url}/graphql", json={"query": query}).json()

    assert ready.status_code == 200
    assert "errors" not in body
    accounts = [account for each in body["data"]["customers"]["nodes"] for account in each["accounts"]["nodes"]]
    assert {account["provider"] for account in accounts} == {"FINICITY", "FORMANCE", "PLUGGY"}


def test_the_images_health_check_finds_the_server(composed: Process) -> None:
    found = re.search(r"HEALTHCHECK .*?CMD (\[.*?\])\n", DOCKERFILE)
    assert found
    python, *arguments = yaml.safe_load(found[1])
    assert python == "python"

    def asks(port: int) -> int:
        command = [sys.executable, *arguments]
        variables = {**composed.variables, "PORT": str(port)}
        return subprocess.run(command, env=variables, timeout=30, check=False, capture_output=True).returncode

    assert asks(composed.port) == 0
    composed.process.kill()
    composed.process.wait()
    assert asks(composed.port) != 0


def test_services_name_one_another() -> None:
    names = COMPOSE["services"].keys()
    given = variables()

    assert {urlsplit(given[name]).hostname for name in ("DATABASE_URL", "REDIS_URL")} <= names
    assert COMPOSE["services"]["tributary"]["depends_on"].keys() <= names
    database = COMPOSE["services"]["postgres"]["environment"]
    address = urlsplit(given["DATABASE_URL"])
    assert (address.username, address.password, address.path[1:]) == (
        database["POSTGRES_USER"],
        DEFAULT.sub(r"\1", database["POSTGRES_PASSWORD"]),
        database["POSTGRES_DB"],
    )
    assert all(each.startswith("127.0.0.1:") for each in COMPOSE["services"]["tributary"]["ports"])
