"""How much of the machine a process holds, as Linux tells it."""

import os
import re
from pathlib import Path

import msgspec


class Footprint(msgspec.Struct, frozen=True):
    """Resident memory in megabytes, and open files, of which `sockets` are sockets."""

    rss_mb: float
    files: int
    sockets: int

    @classmethod
    def of(cls, pid: int) -> "Footprint":
        """Of a process of ours."""
        process = Path("/proc") / str(pid)
        kilobytes = re.search(r"VmRSS:\s+(\d+)", (process / "status").read_text())
        links = [_target(file) for file in (process / "fd").iterdir()]
        sockets = sum(link.startswith("socket:") for link in links)
        return cls(round(int(kilobytes[1]) / 1024, 1) if kilobytes else 0.0, len(links), sockets)


def _target(file: Path) -> str:
    try:
        return os.readlink(file)
    except OSError:  # closed meanwhile
        return ""
