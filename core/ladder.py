"""One variant, one key: which sizes a deployment renders, and the canonical size for each request."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from functools import cache
from math import floor
from typing import Final

from core.errors import SizeRefused
from core.settings import Settings
from core.size import AUTO, FITS, FORMATS, Size, parse

_WITHOUT_QUALITY: Final = ("png", "gif")
_WHITE: Final = "ffffff"
"""The default background of a JPEG."""

AUTO_OUTCOMES: Final = (None, "webp", "avif")
"""The formats that `.auto` can become: the original's own, or one that the Accept header names."""


def canonical(size: Size, settings: Settings) -> Size:
    """The size whose variant answers a request for `size`, which has no signature.

    Options without effect, and options that are this deployment's default, are dropped. A size on the closed list then
    stays as it is. The ladder moves other sizes to its rungs. Raises SizeRefused for a size that neither the list nor
    the ladder allows, or with a side over `max_side` pixels.
    """
    result = without_defaults(size, settings)
    if (settings.widths or settings.sizes) and result not in _listed(settings):
        stepped = _on_ladder(result, settings)
        if stepped is None:
            raise SizeRefused(f"The size {result} is not rendered here. Allowed sizes: {_allowed(settings)}.")
        result = stepped
    check_sides(result, settings)
    return result


def check_sides(size: Size, settings: Settings) -> None:
    """Raises SizeRefused for a size with a side over `max_side` pixels."""
    if any(side and side > settings.max_side for side in (size.width, size.height)):
        raise SizeRefused(f"The size {size} is too large: sides up to {settings.max_side} pixels are rendered here.")


def first_rendered(sizes: Iterable[str], settings: Settings) -> Size:
    """The canonical size of the first of these that a deployment renders, or its widest size if it renders none."""
    for size in sizes:
        with suppress(SizeRefused):
            return canonical(parse(size), settings)
    return canonical(parse(f"{settings.max_side}x"), settings)


def variants_per_original(settings: Settings) -> int | None:
    """How many variants of one original strangers can have made, whatever they request; None if there is no limit."""
    if not settings.widths and not settings.sizes:
        return None
    formats = len(FORMATS) + (settings.format is None)
    boxes = {(width, _pixels(width * shape)) for width in settings.widths for shape in _shapes(settings.ratios)}
    within = sum(height <= settings.max_side for _, height in boxes)
    on_ladder = (2 * len(settings.widths) + within * len(FITS)) * formats
    off_ladder = sum(size.format != AUTO and _on_ladder(size, settings) != size for size in _listed(settings))
    return on_ladder + off_ladder


def without_defaults(size: Size, settings: Settings) -> Size:
    """The size without options that are this deployment's default, or have no effect in the resulting format."""
    if size.format == settings.format:
        size = replace(size, format=None)
    target = size.format or settings.format
    if size.quality == settings.quality or target in _WITHOUT_QUALITY:
        size = replace(size, quality=None)
    if size.background == _WHITE and target == "jpg":
        size = replace(size, background=None)
    return size


@cache
def _listed(settings: Settings) -> frozenset[Size]:
    """The closed list, including the sizes that its sizes in `.auto` can become."""
    listed = {without_defaults(parse(size), settings) for size in settings.sizes}
    outcomes = {
        without_defaults(replace(size, format=outcome), settings)
        for size in listed
        if size.format == AUTO
        for outcome in AUTO_OUTCOMES
    }
    return frozenset(listed | outcomes)


def _on_ladder(size: Size, settings: Settings) -> Size | None:
    """A size without defaults, moved to the rungs; None if the ladder does not allow it.

    The ladder allows a size with one side: the side is rounded up to the next rung, or down to the last one. It also
    allows a box of listed proportions, whose width is rounded in the same way. Any fit and format is allowed.
    """
    named = (size.focal, size.background, size.quality)
    if not settings.widths or any(value is not None for value in named):
        return None
    if not (size.width and size.height):
        width, height = (side and _rung(side, settings.widths) for side in (size.width, size.height))
        return replace(size, width=width, height=height)
    shape = _shape(size.width, size.height, settings.ratios)
    rung = _rung(size.width, settings.widths)
    return replace(size, width=rung, height=_pixels(rung * shape)) if shape else None


def _rung(side: int, rungs: tuple[int, ...]) -> int:
    return next((rung for rung in rungs if rung >= side), rungs[-1])


@cache
def _shapes(ratios: tuple[str, ...]) -> tuple[Fraction, ...]:
    """Height divided by width, for each ratio of width to height, such as 3/4 for 4:3."""
    return tuple(1 / Fraction(ratio.replace(":", "/")) for ratio in ratios)


def _shape(width: int, height: int, ratios: tuple[str, ...]) -> Fraction | None:
    """The listed shape that gives a height within one pixel of the box's: the closest, or the flatter of two as close.

    So a box on a rung keeps its height, whatever shape produced it.
    """
    # A height under half a pixel counts as half a pixel, because _pixels rounds it up to 1.
    heights = {shape: max(width * shape, Fraction(1, 2)) for shape in _shapes(ratios)}
    fitting = [shape for shape in heights if abs(height - heights[shape]) < 1]
    return min(fitting, key=lambda shape: (abs(height - heights[shape]), heights[shape]), default=None)


def _pixels(length: Fraction) -> int:
    return max(1, floor(length + Fraction(1, 2)))


def _allowed(settings: Settings) -> str:
    rungs, ratios = ", ".join(map(str, settings.widths)), ", ".join(settings.ratios)
    box = f", or a box of one of these widths with the proportions {ratios} and any fit" if ratios else ""
    ladder = f"a width or height of {rungs} pixels{box}, in any format, without a quality, focal point or background"
    parts = [ladder] if rungs else []
    if settings.sizes:
        parts.append(", ".join(settings.sizes))
    if settings.signing_keys:
        parts.append("any size signed with `sizewise sign` and a key of this deployment")
    return "; ".join(parts)
