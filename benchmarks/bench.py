"""The bench: the vendors, one gateway at a time, and the load, each on its core."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import msgspec

from benchmarks import requests, world
from benchmarks.gateways import Gateway, Place, fill_directory, free_port
from benchmarks.native import compiled
from benchmarks.processes import Program, cores, running
from benchmarks.traffic import CUSTOMERS, Callers, Traffic


class Loaded(msgspec.Struct, frozen=True):
    """What `native/load.c` tells."""

    requests: int
    errors: int
    odd: int
    seconds: float
    rps: float
    p50_ms: float
    p99_ms: float
    least_ms: float
    bytes: int


class Arrived(msgspec.Struct, frozen=True):
    """What `native/upstream.c` tells. Times are microseconds after the first call."""

    requests: int
    connections: int
    most_at_once: int
    arrivals: tuple[int, ...]

    def waves(self, apart_us: int) -> int:
        """Groups of calls that came at once: what comes later than the last one by so much begins another."""
        return bool(self.arrivals) + sum(later - earlier > apart_us for earlier, later in pairwise(self.arrivals))


class Vendors(msgspec.Struct, frozen=True):
    """The vendors' server."""

    port: int
    program: Program

    def reset(self) -> None:
        """Forget what was counted."""
        requests.read(self.port, "/__reset")

    def arrived(self) -> Arrived:
        """What was counted since."""
        return msgspec.convert(requests.read(self.port, "/__stats"), Arrived)


class Bench:
    """Everything that all measurements have in common, in a folder of its own."""

    def __init__(self, folder: Path, *, customers: int = CUSTOMERS, settings: Mapping[str, str] | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self._settings = folder, settings or {}
        self._core, self._other_core = cores()
        self._upstream, self._load = compiled("upstream", folder), compiled("load", folder)
        self._routes = world.write(folder / "world")
        self.callers = Callers(customers)
        self.traffic = Traffic(folder, self.callers)
        for old in [*folder.glob("*.tsv"), *folder.glob("directory.sqlite3*")]:
            old.unlink()
        fill_directory(folder, self.callers.count)

    @contextmanager
    def vendors(self, *, delay_ms: int = 0) -> Iterator[Vendors]:
        """The vendors, who take so long for each answer."""
        port = free_port()
        command: list[str | Path] = [self._upstream, str(port), self._routes, str(delay_ms)]
        output = self.folder / f"upstream-{delay_ms}.log"
        with running(command, output=output, core=self._other_core, folder=self.folder) as program:
            vendors = Vendors(port, program)
            _until_it_answers(vendors)
            yield vendors

    @contextmanager
    def unbound(self) -> Iterator[None]:
        """Inside the block everything runs on whichever core is free, for what is meant to use several."""
        usual = self._core, self._other_core
        self._core = self._other_core = None
        try:
            yield
        finally:
            self._core, self._other_core = usual

    @contextmanager
    def gateway(self, gateway: Gateway, vendors: Vendors, **settings: str) -> Iterator["Running"]:
        """A gateway that answers. The settings are Tributary's."""
        place = Place(
            port=free_port(),
            vendors=f"http://127.0.0.1:{vendors.port}",
            folder=self.folder,
            public_key=self.callers.public_key,
            core=self._core,
            settings={**self._settings, **settings},
        )
        with gateway.running(place) as program:
            yield Running(self, place.port, program)

    def load(self, port: int, file: Path, *, connections: int, seconds: float, most: int = 0) -> Loaded:
        """Ask what is in the file, again and again. `most` bounds the requests."""
        command: list[str | Path] = [self._load, str(port), file, str(connections), str(seconds), str(most)]
        with running(command, output=self.folder / "load.json", core=self._other_core, folder=self.folder) as program:
            program.wait(seconds + 300)
        return msgspec.json.decode(program.output, type=Loaded)


class Running(msgspec.Struct, frozen=True):
    """A gateway that can be asked."""

    bench: Bench
    port: int
    program: Program

    def load(self, file: Path, *, connections: int, seconds: float, most: int = 0) -> Loaded:
        """As `Bench.load`."""
        return self.bench.load(self.port, file, connections=connections, seconds=seconds, most=most)


def _until_it_answers(vendors: Vendors) -> None:
    for _ in range(200):
        try:
            vendors.reset()
        except OSError:
            vendors.program.nap(0.02)
        else:
            return
    raise RuntimeError(f"the vendors' server does not start: {vendors.program.output}")
