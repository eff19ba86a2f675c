"""`make token`: a token for a server on this machine, signed with a key that is made here once.

The token goes to standard output, so that `TOKEN=$(make token)` takes it; how a server accepts it, to standard error.
The private key never leaves its file; a server is only ever told the public one.
"""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from resolvers.caller import Scope

FOLDER = Path(__file__).parents[2] / "var"
ISSUER = "tributary-development"
AUDIENCE = "tributary"
EVERYTHING = " ".join(Scope)


def main(arguments: Sequence[str]) -> int:
    """Print a token. 2 when it is asked for wrongly."""
    asked = _parser().parse_args(arguments)
    key, public = _keys(asked.folder)
    sys.stdout.write(_token(key, asked) + "\n")
    sys.stderr.write(
        "The server takes it when it runs with\n"
        f"  AUTH_PUBLIC_KEY_FILE={public} AUTH_ISSUER={ISSUER} AUTH_AUDIENCE={AUDIENCE}\n"
        f"It is sent as `Authorization: Bearer …`, and ends in {asked.ttl} seconds.\n"
    )
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make token", description="Sign a development token.")
    parser.add_argument("--sub", default="developer", help="who the caller is")
    parser.add_argument("--scope", default=EVERYTHING, help="what it may, as words with blanks between; default: all")
    parser.add_argument("--customer", help="the directory's ids of its customers, with commas between; default: all")
    parser.add_argument("--ttl", type=_seconds, default=3600, help="seconds until it ends; default: 3600")
    parser.add_argument("--folder", type=Path, default=FOLDER, help=argparse.SUPPRESS)
    return parser


def _seconds(text: str) -> int:
    seconds = int(text)
    if not 0 < seconds <= 366 * 86400:
        raise argparse.ArgumentTypeError("must be more than 0 and at most a year")
    return seconds


def _token(key: Ed25519PrivateKey, asked: argparse.Namespace) -> str:
    now = int(time.time())
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": asked.sub,
        "iat": now,
        "exp": now + asked.ttl,
        "scope": asked.scope,
    }
    if asked.customer is not None:
        claims["customer"] = [name.strip() for name in asked.customer.split(",")]
    return jwt.encode(claims, key, algorithm="EdDSA")


def _keys(folder: Path) -> tuple[Ed25519PrivateKey, Path]:
    """The private key, and the file of the public one. Both are made when there is none yet."""
    private, public = folder / "development-key.pem", folder / "development-key.public.pem"
    folder.mkdir(parents=True, exist_ok=True)
    if not private.exists():
        _write_secret(private, _pem(Ed25519PrivateKey.generate()))
    key = load_pem_private_key(private.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise SystemExit(f"{private} holds another kind of key. Remove it, and a new one is made")
    public.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return key, public


def _pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write_secret(path: Path, content: bytes) -> None:
    """A file that is its owner's alone from its first byte on."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
