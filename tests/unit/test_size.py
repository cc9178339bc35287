"""The size grammar: each spelling's decided outcome, and what holds for every text there is."""

import re
from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadSize
from core.size import _MAX_SEGMENT, FITS, FORMATS, Size, focal_point, is_size, parse
from tests.support.sizes import sizes, spellings

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
    # The true centre: without it, a point that is kept with the original counts.
    "600x400-f50x50": "600x400-f50x50",
    "600x400-f50x50-cover": "600x400-f50x50",
    # A point at an edge is what this edge's fit keeps.
    "600x400-f50x0": "600x400-top",
    "600x400-f50x100": "600x400-bottom",
    "600x400-f0x50": "600x400-left",
    "600x400-f100x50": "600x400-right",
    "600x400-f0x0": "600x400-topleft",
    "600x400-f100x0": "600x400-topright",
    "600x400-f0x100": "600x400-bottomleft",
    "600x400-f100x100": "600x400-bottomright",
    "600x400-f0x49": "600x400-f0x49",
    # Nothing is cropped around the point.
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
    # The deployment refuses it; the grammar doesn't.
    "99999999999x1": "99999999999x1",
    "0" * 78 + "6x": "6x",
}

NO_SIZES = {
    "": "600x400",
    "x": "600x400",
    "X": "600x400",
    "2026": "600x400",
    "albums": "600x400",
    "cat.jpg": "600x400",
    "shot-320x213.jpg": "600x400",
    "300x200_1": "600x400",
    "300×200": "600x400",
    "٣٠٠x٢٠٠": "600x400",
    "３００x２００": "600x400",
    "²x²": "600x400",
    "300x200.ﬁ": "600x400",
    "600x400-q７０": "600x400",
    " 300x200": "600x400",
    "300x200 ": "600x400",
    "300x200\n": "600x400",
    "300 x200": "600x400",
    "+300x200": "600x400",
    "-300x200": "600x400",
    "3_0x200": "600x400",
    "300x200x100": "600x400",
    "x300x": "600x400",
    "300.5x200": "600x400",
    "0x0": "1 or more",
    "0x200": "1 or more",
    "300x000": "1 or more",
    "0x": "1 or more",
    "1x1-0x": "from 1 to 4",
    "1x1-5x": "from 1 to 4",
    "1x1-x": "1x to 4x",
    "1x1-2": "1x to 4x",
    "1x1-f101x0": "from f0x0 to f100x100",
    "1x1-f0x101": "from f0x0 to f100x100",
    "1x1-f0x1000": "from f0x0 to f100x100",
    "1x1-f30": "f0x0 to f100x100",
    "1x1-fx": "f0x0 to f100x100",
    "1x1-f30x": "f0x0 to f100x100",
    "1x1-f-1x5": "f0x0 to f100x100",
    "1x1-f30.5x70": "f0x0 to f100x100",
    "1x1-f30x70x1": "f0x0 to f100x100",
    "1x1-30x70": "f0x0 to f100x100",
    "1x1-f30x70-f30x70": "two values for its focal point",
    "1x-f1x1-f2x2": "two values for its focal point",
    "1x1-topleft-top": "two values for its fit",
    "1x1-lefttop": "topleft",
    "1x1-top-left": "two values for its fit",
    "1x1-sabcdefghijkl234": r"a signature \(s and 16 characters of a-z and 2-7\)",
    "1x1-sabcdefghijkl23456": "a signature",
    "1x1-sabcdefghijkl2340": "a signature",
    "1x1-sabcdefghijkl2341": "a signature",
    "1x1-sabcdefghijkl2345-sabcdefghijkl2345": "two values for its signature",
    "1x1-bg": "bg000000 to bgffffff",
    "1x1-bgfff": "bg000000 to bgffffff",
    "1x1-bg1e90f": "bg000000 to bgffffff",
    "1x1-bg1e90ff00": "bg000000 to bgffffff",
    "1x1-bg1e90fg": "bg000000 to bgffffff",
    "1x1-bg#1e90f": "bg000000 to bgffffff",
    "1x1-bgwhite": "bg000000 to bgffffff",
    "1x1-1e90ff": "bg000000 to bgffffff",
    "1x1-bg000000-bg000000": "two values for its background",
    "1x1-q0": "from 1 to 100",
    "1x1-q101": "from 1 to 100",
    "1x1-q": "q1 to q100",
    "1x1-q-70": "q1 to q100",
    "1x1-70": "q1 to q100",
    "1x1-blur": "contain",
    "1x1-cov": "contain",
    "1x1-": "contain",
    "1x1--2x": "contain",
    "1x1-contain-fill": "two values for its fit",
    "1x1-top-top": "two values for its fit",
    "1x-contain-contain": "two values for its fit",
    "1x1-2x-3x": "two values for its pixel ratio",
    "1x1-1x-1x": "two values for its pixel ratio",
    "1x1-q70-q70": "two values for its quality",
    "1x1.": "webp",
    "1x1.bmp": "webp",
    "1x1.jpg.": "webp",
    "1x1.jpg.png": "webp",
    "1x1.webp-2x": "webp",
    ".auto": "600x400",
    ".webp": "600x400",
    "0" * 79 + "6x": "600x400",
    "1x1" + "-" * 10_000: "600x400",
}


@pytest.mark.parametrize("segment", CANONICAL)
def test_a_size_has_one_canonical_spelling(segment: str) -> None:
    assert str(parse(segment)) == CANONICAL[segment]
    assert is_size(segment)


@pytest.mark.parametrize("segment", NO_SIZES)
def test_what_is_no_size_is_told_what_a_size_is(segment: str) -> None:
    with pytest.raises(BadSize, match=NO_SIZES[segment]) as raised:
        parse(segment)
    assert not is_size(segment)
    assert len(str(raised.value)) < 300
    assert str(raised.value).isprintable()


def test_each_part_is_read_into_its_own_field() -> None:
    assert parse("600x400-contain-bg1e90ff-q70.webp") == Size(600, 400, "contain", None, "1e90ff", 70, "webp")
    assert parse("600x400-f30x70") == Size(600, 400, "cover", (30, 70), None, None, None)
    assert parse("300x200-2x") == Size(600, 400)
    assert parse("600x") == Size(600, None, "cover", None, None, None, None)
    assert parse("x400.auto") == Size(None, 400, "cover", None, None, None, "auto")


@pytest.mark.parametrize(("text", "point"), [("30x70", (30, 70)), ("0x0", (0, 0)), ("100x007", (100, 7))])
def test_a_focal_point_is_read(text: str, point: tuple[int, int]) -> None:
    assert focal_point(text) == point


@pytest.mark.parametrize(
    "text", ["", "x", "30", "30x", "x70", "30x101", "30,70", "30.5x70", "-3x7", "٣x٧", "0" * 9000 + "x"]
)
def test_what_is_no_focal_point_is_none(text: str) -> None:
    assert focal_point(text) is None


@given(sizes(signed=True))
def test_every_canonical_form_parses_back_to_itself(size: Size) -> None:
    assert parse(str(size)) == size
    assert str(parse(str(size))) == str(size)


@given(sizes(signed=True))
def test_a_canonical_form_has_only_what_every_store_and_url_keeps_as_it_is(size: Size) -> None:
    assert re.fullmatch(r"[a-z0-9x.-]+", str(size))
    assert len(str(size)) <= 60 < _MAX_SEGMENT


@given(st.text(alphabet=st.characters(exclude_categories=[])))
def test_any_text_is_a_size_or_a_bad_size(text: str) -> None:
    assert_decided(text)


WORDS = [
    "x",
    "-",
    ".",
    "q",
    "0",
    "1",
    "7",
    "70",
    "600",
    "X",
    "Q",
    "٣",
    "×",
    " ",
    "\n",
    "%",
    "jpeg",
    "f",
    "bg",
    *FITS,
    *FORMATS,
]


@given(st.lists(st.sampled_from(WORDS), max_size=12).map("".join))
def test_any_text_of_the_grammars_own_words_is_a_size_or_a_bad_size(text: str) -> None:
    assert_decided(text)


def assert_decided(text: str) -> None:
    """The text is a size with a sound canonical form, or refused with words that can be shown."""
    if not is_size(text):
        with pytest.raises(BadSize) as raised:
            parse(text)
        assert str(raised.value).isprintable()
        return
    size = parse(text)
    assert re.fullmatch(r"[a-z0-9x.-]+", str(size))
    assert parse(str(size)) == size
    # f0x0 is spelled topleft.
    assert len(str(size)) <= len(text) + len("bottomright")


@given(spellings(), st.randoms())
def test_the_order_of_options_and_the_case_of_letters_mean_nothing(
    spelling: tuple[str, Sequence[str], str], random: Random
) -> None:
    box, options, suffix = spelling
    straight = "-".join([box, *options]) + suffix
    shuffled = "-".join([box, *random.sample(options, len(options))]) + suffix
    letters = "".join(random.choice([letter, letter.upper()]) for letter in shuffled)
    assert parse(letters) == parse(straight)
