"""Checks that a file has all its pixels, if its decoder does not report missing pixels."""

from dataclasses import replace
from typing import Final

from PIL import Image

from core.errors import BrokenOriginal
from core.imaging.containers.chunks import complete
from core.imaging.containers.contents import Contents
from core.imaging.guard import opened_by
from core.imaging.packing import crc32

_START_OF_SCAN, _END_OF_IMAGE, _RESTART_INTERVAL = b"\xff\xda", b"\xff\xd9", b"\xff\xdd"
_RESTARTS: Final = tuple(bytes([0xFF, kind]) for kind in range(0xD0, 0xD8))
_MORE_PIXELS: Final = (b"\x55", b"\xaa", b"\x33", b"\xcc")
"""Repeated, each of these bytes looks like more of a JPEG's entropy-coded data. At the end of data a decoder assumes
zeros. At least one of these bytes gives other pixels than zeros give, whatever codes a file has. Random bits can give
the same pixels."""

_REPEATED: Final = 1000
"""How many times one of these bytes is repeated."""

_RESTARTED: Final = 128
"""How many times the repeated bytes are added to a JPEG with restarts: some intervals between restarts have no pixels
that more data could change."""

_ROWS: Final = 256
"""The rows of a picture that are read at a time."""

_MARK: Final = (181, 74, 23, 99)
"""The channels of a pixel. Few pictures end with a row of such pixels."""


def ended(contents: Contents) -> Contents:
    """Adds the end marker to a JPEG that lacks it. Raises BrokenOriginal if pixels are missing too.

    libjpeg does not report missing pixels. But if pixels are missing, data that is appended to the file changes the
    picture. To find out, the file is decoded `guard.DECODED_WITHOUT_END` times, including once for the variant.
    """
    data = contents.data.rstrip(b"\xff")
    shown = _decoded(data + _END_OF_IMAGE)
    if any(_decoded(data + _more(byte, data) + _END_OF_IMAGE) != shown for byte in _MORE_PIXELS):
        raise BrokenOriginal("The original, a JPEG, is cut short.")
    return replace(contents, data=data + _END_OF_IMAGE)


def _more(byte: bytes, data: bytes) -> bytes:
    """More data for a JPEG's last scan. A decoder that waits for a restart skips the data before the restart."""
    pixels = byte * _REPEATED
    if _RESTART_INTERVAL not in data:
        return pixels
    following = _following_restart(data)
    return pixels + b"".join(_RESTARTS[(following + count) % 8] + pixels for count in range(_RESTARTED))


def _following_restart(data: bytes) -> int:
    """The restart that a decoder expects at the end of a JPEG's last scan (ITU-T T.81, section E.1.4)."""
    scan = data[data.rfind(_START_OF_SCAN) :]
    last = max(_RESTARTS, key=scan.rfind)
    return _RESTARTS.index(last) + 1 if last in scan else 0


def _decoded(jpeg: bytes) -> int:
    """The checksum of a JPEG's pixels, so that two pictures need not be in memory."""
    image = opened_by("JPEG", jpeg)
    image.load()
    return _checksum(image)


def _checksum(image: Image.Image) -> int:
    checksum = 0
    for top in range(0, image.height, _ROWS):
        rows = image.crop((0, top, image.width, min(top + _ROWS, image.height)))
        if rows.mode == "1":
            rows = rows.convert("L")  # Pillow takes ten times as long to pack bits.
        checksum = crc32(rows.tobytes(), checksum)
    return checksum


def check_strips(image: Image.Image, beyond: Image.Image) -> None:
    """Raises BrokenOriginal if a decoded TIFF differs from `beyond`, the same TIFF with more data in its strips."""
    if _checksum(image) != _checksum(beyond):
        raise BrokenOriginal("The original, a TIFF, is cut short.")


def mark(image: Image.Image) -> None:
    """Marks the last row of an opened PNG's image, for `check_rows`. Pillow leaves missing rows as they are."""
    made = Image.new(image.mode, image.size, None)
    made.paste(_marked(image), (0, _last(image)))
    image.im = made.im


def check_rows(image: Image.Image, data: bytes) -> None:
    """Raises BrokenOriginal if the data of a decoded PNG, which `mark` has marked, lacks the last rows."""
    row = _last(image)
    last = image.crop((0, row, image.width, row + 1))
    halves = image.info.get("interlace") and image.height == 1  # Two passes share its single row.
    if (halves or last.tobytes() == _marked(image).tobytes()) and not complete(data):
        raise BrokenOriginal("The original, a PNG, is cut short.")


def _last(image: Image.Image) -> int:
    """The row that is decoded last. An interlaced PNG's last pass has every second row (W3C PNG, section 8.1)."""
    return image.height // 2 * 2 - 1 if image.info.get("interlace") and image.height > 1 else image.height - 1


def _marked(image: Image.Image) -> Image.Image:
    channels = _MARK[: len(image.getbands())]
    return Image.new(image.mode, (image.width, 1), channels if len(channels) > 1 else channels[0])
