"""The geometry of a variant: rules that hold for every original and size."""

import math
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from core.imaging.fit import plan
from core.size import Size
from tests.support.sizes import sizes

Sides = tuple[int, int]
ORIGINAL_SIDES = st.tuples(st.integers(1, 20_000), st.integers(1, 20_000))
LIMITS = st.integers(1, 16_383)


@given(ORIGINAL_SIDES, sizes(), st.booleans(), LIMITS)
def test_a_result_is_within_every_bound(original: Sides, size: Size, enlarge: bool, max_side: int) -> None:
    made = plan(original, size, enlarge, max_side)
    left, top, right, bottom = made.box
    assert 0 <= left < right <= original[0]
    assert 0 <= top < bottom <= original[1]
    for resized, canvas, own in zip(made.sides, made.canvas, original, strict=True):
        assert 1 <= resized <= canvas <= max_side
        assert enlarge or resized <= own
    assert size.fit == "contain" or made.sides == made.canvas


@given(ORIGINAL_SIDES, sizes(), st.booleans(), LIMITS)
def test_only_fill_changes_the_shape_of_what_is_shown(
    original: Sides, size: Size, enlarge: bool, max_side: int
) -> None:
    """Width and height are scaled by the same factor, except for rounding by half a pixel, or up to 1."""
    made = plan(original, size, enlarge, max_side)
    if size.fit == "fill" and size.width and size.height:
        return
    left, top, right, bottom = made.box
    across, down = made.sides[0] / (right - left), made.sides[1] / (bottom - top)
    spare = 0.5001 / (right - left) + 0.5001 / (bottom - top)
    assert abs(across - down) <= spare or 1 in made.sides


def exact(original: Sides, size: Size, enlarge: bool, max_side: int) -> tuple[Sides, Sides]:
    """The sides and the canvas by the rules of the design, in fractions: without rounding errors."""
    width, height = (Fraction(side) for side in original)
    across = Fraction(size.width) if size.width else None
    down = Fraction(size.height) if size.height else None
    if across is None:
        assert down
        across = down * width / height
    if down is None:
        down = across * height / width
    grows = (min if size.fit in ("contain", "inside") else max)(across / width, down / height)
    factor = min(1 if enlarge else 1 / max(grows, Fraction(1)), max_side / max(across, down))
    across, down = across * factor, down * factor
    canvas = (half_up(across), half_up(down))
    if size.fit not in ("contain", "inside"):
        return canvas, canvas
    inner = min(across / width, down / height)
    resized = (half_up(width * inner), half_up(height * inner))
    return resized, canvas if size.fit == "contain" else resized


def half_up(length: Fraction) -> int:
    """The nearest whole number of pixels, at least 1."""
    return max(1, math.floor(length + Fraction(1, 2)))


@given(ORIGINAL_SIDES, sizes(), st.booleans(), LIMITS)
def test_floats_round_like_fractions(original: Sides, size: Size, enlarge: bool, max_side: int) -> None:
    made = plan(original, size, enlarge, max_side)
    assert (made.sides, made.canvas) == exact(original, size, enlarge, max_side)
