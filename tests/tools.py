"""Programs beside Python that some tests need."""

import os
from typing import NoReturn

import pytest


def lacking(reason: str) -> NoReturn:
    """Without its tools this cannot be tried: a machine that judges changes must have them."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
