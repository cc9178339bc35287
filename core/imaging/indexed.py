"""Pixels in 255 colours and a transparent one, as GIF holds them: one palette for all frames."""

from collections.abc import Sequence
from typing import Final

from PIL import Image

TRANSPARENT: Final = 255
"""The index of transparent pixels."""

_VISIBLE: Final = 128
"""Of 255. What is less opaque becomes transparent."""

_FEW_PIXELS: Final = 32_768
"""Of all frames together. Choosing the closest colours for them takes a tenth of a second at the most."""

_MOST_LOOKED_AT: Final = 4_000_000
"""Pixels that the palette is chosen by, of all frames together."""


def indexed(pictures: Sequence[Image.Image]) -> tuple[list[Image.Image], bytes]:
    """Pictures of the same sides, in L, LA, RGB or RGBA, as indices in mode L; and their palette, R, G, B by index.

    Where there are few enough colours they are kept. Few pixels get the colours that come closest to them. Of many, an
    octree chooses the colours, and errors are diffused to the pixels beside.
    """
    opaque = [_opaque(picture) for picture in pictures]
    colours = [picture for picture, _ in opaque]
    montage = _montage(colours)
    whole = montage.height == len(pictures) * pictures[0].height
    few_colours, few_pixels = montage.getcolors(TRANSPARENT), montage.width * montage.height <= _FEW_PIXELS
    if whole and (few_colours or few_pixels):
        method, refined = (Image.Quantize.MEDIANCUT, 0) if few_colours else (Image.Quantize.MAXCOVERAGE, 1)
        palette = montage.quantize(TRANSPARENT, method, kmeans=refined, dither=Image.Dither.NONE)
        matched = _parts(palette, pictures[0].height)
    else:
        palette = montage.quantize(TRANSPARENT, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        matched = [picture.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG) for picture in colours]
    indices = [Image.frombytes("L", picture.size, picture.tobytes()) for picture in matched]
    for picture, (_, hidden) in zip(indices, opaque, strict=True):
        if hidden:
            picture.paste(TRANSPARENT, mask=hidden)
    return indices, bytes(palette.getpalette("RGB") or ())


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
    """A picture without alpha, black where it is transparent, and the mask of that."""
    if picture.mode not in ("LA", "RGBA"):
        return picture.convert("RGB"), None
    hidden = picture.getchannel("A").point(lambda alpha: 255 * (alpha < _VISIBLE), "1")
    colours = picture.convert("RGB")
    colours.paste(0, mask=hidden)
    return colours, hidden
