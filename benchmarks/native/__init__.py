"""The programs in C, which cost less than what is measured: compiled when they are first needed, or have changed."""

import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
COMPILERS = ("cc", "gcc", "clang")


def compiler() -> str | None:
    """The first C compiler that is installed."""
    return next((name for name in COMPILERS if shutil.which(name)), None)


def compiled(name: str, folder: Path) -> Path:
    """The program `name`, in `folder`. Raises `RuntimeError` without a compiler."""
    cc = compiler()
    if cc is None:
        raise RuntimeError(
            "A C compiler is needed for the vendors' server and the load. On Debian: apt-get install gcc"
        )
    source, program = HERE / f"{name}.c", folder / name
    if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run([cc, "-O2", "-o", str(program), str(source)], check=True)
    return program
