"""What the front page is told, as JSON objects: the deployment, the folder's images, one image, one request."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import flask

from core.errors import BadKey, SizeRefused, SizewiseError
from core.http import Request
from core.imaging.formats import CONTENT_TYPES
from core.imaging.pipeline import framing
from core.keys import from_path, split
from core.ladder import canonical, variants_per_original
from core.logs import Trace
from core.resizer import aimed
from core.settings import Settings
from core.size import Size, parse
from providers.local.listing import Listing
from providers.local.storage import FolderStorage

_IMAGES_AT_A_TIME: Final = 100
_MOST_HOPS: Final = 5

_THUMBNAIL: Final = 300
"""Pixels of a thumbnail's width where the settings name no size."""
_LEAST_THUMBNAIL: Final = 200
"""The least such pixels where they do."""

Facts = dict[str, Any]


@dataclass(frozen=True)
class Site:
    """A folder that is served: originals, variants, settings, and how a request for an image is answered."""

    originals: FolderStorage
    variants: FolderStorage
    listing: Listing
    settings: Settings
    answer: Callable[[Request], flask.Response]


def settings_told(settings: Settings) -> Facts:
    """The settings by which the page makes addresses."""
    return {
        "widths": settings.widths,
        "ratios": settings.ratios,
        "sizes": settings.sizes,
        "maxSide": settings.max_side,
        "format": settings.format,
        "quality": settings.quality,
        "enlarge": settings.enlarge,
        "thumbnail": str(thumbnail(settings)),
        "variantsPerOriginal": variants_per_original(settings),
    }


def thumbnail(settings: Settings) -> Size:
    """The size of thumbnails: one that the settings allow, of at least 200 pixels if there is one."""
    rungs = [f"{width}x" for width in settings.widths if width >= _LEAST_THUMBNAIL]
    *wanted, last = [*rungs[:1], *settings.sizes[:1], f"{_THUMBNAIL}x", f"{settings.max_side}x"]
    for size in wanted:
        with suppress(SizeRefused):
            return canonical(parse(size), settings)
    return canonical(parse(last), settings)


def images(site: Site, folder: str, search: str, start: str) -> Facts:
    """The images below a folder that a search finds, from number `start` on, and the folders that have them.

    Raises BadKey and NotFound.
    """
    if not (start.isascii() and start.isdigit()):
        raise BadKey("The list starts at a whole number.")
    found = site.listing.find(folder, search, int(start), _IMAGES_AT_A_TIME)
    return {
        "keys": found.keys,
        "total": found.total,
        "folders": [{"key": key, "images": count} for key, count in found.folders.items()],
        "complete": found.complete,
    }


def original(site: Site, key: str) -> Facts:
    """An original: its bytes, sides in pixels, media type and focal point, and whether browsers show it at its address.

    Raises what `Storage.read` and `render` raise.
    """
    split(f"1x/{key}")
    stored = site.originals.read(key, site.settings.max_original_bytes)
    sides = framing(stored.data, Size(1, None), site.settings.imaging).sides
    return {
        "key": key,
        "bytes": len(stored.data),
        "width": sides[0],
        "height": sides[1],
        "type": stored.content_type,
        "focal": stored.metadata.get("focal", ""),
        "shown": stored.content_type in CONTENT_TYPES.values() and site.variants.find(key) is not None,
    }


def requested(site: Site, path: str, accept: str) -> Facts:
    """A request for an image, made here and now: each hop of it, and which part of the original its variant shows.

    The part is left, top, right and bottom, each of 0 to 1; None where the request fails.
    """
    hops: list[Facts] = []
    while path.startswith("/") and len(hops) < _MOST_HOPS:
        hops.append(_hop(site.answer(Request("GET", path, accept)), path))
        # PUBLIC_URL names another server in front of the same folder.
        path = hops[-1]["location"].removeprefix(site.settings.public_url or "")
    shown = None
    with suppress(SizewiseError):
        shown = _part(site, hops[-1]["path"]) if hops and hops[-1]["status"] == 200 else None
    return {"hops": hops, "part": shown}


def _hop(answer: flask.Response, path: str) -> Facts:
    with_words = answer.content_type.startswith("application/problem+json")
    hop = {
        "path": path,
        "status": answer.status_code,
        "outcome": answer.headers.get("X-Sizewise", ""),
        "timing": answer.headers.get("Server-Timing", ""),
        "type": answer.content_type,
        "bytes": answer.content_length,
        "location": answer.headers.get("Location", ""),
        "problem": json.loads(answer.get_data()) if with_words else None,
    }
    answer.close()
    return hop


def _part(site: Site, path: str) -> list[float]:
    """What a variant shows of its original. Raises what reading and rendering it raise."""
    segment, key = split(from_path(path))
    stored = site.originals.read(key, site.settings.max_original_bytes)
    framed = framing(stored.data, aimed(parse(segment), stored, Trace()), site.settings.imaging)
    width, height = framed.sides
    left, top, right, bottom = framed.box
    return [left / width, top / height, right / width, bottom / height]
