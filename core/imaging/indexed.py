"""Pixels in 255 colours and a transparent one, as GIF holds them."""

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
"""Of 255. What is less opaque becomes transparent."""

_FEW_PIXELS: Final = 32_768
"""Of all frames together. Choosing the closest colours for them takes a tenth of a second at the most."""

_MOST_OF_GRAPHIC: Final = 1_000_000
_COLOURS_OF_GRAPHIC: Final = 8192
"""Pixels of all frames together, and colours, up to which they are a graphic with smooth edges; a photograph has more
colours. Choosing the closest takes half a second at the most."""

_MOST_EXACT: Final = 16_000_000
"""Pixels of all frames together, up to which few colours are told apart however close they are. It takes a second."""

_CLOSE, _CLOSEST = 1.5, 0.75
"""Levels by which the closest colours may be off, as root mean square, 45 and 51 dB: of a graphic; and of a few pixels,
which else get a palette for each frame."""

_ALIKE: Final = 2
"""Levels by which a pixel may differ, in each channel, from what it was when its colour was chosen, to keep that."""

_MOST_RUNS: Final = 300
"""Palettes of exact colours in an animation, each of which takes some milliseconds; with more they are given up."""

_SAMPLE: Final = 20_000
"""Pixels whose colours stand for those of photographs."""

_STEPS: Final = 0.7549, 0.5698
"""Of the way from one pixel of a sample to the next, across and down, by which the pixels of the next picture are
moved: they spread evenly (Roberts, The unreasonable effectiveness of quasirandom sequences, 2018: 1/g and 1/g squared,
where g to the third is g + 1)."""


def indexed(pictures: Sequence[Image.Image], most: int, diffused: bool) -> list[Indexed]:
    """Pictures of the same sides, in L, LA, RGB or RGBA, as indices of one palette, or of several.

    Palettes have `most` colours at the most, 1 to 255. Where each picture has no more they are kept, in one palette for
    as many pictures as possible. Else one palette serves all pictures. Few pixels and graphics get the colours that
    come closest to them, photographs some that are near; where they are not, errors may be diffused.
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
    """Pictures as indices, matched together as far as memory allows."""
    most = most_stacked(pictures[0])
    groups = [pictures[start : start + most] for start in range(0, len(pictures), most)]
    return [found for group in groups for found in _matched(group, match)]


def _steady(pictures: Sequence[Image.Image], found: list[Indexed]) -> list[Indexed]:
    """Pictures as indices of one palette, where a pixel that stays about the same keeps its index.

    What it is compared with is the pixel that the index was chosen for: slow changes are not lost.
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
    """Some pixels of all pictures, below each other: of each picture others, as what stays the same is in all."""
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
    """Pictures below each other, in mode RGB."""
    return stacked([_opaque(picture)[0] for picture in pictures])


def _matched(pictures: Sequence[Image.Image], match: Match) -> list[Indexed]:
    """Pictures as indices, given how a picture in mode RGB is matched; what is transparent is so in them."""
    opaque = [_opaque(picture) for picture in pictures]
    stack = match(stacked([colours for colours, _ in opaque]))
    found = [Indexed(indices, stack.palette) for indices in parted(stack.indices, pictures[0].height)]
    for picture, (_, hidden) in zip(found, opaque, strict=True):
        if hidden:
            picture.indices.paste(TRANSPARENT, mask=hidden)
    return found


def _runs_of_few_colours(pictures: Sequence[Image.Image], most: int) -> list[tuple[Sequence[Image.Image], bytes]]:
    """Pictures in their order, each run of them with its colours; none where some have too many."""
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
