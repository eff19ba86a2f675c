"""What the vendors do wrong, at random: every kind of fault, together as often as is asked for."""

from collections.abc import Mapping
from typing import Any

import httpx

from tests.faults.kinds import CANARY, KINDS

HEAVY = {"200 MB", "gzip bomb"}
SELDOM = 0.02
"""How much rarer than others those are which cost the vendors more than us."""
AFTER_THE_DEED: tuple[Mapping[str, Any], ...] = (
    {"status": 500, "body": f'{{"error": "{CANARY}"}}', "acts": True},
    {"drop": "after"},
    {"after_ms": 2_600},
)
"""What hides from us that a write has taken effect."""
OFTEN = 1_000_000_000


async def arm(url: str, share: float) -> None:
    """Let this share of all calls that reach the vendors at an address fail."""
    weights = {kind.name: SELDOM if kind.name in HEAVY else 1.0 for kind in KINDS}
    total = sum(weights.values())
    async with httpx.AsyncClient(base_url=url) as client:
        for effect in AFTER_THE_DEED:
            await _armed(client, effect, chance=share / len(AFTER_THE_DEED) / 2, method="POST", path="/api/payments/*")
        for kind in KINDS:
            await _armed(client, kind.effect, chance=share * weights[kind.name] / total)


async def disarm(url: str) -> None:
    """Let the vendors work again."""
    async with httpx.AsyncClient(base_url=url) as client:
        (await client.delete("/sandbox/_faults")).raise_for_status()


async def _armed(client: httpx.AsyncClient, effect: Mapping[str, Any], **match: Any) -> None:
    fault = {"vendor": "*", "path": "*", "times": OFTEN, **match, **effect}
    (await client.post("/sandbox/_faults", json=fault)).raise_for_status()
