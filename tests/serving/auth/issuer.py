"""An issuer of tokens with keys of several kinds, which publishes them on a real socket as it is told to."""

import base64
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa

from tests.tokens import AUDIENCE, ISSUER, KEY


@cache
def private(kind: str) -> Any:
    """A key of this run: `RSA`, `EC` (P-256), `Ed25519`, or another RSA key that belongs to an attacker."""
    if kind == "Ed25519":
        return KEY
    return generate_private_key(SECP256R1()) if kind == "EC" else generate_rsa(65537, 2048)


def jwk(key: Any, kid: str, **members: Any) -> dict[str, Any]:
    """The public half as it is published."""
    algorithm = "EdDSA" if isinstance(key, Ed25519PrivateKey) else "ES256" if hasattr(key, "curve") else "RS256"
    made = jwt.get_algorithm_by_name(algorithm).to_jwk(key.public_key(), as_dict=True)
    return {**made, "kid": kid, "use": "sig", **members}


def claims(**others: Any) -> dict[str, Any]:
    """Claims of a valid token."""
    now = int(time.time())
    return {"iss": ISSUER, "aud": AUDIENCE, "sub": "user-1", "exp": now + 600, "scope": "providers:read", **others}


def segment(part: bytes | Mapping[str, Any]) -> str:
    """One part of a token."""
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def signed(
    header: bytes | Mapping[str, Any], payload: bytes | Mapping[str, Any], *, key: Any, algorithm: str | None = None
) -> str:
    """A token with any header and payload, whatever they say, under a true signature of this key."""
    text = f"{segment(header)}.{segment(payload)}"
    name = algorithm or json.loads(json.dumps(header))["alg"]
    return f"{text}.{segment(jwt.get_algorithm_by_name(name).sign(text.encode(), key))}"


class Issuer:
    """What it publishes may be changed at any time; `asked` holds the paths that were asked for."""

    def __init__(self) -> None:
        self.status = 200
        self.body = b""
        self.asked: list[str] = []
        self.url = ""
        self._served: list[bytes] = []

    def publish(self, *keys: dict[str, Any]) -> None:
        """These keys from now on."""
        self.body = json.dumps({"keys": keys}).encode()

    def served(self, *, patience: float = 60.0) -> None:
        """Wait until somebody has got what is published now."""
        now, give_up = self.body, time.monotonic() + patience
        while now not in self._served:
            assert time.monotonic() < give_up, "nobody asks for the keys"
            time.sleep(0.01)

    def serve(self, path: str) -> tuple[int, bytes]:
        """Status and body for one request, which is noted."""
        answer = self.status, self.body
        self.asked.append(path)
        self._served.append(answer[1])
        return answer


@contextmanager
def issuing() -> Iterator[Issuer]:
    """An issuer on a port of this machine, in a thread of its own."""
    issuer = Issuer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = issuer.serve(self.path)
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
