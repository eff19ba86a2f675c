"""Which ledger server answers: what can be asked, and so how reads are batched, hangs on it.

`v1` speaks the first API alone. `v2.1` and `v2.4` speak the second as well; from 2.4 on it filters accounts by lists
and transactions by id.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Final

from providers.errors import NotFound, ProviderError, Unauthorized, Unsupported
from providers.formance.client.ledger import LedgerService
from providers.formance.generation import REMEMBERED, Generation
from providers.formance.models.ledger import LedgerServerInfo
from providers.operation import Operation

V1: Final = "v1"
V2_1: Final = "v2.1"
V2_4: Final = "v2.4"
LEDGER_GENERATIONS = ("auto", V1, V2_1, V2_4)

_VERSION = re.compile(r"v?([0-9]+)\.([0-9]+)")


class LedgerGeneration(Generation):
    """The generation: as it was set, or as the server says.

    The first API is asked, which all servers speak: servers of the first generation would take the second's question
    for one about a ledger of the name `v2`, and make that.
    """

    def __init__(
        self,
        setting: str,
        client: LedgerService,
        warm: Callable[[Operation], Awaitable[object]],
        **how: Callable[[], float],
    ) -> None:
        super().__init__(setting, None, warm, **how)  # type: ignore[arg-type]  # asks another service
        self._ledger = client

    async def _ask(self, operation: Operation) -> ProviderError | None:
        try:
            try:
                info = await self._info(self._ledger.get_info, operation)
            except (NotFound, Unsupported):
                info = await self._info(self._ledger.v2_get_info, operation)
        except ProviderError as error:
            return error
        self._known, self._ask_again_at = ledger_generation_of(info.version), self._clock() + REMEMBERED
        return None

    @staticmethod
    async def _info(ask: Callable[..., Awaitable[LedgerServerInfo]], operation: Operation) -> LedgerServerInfo:
        try:
            return await ask(operation, authenticated=False)
        except Unauthorized:
            return await ask(operation, authenticated=True)


def ledger_generation_of(version: str) -> str:
    """What a version can do. One without a number is a build of the newest source."""
    found = _VERSION.match(version)
    if found is None:
        return V2_4
    number = int(found[1]), int(found[2])
    return V1 if number < (2, 0) else V2_1 if number < (2, 4) else V2_4
