"""The size grammar: rules that hold for every text."""

import re
from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadSize
from core.size import _MAX_SEGMENT, FITS, FORMATS, Size, is_size, parse
from tests.support.sizes import sizes, spellings


@given(sizes(signed=True))
def test_every_canonical_size_parses_back_to_itself(size: Size) -> None:
    assert parse(str(size)) == size
    assert str(parse(str(size))) == str(size)


@given(sizes(signed=True))
def test_a_canonical_size_has_only_characters_that_stores_and_urls_keep(size: Size) -> None:
    assert re.fullmatch(r"[a-z0-9x.-]+", str(size))
    assert len(str(size)) <= 60 < _MAX_SEGMENT


@given(st.text(alphabet=st.characters(exclude_categories=[])))
def test_any_text_is_a_size_or_refused(text: str) -> None:
    assert_size_or_refused(text)


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
def test_any_text_made_of_the_grammars_words_is_a_size_or_refused(text: str) -> None:
    assert_size_or_refused(text)


def assert_size_or_refused(text: str) -> None:
    """The text is a size with a valid canonical form, or is refused with a printable message."""
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
def test_the_order_of_options_and_the_case_of_letters_do_not_matter(
    spelling: tuple[str, Sequence[str], str], random: Random
) -> None:
    box, options, suffix = spelling
    in_order = "-".join([box, *options]) + suffix
    shuffled = "-".join([box, *random.sample(options, len(options))]) + suffix
    letters = "".join(random.choice([letter, letter.upper()]) for letter in shuffled)
    assert parse(letters) == parse(in_order)
