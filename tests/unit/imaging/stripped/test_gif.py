"""A GIF that is stored without encoding it again: everything except the picture is left out."""

import pytest

from tests.support.pictures.gifs import Gif, Picture
from tests.support.pictures.plain import ROWS
from tests.support.pictures.secret import SECRET, assert_left_out

PALETTE = [(level, level // 2, 255 - level) for level in range(256)]
PICTURES = [Picture([row[:40] for row in ROWS]), Picture([[7] * 9] * 4, 3, 5, delay=3, transparent=8)]
SUB_BLOCKS = bytes([len(SECRET)]) + SECRET + b"\0"


@pytest.mark.parametrize(
    "extra",
    [
        b"!\xfe" + SUB_BLOCKS,
        b"!\xff\x0bXMP DataXMP" + SUB_BLOCKS,
        b"!\xff\x0bICCRGBG1012" + SUB_BLOCKS,
        b"!\x01\x0c" + bytes(12) + SUB_BLOCKS,
        b"!\x99" + SUB_BLOCKS,
    ],
    ids=["comment", "XMP", "profile", "plain text", "unknown"],
)
def test_extensions_of_a_gif_are_left_out(extra: bytes) -> None:
    for count in (1, 2):
        gif = Gif((40, 30), PICTURES[:count], PALETTE, repeats=2 if count > 1 else None)
        plain = gif.data()
        assert_left_out(plain, Gif(gif.screen, gif.pictures, gif.palette, gif.repeats, 0, extra).data())
        assert_left_out(plain, plain[:-1] + extra + b";")
        assert_left_out(plain, plain + SECRET)


def test_data_of_a_loop_other_than_its_count_is_left_out() -> None:
    plain = Gif((40, 30), PICTURES, PALETTE, repeats=2).data()
    at = plain.index(b"NETSCAPE2.0") + 15
    assert_left_out(plain, plain[:at] + SUB_BLOCKS + plain[at + 1 :])
