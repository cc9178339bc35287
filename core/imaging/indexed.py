"""Pixels in 255 colours and a transparent one, as GIF holds them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Final, cast

from PIL import Image, ImageChops, ImageStat

from core.imaging.stack import most_stacked, parted, stacked

TRANSPARENT: Final = 255
"""The index of transparent pixels."""

_VISIBLE: Final = 128
"""Of 255. What is less opaque becomes transparent."""

_FEW_PIXELS: Final = 32_768
"""Of all frames together. Choosing the closest colours for them takes a tenth of a second at the most."""

_FEW_SHADES, _MOST_OF_FEW_SHADES = 8192, 1_000_000
"""Colours of a graphic with smooth edges, of which a photograph has more; and pixels for which choosing the closest
takes half a second at the most."""

_CLOSE: Final = 1.5
"""Levels by which colours may be off, as root mean square, before they are diffused, or frames get palettes of their
own: 45 dB."""

_MOST_RUNS: Final = 300
"""Palettes without which colours would be lost. Each takes some milliseconds."""

_MOST_LOOKED_AT: Final = 4_000_000
"""Pixels that a palette is chosen by, of all frames together."""


@dataclass(frozen=True)
class Indexed:
    """A picture as indices, in mode L, of a palette: R, G and B by index."""

    indices: Image.Image
    palette: bytes


def indexed(pictures: Sequence[Image.Image]) -> list[Indexed]:
    """Pictures of the same sides, in L, LA, RGB or RGBA, as indices of one palette, or of one each.

    Where each picture has few enough colours they are kept, in one palette for as many pictures as possible. Few pixels
    and graphics get the colours that come closest to them. Of others, an octree chooses the colours, and errors are
    diffused to the pixels beside.
    """
    pixels, runs = len(pictures) * pictures[0].width * pictures[0].height, _runs_of_few_colours(pictures)
    few = pixels <= _FEW_PIXELS
    if not runs and (few or _have_few_shades(pictures, pixels)):
        together, off = _closest(pictures)
        if off <= _CLOSE or (few and len(pictures) == 1):
            return _matched(pictures, lambda _: together)
        if few:
            return [found for picture in pictures for found in indexed([picture])]
    if not runs:
        palette = _octree(pictures[:: -(-pixels // _MOST_LOOKED_AT)])
        return [found for picture in pictures for found in _matched([picture], partial(_diffused, palette=palette))]
    most = most_stacked(pictures[0])
    return [
        found
        for run, colours in runs
        for start in range(0, len(run), most)
        for found in _matched(run[start : start + most], partial(_exact, palette=colours))
    ]


def _have_few_shades(pictures: Sequence[Image.Image], pixels: int) -> bool:
    """Whether pictures, of so many pixels together, are graphics and no photographs."""
    if pixels > _MOST_OF_FEW_SHADES:
        return False
    return stacked([_opaque(picture)[0] for picture in pictures]).getcolors(_FEW_SHADES) is not None


def _matched(pictures: Sequence[Image.Image], match: Callable[[Image.Image], Indexed]) -> list[Indexed]:
    """Pictures as indices, given how a picture in mode RGB is matched; what is transparent is so in them."""
    opaque = [_opaque(picture) for picture in pictures]
    stack = match(stacked([colours for colours, _ in opaque]))
    found = [Indexed(indices, stack.palette) for indices in parted(stack.indices, pictures[0].height)]
    for picture, (_, hidden) in zip(found, opaque, strict=True):
        if hidden:
            picture.indices.paste(TRANSPARENT, mask=hidden)
    return found


def _runs_of_few_colours(pictures: Sequence[Image.Image]) -> list[tuple[Sequence[Image.Image], bytes]]:
    """Pictures in their order, each run of them with its colours; none where some have too many."""
    runs: list[tuple[Sequence[Image.Image], bytes]] = []
    start, colours = 0, set[tuple[int, ...]]()
    for number, picture in enumerate(pictures):
        found = _opaque(picture)[0].getcolors(TRANSPARENT)
        own = {cast(tuple[int, ...], colour) for _, colour in found or ()}
        if not own or len(runs) == _MOST_RUNS:
            return []
        if len(colours | own) > TRANSPARENT:
            runs.append((pictures[start:number], bytes(chain.from_iterable(sorted(colours)))))
            start, colours = number, set()
        colours |= own
    return [*runs, (pictures[start:], bytes(chain.from_iterable(sorted(colours))))]


def _exact(picture: Image.Image, palette: bytes) -> Indexed:
    """A picture all of whose colours are in the palette."""
    holder = Image.new("P", (1, 1))
    holder.putpalette(palette)
    found = picture.quantize(palette=holder, dither=Image.Dither.NONE)
    if ImageChops.difference(found.convert("RGB"), picture).getbbox() is None:
        return _indexed(found)
    # Pillow takes colours that are less than four levels apart for one. This way does not, and takes ten times as long.
    own = _indexed(picture.quantize(TRANSPARENT, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE))
    places = {palette[at : at + 3]: at // 3 for at in range(0, len(palette), 3)}
    table = [places.get(own.palette[at : at + 3], 0) for at in range(0, 3 * 256, 3)]
    return Indexed(own.indices.point(table), palette)


def _closest(pictures: Sequence[Image.Image]) -> tuple[Indexed, float]:
    """A stack of pictures in the closest colours, and by how many levels they are off, as root mean square."""
    stack = stacked([_opaque(picture)[0] for picture in pictures])
    together = stack.quantize(TRANSPARENT, Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE)
    off = ImageStat.Stat(ImageChops.difference(stack, together.convert("RGB"))).rms
    return _indexed(together), max(off)


def _octree(pictures: Sequence[Image.Image]) -> Image.Image:
    """An image with a palette for pictures."""
    stack = stacked([_opaque(picture)[0] for picture in pictures])
    return stack.quantize(TRANSPARENT, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)


def _diffused(picture: Image.Image, palette: Image.Image) -> Indexed:
    return _indexed(picture.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG))


def _indexed(picture: Image.Image) -> Indexed:
    """A picture in Pillow's mode P, as its parts."""
    indices = Image.frombytes("L", picture.size, picture.tobytes())
    return Indexed(indices, bytes(picture.getpalette("RGB") or ()))


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
