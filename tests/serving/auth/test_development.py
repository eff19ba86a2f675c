"""`make token`: what it prints is taken by a server that is set as it says."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from resolvers.caller import Scope
from serving.auth.development import main
from tests.process import ROOT, serving

BODY = {"query": "{ customers(first: 1) { nodes { name } } }"}


def made(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """What the command prints."""
    command = [sys.executable, "-m", "serving.auth.development", f"--folder={folder}", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def claims(token: str) -> dict[str, object]:
    """What it says, unproven."""
    return jwt.decode(token, options={"verify_signature": False})


def test_a_server_that_is_set_as_it_says_takes_the_token(tmp_path: Path) -> None:
    done = made(tmp_path / "var")
    settings = dict(re.findall(r"(AUTH_\w+)=(\S+)", done.stderr))
    assert settings.keys() == {"AUTH_PUBLIC_KEY_FILE", "AUTH_ISSUER", "AUTH_AUDIENCE"}

    with serving(tmp_path, **settings) as process, httpx.Client(base_url=process.url, timeout=60) as client:
        taken = client.post("/graphql", json=BODY, headers={"authorization": f"Bearer {done.stdout.strip()}"})
        refused = client.post("/graphql", json=BODY)

    assert (taken.status_code, refused.status_code) == (200, 401)
    assert taken.json()["data"]["customers"]["nodes"][0]["name"]


def test_it_may_do_everything_for_an_hour_unless_it_is_told_otherwise(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = f"--folder={tmp_path}"
    main([folder])
    usual = claims(capsys.readouterr().out.strip())
    main([folder, "--sub=ada", "--scope=accounts:read", "--customer=cus_1, cus_2", "--ttl=60"])
    told = claims(capsys.readouterr().out.strip())

    assert set(str(usual["scope"]).split()) == set(Scope)
    assert (usual["sub"], "customer" in usual, usual["exp"]) == ("developer", False, int(str(usual["iat"])) + 3600)
    assert (told["sub"], told["scope"], told["customer"]) == ("ada", "accounts:read", ["cus_1", "cus_2"])
    assert told["exp"] == int(str(told["iat"])) + 60


def test_its_key_is_made_once_and_is_its_owner_s_alone(tmp_path: Path) -> None:
    main([f"--folder={tmp_path}"])
    private = tmp_path / "development-key.pem"
    before = private.read_bytes()
    main([f"--folder={tmp_path}"])

    assert private.read_bytes() == before
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert b"PRIVATE" not in (tmp_path / "development-key.public.pem").read_bytes()


@pytest.mark.parametrize("ttl", ["0", "-5", "soon", "999999999"])
def test_a_wrong_time_is_refused(tmp_path: Path, ttl: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main([f"--folder={tmp_path}", f"--ttl={ttl}"])

    assert (caught.value.code, capsys.readouterr().out) == (2, "")


def test_a_foreign_key_in_its_place_is_left_alone(tmp_path: Path) -> None:
    other = ec.generate_private_key(ec.SECP256R1())
    pem = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "development-key.pem").write_bytes(pem)
    with pytest.raises(SystemExit, match="another kind of key"):
        main([f"--folder={tmp_path}"])

    assert (tmp_path / "development-key.pem").read_bytes() == pem


def test_make_hands_on_what_it_is_given(tmp_path: Path) -> None:
    """Whatever is in it: a quote, a blank, a dollar. A stand-in for Python shows what it was called with."""
    shown = tmp_path / "python"
    shown.write_text('#!/bin/sh\nfor argument in "$@"; do printf "%s\\n" "$argument"; done\n')
    shown.chmod(0o755)
    os.utime(shown, (0, 0))  # older than the stamp, so that nothing is installed
    stamp = tmp_path / "stamp"
    stamp.touch()
    given = {"SUB": 'o\'neil $(id) "x"', "SCOPE": "accounts:read payments:read", "TTL": "60"}
    done = subprocess.run(
        ["make", "-s", "token", f"PY={shown}", f"RUN_STAMP={stamp}"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **given},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )

    assert done.stdout.splitlines() == [
        "-m",
        "serving.auth.development",
        f"--sub={given['SUB']}",
        f"--scope={given['SCOPE']}",
        "--ttl=60",
    ]
