"""Whether a file has all its pixels, where its decoder does not tell."""

from dataclasses import replace
from hashlib import blake2b
from typing import Final

from PIL import Image

from core.errors import BrokenOriginal
from core.imaging.chunks import complete
from core.imaging.contents import Contents
from core.imaging.guard import opened_by

_START_OF_SCAN, _END_OF_IMAGE, _RESTART_INTERVAL = b"\xff\xda", b"\xff\xd9", b"\xff\xdd"
_RESTARTS: Final = tuple(bytes([0xFF, kind]) for kind in range(0xD0, 0xD8))
_MORE_PIXELS: Final = tuple(byte * 1000 for byte in (b"\x55", b"\xaa", b"\x33", b"\xcc"))
"""What a decoder takes for more of a JPEG's entropy-coded data. At its end it takes zeros."""

_ROWS: Final = 256
"""Of a picture, that are looked at together."""


def ended(contents: Contents) -> Contents:
    """A JPEG without its end marker, given one. Raises BrokenOriginal if some of its pixels are missing too.

    libjpeg does not tell. But where pixels are missing, what follows the data changes the picture.
    """
    data = contents.data.rstrip(b"\xff")
    shown = _digest(data + _END_OF_IMAGE)
    behind_restart = (_restart(data) + _MORE_PIXELS[0],) if _RESTART_INTERVAL in data else ()
    if any(_digest(data + more + _END_OF_IMAGE) != shown for more in (*_MORE_PIXELS, *behind_restart)):
        raise BrokenOriginal("The original, a JPEG, is cut short.")
    return replace(contents, data=data + _END_OF_IMAGE)


def _restart(data: bytes) -> bytes:
    """The restart marker that a decoder looks for where a JPEG's last scan ends (ITU-T T.81, section E.1.4)."""
    scan = data[data.rfind(_START_OF_SCAN) :]
    last = max(_RESTARTS, key=scan.rfind)
    following = _RESTARTS.index(last) + 1 if last in scan else 0
    return _RESTARTS[following % len(_RESTARTS)]


def _digest(jpeg: bytes) -> bytes:
    """What tells a JPEG's pixels from others, so that two pictures need not be in memory."""
    image, digest = opened_by("JPEG", jpeg), blake2b()
    image.load()
    for top in range(0, image.height, _ROWS):
        digest.update(image.crop((0, top, image.width, min(top + _ROWS, image.height))).tobytes())
    return digest.digest()


def check_rows(image: Image.Image, data: bytes) -> None:
    """Raises BrokenOriginal if the last rows of a decoded PNG are missing in its data."""
    last = image.crop((0, image.height - 1, image.width, image.height))
    # Pillow leaves rows that are missing black, the last one among them unless rows are interlaced.
    suspicious = image.info.get("interlace") or not last.getbbox(alpha_only=False)
    if suspicious and not complete(data):
        raise BrokenOriginal("The original, a PNG, is cut short.")
