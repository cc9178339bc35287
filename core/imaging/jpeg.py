"""A JPEG's bytes by Pillow's encoder, with room for any picture.

For optimal Huffman codes, libjpeg writes a whole file into one buffer. Pillow guesses the buffer's size, a byte per
pixel. For noise, and for pictures narrower than the blocks that they are coded in, the buffer is too small and Pillow
fails.
"""

from functools import lru_cache
from io import BytesIO
from typing import Any, Final

from PIL import Image, ImageFile

from core.imaging.pillow import load_plugin

_BLOCK: Final = 16
"""The side of a block in pixels, with chroma halved (ITU-T T.81, section A.2.4)."""

_ROOM: Final = 3
"""Bytes per pixel of whole blocks. Noise of black and white in each channel, at quality 100, needs 1.6."""


def write(image: Image.Image, profile: bytes | None, quality: int) -> bytes:
    """An image in L or RGB as a JPEG's bytes, with the ICC profile; quality is 1 to 100."""
    load_plugin("JPEG")
    # Pillow would write a comment that it finds in `info`.
    image.info = {}
    image.encoderconfig = _config(image.mode, profile, quality)
    room = _ROOM * _whole(image.width) * _whole(image.height) + len(profile or b"")
    buffer = BytesIO()
    ImageFile._save(image, buffer, [ImageFile._Tile("jpeg", (0, 0, *image.size), 0, image.mode)], room)  # noqa: SLF001
    return buffer.getvalue()


@lru_cache(maxsize=8)
def _config(mode: str, profile: bytes | None, quality: int) -> tuple[Any, ...]:
    """The encoder's configuration. Its form depends on Pillow's version, so it is taken from a picture of one pixel."""
    pixel = Image.new(mode, (1, 1))
    pixel.save(BytesIO(), "JPEG", quality=quality, optimize=True, icc_profile=profile)
    return pixel.encoderconfig


def _whole(side: int) -> int:
    """The pixels of a side, rounded up to whole blocks."""
    return -(-side // _BLOCK) * _BLOCK
