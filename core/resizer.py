"""Redirect on miss: the only place where the steps meet.

request -> parse -> canonical key -> stored? -> yes: redirect to it
                                     no:  read original -> render -> create -> redirect to it
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from threading import BoundedSemaphore
from typing import Final

from core.errors import MethodRefused, SizewiseError, TooDear
from core.flight import Flights
from core.http import EVERY_ANSWER, METHODS, Request, Response, redirect
from core.imaging.results import Framing
from core.keys import to_path
from core.logs import Trace, log_request
from core.problems import problem
from core.rendering.renderer import Renderer
from core.settings import Settings
from core.size import Point, Size, focal_point
from core.storage import Description, NewObject, Storage, StoredObject
from core.variants import Variant, asked

_ORIGINAL_ETAG: Final = "originaletag"
"""The metadata name under which a variant keeps its original's ETag: one word, as Azure wants it."""

_FOCAL: Final = "focal"
"""The metadata name under which an original keeps its focal point, such as 30x70."""

_MOST_KNOWN: Final = 1000
"""Variants that are remembered for being too dear."""

READERS: Final = 32
"""Threads that read originals while the stored check is under way; idle ones cost nothing."""


@dataclass(frozen=True)
class Look:
    """What is seen of an original at a size: its description, its length in bytes, and the size's framing.

    `point` is the focal point that it keeps, None if it keeps none.
    """

    original: Description
    length: int
    point: Point | None
    framing: Framing


class Resizer:
    """Answers requests for variants; one a process. Its state is the work that is under way."""

    def __init__(self, originals: Storage, variants: Storage, settings: Settings, renderer: Renderer) -> None:
        self._originals = originals
        self._variants = variants
        self._settings = settings
        self._renderer = renderer
        self._flights = Flights[bool]()
        self._readers = ThreadPoolExecutor(READERS, "read")
        # This bounds memory: one original for each processor that renders, and one that is read ahead.
        self._renders = BoundedSemaphore(renderer.places + 1)
        # Where the format is left open, finding out each time that one is too dear would take a render.
        self._dear: dict[str, str] = {}
        # Misses come in runs (always, behind a website that redirects only misses), and so do hits
        # (where the function comes first), so the last request predicts the next.
        self._expects_miss = True

    def handle(self, request: Request) -> Response:
        """The answer to a request: a redirect to its variant, which is stored by then, or a problem."""
        trace = Trace(request.trace_id)
        with trace.step("total"):
            response = self._answer(request, trace)
        own = {"X-Sizewise": trace.outcome, "Server-Timing": trace.server_timing()}
        headers = {**response.headers, **EVERY_ANSWER, **own}
        log_request(request.method, request.path, response.status, trace)
        return replace(response, headers=headers, body=b"" if request.method == "HEAD" else response.body)

    def look(self, key: str, size: Size) -> Look:
        """Looks at an original, by its key, as rendering a size does. Raises what reading and rendering raise."""
        with self._renders:
            original = self._originals.read(key, self._settings.max_original_bytes)
            framed = self._renderer.framing(original.data, _aimed(size, original, Trace()))
        return Look(original, len(original.data), focal_point(_named_focal(original).lower()), framed)

    def _answer(self, request: Request, trace: Trace) -> Response:
        settings = self._settings
        try:
            if request.method not in METHODS:
                raise MethodRefused(f"Images are asked for with {' or '.join(METHODS)}.")
            variant = self._first(asked(request, settings), trace)
        except SizewiseError as error:
            trace.error = error
            return problem(error, request.accept)
        except Exception as error:  # A bug of ours, which no platform is to show the user.
            trace.error = error
            unexpected = SizewiseError("Something went wrong here. Its operator finds the reason in the log.")
            return problem(unexpected, request.accept)
        location = f"{settings.public_url or ''}/{to_path(variant.key)}"
        return redirect(settings.redirect_status, location, settings.redirect_max_age, variant.automatic)

    def _first(self, variants: Sequence[Variant], trace: Trace) -> Variant:
        """The first of the variants that is not too dear to make. It is stored by then."""
        *better, last = variants
        for variant in better:
            with suppress(TooDear):
                if not self._is_known_dear(variant):
                    return self._stored(variant, trace)
        return self._stored(last, trace)

    def _is_known_dear(self, variant: Variant) -> bool:
        """Whether a variant was too dear to make before, of an original that is still the same."""
        etag = self._dear.get(variant.key)
        found = self._originals.find(variant.original) if etag else None
        return found is not None and found.etag == etag

    def _stored(self, variant: Variant, trace: Trace) -> Variant:
        trace.key = variant.key
        trace.hit = self._flights.run(variant.key, lambda: self._ensure(variant, trace))
        return variant

    def _ensure(self, variant: Variant, trace: Trace) -> bool:
        """Sees to it that the variant is stored; True if it was already."""
        new = None
        # A hit never waits for a render: with all of them busy, it is checked before it queues.
        if self._expects_miss and self._renders.acquire(blocking=False):
            try:
                stored, new = self._check_while_reading(variant, trace)
            finally:
                self._renders.release()
        else:
            stored = self._is_stored(variant, trace)
        self._expects_miss = not stored
        if stored:
            return True
        if new is None:
            with self._renders:
                new = self._render(variant, self._read(variant, trace), trace)
        with trace.step("write"):
            self._variants.create(variant.key, new)
        trace.bytes_out = len(new.data)
        return False

    def _check_while_reading(self, variant: Variant, trace: Trace) -> tuple[bool, NewObject | None]:
        """Whether the variant is stored, and if not, its rendering: one round trip for both."""
        reading = self._readers.submit(self._read, variant, trace)
        if self._is_stored(variant, trace):
            reading.cancel()
            return True, None
        return False, self._render(variant, reading.result(), trace)

    def _is_stored(self, variant: Variant, trace: Trace) -> bool:
        with trace.step("check"):
            return self._variants.find(variant.key) is not None

    def _read(self, variant: Variant, trace: Trace) -> StoredObject:
        self._renderer.start()
        with trace.step("read"):
            original = self._originals.read(variant.original, self._settings.max_original_bytes)
        trace.bytes_in = len(original.data)
        return original

    def _render(self, variant: Variant, original: StoredObject, trace: Trace) -> NewObject:
        with trace.step("render"), self._noting_dear(variant, original):
            rendering = self._renderer.render(original.data, _aimed(variant.size, original, trace))
        return NewObject(
            data=rendering.data,
            content_type=rendering.content_type,
            cache_control=self._settings.variant_cache_control,
            metadata={_ORIGINAL_ETAG: original.etag},
        )

    @contextmanager
    def _noting_dear(self, variant: Variant, original: Description) -> Iterator[None]:
        """Remembers of which original a variant is too dear."""
        try:
            yield
        except TooDear:
            if len(self._dear) >= _MOST_KNOWN:
                self._dear.clear()
            self._dear[variant.key] = original.etag
            raise


def _aimed(size: Size, original: Description, trace: Trace) -> Size:
    """The size as it is rendered: a crop whose place nobody named keeps the focal point that the original names.

    A focal point that can't be read is noted in the trace.
    """
    named = _named_focal(original)
    if not named or size.fit != "cover" or size.focal:
        return size
    focal = focal_point(named.lower())
    if focal is None:
        trace.ignored = f"{_FOCAL}: {named}"
    return replace(size, focal=focal)


def _named_focal(original: Description) -> str:
    """The text by which an original names its focal point; empty if it names none."""
    # Azure keeps the case of names as they were uploaded.
    return {name.lower(): value.strip() for name, value in original.metadata.items()}.get(_FOCAL, "")
