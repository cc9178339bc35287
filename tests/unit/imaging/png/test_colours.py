"""The PNG writer uses the fewest bits for a picture's colours, as greys, a palette or true colour."""

from random import Random

import pytest
from PIL import Image

from core.imaging import png
from tests.support.pictures.written import by_pillow, check_pixels, chunks, depth_and_type, picture

GREY, TRUE_COLOUR, PALETTE, GREY_ALPHA, TRUE_COLOUR_ALPHA = 0, 2, 3, 4, 6
"""Colour types (W3C PNG, third edition, section 11.2.1)."""
BLACK_AND_WHITE = [0, 255]
QUARTERS = [0, 85, 170, 255]
SEVENTEENTHS = list(range(0, 256, 17))
ANY = [(7 * number % 256, 5 * number % 256, number) for number in range(256)]


@pytest.mark.parametrize(
    ("mode", "colours", "depth", "colour_type"),
    [
        ("L", BLACK_AND_WHITE, 1, GREY),
        ("L", QUARTERS, 2, GREY),
        ("L", SEVENTEENTHS, 4, GREY),
        ("L", [3, 200], 1, PALETTE),
        ("L", [0, 1, 255], 2, PALETTE),
        ("L", list(range(5)), 4, PALETTE),
        ("L", list(range(17)), 8, GREY),
        ("RGB", [(level,) * 3 for level in BLACK_AND_WHITE], 1, GREY),
        ("RGB", [(level,) * 3 for level in range(256)], 8, GREY),
        ("RGBA", [(level, level, level, 255) for level in range(200)], 8, GREY),
        ("LA", [(level, 255) for level in range(200)], 8, GREY),
        ("RGB", ANY[:2], 1, PALETTE),
        ("RGB", ANY[:4], 2, PALETTE),
        ("RGB", ANY[:5], 4, PALETTE),
        ("RGB", ANY[:16], 4, PALETTE),
        ("RGB", ANY[:17], 8, PALETTE),
        ("RGB", ANY, 8, PALETTE),
        ("RGBA", [(*colour, 255) for colour in ANY[:3]], 2, PALETTE),
        ("RGBA", [(*colour, number) for number, colour in enumerate(ANY)], 8, PALETTE),
        ("LA", [(number, number) for number in range(16)], 4, PALETTE),
        ("RGB", [*ANY, (1, 2, 4)], 8, TRUE_COLOUR),
        ("RGBA", [(*colour, 255) for colour in [*ANY, (1, 2, 4)]], 8, TRUE_COLOUR),
        ("RGBA", [(*colour, 254) for colour in [*ANY, (1, 2, 4)]], 8, TRUE_COLOUR_ALPHA),
        ("RGBA", [(level, level, level, 255 - level // 2) for level in range(256)] + [(9, 9, 9, 9)], 8, GREY_ALPHA),
        ("RGBA", [(level, level, level, 255 - level // 2) for level in range(256)] + [(9, 9, 8, 9)], 8, 6),
    ],
)
def test_a_picture_is_stored_in_the_fewest_bits_for_its_colours(
    mode: str, colours: list[int | tuple[int, ...]], depth: int, colour_type: int
) -> None:
    image = picture(mode, colours)
    data = png.write(image, None)
    assert depth_and_type(data) == (depth, colour_type)
    check_pixels(data, image)


def test_a_palette_has_each_colour_once_and_the_transparent_ones_first() -> None:
    """The chunk tRNS ends with the last colour that is not opaque (section 11.3.1.1)."""
    image = picture("RGBA", [(200, 0, 0, 255), (1, 2, 3, 0), (0, 0, 200, 128), (0, 9, 0, 255), (7, 7, 7, 255)])
    found = chunks(png.write(image, None))
    assert list(found) == [b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"]
    assert found[b"tRNS"] == b"\0\x80"
    assert found[b"PLTE"][:6] == bytes((1, 2, 3, 0, 0, 200))
    assert {found[b"PLTE"][at : at + 3] for at in range(6, 15, 3)} == {b"\xc8\0\0", b"\0\t\0", b"\7\7\7"}


def test_colours_that_differ_by_one_level_or_only_by_alpha_are_kept() -> None:
    image = picture("RGBA", [(100, 100, 100 + number % 16, 240 + number // 16) for number in range(256)])
    data = png.write(image, None)
    assert depth_and_type(data) == (8, PALETTE)
    check_pixels(data, image)


def test_a_palette_is_left_out_if_it_costs_more_than_it_saves() -> None:
    image = Image.frombytes("RGB", (16, 16), bytes(Random(1).randbytes(768)))
    data = png.write(image, None)
    assert depth_and_type(data) == (8, TRUE_COLOUR)
    assert len(data) < by_pillow(image.quantize(256))


def test_greys_with_a_profile_of_colours_are_stored_as_colours() -> None:
    """Such a profile is allowed with colours and with palettes, not with grey (section 11.3.2.3)."""
    few = png.write(picture("RGB", [(level,) * 3 for level in range(256)]), b"profile")
    assert depth_and_type(few) == (8, PALETTE)
    many = picture("RGBA", [(level, level, level, 255 - level // 2) for level in range(256)] + [(9, 9, 9, 9)])
    assert depth_and_type(png.write(many, b"profile")) == (8, TRUE_COLOUR_ALPHA)
