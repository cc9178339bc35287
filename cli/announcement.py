"""The message of a ready server: the folder, the address, an image that works, and how to stop it."""

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
"""The most files among which an image that works is searched for."""

_MOST_RENDERED: Final = 5
"""The most images that are tried. Rendering a JPEG of 24 megapixels takes a tenth of a second."""

_MOST_BYTES: Final = 16 * 2**20
"""The largest file that is tried."""

_MOST_SECONDS: Final = 1.0
"""Seconds after which no other image is tried: a damaged image can take long to fail."""


@dataclass(frozen=True)
class Served:
    """A served folder and its address.

    `address` is a URL without a slash at its end. `has_page` says whether the front page is shown there.
    """

    folder: Path
    settings: Settings
    address: str
    has_page: bool

    @property
    def prefix(self) -> str:
        """The path that a web server in front removes, or empty. Without that server redirects lead nowhere."""
        public = self.settings.public_url or ""
        return public if public.startswith("/") else ""


def announce(served: Served, images: Iterable[str]) -> str:
    """Announces that the server is ready: in plain lines on a terminal, as one line of JSON anywhere else.

    `images` are the keys of originals. Returns the address to open first: the front page, else an image, else empty.
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
    """Problems, each with what to do about it. `first` is the address of an image that the user adds."""
    if not served.has_page:
        yield "Other machines can reach this server, so the front page, which lists the folder, is not shown."
    if prefix := served.prefix:
        yield f"Images are at {prefix}/SIZE/IMAGE on your web server, which has to remove {prefix} from each request"
    if empty:
        originals = served.settings.originals_bucket
        yield f"No image was found in {originals}. Put one there, such as cat.jpg, and open {first}"


def _working(settings: Settings, keys: Iterable[str], text: str) -> str | None:
    """The first original that renders, of the few that are tried."""
    size = parse(text)
    deadline = time.monotonic() + _MOST_SECONDS
    with closing(Renderer(settings.imaging)) as renderer:
        for key, data in islice(_read(settings, keys), _MOST_RENDERED):
            with suppress(Exception):  # A request for this image would fail too.
                renderer.render(data, size)
                return key
            if time.monotonic() > deadline:
                break
    return None


def _read(settings: Settings, keys: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """The originals that are not too large, each with its bytes. Those that can't be read are left out."""
    originals = FolderStorage(Path(settings.originals_bucket))
    for key in keys:
        with suppress(SizewiseError):
            yield key, originals.read(key, min(_MOST_BYTES, settings.max_original_bytes)).data
