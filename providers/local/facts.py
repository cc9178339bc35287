"""The front page's data, as JSON objects: the deployment, the folder's images, one image, one request."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final

import flask
from werkzeug.datastructures import Headers

from core.errors import BadKey, SizewiseError
from core.http import Request
from core.imaging.formats import CONTENT_TYPES
from core.imaging.results import Framing
from core.keys import from_path, split
from core.ladder import first_rendered, variants_per_original
from core.resizer import Resizer
from core.settings import Settings
from core.size import Size, parse
from providers.local import website
from providers.local.listing import Listing
from providers.local.storage import FolderStorage
from providers.wsgi import to_answer

_IMAGES_AT_A_TIME: Final = 100
_MOST_HOPS: Final = 5

_THUMBNAIL: Final = "300x"
_LEAST_THUMBNAIL: Final = 200
"""The least width, in pixels, among WIDTHS that can be a thumbnail's."""
_FIRST: Final = ("600x400", "600x")
"""A photograph opens at the first of these sizes that the deployment renders."""

Facts = dict[str, Any]


@dataclass(frozen=True)
class Site:
    """A served folder: its variants, its images, its settings, and its resizer."""

    variants: FolderStorage
    listing: Listing
    settings: Settings
    resizer: Resizer

    def answer(self, asked: Request, headers: Headers) -> flask.Response:
        """Answers with the stored image, as the request's headers select it, or lets the resizer answer."""
        return website.serve(self.variants, asked, headers) or to_answer(self.resizer.handle(asked))


def settings_facts(settings: Settings) -> Facts:
    """The settings from which the page makes addresses, and the sizes that it begins with."""
    rungs = [f"{width}x" for width in settings.widths if width >= _LEAST_THUMBNAIL]
    return {
        "widths": settings.widths,
        "ratios": settings.ratios,
        "sizes": settings.sizes,
        "maxSide": settings.max_side,
        "format": settings.format,
        "quality": settings.quality,
        "enlarge": settings.enlarge,
        "thumbnail": str(first_rendered((*rungs[:1], *settings.sizes[:1], _THUMBNAIL), settings)),
        "first": str(first_rendered((*_FIRST, *settings.sizes), settings)),
        "variantsPerOriginal": variants_per_original(settings),
    }


def images(site: Site, folder: str, search: str, start: str) -> Facts:
    """The images that a search finds below a folder, from number `start` on, and the folders that contain them.

    Raises BadKey and NotFound.
    """
    if not re.fullmatch("[0-9]{1,9}", start):
        raise BadKey("The start of the list must be a whole number.")
    found = site.listing.find(folder, search, int(start), _IMAGES_AT_A_TIME)
    return {
        "keys": found.keys,
        "total": found.total,
        "folders": [{"key": key, "images": count} for key, count in found.folders.items()],
        "complete": found.complete,
    }


def original(site: Site, key: str) -> Facts:
    """An original: its bytes, sides in pixels, media type, ETag, focal point in percent, and whether browsers show it.

    `format` is the format of variants whose size names none. Raises BadKey, and the errors of `Storage.read`
    and of rendering.
    """
    split(f"1x/{key}")
    seen = site.resizer.look(key, Size(1, None))
    width, height = seen.framing.sides
    return {
        "key": key,
        "bytes": seen.length,
        "width": width,
        "height": height,
        "type": seen.original.content_type,
        "etag": seen.original.etag,
        "format": seen.framing.format,
        "point": seen.point,
        "shown": seen.original.content_type in CONTENT_TYPES.values() and site.variants.find(key) is not None,
    }


def requested(site: Site, path: str, accept: str) -> Facts:
    """Makes a request for an image. Returns each hop, and the part of the original that the variant shows.

    A hop is a redirect or the last answer. The part is left, top, right and bottom, each from 0 to 1. The part and the
    original's ETag are None on failure.
    """
    hops = [_hop(answer, path) for path, answer in _hops(site, Request("GET", path, accept), Headers())]
    part, etag = None, None
    if hops and hops[-1]["status"] == 200:
        with suppress(SizewiseError):
            segment, key = split(from_path(hops[-1]["path"]))
            seen = site.resizer.look(key, parse(segment))
            part, etag = _part(seen.framing), seen.original.etag
    return {"hops": hops, "part": part, "etag": etag}


def followed(site: Site, asked: Request, headers: Headers) -> flask.Response:
    """The image at the end of a request's redirects. Browsers have to revalidate it each time."""
    *_, (_, answer) = _hops(site, asked, headers)
    if answer.status_code < 400:
        answer.headers["Cache-Control"] = "no-cache"
    return answer


def _hops(site: Site, asked: Request, headers: Headers) -> Iterator[tuple[str, flask.Response]]:
    """Each path of a request and its redirects, with the answer."""
    path = asked.path
    for _ in range(_MOST_HOPS):
        if not path.startswith("/"):
            return
        answer = site.answer(replace(asked, path=path), headers)
        yield path, answer
        # PUBLIC_URL names another server in front of the same folder, so this server answers the same path.
        path = answer.headers.get("Location", "").removeprefix(site.settings.public_url or "")


def _hop(answer: flask.Response, path: str) -> Facts:
    content_type = answer.headers.get("Content-Type", "")
    in_words = content_type.startswith("application/problem+json")
    hop = {
        "path": path,
        "status": answer.status_code,
        "outcome": answer.headers.get("X-Sizewise", ""),
        "timing": answer.headers.get("Server-Timing", ""),
        "type": content_type,
        "bytes": answer.content_length,
        "etag": answer.headers.get("ETag", ""),
        "problem": json.loads(answer.get_data()) if in_words else None,
    }
    answer.close()
    return hop


def _part(framed: Framing) -> list[float]:
    width, height = framed.sides
    left, top, right, bottom = framed.box
    return [left / width, top / height, right / width, bottom / height]
