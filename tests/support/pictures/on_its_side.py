"""Pictures that are stored turned, with the Exif orientation that shows them upright."""

from typing import Final

from PIL import Image

from tests.support.pictures.charts import saved

_STORED: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""How an upright picture is turned before it is stored: the inverse of its orientation (Exif 2.32, section 4.6.4)."""


def turned(upright: Image.Image, orientation: int) -> bytes:
    """A PNG whose pixels are stored turned for an orientation from 1 to 8, so that the picture is shown upright."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    return saved(upright.transpose(_STORED[orientation]) if orientation > 1 else upright, "PNG", exif=exif)
