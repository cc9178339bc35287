"""Sizes for property tests, and every way to spell one."""

from collections.abc import Sequence
from typing import Literal

from hypothesis import strategies as st

from core.size import AUTO, FITS, FORMATS, KEPT, MAX_PIXEL_RATIO, Format, Size

MAX_SIDE = 20_000
"""Pixels: more than any deployment renders."""

NAMED: tuple[Format | Literal["auto"], ...] = (*FORMATS, AUTO)


POINTS = st.tuples(st.integers(0, 100), st.integers(0, 100))
PLACES = {point for fit, point in KEPT.items() if fit != "cover"}
COLOURS = st.text("0123456789abcdef", min_size=6, max_size=6)


@st.composite
def sizes(draw: st.DrawFn, max_side: int = MAX_SIDE) -> Size:
    """Any size that `parse` can give: a fit for a box alone, a point for a cover alone, unless it has a name."""
    side, no = st.integers(1, max_side), st.none()
    width, height = draw(st.one_of(st.tuples(side, side), st.tuples(side, no), st.tuples(no, side)))
    fit = draw(st.sampled_from(FITS)) if width and height else "cover"
    crops = width and height and fit == "cover"
    return Size(
        width,
        height,
        fit=fit,
        focal=draw(st.none() | POINTS.filter(lambda point: point not in PLACES)) if crops else None,
        background=draw(st.none() | COLOURS),
        quality=draw(st.none() | st.integers(1, 100)),
        format=draw(st.sampled_from([None, *NAMED])),
    )


@st.composite
def spellings(draw: st.DrawFn) -> tuple[str, Sequence[str], str]:
    """The box, the options and the suffix of a size, each of them right but spelled in any way."""
    zeros = st.sampled_from(["", "0", "00"])
    width, height = draw(st.sampled_from([(True, True), (True, False), (False, True)]))
    side, percent = st.integers(1, MAX_SIDE), st.integers(0, 100)
    box = f"{draw(zeros)}{draw(side)}" * width + "x" + f"{draw(zeros)}{draw(side)}" * height
    options = [
        *draw(st.lists(st.sampled_from(FITS), max_size=1)),
        *draw(st.lists(st.builds("f{}{}x{}{}".format, zeros, percent, zeros, percent), max_size=1)),
        *draw(st.lists(COLOURS.map("bg{}".format), max_size=1)),
        *draw(st.lists(st.builds("{}{}x".format, zeros, st.integers(1, MAX_PIXEL_RATIO)), max_size=1)),
        *draw(st.lists(st.builds("q{}{}".format, zeros, st.integers(1, 100)), max_size=1)),
    ]
    suffix = draw(st.sampled_from(["", ".jpeg", *(f".{name}" for name in NAMED)]))
    return box, options, suffix
