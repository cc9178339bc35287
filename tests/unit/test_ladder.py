"""One variant, one key: what the ladder, the closed list and the defaults make of a size."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import SizeRefused
from core.imaging.formats import MAX_VARIANT_SIDE
from core.ladder import _AUTO_OUTCOMES, _LOSSLESS, canonical
from core.settings import Settings
from core.size import AUTO, FORMATS, Size, parse
from tests.support.settings import settings
from tests.support.sizes import sizes

RUNGS = (250, 600, 1200)
WIDTHS = st.integers(1, MAX_VARIANT_SIDE)

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
    # A height alone is no width.
    "x333": "x333",
    # A height beside a width is scaled with it, half up: 100 * 250/240 = 104.17, 3 * 250/100 = 7.5, 1 * 250/200 = 1.25.
    "240x100": "250x104",
    "100x3": "250x8",
    "200x1": "250x1",
    "300x200": "600x400",
    "2400x1600": "1200x800",
    # 1 * 1200/4000 = 0.3, and no side is 0; 5 * 1200/4000 = 1.5; 3 * 1200/4000 = 0.9.
    "4000x1": "1200x1",
    "4000x5": "1200x2",
    "4000x3": "1200x1",
    # The rest of the size goes along.
    "300x200-contain-2x-q70.webp": "600x400-contain-2x-q70.webp",
    "300x.auto": "600x.auto",
}

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
]

LISTED = ("300x200", "600x", "x400-2x", "800x600-contain.auto", "500x-q70.auto", "900x.jpg")

ON_LIST: list[tuple[str, dict[str, Any]]] = [
    *((size, {}) for size in ("300x200", "600x", "x400-2x", "900x.jpg")),
    ("0300X0200-cover-1x-q80", {}),
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
    # An entry between two rungs stands for what the ladder makes of it.
    ("300x200", {"widths": RUNGS}),
    ("600x400", {"widths": RUNGS}),
    ("550x367", {"widths": RUNGS}),
]

OFF_LIST: list[tuple[str, dict[str, Any]]] = [
    *((size, {}) for size in ("300x201", "301x200", "300x", "x200", "300x200-2x", "300x200-contain", "x400")),
    *((size, {}) for size in ("300x200-q70", "300x200.webp", "300x200.auto", "600x.jpg")),
    *((size, {}) for size in ("800x600-contain.png", "800x600.auto", "500x.auto", "900x", "900x.auto")),
    ("900x", {"format": "webp"}),
    ("250x", {"widths": RUNGS}),
    ("1200x800", {"widths": RUNGS}),
]


@pytest.mark.parametrize("asked", ON_LADDER)
def test_a_width_goes_to_its_rung_and_takes_the_height_along(asked: str) -> None:
    assert str(canonical(parse(asked), settings(widths=RUNGS))) == ON_LADDER[asked]


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
    with pytest.raises(SizeRefused, match=r"300x200, 600x, x400-2x, 800x600-contain\.auto"):
        canonical(parse(asked), settings(sizes=LISTED, **changed))


@pytest.mark.parametrize("asked", ["1000x", "x1000", "1000x1000", "500x-2x", "x250-4x", "1x1"])
def test_a_side_up_to_the_limit_is_rendered(asked: str) -> None:
    assert str(canonical(parse(asked), settings(max_side=1000))) == asked


@pytest.mark.parametrize(
    ("asked", "longest"),
    [("1001x", 1001), ("x1001", 1001), ("10x1001", 1001), ("501x-2x", 1002), ("10x251-4x", 1004), ("9" * 20 + "x1", 0)],
)
def test_a_side_over_the_limit_is_refused_with_the_limit(asked: str, longest: int) -> None:
    with pytest.raises(SizeRefused, match=f"{longest or '9' * 20} pixels is too long: up to 1000 are"):
        canonical(parse(asked), settings(max_side=1000))


def test_the_limit_holds_for_the_rung_and_not_for_what_was_asked() -> None:
    limited = settings(widths=(250, 600), max_side=1000)
    assert str(canonical(parse("9000x1500"), limited)) == "600x100"
    with pytest.raises(SizeRefused, match="1203 pixels"):
        canonical(parse("100x481"), limited)


@st.composite
def deployments(draw: st.DrawFn) -> Settings:
    """Any settings that bear on a size's canonical form, rungs within the limit as they are at start."""
    max_side = draw(st.integers(1, MAX_VARIANT_SIDE))
    return settings(
        widths=tuple(sorted(draw(st.sets(st.integers(1, max_side), max_size=3)))),
        sizes=tuple(str(size) for size in draw(st.lists(sizes(), max_size=3))),
        max_side=max_side,
        format=draw(st.none() | st.sampled_from(FORMATS)),
        quality=draw(st.integers(1, 100)),
    )


@given(st.data(), deployments())
def test_a_redirect_never_leads_to_a_size_that_is_refused_or_redirected_again(
    data: st.DataObject, deployment: Settings
) -> None:
    """Whatever a listed size or any other comes to, by way of `.auto` too, is rendered under its own name."""
    listed = st.sampled_from([parse(size) for size in deployment.sizes]) if deployment.sizes else st.nothing()
    try:
        size = canonical(data.draw(sizes() | listed), deployment)
    except SizeRefused:
        return
    outcomes = _AUTO_OUTCOMES if size.format == AUTO else (size.format,)
    for outcome in outcomes:
        followed = canonical(Size(**{**vars(size), "format": outcome}), deployment)
        assert canonical(followed, deployment) == followed
        assert canonical(parse(str(followed)), deployment) == followed
        assert max(followed.width or 0, followed.height or 0) * followed.dpr <= deployment.max_side
        assert not (followed.width and deployment.widths) or followed.width in deployment.widths
        assert followed.quality is None or followed.format not in _LOSSLESS


@given(
    st.sets(st.integers(1, MAX_VARIANT_SIDE), min_size=1),
    st.integers(1, MAX_VARIANT_SIDE),
    st.integers(1, MAX_VARIANT_SIDE),
)
def test_a_rung_is_the_next_one_up_and_keeps_the_shape(widths: set[int], width: int, height: int) -> None:
    rungs = tuple(sorted(widths))
    size = canonical(Size(width, height), settings(widths=rungs, max_side=MAX_VARIANT_SIDE**2))
    assert size.width in rungs
    assert size.height is not None
    assert not [rung for rung in rungs if width <= rung < size.width]
    assert size.width >= width or size.width == rungs[-1]
    assert abs(size.height - height * size.width / width) <= 0.5 or size.height == 1
