"""A JPEG's bytes by Pillow's encoder, with room for any picture.

For optimal Huffman codes libjpeg writes all of a file into one buffer. Pillow guesses at its size, a byte for a pixel,
and fails where that is too little: for noise, and for pictures narrower than the blocks that they are coded in.
"""

from functools import lru_cache
from io import BytesIO
from typing import Any, Final

from PIL import Image, ImageFile

from core.imaging.pillow import load_plugin

_BLOCK: Final = 16
"""Pixels, both sides, of what is coded together, with chroma halved (ITU-T T.81, section A.2.4)."""

_ROOM: Final = 3
"""Bytes for each pixel of whole blocks. Noise of black and white in each channel, at quality 100, takes 1.6."""


def write(image: Image.Image, profile: bytes | None, quality: int) -> bytes:
    """An image in L or RGB as a JPEG's bytes, with the ICC profile; quality is 1 to 100."""
    load_plugin("JPEG")
    # Pillow writes a comment that it finds there, unasked.
    image.info = {}
    image.encoderconfig = _told(image.mode, profile, quality)
    room = _ROOM * _whole(image.width) * _whole(image.height) + len(profile or b"")
    buffer = BytesIO()
    ImageFile._save(image, buffer, [ImageFile._Tile("jpeg", (0, 0, *image.size), 0, image.mode)], room)  # noqa: SLF001
    return buffer.getvalue()


@lru_cache(maxsize=8)
def _told(mode: str, profile: bytes | None, quality: int) -> tuple[Any, ...]:
    """What the encoder is told. It differs from one version of Pillow to the next, so a picture of one pixel tells."""
    pixel = Image.new(mode, (1, 1))
    pixel.save(BytesIO(), "JPEG", quality=quality, optimize=True, icc_profile=profile)
    return pixel.encoderconfig


def _whole(side: int) -> int:
    """The pixels of a side, up to a whole number of blocks."""
    return -(-side // _BLOCK) * _BLOCK
