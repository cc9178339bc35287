"""The closed list: which sizes it allows, alone and together with a ladder."""

from typing import Any

import pytest

from core.errors import SizeRefused
from core.ladder import canonical
from core.size import parse
from tests.support.settings import settings

RUNGS = (250, 600, 1200)
LISTED = ("300x200", "600x", "x800", "800x600-contain.auto", "500x-q70.auto", "900x.jpg", "640x480-f30x70-bg1e90ff")

ON_LIST: list[tuple[str, dict[str, Any]]] = [
    *((size, {}) for size in ("300x200", "600x", "x800", "x400-2x", "150x100-2x", "900x.jpg")),
    ("0300X0200-cover-1x-q80", {}),
    ("640x480-bg1e90ff-f30x70", {}),
    # With .auto, the formats that it can become are on the list.
    *((f"800x600-contain{outcome}", {}) for outcome in (".auto", ".webp", ".avif", "")),
    *((f"500x-q70{outcome}", {}) for outcome in (".auto", ".webp", ".avif", "")),
    # The deployment's default, spelled out or not.
    ("900x", {"format": "jpg"}),
    ("900x.jpg", {"format": "jpg"}),
    ("600x.jpg", {"format": "jpg"}),
    ("500x.webp", {"quality": 70}),
    # With FORMAT=png, .auto can become a PNG, which has no quality.
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
    # On the list: not rounded.
    "300x200": "300x200",
    "150x100-2x": "300x200",
    "900x.jpg": "900x.jpg",
    "800x600-contain.auto": "800x600-contain.auto",
    "500x-q70.webp": "500x-q70.webp",
    "600x": "600x",
    "x800": "x800",
    # Not on the list: rounded to a rung.
    "300x200.webp": "600x400.webp",
    "301x": "600x",
    "x799": "x1200",
    "900x": "1200x",
    "800x600-contain.png": "1200x900-contain.png",
}
"""Requested and canonical sizes, with WIDTHS and SIZES."""


@pytest.mark.parametrize(("requested", "changed"), ON_LIST)
def test_a_size_on_the_closed_list_is_rendered(requested: str, changed: dict[str, Any]) -> None:
    canonical(parse(requested), settings(sizes=LISTED, **changed))


@pytest.mark.parametrize(("requested", "changed"), OFF_LIST)
def test_a_size_off_the_closed_list_is_refused_with_the_list(requested: str, changed: dict[str, Any]) -> None:
    with pytest.raises(SizeRefused, match=r": 300x200, 600x, x800, 800x600-contain\.auto"):
        canonical(parse(requested), settings(sizes=LISTED, **changed))


@pytest.mark.parametrize("requested", WITH_BOTH)
def test_a_size_on_the_list_is_not_rounded_to_the_ladder(requested: str) -> None:
    assert str(canonical(parse(requested), settings(widths=RUNGS, sizes=LISTED))) == WITH_BOTH[requested]


def test_with_a_ladder_and_a_list_a_refusal_names_both() -> None:
    with pytest.raises(SizeRefused, match=r"250, 600, 1200 pixels.*; 300x200, 600x, x800, "):
        canonical(parse("300x-q70"), settings(widths=RUNGS, sizes=LISTED))
