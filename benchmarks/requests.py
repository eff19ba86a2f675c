"""Single requests, for what is not measured."""

import json
import urllib.error
import urllib.request
from typing import Any

TIMEOUT = 60.0


def ask(port: int, body: dict[str, Any], token: str) -> Any:
    """The answer of a gateway to one question."""
    headers = {"content-type": "application/json", "accept": "application/json", "authorization": f"Bearer {token}"}
    address = f"http://127.0.0.1:{port}/graphql"
    request = urllib.request.Request(address, data=json.dumps(body).encode(), headers=headers)
    with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
        return json.loads(response.read())


def answers(port: int, body: dict[str, Any]) -> bool:
    """Whether somebody answers on a port, be it with a refusal."""
    try:
        ask(port, body, "nobody")
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def read(port: int, path: str) -> Any:
    """JSON that stands behind a path of the vendors."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=TIMEOUT) as response:
        return json.loads(response.read())
