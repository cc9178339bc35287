"""Sizes for property tests, and every way to spell one."""

from collections.abc import Sequence
from typing import Literal

from hypothesis import strategies as st

from core.size import AUTO, FITS, FORMATS, MAX_DPR, Format, Size

MAX_SIDE = 20_000
"""Pixels: more than any deployment renders."""

SIDES = st.integers(1, MAX_SIDE)
NAMED: tuple[Format | Literal["auto"], ...] = (*FORMATS, AUTO)


@st.composite
def sizes(draw: st.DrawFn) -> Size:
    """Any size that `parse` can give: with one side only there is no fit."""
    width, height = draw(st.one_of(st.tuples(SIDES, SIDES), st.tuples(SIDES, st.none()), st.tuples(st.none(), SIDES)))
    return Size(
        width,
        height,
        fit=draw(st.sampled_from(FITS)) if width and height else "cover",
        dpr=draw(st.integers(1, MAX_DPR)),
        quality=draw(st.none() | st.integers(1, 100)),
        format=draw(st.sampled_from([None, *NAMED])),
    )


@st.composite
def spellings(draw: st.DrawFn) -> tuple[str, Sequence[str], str]:
    """The box, the options and the suffix of a size, each of them right but spelled in any way."""
    zeros = st.sampled_from(["", "0", "000"])
    width, height = draw(st.sampled_from([(True, True), (True, False), (False, True)]))
    box = f"{draw(zeros)}{draw(SIDES)}" * width + "x" + f"{draw(zeros)}{draw(SIDES)}" * height
    options = [
        *draw(st.lists(st.sampled_from(FITS), max_size=1)),
        *draw(st.lists(st.builds("{}{}x".format, zeros, st.integers(1, MAX_DPR)), max_size=1)),
        *draw(st.lists(st.builds("q{}{}".format, zeros, st.integers(1, 100)), max_size=1)),
    ]
    suffix = draw(st.sampled_from(["", ".jpeg", *(f".{name}" for name in NAMED)]))
    return box, options, suffix
