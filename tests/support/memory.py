"""A resizer with buckets in memory, which count round trips and the longest sequence of them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock

from core.http import EVERY_ANSWER, Request, Response
from core.rendering.renderer import Renderer
from core.resizer import Resizer
from core.storage import Description, NewObject, StoredObject, missing, too_large
from tests.support.pictures.samples import CAT
from tests.support.renderers import renderer
from tests.support.settings import settings
from tests.support.threads import PATIENCE


class Trips:
    """The round trips to any number of buckets.

    `longest` is the longest chain of trips in which each started after the previous one had ended.
    """

    def __init__(self) -> None:
        self.names: list[str] = []
        self.longest = 0
        self._lock = Lock()

    @contextmanager
    def trip(self, name: str) -> Iterator[None]:
        """One round trip, which lasts as long as the block."""
        with self._lock:
            self.names.append(name)
            place = self.longest + 1
        yield
        with self._lock:
            self.longest = max(self.longest, place)


def described(data: bytes, etag: str, new: NewObject | None = None) -> StoredObject:
    """An object as a store returns it, by default without a description."""
    new = new or NewObject(data)
    return StoredObject(etag, new.content_type, new.cache_control, dict(new.metadata), data)


def _etag(data: bytes) -> str:
    return f'"{hash(data):x}"'


class MemoryStorage:
    """The storage interface (port) on a dictionary.

    `faults` has exceptions by the name of the method that raises them. `holds` has events by the name of the method
    that waits for them after the start of its trip. If `lost` is set, `create` stores nothing, as if every key was
    taken.
    """

    def __init__(self, trips: Trips, **originals: bytes) -> None:
        self.objects: dict[str, StoredObject] = {}
        for key, data in originals.items():
            self.put(key, data)
        self.faults: dict[str, Exception] = {}
        self.holds: dict[str, Event] = {}
        self.started = {name: Event() for name in ("find", "read", "create")}
        self.lost = False
        self._trips = trips
        self._lock = Lock()

    def put(self, key: str, data: bytes) -> None:
        """Stores an object like an upload by a user."""
        self.objects[key] = described(data, _etag(data))

    def find(self, key: str) -> Description | None:
        with self._trip("find"):
            return self.objects.get(key)

    def read(self, key: str, max_bytes: int) -> StoredObject:
        with self._trip("read"):
            if key not in self.objects:
                raise missing(key)
            if len(self.objects[key].data) > max_bytes:
                raise too_large(key, max_bytes)
            return self.objects[key]

    def create(self, key: str, new: NewObject) -> bool:
        stored = described(new.data, _etag(new.data), new)
        with self._trip("create"), self._lock:
            return not self.lost and self.objects.setdefault(key, stored) is stored

    @contextmanager
    def _trip(self, name: str) -> Iterator[None]:
        with self._trips.trip(name):
            self.started[name].set()
            if name in self.holds and not self.holds[name].wait(PATIENCE):
                raise TimeoutError(f"the test did not set the event of {name}")
            if name in self.faults:
                raise self.faults[name]
            yield


TAKEN = described(b"another's bytes", '"taken"', NewObject(b"", "image/webp"))
"""A variant that another instance has stored."""


class Site:
    """A resizer, its two buckets in memory, and the round trips to both. `own` replaces the shared renderer."""

    def __init__(self, own: Renderer | None = None, /, **changed: object) -> None:
        self.trips = Trips()
        self.originals = MemoryStorage(self.trips, **{"cat.jpg": CAT, "cut.jpg": CAT[:9000], "a.txt": b"text"})
        self.variants = MemoryStorage(self.trips)
        used = settings(**changed)
        self.renderer = own or renderer(used.imaging)
        self.resizer = Resizer(self.originals, self.variants, used, self.renderer)

    def ask(self, path: str, method: str = "GET", accept: str = "") -> Response:
        return self.resizer.handle(Request(method, path, accept))


def assert_problem(answer: Response, status: int) -> None:
    """Expects problem details that are not cached and have the headers of every answer."""
    assert answer.status == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Vary"] == "Accept"
    assert answer.headers["X-Sizewise"] == "miss"
    assert answer.headers["Server-Timing"].count("total;dur=") == 1
    assert answer.headers.items() >= EVERY_ANSWER.items()
    assert json.loads(answer.body)["status"] == status
