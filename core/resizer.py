"""Redirect on miss: the only module that knows all the steps.

request -> parse -> canonical key -> stored? -> yes: redirect to it
                                     no:  read original -> render -> create -> redirect to it
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from core.deadline import within
from core.encodings import decoded
from core.errors import MethodRefused, Outdone, SizewiseError, StorageUnavailable, TooExpensive
from core.flight import Flights
from core.focal import aimed, named_focal
from core.http import EVERY_ANSWER, METHODS, Request, Response, preflight, redirect
from core.imaging.results import Framing
from core.keys import from_path, to_path
from core.logs import Trace, log_request
from core.places import Places
from core.problems import problem
from core.rendering.renderer import Renderer
from core.settings import Settings
from core.size import Point, Size, focal_point
from core.storage import INSTEAD_OF, ORIGINAL_ETAG, Description, NewObject, Storage, StoredObject
from core.variants import Variant, requested

_MOST_KNOWN: Final = 1000
"""The most variants that are remembered as passed over: for `.auto`, another format is stored in their place."""

_FOR_STORAGE: Final = 3.0
"""Seconds that a request has in addition to those for rendering: 18 in all by default. A call to storage that is then
under way ends within the SDKs' timeouts, so that the answer comes within 20 seconds."""


@dataclass(frozen=True)
class Look:
    """An original as seen at a size: its description, its length in bytes, and the size's framing.

    `point` is the original's focal point, None if it has none.
    """

    original: Description
    length: int
    point: Point | None
    framing: Framing


class Resizer:
    """Answers requests for variants. A process has one, with its work in progress and the variants passed over."""

    def __init__(self, originals: Storage, variants: Storage, settings: Settings, renderer: Renderer) -> None:
        self._originals = originals
        self._variants = variants
        self._settings = settings
        self._renderer = renderer
        self._flights = Flights[bool]()
        # Limits memory: one original for each processor that renders, and one that is read ahead.
        self._places = Places(renderer.places + 1)
        # For `.auto`: the original's ETag, by the key of a variant in whose place another format is stored. Without it,
        # each request would cost a render to find that out.
        self._passed_over: dict[str, str] = {}

    def handle(self, request: Request) -> Response:
        """The answer to a request: a redirect to the stored variant, a problem, or the answer to OPTIONS."""
        trace = Trace(request.trace_id)
        with trace.step("total"), within(self._renderer.deadline + _FOR_STORAGE):
            response = self._answer(request, trace)
        own = {"X-Sizewise": trace.outcome, "Server-Timing": trace.server_timing()}
        headers = {**response.headers, **EVERY_ANSWER, **own}
        log_request(request.method, request.path, response.status, trace)
        return replace(response, headers=headers)

    def look(self, key: str, size: Size) -> Look:
        """Reads the original under a key, and computes a size's framing. Raises the errors of reading and rendering."""
        with self._places.taken():
            original = self._read(key, Trace())
            framed = self._renderer.framing(original.data, aimed(size, original, Trace()))
        return Look(original, len(original.data), focal_point(named_focal(original).lower()), framed)

    def _answer(self, request: Request, trace: Trace) -> Response:
        if request.method == "OPTIONS":
            return preflight()
        try:
            if request.method not in METHODS:
                raise MethodRefused(f"The method is not allowed: use {' or '.join(METHODS)}.")
            return self._redirect(request, self._first(requested(request, self._settings), trace))
        except SizewiseError as error:
            trace.error = error
            return problem(error, request.accept)
        except Exception as error:  # A bug in Sizewise: no platform may show the user its text.
            trace.error = error
            unexpected = SizewiseError("Something went wrong. The operator can find the reason in the log.")
            return problem(unexpected, request.accept)

    def _redirect(self, request: Request, variant: Variant) -> Response:
        settings = self._settings
        location = f"{settings.public_url or ''}/{to_path(variant.key)}"
        # Once the variant is deleted, a cached redirect to the request's own address is a loop.
        max_age = 0 if _leads_back(location, request, variant) else settings.redirect_max_age
        return redirect(settings.redirect_status, location, max_age, variant.automatic)

    def _first(self, variants: Sequence[Variant], trace: Trace) -> Variant:
        """Stores and returns the first variant that is neither too expensive to render nor larger than the next."""
        *better, last = variants
        for variant in better:
            with suppress(TooExpensive, Outdone):
                if not self._was_passed_over(variant):
                    return self._stored(variant, trace)
        return self._stored(last, trace)

    def _was_passed_over(self, variant: Variant) -> bool:
        """Whether another variant was chosen before, and the original is still the same."""
        etag = self._passed_over.get(variant.key)
        found = self._originals.find(variant.original) if etag else None
        return found is not None and found.etag == etag

    def _stored(self, variant: Variant, trace: Trace) -> Variant:
        trace.key = variant.key
        # Not the flight of a request that names this format: that request gets it even if the rival, WebP, is smaller.
        flight = variant.key if variant.rival is None else f"{variant.key} or {variant.rival.key}"
        trace.hit = self._flights.run(flight, lambda: self._ensure(variant, trace))
        return variant

    def _ensure(self, variant: Variant, trace: Trace) -> bool:
        """Stores the variant if it is missing; True if it was stored already."""
        with trace.step("check"), self._places.storage_call():
            if self._variants.find(variant.key):
                return True
            self._check_rival(variant)
        new = self._made(variant, trace)
        with trace.step("write"), self._places.storage_call():
            # A taken key is a hit only if the object under it is served.
            if not self._variants.create(variant.key, new) and not self._variants.find(variant.key):
                raise StorageUnavailable from LookupError("the key is taken, but no object is found under it")
        trace.bytes_out = len(new.data)
        return False

    def _check_rival(self, variant: Variant) -> None:
        """Raises Outdone if any process made the variant's rival instead of it before."""
        rival = self._variants.find(variant.rival.key) if variant.rival else None
        if rival and rival.metadata.get(INSTEAD_OF) == variant.format:
            self._pass_over(variant, rival.metadata.get(ORIGINAL_ETAG, ""))
            if self._was_passed_over(variant):
                raise Outdone("The variant is stored in another format.")

    def _made(self, variant: Variant, trace: Trace) -> NewObject:
        """The variant, from its original."""
        with self._places.taken():
            self._renderer.start()
            original = self._read(variant.original, trace)
            return self._render(variant, original, trace)

    def _read(self, key: str, trace: Trace) -> StoredObject:
        """The original under a key, without its Content-Encoding."""
        most = self._settings.max_original_bytes
        with trace.step("read"), self._places.storage_call():
            original = self._originals.read(key, most)
        trace.bytes_in = len(original.data)
        return replace(original, data=decoded(key, original, most), content_encoding="")

    def _render(self, variant: Variant, original: StoredObject, trace: Trace) -> NewObject:
        rival = variant.rival.format if variant.rival else None
        instead = {INSTEAD_OF: variant.better.format} if variant.better and variant.better.format else {}
        with trace.step("render"), self._noting(variant, original):
            rendering = self._renderer.render(original.data, aimed(variant.size, original, trace), rival)
        return NewObject(
            data=rendering.data,
            content_type=rendering.content_type,
            cache_control=self._settings.variant_cache_control,
            metadata={ORIGINAL_ETAG: original.etag, **instead},
        )

    @contextmanager
    def _noting(self, variant: Variant, original: Description) -> Iterator[None]:
        """Remembers the original for which a variant is passed over."""
        try:
            yield
        except (TooExpensive, Outdone):
            self._pass_over(variant, original.etag)
            raise

    def _pass_over(self, variant: Variant, etag: str) -> None:
        if len(self._passed_over) >= _MOST_KNOWN:
            self._passed_over.clear()
        self._passed_over[variant.key] = etag


def _leads_back(location: str, request: Request, variant: Variant) -> bool:
    """Whether a location may be the address of the request itself."""
    address, path = urlsplit(location), from_path(request.path)
    if not address.netloc:
        # The location is a path, perhaps with a prefix that a proxy has removed from the request's path.
        return path == f"/{variant.key}"
    hosts = {host.rpartition("@")[2].partition(":")[0] for host in request.hosts}
    is_same_host = not hosts or address.netloc.lower().partition(":")[0] in hosts
    return is_same_host and path == from_path(address.path)
