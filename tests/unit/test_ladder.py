"""The ladder: which sizes it allows, and the rung that each goes to."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import SizeRefused
from core.imaging.formats import MAX_VARIANT_SIDE
from core.ladder import canonical, first_rendered
from core.size import FITS, FORMATS, Size, parse
from tests.support.settings import settings

RUNGS = (250, 600, 1200)
ON_LADDER = {
    "1x": "250x",
    "249x": "250x",
    "250x": "250x",
    "251x": "600x",
    "600x": "600x",
    "601x": "1200x",
    "1200x": "1200x",
    "1201x": "1200x",
    "99999999999x": "1200x",
    # A height without a width is rounded in the same way.
    "x1": "x250",
    "x250": "x250",
    "x333": "x600",
    "x9999": "x1200",
    # A box of listed proportions: 250 * 2/3 = 166.67, 250 * 9/16 = 140.63, 250 * 16/9 = 444.44.
    "240x160": "250x167",
    "600x400": "600x400",
    "2400x1600": "1200x800",
    "100x100": "250x250",
    "320x180": "600x338",
    "250x444": "250x444",
    "1080x1920": "1200x2133",
    # Less than a pixel off the proportions: 397 * 3/4 = 297.75, 397 * 2/3 = 264.67.
    "397x297": "600x450",
    "397x298": "600x450",
    "397x264": "600x400",
    "397x265": "600x400",
    # 2 * 3/4 = 1.5 is no closer than 2 * 1/1; 2 * 2/3 = 1.33 is closer to 1 than 2 * 9/16 = 1.13 is not.
    "2x2": "250x250",
    "2x1": "250x141",
    # The pixel ratio has multiplied the sides.
    "300x200-2x": "600x400",
    "300x200-3x": "1200x800",
    # Any fit and any format is allowed.
    **{f"300x200-{fit}": f"600x400-{fit}" for fit in FITS if fit != "cover"},
    **{f"300x200.{name}": f"600x400.{name}" for name in FORMATS},
    "300x.auto": "600x.auto",
    "300x200-contain.webp": "600x400-contain.webp",
    # Options without effect, and defaults, are dropped first.
    "300x200-cover-1x-q80": "600x400",
    "300x-q70.png": "600x.png",
    "300x-f30x70": "600x",
    "300x200-contain-f30x70": "600x400-contain",
    "300x200-contain-bgffffff.jpg": "600x400-contain.jpg",
}

OFF_LADDER = (
    *(
        "600x3",
        "600x4",
        "4000x1",
        "1x4000",
        "100x3",
        "397x296",
        "397x299",
        "397x263",
        "397x266",
        "600x402",
        "600x401",
        "600x399",
        "600x398",
    ),
    *("600x-q79", "x600-q1", "600x-q70.webp", "600x-q70.auto", "600x400-q70"),
    *("600x400-f30x70", "600x400-f50x50", "600x400-f50x50.webp"),
    *("600x-bg1e90ff", "600x400-contain-bgffffff", "600x400-contain-bgfffffe.jpg", "600x400-bgffffff.png"),
    *("600x400-smart-3x-q1", "600x401-smart-3x"),
)


@pytest.mark.parametrize("requested", ON_LADDER)
def test_a_side_is_rounded_to_a_rung_and_a_box_keeps_its_proportions(requested: str) -> None:
    assert str(canonical(parse(requested), settings(widths=RUNGS))) == ON_LADDER[requested]


@pytest.mark.parametrize("requested", OFF_LADDER)
def test_any_other_size_is_refused_with_the_sizes_that_are_allowed(requested: str) -> None:
    with pytest.raises(SizeRefused, match=r"250, 600, 1200 pixels, .* 1:1, 4:3, 3:4, 3:2, 2:3, 16:9, 9:16 .* format"):
        canonical(parse(requested), settings(widths=RUNGS))


def test_without_ratios_no_box_is_rendered() -> None:
    sides_only = settings(widths=RUNGS, ratios=())
    assert str(canonical(parse("300x.webp"), sides_only)) == "600x.webp"
    with pytest.raises(SizeRefused, match=r"250, 600, 1200 pixels, in any format, without a quality"):
        canonical(parse("600x600"), sides_only)


def test_with_signing_keys_a_refusal_names_the_command_that_signs() -> None:
    with pytest.raises(SizeRefused, match="`sizewise sign`"):
        canonical(parse("600x3"), settings(widths=RUNGS, signing_keys=(b"an-example-key-of-32-bytes-only!",)))
    with pytest.raises(SizeRefused) as raised:
        canonical(parse("600x3"), settings(widths=RUNGS))
    assert "sizewise sign" not in str(raised.value)


@pytest.mark.parametrize(
    ("requested", "expected"),
    # 600 * 100/191 = 314.14; 250 * 5/4 = 312.5, half up; 1200 * 1/5000 = 0.24, and no side is 0.
    [("1200x628", "1200x628"), ("600x314", "600x314"), ("4x5", "250x313"), ("9999x2", "1200x1"), ("9999x1", "1200x1")],
)
def test_a_team_chooses_its_own_ratios(requested: str, expected: str) -> None:
    own = settings(widths=RUNGS, ratios=("191:100", "4:5", "5000:1"))
    assert str(canonical(parse(requested), own)) == expected
    with pytest.raises(SizeRefused):
        canonical(parse("600x600"), own)


@pytest.mark.parametrize("ratios", [("4:3", "4:1"), ("4:3", "20:1")])
def test_a_box_on_a_rung_keeps_its_height_whatever_shape_produced_it(ratios: tuple[str, ...]) -> None:
    """With a width of 2 pixels, 4:3 is 1.5 pixels high, 4:1 half a pixel, and 20:1 less: 1 is equally close to both."""
    narrow = settings(widths=(2,), ratios=ratios)
    for requested in ("20x5" if "4:1" in ratios else "20x1", "2x1"):
        assert str(canonical(parse(requested), narrow)) == "2x1"


def test_a_box_has_the_closest_of_the_listed_proportions() -> None:
    """With a width of 2 pixels, 10:7 is 1.4 pixels high and 20:1 is 0.1 pixels high: 1.4 is closer to 1."""
    assert str(canonical(parse("2x1"), settings(widths=(200,), ratios=("10:7", "20:1")))) == "200x140"


def test_without_a_ladder_no_width_is_rounded() -> None:
    assert str(canonical(parse("251x333"), settings())) == "251x333"


@pytest.mark.parametrize(
    ("offered", "changed", "expected"),
    [
        (["300x200", "600x"], {}, "300x200"),
        (["300x200", "400x", "600x"], {"widths": RUNGS, "ratios": ()}, "600x"),
        (["300x200", "600x"], {"sizes": ("x800", "600x")}, "600x"),
        (["300x200"], {"max_side": 200}, "200x"),
        (["300x200"], {"widths": RUNGS, "ratios": ()}, "1200x"),
    ],
)
def test_the_first_offered_size_that_is_rendered_is_shown_or_else_the_widest(
    offered: list[str], changed: dict[str, Any], expected: str
) -> None:
    assert str(first_rendered(offered, settings(**changed))) == expected


@pytest.mark.parametrize("requested", ["1000x", "x1000", "1000x1000", "1x1"])
def test_a_side_up_to_the_limit_is_rendered(requested: str) -> None:
    assert str(canonical(parse(requested), settings(max_side=1000))) == requested


@pytest.mark.parametrize("requested", ["1001x", "x1001", "10x1001", "501x-2x", "10x251-4x", "9" * 20 + "x1"])
def test_a_side_over_the_limit_is_refused_with_the_limit(requested: str) -> None:
    with pytest.raises(SizeRefused, match=f"The size {parse(requested)} is too large: sides up to 1000 pixels"):
        canonical(parse(requested), settings(max_side=1000))


def test_the_limit_is_for_the_rung_and_not_for_the_requested_side() -> None:
    limited = settings(widths=(250, 600), max_side=1000)
    assert str(canonical(parse("9000x6000"), limited)) == "600x400"
    with pytest.raises(SizeRefused, match="600x1067 is too large"):
        canonical(parse("300x533"), limited)


@given(
    st.sets(st.integers(1, MAX_VARIANT_SIDE), min_size=1),
    st.integers(1, MAX_VARIANT_SIDE),
    st.integers(1, MAX_VARIANT_SIDE),
)
def test_a_box_goes_to_the_next_rung_up_and_keeps_its_shape(widths: set[int], width: int, height: int) -> None:
    rungs = tuple(sorted(widths))
    shape = Fraction(width, height)
    own = settings(widths=rungs, ratios=(f"{shape.numerator}:{shape.denominator}",), max_side=MAX_VARIANT_SIDE**2)
    size = canonical(Size(width, height), own)
    assert size.width in rungs
    assert size.height is not None
    assert not [rung for rung in rungs if width <= rung < size.width]
    assert size.width >= width or size.width == rungs[-1]
    assert abs(size.height - height * size.width / width) <= 0.5 or size.height == 1
