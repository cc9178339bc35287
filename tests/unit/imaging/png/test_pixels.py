"""The PNG writer: every pixel comes back from another decoder, in as few bits as its colours take, and few bytes."""

import struct
import zlib
from collections.abc import Sequence
from io import BytesIO
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from core.imaging import packing, png
from tests.support.pictures.samples import FIG, SUNSET

MODES = ("L", "LA", "RGB", "RGBA")

GREY, TRUE_COLOUR, PALETTE, GREY_ALPHA, TRUE_COLOUR_ALPHA = 0, 2, 3, 4, 6
"""Colour types (W3C PNG, third edition, section 11.2.1)."""


@pytest.fixture(params=["libdeflate", "zlib"], autouse=True)
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways to compress, of which a machine has one or two."""
    if request.param == "zlib":
        monkeypatch.setattr(packing, "deflate", None)
    elif getattr(packing, "deflate", None) is None:
        pytest.skip("there is no wheel of deflate for this machine")


def by_pillow(image: Image.Image) -> int:
    """Bytes of the image as Pillow writes it by default, with all five filters and zlib's level 6."""
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return len(buffer.getvalue())


def chunks(data: bytes) -> dict[bytes, bytes]:
    """The chunks of a PNG by their names, in their order, each with the checksum that its data has."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    found, rest = {}, data[8:]
    while rest:
        length, name = struct.unpack(">I4s", rest[:8])
        assert struct.unpack(">I", rest[8 + length : 12 + length])[0] == zlib.crc32(rest[4 : 8 + length])
        found[name] = rest[8 : 8 + length]
        rest = rest[12 + length :]
    return found


def depth_and_type(data: bytes) -> tuple[int, int]:
    """Bits of a sample, and the colour type."""
    header = chunks(data)[b"IHDR"]
    return header[8], header[9]


def in_full(image: Image.Image) -> bytes:
    """Each pixel as red, green, blue and alpha, in 8 bits each."""
    return image.convert("RGBA").tobytes()


def check_pixels(data: bytes, image: Image.Image) -> None:
    back = Image.open(BytesIO(data))
    assert back.size == image.size
    assert in_full(back) == in_full(image)


def picture(mode: str, colours: Sequence[int | tuple[int, ...]], sides: tuple[int, int] = (60, 40)) -> Image.Image:
    """A picture that has each of some colours, and no other, in no order."""
    image, random = Image.new(mode, sides), Random(3)
    places = [(x, y) for x in range(sides[0]) for y in range(sides[1])]
    random.shuffle(places)
    for number, place in enumerate(places):
        image.putpixel(place, colours[number % len(colours)])
    return image


@given(
    st.sampled_from(MODES),
    st.integers(1, 40),
    st.integers(1, 90),
    st.integers(1, 90),
    st.integers(1, 300),
    st.randoms(use_true_random=False),
)
def test_every_pixel_comes_back(mode: str, width: int, height: int, band: int, colours: int, random: Random) -> None:
    some = [random.randbytes(len(mode)) for _ in range(colours)]
    image = Image.frombytes(mode, (width, height), b"".join(random.choice(some) for _ in range(width * height)))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(png, "_BAND", band)
        check_pixels(png.write(image, None), image)


@given(st.sampled_from(MODES), st.integers(1, 40), st.integers(1, 90), st.integers(1, 90), st.integers(0, 4))
def test_every_pixel_of_what_is_smooth_comes_back(mode: str, width: int, height: int, band: int, slope: int) -> None:
    """By whatever filter: differences of neighbours wrap around, and rows begin and end."""
    levels = bytes(
        (x * slope + y * (channel + 1) * 3) % 256
        for y in range(height)
        for x in range(width)
        for channel in range(len(mode))
    )
    image = Image.frombytes(mode, (width, height), levels)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(png, "_BAND", band)
        check_pixels(png.write(image, None), image)


@pytest.mark.parametrize("filtering", [png._NONE, png._UP, png._AVERAGE])
@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_every_filter_is_undone(mode: str, filtering: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(png, "_way", lambda _: (filtering, packing.QUICK))
    monkeypatch.setattr(png, "_BAND", 64)
    image = Image.open(BytesIO(SUNSET)).resize((150, 200)).convert(mode)
    check_pixels(png.write(image, None), image)


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
def test_a_picture_is_stored_in_the_bits_that_its_colours_take(
    mode: str, colours: list[int | tuple[int, ...]], depth: int, colour_type: int
) -> None:
    image = picture(mode, colours)
    data = png.write(image, None)
    assert depth_and_type(data) == (depth, colour_type)
    check_pixels(data, image)


def test_a_palette_has_each_colour_once_and_the_transparent_ones_first() -> None:
    """TRNS ends with the last colour that is not opaque, section 11.3.1.1."""
    image = picture("RGBA", [(200, 0, 0, 255), (1, 2, 3, 0), (0, 0, 200, 128), (0, 9, 0, 255), (7, 7, 7, 255)])
    found = chunks(png.write(image, None))
    assert list(found) == [b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"]
    assert found[b"tRNS"] == b"\0\x80"
    assert found[b"PLTE"][:6] == bytes((1, 2, 3, 0, 0, 200))
    assert {found[b"PLTE"][at : at + 3] for at in range(6, 15, 3)} == {b"\xc8\0\0", b"\0\t\0", b"\7\7\7"}


def test_colours_that_differ_by_one_level_or_by_alpha_alone_are_told_apart() -> None:
    image = picture("RGBA", [(100, 100, 100 + number % 16, 240 + number // 16) for number in range(256)])
    data = png.write(image, None)
    assert depth_and_type(data) == (8, PALETTE)
    check_pixels(data, image)


def test_a_palette_is_left_out_where_it_weighs_more_than_it_saves() -> None:
    image = Image.frombytes("RGB", (16, 16), bytes(Random(1).randbytes(768)))
    data = png.write(image, None)
    assert depth_and_type(data) == (8, TRUE_COLOUR)
    assert len(data) < by_pillow(image.quantize(256))


def test_the_profile_comes_back() -> None:
    profile = bytes(range(256)) * 3
    back = Image.open(BytesIO(png.write(Image.new("RGB", (2, 2)), profile)))
    assert back.info["icc_profile"] == profile
    assert "icc_profile" not in Image.open(BytesIO(png.write(Image.new("RGB", (2, 2)), None))).info


def test_greys_with_a_profile_of_colours_stay_colours() -> None:
    """Such a profile is allowed with colours and with palettes, not with grey (section 11.3.2.3)."""
    few = png.write(picture("RGB", [(level,) * 3 for level in range(256)]), b"profile")
    assert depth_and_type(few) == (8, PALETTE)
    many = picture("RGBA", [(level, level, level, 255 - level // 2) for level in range(256)] + [(9, 9, 9, 9)])
    assert depth_and_type(png.write(many, b"profile")) == (8, TRUE_COLOUR_ALPHA)


def test_the_chunks_are_those_of_the_specification() -> None:
    noise = Image.frombytes("RGBA", (30, 50), Random(2).randbytes(6000))
    assert list(chunks(png.write(noise, b"profile"))) == [b"IHDR", b"iCCP", b"IDAT", b"IEND"]
    two = picture("RGBA", [(1, 2, 3, 4), (5, 6, 7, 8)])
    assert list(chunks(png.write(two, b"profile"))) == [b"IHDR", b"iCCP", b"PLTE", b"tRNS", b"IDAT", b"IEND"]


@pytest.mark.parametrize("data", [SUNSET, FIG], ids=["sunset", "fig"])
def test_a_photograph_is_about_as_small_as_pillow_makes_it_with_five_filters(data: bytes) -> None:
    image = Image.open(BytesIO(data))
    image.thumbnail((600, 600))
    assert len(png.write(image, None)) < by_pillow(image) * 1.1


def test_a_screenshot_is_no_larger_than_pillow_makes_it() -> None:
    """Text and flat areas, which a filter for photographs makes several times as large."""
    screen = Image.new("RGB", (900, 700), "white")
    draw = ImageDraw.Draw(screen)
    for line in range(30):
        draw.text((20, 20 + 20 * line), "The quick brown fox jumps over the lazy dog. " * 3, fill="#222")
    draw.rounded_rectangle((500, 300, 800, 500), 20, fill="#4477cc")
    screen = screen.resize((600, 466), Image.Resampling.LANCZOS)
    assert len(png.write(screen, None)) < by_pillow(screen)


def test_a_gradient_is_no_larger_than_pillow_makes_it() -> None:
    ramp = Image.linear_gradient("L").resize((500, 400), Image.Resampling.BICUBIC)
    image = Image.merge("RGB", (ramp, ramp.rotate(180), Image.radial_gradient("L").resize((500, 400))))
    assert len(png.write(image, None)) < by_pillow(image)


def test_what_is_too_large_for_libdeflate_is_compressed_in_bands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "_MOST_AT_ONCE", 1000)
    monkeypatch.setattr(png, "_BAND", 16)
    image = Image.open(BytesIO(SUNSET)).resize((150, 100))
    check_pixels(png.write(image, None), image)
