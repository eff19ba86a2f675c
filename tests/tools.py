"""Programs beside Python that some tests need."""

import os
import tarfile
from pathlib import Path
from typing import NoReturn

import pytest


def lacking(reason: str) -> NoReturn:
    """Without its tools this cannot be tried: a machine that judges changes must have them."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def unpack(archive: Path, folder: Path) -> None:
    """Unpack a source distribution or a package of npm, which holds nothing but files below one folder."""
    with tarfile.open(archive) as packed:
        if hasattr(tarfile, "data_filter"):
            packed.extractall(folder, filter="data")
        else:  # before Python 3.11.4
            packed.extractall(folder)
