"""Changes to opened TIFF images that make Pillow decode them correctly."""

import sys
from typing import TYPE_CHECKING, Final, cast

from PIL import Image

from core.errors import UnsupportedFormat
from core.imaging.containers.contents import Samples
from core.imaging.pillow import load_plugin

if TYPE_CHECKING:
    from PIL.TiffImagePlugin import TiffImageFile

_WIDTH, _HEIGHT, _BITS, _PHOTOMETRIC, _FILL_ORDER, _SAMPLES, _EXTRA, _FORMAT = 256, 257, 258, 262, 266, 277, 338, 339
"""Tags of TIFF 6.0."""

_NATIVE: Final = {
    "I;16": "I;16N",
    "I;16B": "I;16N",
    "I;16S": "I;16NS",
    "I;16BS": "I;16NS",
    "I;32S": "I;32NS",
    "I;32BS": "I;32NS",
    "F;32F": "F;32NF",
    "F;32BF": "F;32NF",
}
"""Pillow's names of sample layouts, and of the same layouts in this machine's byte order, which libtiff returns."""


def decodable(opened: Image.Image, samples: Samples) -> Image.Image:
    """An opened TIFF that load() decodes correctly. Raises UnsupportedFormat if that is not possible."""
    image = cast("TiffImageFile", opened)
    # Pillow would turn the image by XMP's orientation if the TIFF's own tag is missing.
    image.info.pop("xmp", None)
    if samples.planes and image.mode in ("LA", "La", "PA"):
        raise UnsupportedFormat(
            "The original is a TIFF of grey and transparency in separate planes, which is not supported."
        )
    if image.use_load_libtiff:
        _by_libtiff(image, _raw_mode(image))
    elif samples.planes or image.tag_v2.get(_FILL_ORDER) == 2:
        # Without libtiff, Pillow decodes only planes of bytes, and not every layout with reversed bits.
        _by_libtiff(image, _layout(image))
    return image


def _by_libtiff(image: "TiffImageFile", layout: str) -> None:
    """Makes libtiff decode an image, with samples in native byte order. `layout` is Pillow's name of its samples."""
    native = f"{layout[:-1]}N" if layout.endswith((";16B", ";16L")) else layout
    native = _NATIVE.get(native, native)
    whole = (0, 0, image.tag_v2[_WIDTH], image.tag_v2[_HEIGHT])
    image.use_load_libtiff = True
    args = (native, False, image.tag_v2.offset)
    image.tile = [image.tile[0]._replace(codec_name="libtiff", extents=whole, offset=0, args=args)]


def _raw_mode(image: Image.Image) -> str:
    return cast(tuple[str], cast("TiffImageFile", image).tile[0].args)[0]


def _layout(image: "TiffImageFile") -> str:
    """Pillow's name of an image's sample layout, with its bits in the usual order."""
    tags = image.tag_v2
    bits = tags.get(_BITS, (1,))[:1] * tags.get(_SAMPLES, 1)
    photometric, sample_format = tags.get(_PHOTOMETRIC, 0), tags.get(_FORMAT, (1,))[:1]
    key = (tags.prefix, photometric, sample_format, 1, bits, tags.get(_EXTRA, ()))
    return str(load_plugin("TIFF").OPEN_INFO[key][1])


def take_bytes(opened: Image.Image, low: bool) -> None:
    """Makes an opened TIFF of 16-bit RGB and alpha decode to the high or the low bytes of its samples."""
    order = {"L": "little", "B": "big", "N": sys.byteorder}[_raw_mode(opened)[-1]]
    first = "little" if low else "big"
    mode = f"RGBA;16{'B' if order == first else 'L'}"
    image = cast("TiffImageFile", opened)
    image.tile = [tile._replace(args=(mode, *cast(tuple[object], tile.args)[1:])) for tile in image.tile]
