"""One variant, one key: what the ladder, the closed list and the defaults make of a size."""

from dataclasses import replace
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st

from core.errors import SizeRefused
from core.imaging.formats import MAX_VARIANT_SIDE
from core.ladder import _WITHOUT_QUALITY, AUTO_OUTCOMES, canonical, variants_per_original
from core.settings import Settings
from core.size import AUTO, FITS, FORMATS, Size, parse
from tests.support.settings import settings
from tests.support.sizes import deployments, thrown

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
    # A height alone goes to the rungs alike.
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
    # Within a pixel of them: 397 * 3/4 = 297.75, 397 * 2/3 = 264.67.
    "397x297": "600x450",
    "397x298": "600x450",
    "397x264": "600x400",
    "397x265": "600x400",
    # 2 * 3/4 = 1.5 is no closer than 2 * 1/1; 2 * 2/3 = 1.33 is closer to 1 than 2 * 9/16 = 1.13 is not.
    "2x2": "250x250",
    "2x1": "250x141",
    # A pixel ratio is in the sides by now.
    "300x200-2x": "600x400",
    "300x200-3x": "1200x800",
    # Any fit and any format go along.
    **{f"300x200-{fit}": f"600x400-{fit}" for fit in FITS if fit != "cover"},
    **{f"300x200.{name}": f"600x400.{name}" for name in FORMATS},
    "300x.auto": "600x.auto",
    "300x200-contain.webp": "600x400-contain.webp",
    # What has no effect, or is the default, is nothing that was asked for.
    "300x200-cover-1x-q80": "600x400",
    "300x-q70.png": "600x.png",
    "300x-f30x70": "600x",
    "300x200-contain-f30x70": "600x400-contain",
    "300x200-contain-bgffffff.jpg": "600x400-contain.jpg",
}

OFF_LADDER = (
    *("600x3", "600x4", "4000x1", "1x4000", "100x3", "397x296", "397x299", "397x263", "397x266", "600x402", "600x398"),
    *("600x-q79", "x600-q1", "600x-q70.webp", "600x-q70.auto", "600x400-q70"),
    *("600x400-f30x70", "600x400-f50x50", "600x400-f50x50.webp"),
    *("600x-bg1e90ff", "600x400-contain-bgffffff", "600x400-contain-bgfffffe.jpg", "600x400-bgffffff.png"),
    *("600x400-smart-3x-q1", "600x401-smart-3x"),
)

DEFAULTS_DROPPED: list[tuple[str, dict[str, Any], str]] = [
    ("300x-q80", {}, "300x"),
    ("300x-q81", {}, "300x-q81"),
    ("300x-q70", {"quality": 70}, "300x"),
    ("300x-q80", {"quality": 70}, "300x-q80"),
    ("300x.webp", {}, "300x.webp"),
    ("300x.webp", {"format": "webp"}, "300x"),
    ("300x.jpg", {"format": "webp"}, "300x.jpg"),
    ("300x.auto", {"format": "webp"}, "300x.auto"),
    ("300x-q80.webp", {"format": "webp"}, "300x"),
    # PNG and GIF have no quality.
    ("300x-q70.png", {}, "300x.png"),
    ("300x-q70.gif", {}, "300x.gif"),
    ("300x-q70.png", {"format": "png"}, "300x"),
    ("300x-q70", {"format": "png"}, "300x"),
    ("300x-q70.jpg", {"format": "png"}, "300x-q70.jpg"),
    ("300x-q70.auto", {"format": "png"}, "300x-q70.auto"),
    # JPEG's own background is white, and no other format's is.
    ("300x-bgffffff.jpg", {}, "300x.jpg"),
    ("300x-bgffffff", {"format": "jpg"}, "300x"),
    ("300x-bgfffffe.jpg", {}, "300x-bgfffffe.jpg"),
    ("300x-bgffffff", {}, "300x-bgffffff"),
    ("300x-bgffffff.webp", {}, "300x-bgffffff.webp"),
    ("300x-bgffffff.png", {"format": "jpg"}, "300x-bgffffff.png"),
    ("300x-bgffffff.auto", {"format": "jpg"}, "300x-bgffffff.auto"),
    # The true centre is no default.
    ("300x200-f50x50", {}, "300x200-f50x50"),
]

LISTED = ("300x200", "600x", "x800", "800x600-contain.auto", "500x-q70.auto", "900x.jpg", "640x480-f30x70-bg1e90ff")

ON_LIST: list[tuple[str, dict[str, Any]]] = [
    *((size, {}) for size in ("300x200", "600x", "x800", "x400-2x", "150x100-2x", "900x.jpg")),
    ("0300X0200-cover-1x-q80", {}),
    ("640x480-bg1e90ff-f30x70", {}),
    # What .auto can come to is on the list with it.
    *((f"800x600-contain{outcome}", {}) for outcome in (".auto", ".webp", ".avif", "")),
    *((f"500x-q70{outcome}", {}) for outcome in (".auto", ".webp", ".avif", "")),
    # The deployment's default, spelled out or not.
    ("900x", {"format": "jpg"}),
    ("900x.jpg", {"format": "jpg"}),
    ("600x.jpg", {"format": "jpg"}),
    ("500x.webp", {"quality": 70}),
    # With FORMAT=png the outcome has no quality.
    ("500x", {"format": "png"}),
]

OFF_LIST: list[tuple[str, dict[str, Any]]] = [
    *((size, {}) for size in ("300x201", "301x200", "300x", "x200", "300x200-2x", "300x200-contain", "x400")),
    *((size, {}) for size in ("300x200-q70", "300x200.webp", "300x200.auto", "600x.jpg", "600x-bg000000")),
    *((size, {}) for size in ("800x600-contain.png", "800x600.auto", "500x.auto", "900x", "900x.auto")),
    *((size, {}) for size in ("640x480", "640x480-f30x70", "640x480-bg1e90ff", "640x480-f31x70-bg1e90ff")),
    ("900x", {"format": "webp"}),
]

WITH_BOTH = {
    # On the list: as it is written, and to no rung.
    "300x200": "300x200",
    "150x100-2x": "300x200",
    "900x.jpg": "900x.jpg",
    "800x600-contain.auto": "800x600-contain.auto",
    "500x-q70.webp": "500x-q70.webp",
    "600x": "600x",
    "x800": "x800",
    # Not on it: by the ladder.
    "300x200.webp": "600x400.webp",
    "301x": "600x",
    "x799": "x1200",
    "900x": "1200x",
    "800x600-contain.png": "1200x900-contain.png",
}
"""What comes of sizes where both lists are set."""


@pytest.mark.parametrize("asked", ON_LADDER)
def test_a_side_goes_to_its_rung_and_a_box_keeps_its_proportions(asked: str) -> None:
    assert str(canonical(parse(asked), settings(widths=RUNGS))) == ON_LADDER[asked]


@pytest.mark.parametrize("asked", OFF_LADDER)
def test_anything_else_is_refused_with_what_is_allowed(asked: str) -> None:
    with pytest.raises(SizeRefused, match=r"250, 600, 1200 pixels, .* 1:1, 4:3, 3:4, 3:2, 2:3, 16:9, 9:16 .* format"):
        canonical(parse(asked), settings(widths=RUNGS))


def test_without_ratios_no_box_is_rendered() -> None:
    sides_only = settings(widths=RUNGS, ratios=())
    assert str(canonical(parse("300x.webp"), sides_only)) == "600x.webp"
    with pytest.raises(
        SizeRefused, match=r"a width or height of 250, 600, 1200 pixels, in any format, without a quality"
    ):
        canonical(parse("600x600"), sides_only)


@pytest.mark.parametrize(
    ("asked", "expected"),
    # 600 * 100/191 = 314.14; 250 * 5/4 = 312.5, half up; 1200 * 1/5000 = 0.24, and no side is 0.
    [("1200x628", "1200x628"), ("600x314", "600x314"), ("4x5", "250x313"), ("9999x2", "1200x1"), ("9999x1", "1200x1")],
)
def test_ratios_are_the_teams_own(asked: str, expected: str) -> None:
    own = settings(widths=RUNGS, ratios=("191:100", "4:5", "5000:1"))
    assert str(canonical(parse(asked), own)) == expected
    with pytest.raises(SizeRefused):
        canonical(parse("600x600"), own)


@pytest.mark.parametrize("ratios", [("4:3", "4:1"), ("4:3", "20:1")])
def test_a_box_on_a_rung_stays_whatever_shape_it_came_from(ratios: tuple[str, ...]) -> None:
    """Two pixels wide, 4:3 is 1.5 pixels high, 4:1 half a pixel and 20:1 less: 1 is as near to either."""
    narrow = settings(widths=(2,), ratios=ratios)
    for asked in ("20x5" if "4:1" in ratios else "20x1", "2x1"):
        assert str(canonical(parse(asked), narrow)) == "2x1"


@pytest.mark.parametrize("asked", WITH_BOTH)
def test_with_both_lists_the_closed_one_is_looked_up_first(asked: str) -> None:
    assert str(canonical(parse(asked), settings(widths=RUNGS, sizes=LISTED))) == WITH_BOTH[asked]


def test_with_both_lists_a_refusal_names_both() -> None:
    with pytest.raises(SizeRefused, match=r"250, 600, 1200 pixels.*; 300x200, 600x, x800, "):
        canonical(parse("300x-q70"), settings(widths=RUNGS, sizes=LISTED))


def test_without_a_ladder_any_width_stays() -> None:
    assert str(canonical(parse("251x333"), settings())) == "251x333"


@pytest.mark.parametrize(("asked", "changed", "expected"), DEFAULTS_DROPPED)
def test_what_is_the_deployments_default_is_not_spelled_out(asked: str, changed: dict[str, Any], expected: str) -> None:
    assert str(canonical(parse(asked), settings(**changed))) == expected


@pytest.mark.parametrize(("asked", "changed"), ON_LIST)
def test_a_size_on_the_closed_list_is_rendered(asked: str, changed: dict[str, Any]) -> None:
    canonical(parse(asked), settings(sizes=LISTED, **changed))


@pytest.mark.parametrize(("asked", "changed"), OFF_LIST)
def test_a_size_off_the_closed_list_is_refused_with_the_list(asked: str, changed: dict[str, Any]) -> None:
    with pytest.raises(SizeRefused, match=r"Allowed sizes: 300x200, 600x, x800, 800x600-contain\.auto"):
        canonical(parse(asked), settings(sizes=LISTED, **changed))


@pytest.mark.parametrize("asked", ["1000x", "x1000", "1000x1000", "1x1"])
def test_a_side_up_to_the_limit_is_rendered(asked: str) -> None:
    assert str(canonical(parse(asked), settings(max_side=1000))) == asked


@pytest.mark.parametrize("asked", ["1001x", "x1001", "10x1001", "501x-2x", "10x251-4x", "9" * 20 + "x1"])
def test_a_side_over_the_limit_is_refused_with_the_limit(asked: str) -> None:
    with pytest.raises(SizeRefused, match=f"The size {parse(asked)} is too large: sides up to 1000 pixels"):
        canonical(parse(asked), settings(max_side=1000))


def test_the_limit_holds_for_the_rung_and_not_for_what_was_asked() -> None:
    limited = settings(widths=(250, 600), max_side=1000)
    assert str(canonical(parse("9000x6000"), limited)) == "600x400"
    with pytest.raises(SizeRefused, match="600x1067 is too large"):
        canonical(parse("300x533"), limited)


def answered(size: Size, deployment: Settings) -> set[Size]:
    """The sizes of which one answers a request, whatever its Accept header; none if it is refused."""
    try:
        size = canonical(size, deployment)
    except SizeRefused:
        return set()
    if size.format != AUTO:
        return {canonical(size, deployment)}
    return {canonical(replace(size, format=outcome), deployment) for outcome in AUTO_OUTCOMES}


@given(st.integers().map(Random), deployments())
def test_a_redirect_never_leads_to_a_size_that_is_refused_or_redirected_again(
    random: Random, deployment: Settings
) -> None:
    """Whatever a listed size or any other comes to, by way of `.auto` too, is rendered under its own name."""
    every = (answered(parse(thrown(random, deployment)), deployment) for _ in range(50))
    for followed in set().union(*every):
        assert canonical(followed, deployment) == followed
        assert canonical(parse(str(followed)), deployment) == followed
        assert max(followed.width or 0, followed.height or 0) <= deployment.max_side
        assert followed.quality is None or followed.format not in _WITHOUT_QUALITY


@settings_of_hypothesis(deadline=None, max_examples=50)
@given(st.integers().map(Random), deployments(most_ratios=2))
def test_strangers_get_no_more_variants_of_an_original_than_are_counted(random: Random, deployment: Settings) -> None:
    """Of any 2,000 sizes at one deployment, where fewer can be counted."""
    number = variants_per_original(deployment)
    every = (answered(parse(thrown(random, deployment)), deployment) for _ in range(2000))
    keys = {str(size) for size in set().union(*every)}
    assert (number is None) == (not deployment.widths and not deployment.sizes)
    assert number is None or len(keys) <= number


@pytest.mark.parametrize(
    ("changed", "number"),
    [
        ({}, None),
        ({"ratios": ("1:1",)}, None),
        # Widths times two sides, and times ratios and 13 fits; all of it times its own format and five named ones.
        ({"widths": RUNGS, "ratios": ()}, 3 * 2 * 6),
        ({"widths": RUNGS, "ratios": ("1:1", "4:3", "16:9")}, (3 * 2 + 3 * 3 * 13) * 6),
        ({"widths": RUNGS}, 1674),
        ({"widths": RUNGS, "format": "webp"}, 1674 // 6 * 5),
        # 1200 * 4/3 is over the limit, and so are 1200 * 3/2 and 1200 * 16/9.
        ({"widths": RUNGS, "max_side": 1500}, (3 * 2 + (3 * 7 - 3) * 13) * 6),
        # 1:1, 4:3 and 3:4 of a pixel's width are one box, or two.
        ({"widths": (1,), "ratios": ("1:1", "4:3", "3:5")}, (2 + 2 * 13) * 6),
        ({"sizes": ("300x200", "600x", "600x-q80", "x400-q70.png")}, 3),
        ({"sizes": ("300x200.auto",)}, 3),
        ({"sizes": ("300x200.auto",), "format": "webp"}, 2),
        # 600x is a rung anyway, and 601x is not.
        ({"widths": RUNGS, "ratios": (), "sizes": ("600x", "601x.auto", "601x")}, 36 + 3),
    ],
)
def test_the_number_of_variants_is_known_beforehand(changed: dict[str, Any], number: int | None) -> None:
    assert variants_per_original(settings(**changed)) == number


@pytest.mark.parametrize(
    "changed", [{"widths": (4, 9)}, {"widths": (3, 5, 6), "max_side": 8}, {"widths": (7,), "format": "avif"}]
)
def test_the_number_is_met_by_who_asks_for_everything(changed: dict[str, Any]) -> None:
    """Every box up to the last rung's tallest, in every fit and format: as many keys as were counted, and no more."""
    deployment = settings(**changed)
    sides = ["", *map(str, range(1, 17))]
    boxes = [f"{width}x{height}" for width, height in product(sides, sides) if width or height]
    every = product(boxes, (f"-{fit}" for fit in FITS), ("", *(f".{name}" for name in FORMATS)))
    keys = {str(size) for parts in every for size in answered(parse("".join(parts)), deployment)}
    assert len(keys) == variants_per_original(deployment)


@given(
    st.sets(st.integers(1, MAX_VARIANT_SIDE), min_size=1),
    st.integers(1, MAX_VARIANT_SIDE),
    st.integers(1, MAX_VARIANT_SIDE),
)
def test_a_rung_is_the_next_one_up_and_keeps_the_shape(widths: set[int], width: int, height: int) -> None:
    rungs = tuple(sorted(widths))
    shape = Fraction(width, height)
    own = settings(widths=rungs, ratios=(f"{shape.numerator}:{shape.denominator}",), max_side=MAX_VARIANT_SIDE**2)
    size = canonical(Size(width, height), own)
    assert size.width in rungs
    assert size.height is not None
    assert not [rung for rung in rungs if width <= rung < size.width]
    assert size.width >= width or size.width == rungs[-1]
    assert abs(size.height - height * size.width / width) <= 0.5 or size.height == 1
