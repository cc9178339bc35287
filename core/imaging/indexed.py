"""Pixels in 255 colours and a transparent colour, as GIF stores them."""

from collections.abc import Sequence
from functools import partial
from itertools import chain
from typing import Final, cast

from PIL import Image, ImageChops

from core.imaging.palettes import MOST_COLOURS, Indexed, Match, closest, differing, exact, means, near
from core.imaging.stack import most_stacked, parted, stacked

TRANSPARENT: Final = MOST_COLOURS
"""The index of transparent pixels."""

_VISIBLE: Final = 128
"""The alpha, of 255, below which a pixel becomes transparent."""

_FEW_PIXELS: Final = 32_768
"""The most pixels of all frames that count as few. Choosing their closest colours takes at most a tenth of a second."""

_MOST_OF_GRAPHIC: Final = 1_000_000
"""The most pixels of all frames of a graphic together. Choosing their closest colours takes at most half a second."""

_COLOURS_OF_GRAPHIC: Final = 8192
"""The most colours of a graphic with smooth edges. A photograph has more colours."""

_MOST_EXACT: Final = 16_000_000
"""The most pixels of all frames together for which close colours are distinguished, if there are few colours. This
takes a second."""

_CLOSE: Final = 1.5
"""The largest error of a graphic's closest colours, in levels, as root mean square: 45 dB."""

_CLOSEST: Final = 0.75
"""The largest error for few pixels: 51 dB. If the error is larger, each frame gets its own palette."""

_ALIKE: Final = 2
"""Levels, in each channel, by which a pixel may change before it gets a new colour."""

_MOST_RUNS: Final = 300
"""The most palettes of exact colours in an animation. Each palette takes some milliseconds. If more palettes would be
needed, colours are not exact."""

_SAMPLE: Final = 20_000
"""The pixels of a sample of photographs, from which colours are chosen."""

_STEPS: Final = 0.7549, 0.5698
"""The sample of each picture is moved by these parts of the distance between its pixels, across and down, so that
samples spread evenly (Roberts, The unreasonable effectiveness of quasirandom sequences, 2018: 1/g and 1/g squared,
where g to the third is g + 1)."""


def indexed(pictures: Sequence[Image.Image], most: int, diffused: bool) -> list[Indexed]:
    """Pictures of the same sides, in L, LA, RGB or RGBA, as indices of one palette, or of several.

    Palettes have up to `most` colours, 1 to 255. If no picture has more colours, all colours are kept, in one palette
    for as many pictures as possible. Otherwise few pixels and graphics get the closest colours, and photographs get
    near colours. Larger errors can be `diffused`.
    """
    pixels = len(pictures) * pictures[0].width * pictures[0].height
    if runs := _runs_of_few_colours(pictures, most):
        matches = [(run, partial(exact, palette=colours, careful=pixels <= _MOST_EXACT)) for run, colours in runs]
        return [found for run, match in matches for found in _in_groups(run, match)]
    few, limited = pixels <= _FEW_PIXELS, most < MOST_COLOURS
    if few or (pixels <= _MOST_OF_GRAPHIC and _stack(pictures).getcolors(_COLOURS_OF_GRAPHIC)):
        careful = few and len(pictures) == 1
        together, off = closest(_stack(pictures), most, careful)
        if limited or careful or off <= (_CLOSEST if few else _CLOSE):
            return _steady(pictures, _matched(pictures, lambda _: together))
        if few:
            return [found for picture in pictures for found in indexed([picture], most, diffused)]
        palette = together.palette
    else:
        palette = means(_sample(pictures), most)
    return _steady(pictures, _in_groups(pictures, partial(near, palette=palette, diffused=diffused)))


def _in_groups(pictures: Sequence[Image.Image], match: Match) -> list[Indexed]:
    """Pictures as indices, matched in groups as large as memory allows."""
    most = most_stacked(pictures[0])
    groups = [pictures[start : start + most] for start in range(0, len(pictures), most)]
    return [found for group in groups for found in _matched(group, match)]


def _steady(pictures: Sequence[Image.Image], found: list[Indexed]) -> list[Indexed]:
    """Pictures as indices of one palette, in which a pixel that stays about the same keeps its index.

    Each pixel is compared with the pixel for which the index was chosen, so that slow changes are not lost.
    """
    chosen_for, shown = _opaque(pictures[0])[0].copy(), found[0].indices
    for picture, other in zip(pictures[1:], found[1:], strict=True):
        colours, hidden = _opaque(picture)
        changed = differing(chosen_for, colours, _ALIKE)
        if shown.getextrema()[1] == TRANSPARENT:
            changed.paste(255, mask=shown.point(lambda index: 255 * (index == TRANSPARENT)))
        chosen_for.paste(colours, mask=changed)
        other.indices.paste(shown, mask=ImageChops.invert(changed))
        if hidden:
            other.indices.paste(TRANSPARENT, mask=hidden)
        shown = other.indices
    return found


def _sample(pictures: Sequence[Image.Image]) -> Image.Image:
    """A sample of each picture, one below the other. The places differ, because most pixels don't change."""
    width, height = pictures[0].size
    apart = max(1, (len(pictures) * width * height / _SAMPLE) ** 0.5)
    sides = max(1, int(width / apart)), max(1, int(height / apart))
    across, down = width / sides[0], height / sides[1]
    samples = []
    for number, picture in enumerate(pictures):
        left, top = (number * step % 1 - 0.5 for step in _STEPS)
        places = across, 0, left * across, 0, down, top * down
        samples.append(_opaque(picture)[0].transform(sides, Image.Transform.AFFINE, places))
    return stacked(samples)


def _stack(pictures: Sequence[Image.Image]) -> Image.Image:
    """Pictures one below the other, in mode RGB."""
    return stacked([_opaque(picture)[0] for picture in pictures])


def _matched(pictures: Sequence[Image.Image], match: Match) -> list[Indexed]:
    """Pictures as indices, found by `match`. Transparent pixels stay transparent."""
    opaque = [_opaque(picture) for picture in pictures]
    stack = match(stacked([colours for colours, _ in opaque]))
    found = [Indexed(indices, stack.palette) for indices in parted(stack.indices, pictures[0].height)]
    for picture, (_, hidden) in zip(found, opaque, strict=True):
        if hidden:
            picture.indices.paste(TRANSPARENT, mask=hidden)
    return found


def _runs_of_few_colours(pictures: Sequence[Image.Image], most: int) -> list[tuple[Sequence[Image.Image], bytes]]:
    """Runs of pictures in order, each with its colours; empty for too many colours in a picture, or too many runs."""
    runs: list[tuple[Sequence[Image.Image], bytes]] = []
    start, colours = 0, set[tuple[int, ...]]()
    for number, picture in enumerate(pictures):
        found = _opaque(picture)[0].getcolors(most)
        own = {cast(tuple[int, ...], colour) for _, colour in found or ()}
        if not own or len(runs) == _MOST_RUNS:
            return []
        if len(colours | own) > most:
            runs.append((pictures[start:number], bytes(chain.from_iterable(sorted(colours)))))
            start, colours = number, set()
        colours |= own
    return [*runs, (pictures[start:], bytes(chain.from_iterable(sorted(colours))))]


def _opaque(picture: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """A picture without alpha, and the mask of its transparent pixels. These pixels get one of the visible colours."""
    if picture.mode not in ("LA", "RGBA"):
        return (picture if picture.mode == "RGB" else picture.convert("RGB")), None  # convert() always copies.
    hidden = picture.getchannel("A").point(lambda alpha: 255 * (alpha < _VISIBLE), "1")
    colours = picture.convert("RGB")
    visible = _visible(hidden)
    colours.paste(cast(tuple[int, ...], colours.getpixel(visible)) if visible else 0, mask=hidden)
    return colours, hidden


def _visible(hidden: Image.Image) -> tuple[int, int] | None:
    """The place of a pixel that is not hidden; None if all pixels are hidden."""
    visible = ImageChops.invert(hidden)
    if (box := visible.getbbox()) is None:
        return None
    top = box[1]
    row = visible.crop((0, top, visible.width, top + 1)).getbbox()
    return (row[0], top) if row else None
