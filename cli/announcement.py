"""What `serve` says once it is ready: what it serves, where, with an image that works, and how to stop it."""

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import click

from core.errors import SizewiseError
from core.keys import to_path
from core.ladder import first_rendered
from core.logs import FIELDS, LOGGER
from core.rendering.renderer import Renderer
from core.settings import Settings
from core.size import parse
from providers.local.storage import FolderStorage

_SIZE: Final = "300x"

_MOST_LISTED: Final = 100
_MOST_RENDERED: Final = 5
_MOST_BYTES: Final = 16 * 2**20
"""Limits of the search for an image that works. At 24 megapixels, to render a JPEG takes a tenth of a second."""

_MOST_SECONDS: Final = 1.0
"""Seconds after which no other image is tried: a damaged one may take long to fail."""


@dataclass(frozen=True)
class Served:
    """What is served, and where.

    `address` is a URL without a slash at its end. `has_page` says whether the front page is shown there.
    """

    folder: Path
    settings: Settings
    address: str
    has_page: bool

    @property
    def prefix(self) -> str:
        """The path that a web server in front removes, empty if there is none. Without it redirects lead nowhere."""
        public = self.settings.public_url or ""
        return public if public.startswith("/") else ""


def announce(served: Served, images: Iterable[str]) -> str:
    """Says that the server is ready: in lines for people on a terminal, as a line of JSON anywhere else.

    `images` are the keys of originals. Returns the address to open first: the front page's, else an image's, else none.
    """
    keys = list(islice(images, _MOST_LISTED))
    size = str(first_rendered((*served.settings.sizes, _SIZE), served.settings))
    key = _working(served.settings, keys, size)
    image = f"{served.address}/{size}/{to_path(key)}" if key and not served.prefix else ""
    hints = list(_hints(served, f"{served.address}/{size}/cat.jpg", empty=not keys))
    page = f"{served.address}/" if served.has_page else ""
    if sys.stdout.isatty():
        click.echo(f"Sizewise serves {served.folder}")
        click.echo(f"Open {' or an image: '.join(filter(None, (page, image))) or f'{served.address}/SIZE/IMAGE'}")
        for hint in hints:
            click.echo(hint)
        click.echo("Stop it with Ctrl-C")
    else:
        fields = {
            "folder": str(served.folder),
            "address": served.address,
            "try": [image] if image else [],
            "hints": hints,
        }
        LOGGER.info("serving", extra={FIELDS: fields})
    return page or image


def _hints(served: Served, first: str, *, empty: bool) -> Iterator[str]:
    """What is in the way, and what to do about it. `first` is the address to open then."""
    if not served.has_page:
        yield "Other machines can ask for images too. So the front page, which lists the folder, is not shown."
    if prefix := served.prefix:
        yield f"Images are at {prefix}/SIZE/IMAGE of your web server, which passes them on here without {prefix}"
    if empty:
        originals = served.settings.originals_bucket
        yield f"No image was found in {originals}. Put one there, such as cat.jpg, and open {first}"


def _working(settings: Settings, keys: Iterable[str], text: str) -> str | None:
    """The first of the originals that is really rendered, of the few that are tried."""
    size = parse(text)
    deadline = time.monotonic() + _MOST_SECONDS
    with closing(Renderer(settings.imaging)) as renderer:
        for key, data in islice(_read(settings, keys), _MOST_RENDERED):
            with suppress(Exception):  # Whatever it is, a request would meet it too.
                renderer.render(data, size)
                return key
            if time.monotonic() > deadline:
                break
    return None


def _read(settings: Settings, keys: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """The originals that are soon read and decoded, with their bytes."""
    originals = FolderStorage(Path(settings.originals_bucket))
    for key in keys:
        with suppress(SizewiseError):
            yield key, originals.read(key, min(_MOST_BYTES, settings.max_original_bytes)).data
