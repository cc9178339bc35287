"""The size grammar: what each spelling means, and its one canonical spelling."""

import pytest

from core.size import KEPT, Size, focal_point, is_size, parse

CANONICAL = {
    "600x400": "600x400",
    "600x": "600x",
    "x400": "x400",
    "1x1": "1x1",
    "600x400-cover": "600x400",
    "600x400-contain": "600x400-contain",
    "600x400-inside": "600x400-inside",
    "600x400-fill": "600x400-fill",
    "600x400-top": "600x400-top",
    "600x400-bottom": "600x400-bottom",
    "600x400-left": "600x400-left",
    "600x400-right": "600x400-right",
    "600x400-topleft": "600x400-topleft",
    "600x400-topright": "600x400-topright",
    "600x400-bottomleft": "600x400-bottomleft",
    "600x400-bottomright": "600x400-bottomright",
    "600x400-smart": "600x400-smart",
    # A pixel ratio multiplies the sides: the same pixels have one key.
    "300x200-1x": "300x200",
    "300x200-2x": "600x400",
    "300x200-04x": "1200x800",
    "300x-3x": "900x",
    "x400-2x.webp": "x800.webp",
    "600x400-f30x70": "600x400-f30x70",
    "600x400-F030x007": "600x400-f30x7",
    "600x400-cover-f30x70": "600x400-f30x70",
    # The true centre, whatever focal point is stored with the original.
    "600x400-f50x50": "600x400-f50x50",
    "600x400-f50x50-cover": "600x400-f50x50",
    # A point in the middle of an edge, or in a corner, has the name of that fit.
    "600x400-f50x0": "600x400-top",
    "600x400-f50x100": "600x400-bottom",
    "600x400-f0x50": "600x400-left",
    "600x400-f100x50": "600x400-right",
    "600x400-f0x0": "600x400-topleft",
    "600x400-f100x0": "600x400-topright",
    "600x400-f0x100": "600x400-bottomleft",
    "600x400-f100x100": "600x400-bottomright",
    "600x400-f0x49": "600x400-f0x49",
    # Nothing is cropped around the point, so it is dropped.
    "600x-f30x70": "600x",
    "x400-f50x50": "x400",
    "600x400-f30x70-contain": "600x400-contain",
    "600x400-inside-f30x70": "600x400-inside",
    "600x400-fill-f50x50": "600x400-fill",
    "600x400-top-f30x70": "600x400-top",
    "600x400-smart-f30x70": "600x400-smart",
    "600x400-bg1e90ff": "600x400-bg1e90ff",
    "600X-BG1E90FF": "600x-bg1e90ff",
    "600x400-contain-bg000000.png": "600x400-contain-bg000000.png",
    "600x-q1": "600x-q1",
    "600x-q100": "600x-q100",
    "600x-q070": "600x-q70",
    "600x.jpg": "600x.jpg",
    "600x.jpeg": "600x.jpg",
    "600x.png": "600x.png",
    "600x.webp": "600x.webp",
    "600x.avif": "600x.avif",
    "600x.gif": "600x.gif",
    "600x.auto": "600x.auto",
    "600x400-contain-bg1e90ff-q70.webp": "600x400-contain-bg1e90ff-q70.webp",
    "613x409-sabcdefghijkl2345": "613x409-sabcdefghijkl2345",
    "613X-SABCDEFGHIJKL2345-Q70.WEBP": "613x-q70-sabcdefghijkl2345.webp",
    "300x200-q70-2x-bg1e90ff-contain.webp": "600x400-contain-bg1e90ff-q70.webp",
    "300x200-q70-bg1e90ff-f30x70-2x.webp": "600x400-f30x70-bg1e90ff-q70.webp",
    "0600x0400": "600x400",
    "300X200-CONTAIN-2X-Q70.WEBP": "600x400-contain-q70.webp",
    # With one side there is nothing to crop or to pad.
    "600x-contain": "600x",
    "x400-top-2x": "x800",
    # The grammar has no largest side: a deployment does.
    "99999999999x1": "99999999999x1",
    "0" * 78 + "6x": "6x",
}


@pytest.mark.parametrize("segment", CANONICAL)
def test_a_size_has_one_canonical_spelling(segment: str) -> None:
    assert str(parse(segment)) == CANONICAL[segment]
    assert is_size(segment)


def test_two_spellings_of_a_size_are_one_size_in_a_set() -> None:
    assert {parse("600x400"), parse("0600X400-cover")} == {Size(600, 400)}


def test_each_part_is_read_into_its_own_field() -> None:
    assert parse("600x400-contain-bg1e90ff-q70.webp") == Size(600, 400, "contain", None, "1e90ff", 70, "webp")
    assert parse("600x400-f30x70") == Size(600, 400, "cover", (30, 70), None, None, None)
    assert parse("300x200-2x") == Size(600, 400)
    assert parse("600x") == Size(600, None, "cover", None, None, None, None)
    assert parse("x400.auto") == Size(None, 400, "cover", None, None, None, "auto")


def test_a_cover_is_cropped_evenly_at_both_ends() -> None:
    assert KEPT["cover"] == (50, 50)


@pytest.mark.parametrize(("text", "point"), [("30x70", (30, 70)), ("0x0", (0, 0)), ("100x007", (100, 7))])
def test_a_focal_point_is_read(text: str, point: tuple[int, int]) -> None:
    assert focal_point(text) == point


@pytest.mark.parametrize(
    "text", ["", "x", "30", "30x", "x70", "30x101", "30,70", "30.5x70", "-3x7", "٣x٧", "0" * 9000 + "x"]
)
def test_any_other_text_is_not_a_focal_point(text: str) -> None:
    assert focal_point(text) is None
