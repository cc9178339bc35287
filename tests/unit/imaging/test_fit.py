"""The geometry of a variant, compared with numbers calculated by hand."""

import pytest

from core.imaging.fit import Box, Plan, plan
from core.size import FITS, parse

Sides = tuple[int, int]
LIMIT = 4096

SHRUNK: list[tuple[Sides, str, Box, Sides, Sides]] = [
    # One side: the other follows, 300 * 200/400 = 150; 301 * 100/400 = 75.25; 299 * 50/400 = 37.375; half up at 2.5.
    ((400, 300), "200x", (0, 0, 400, 300), (200, 150), (200, 150)),
    ((400, 300), "x150", (0, 0, 400, 300), (200, 150), (200, 150)),
    ((400, 301), "100x", (0, 0, 400, 301), (100, 75), (100, 75)),
    ((400, 299), "50x", (0, 0, 400, 299), (50, 37), (50, 37)),
    ((400, 10), "100x", (0, 0, 400, 10), (100, 3), (100, 3)),
    ((10, 400), "x100", (0, 0, 10, 400), (3, 100), (3, 100)),
    ((400, 300), "400x", (0, 0, 400, 300), (400, 300), (400, 300)),
    # Cover 100x100 of 400x300: a square of 300 in the middle or at an edge.
    ((400, 300), "100x100", (50, 0, 350, 300), (100, 100), (100, 100)),
    ((400, 300), "100x100-left", (0, 0, 300, 300), (100, 100), (100, 100)),
    ((400, 300), "100x100-right", (100, 0, 400, 300), (100, 100), (100, 100)),
    ((400, 300), "100x100-top", (50, 0, 350, 300), (100, 100), (100, 100)),
    ((300, 400), "100x100", (0, 50, 300, 350), (100, 100), (100, 100)),
    ((300, 400), "100x100-top", (0, 0, 300, 300), (100, 100), (100, 100)),
    ((300, 400), "100x100-bottom", (0, 100, 300, 400), (100, 100), (100, 100)),
    ((300, 400), "100x100-left", (0, 50, 300, 350), (100, 100), (100, 100)),
    # Half a pixel can be cut off: (400 - 301) / 2 = 49.5.
    ((400, 301), "100x100", (49.5, 0, 350.5, 301), (100, 100), (100, 100)),
    ((301, 400), "100x100", (0, 49.5, 301, 350.5), (100, 100), (100, 100)),
    # A corner keeps two edges. The crop reaches one of them anyway.
    ((400, 300), "100x100-topleft", (0, 0, 300, 300), (100, 100), (100, 100)),
    ((400, 300), "100x100-bottomright", (100, 0, 400, 300), (100, 100), (100, 100)),
    ((300, 400), "100x100-topright", (0, 0, 300, 300), (100, 100), (100, 100)),
    ((300, 400), "100x100-bottomleft", (0, 100, 300, 400), (100, 100), (100, 100)),
    # A focal point is the crop's centre: 45 % of 400 is 180, less 150 is 30. 30 % is 120: the edge stops the crop.
    ((400, 300), "100x100-f45x5", (30, 0, 330, 300), (100, 100), (100, 100)),
    ((400, 300), "100x100-f30x5", (0, 0, 300, 300), (100, 100), (100, 100)),
    ((400, 300), "100x100-f62x99", (98, 0, 398, 300), (100, 100), (100, 100)),
    ((400, 300), "100x100-f63x50", (100, 0, 400, 300), (100, 100), (100, 100)),
    ((400, 300), "100x100-f50x50", (50, 0, 350, 300), (100, 100), (100, 100)),
    ((300, 400), "100x100-f5x55", (0, 70, 300, 370), (100, 100), (100, 100)),
    # 45 % of 401 is 180.45, less 150 is 30.45.
    ((401, 300), "100x100-f45x50", (30.45, 0, 330.45, 300), (100, 100), (100, 100)),
    ((300, 401), "100x100-f50x45", (0, 30.45, 300, 330.45), (100, 100), (100, 100)),
    # 70 % of 300 is 210, less 50 is 160.
    ((400, 300), "200x50-f30x70", (0, 160, 400, 260), (200, 50), (200, 50)),
    # Cover 200x50 of 400x300: all of the width, 100 of the height.
    ((400, 300), "200x50", (0, 100, 400, 200), (200, 50), (200, 50)),
    ((400, 300), "200x150", (0, 0, 400, 300), (200, 150), (200, 150)),
    # Half a pixel is cut off at either side.
    ((400, 300), "399x300", (0.5, 0, 399.5, 300), (399, 300), (399, 300)),
    # Inside and contain 200x200 of 400x300: 200x150, and contain pads it.
    ((400, 300), "200x200-inside", (0, 0, 400, 300), (200, 150), (200, 150)),
    ((400, 300), "200x200-contain", (0, 0, 400, 300), (200, 150), (200, 200)),
    ((300, 400), "200x200-contain", (0, 0, 300, 400), (150, 200), (200, 200)),
    ((400, 300), "100x1000-inside", (0, 0, 400, 300), (100, 75), (100, 75)),
    ((400, 300), "100x1000-contain", (0, 0, 400, 300), (100, 75), (100, 1000)),
    ((400, 300), "1000x75-inside", (0, 0, 400, 300), (100, 75), (100, 75)),
    ((300, 400), "75x1000-inside", (0, 0, 300, 400), (75, 100), (75, 100)),
    # 180 * 70/400 is 31.5, but the product of floats is less.
    ((180, 400), "90x70-inside", (0, 0, 180, 400), (32, 70), (32, 70)),
    ((400, 300), "200x200-fill", (0, 0, 400, 300), (200, 200), (200, 200)),
    # The pixel ratio multiplies both sides.
    ((400, 300), "100x-2x", (0, 0, 400, 300), (200, 150), (200, 150)),
    ((400, 300), "x50-3x", (0, 0, 400, 300), (200, 150), (200, 150)),
    ((400, 300), "50x50-2x", (50, 0, 350, 300), (100, 100), (100, 100)),
    ((400, 300), "25x25-contain-4x", (0, 0, 400, 300), (100, 75), (100, 100)),
    # No side is ever 0.
    ((10_000, 1), "100x", (0, 0, 10_000, 1), (100, 1), (100, 1)),
    ((1, 10_000), "x100", (0, 0, 1, 10_000), (1, 100), (1, 100)),
    ((10_000, 1), "100x100-contain", (0, 0, 10_000, 1), (100, 1), (100, 100)),
    ((1, 10_000), "100x100-inside", (0, 0, 1, 10_000), (1, 100), (1, 100)),
]

TOO_LARGE: list[tuple[Sides, str, Sides, Sides, Sides, Sides]] = [
    # original, size, sides and canvas, sides and canvas with ENLARGE
    ((400, 300), "800x", (400, 300), (400, 300), (800, 600), (800, 600)),
    ((400, 300), "x900", (400, 300), (400, 300), (1200, 900), (1200, 900)),
    ((400, 300), "300x-2x", (400, 300), (400, 300), (600, 450), (600, 450)),
    # A square box becomes the largest square in 400x300.
    ((400, 300), "500x500", (300, 300), (300, 300), (500, 500), (500, 500)),
    ((400, 300), "350x350", (300, 300), (300, 300), (350, 350), (350, 350)),
    ((400, 300), "500x100", (400, 80), (400, 80), (500, 100), (500, 100)),
    # 800x200 is 4:1, and so is 400x100; 100x600 is 1:6, and so is 50x300.
    ((400, 300), "800x200", (400, 100), (400, 100), (800, 200), (800, 200)),
    ((400, 300), "100x600", (50, 300), (50, 300), (100, 600), (100, 600)),
    ((400, 300), "800x200-fill", (400, 100), (400, 100), (800, 200), (800, 200)),
    # Contain: the image keeps its size and the box shrinks to it, here by 1/2.
    ((400, 300), "800x800-contain", (400, 300), (400, 400), (800, 600), (800, 800)),
    ((400, 300), "800x600-contain", (400, 300), (400, 300), (800, 600), (800, 600)),
    ((400, 300), "800x800-inside", (400, 300), (400, 300), (800, 600), (800, 600)),
    ((400, 300), "500x300-contain", (400, 300), (500, 300), (400, 300), (500, 300)),
    ((1, 1), "3x2", (1, 1), (1, 1), (3, 2), (3, 2)),
]


@pytest.mark.parametrize(("original", "size", "box", "resized", "canvas"), SHRUNK)
@pytest.mark.parametrize("enlarge", [False, True])
def test_an_original_larger_than_the_box_shrinks(
    original: Sides, size: str, box: Box, resized: Sides, canvas: Sides, enlarge: bool
) -> None:
    made = plan(original, parse(size), enlarge, LIMIT)
    assert made.box == pytest.approx(box)
    assert (made.sides, made.canvas) == (resized, canvas)


@pytest.mark.parametrize(("original", "size", "resized", "canvas", "enlarged", "enlarged_canvas"), TOO_LARGE)
def test_a_box_larger_than_the_original_shrinks_and_keeps_its_shape(
    original: Sides, size: str, resized: Sides, canvas: Sides, enlarged: Sides, enlarged_canvas: Sides
) -> None:
    kept = plan(original, parse(size), False, LIMIT)
    assert (kept.sides, kept.canvas) == (resized, canvas)
    grown = plan(original, parse(size), True, LIMIT)
    assert (grown.sides, grown.canvas) == (enlarged, enlarged_canvas)


@pytest.mark.parametrize(
    ("original", "size", "canvas"),
    [
        # The side that follows from the other is over the limit, so both shrink: 1000 * 4096/40960 = 100.
        ((100, 4096), "1000x", (100, 4096)),
        ((4096, 100), "x1000", (4096, 100)),
        ((20_000, 100), "x100", (4096, 20)),
        ((100, 20_000), "100x", (20, 4096)),
        ((10_000, 8000), "4096x4096", (4096, 4096)),
    ],
)
def test_no_side_is_over_the_limit(original: Sides, size: str, canvas: Sides) -> None:
    assert plan(original, parse(size), True, LIMIT).canvas == canvas


@pytest.mark.parametrize("fit", FITS)
def test_an_original_of_the_same_size_as_the_box_is_not_cropped(fit: str) -> None:
    made = plan((451, 300), parse(f"451x300-{fit}"), False, LIMIT)
    assert made.box == (0, 0, 451, 300)
    assert made.sides == made.canvas == (451, 300)


@pytest.mark.parametrize(("original", "size"), [((396, 300), "200x"), ((398, 300), "200x"), ((396, 301), "x100")])
def test_no_rounding_error_crops_an_original(original: Sides, size: str) -> None:
    assert plan(original, parse(size), False, LIMIT).box == (0, 0, *original)


def test_a_plan_for_an_original_decoded_at_half_its_sides_has_half_the_box() -> None:
    whole = Plan((41, 9, 361, 293), (100, 90), (100, 200))
    half = Plan((20.5, 4.5, 180.5, 146.5), (100, 90), (100, 200))
    assert whole.divided(2) == half
    assert half.multiplied(2) == whole
