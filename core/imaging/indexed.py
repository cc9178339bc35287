"""Pixels in 255 colours and a transparent one, as GIF holds them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast

from PIL import Image, ImageChops, ImageStat

TRANSPARENT: Final = 255
"""The index of transparent pixels."""

_VISIBLE: Final = 128
"""Of 255. What is less opaque becomes transparent."""

_FEW_PIXELS: Final = 32_768
"""Of all frames together. Choosing the closest colours for them takes a tenth of a second at the most."""

_CLOSE: Final = 1.5
"""Levels by which colours may be off, as root mean square, before frames get palettes of their own: 45 dB."""

_MOST_LOOKED_AT: Final = 4_000_000
"""Pixels that a palette is chosen by, of all frames together."""


@dataclass(frozen=True)
class Indexed:
    """A picture as indices, in mode L, of a palette: R, G and B by index."""

    indices: Image.Image
    palette: bytes


def indexed(pictures: Sequence[Image.Image]) -> list[Indexed]:
    """Pictures of the same sides, in L, LA, RGB or RGBA, as indices of one palette, or of one each.

    Where there are few enough colours they are kept. Few pixels get the colours that come closest to them. Of many, an
    octree chooses the colours, and errors are diffused to the pixels beside.
    """
    opaque = [_opaque(picture) for picture in pictures]
    colours = [picture for picture, _ in opaque]
    matched = _matched(colours)
    found = [
        Indexed(Image.frombytes("L", picture.size, picture.tobytes()), bytes(picture.getpalette("RGB") or ()))
        for picture in matched
    ]
    for picture, (_, hidden) in zip(found, opaque, strict=True):
        if hidden:
            picture.indices.paste(TRANSPARENT, mask=hidden)
    return found


def _matched(pictures: Sequence[Image.Image]) -> list[Image.Image]:
    """Pictures in mode RGB in the colours of palettes."""
    montage = _montage(pictures)
    pixels = len(pictures) * pictures[0].width * pictures[0].height
    if montage.width * montage.height == pixels and montage.getcolors(TRANSPARENT):
        exact = montage.quantize(TRANSPARENT, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        return _parts(exact, pictures[0].height)
    if pixels <= _FEW_PIXELS:
        return _closest(pictures, montage)
    palette = montage.quantize(TRANSPARENT, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    return [picture.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG) for picture in pictures]


def _closest(pictures: Sequence[Image.Image], montage: Image.Image) -> list[Image.Image]:
    """Few pixels in the closest colours: one palette for all pictures, if it is close enough."""
    together = montage.quantize(TRANSPARENT, Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE)
    off = ImageStat.Stat(ImageChops.difference(montage, together.convert("RGB"))).rms
    if len(pictures) > 1 and max(off) > _CLOSE:
        return [each for picture in pictures for each in _matched([picture])]
    return _parts(together, pictures[0].height)


def _montage(pictures: Sequence[Image.Image]) -> Image.Image:
    """The pictures below each other; of many pixels, only some of the pictures."""
    width, height = pictures[0].size
    step = -(-len(pictures) * width * height // _MOST_LOOKED_AT)
    seen = pictures[::step]
    montage = Image.new("RGB", (width, height * len(seen)))
    for number, picture in enumerate(seen):
        montage.paste(picture, (0, number * height))
    return montage


def _parts(montage: Image.Image, height: int) -> list[Image.Image]:
    """The pictures of a montage, each of this height in pixels."""
    return [montage.crop((0, top, montage.width, top + height)) for top in range(0, montage.height, height)]


def _opaque(picture: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """A picture without alpha, where it is transparent in a colour that it has anyway, and the mask of that."""
    if picture.mode not in ("LA", "RGBA"):
        return (picture if picture.mode == "RGB" else picture.convert("RGB")), None  # convert() would copy it.
    hidden = picture.getchannel("A").point(lambda alpha: 255 * (alpha < _VISIBLE), "1")
    colours = picture.convert("RGB")
    visible = _visible(hidden)
    colours.paste(cast(tuple[int, ...], colours.getpixel(visible)) if visible else 0, mask=hidden)
    return colours, hidden


def _visible(hidden: Image.Image) -> tuple[int, int] | None:
    """The place of a pixel that is not hidden, None if all are."""
    visible = ImageChops.invert(hidden)
    if (box := visible.getbbox()) is None:
        return None
    top = box[1]
    row = visible.crop((0, top, visible.width, top + 1)).getbbox()
    return (row[0], top) if row else None
