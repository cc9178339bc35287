"""The PNG writer: every pixel comes back from another decoder, and both kinds of image come out small."""

import struct
import zlib
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from core.imaging import png
from tests.support.pictures.samples import FIG, SUNSET

MODES = ("L", "LA", "RGB", "RGBA")


def by_pillow(image: Image.Image) -> int:
    """Bytes of the image as Pillow writes it by default, with all five filters and zlib's level 6."""
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return len(buffer.getvalue())


@given(
    st.sampled_from(MODES),
    st.integers(1, 40),
    st.integers(1, 90),
    st.integers(1, 90),
    st.randoms(use_true_random=False),
)
def test_every_pixel_comes_back(mode: str, width: int, height: int, band: int, random: st.DataObject) -> None:
    data = random.randbytes(width * height * len(mode))  # type: ignore[attr-defined]
    image = Image.frombytes(mode, (width, height), data)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(png, "_BAND", band)
        back = Image.open(BytesIO(png.write(image, None)))
    assert (back.mode, back.size, back.tobytes()) == (mode, (width, height), data)


def test_the_profile_comes_back() -> None:
    profile = bytes(range(256)) * 3
    back = Image.open(BytesIO(png.write(Image.new("RGB", (2, 2)), profile)))
    assert back.info["icc_profile"] == profile
    assert "icc_profile" not in Image.open(BytesIO(png.write(Image.new("RGB", (2, 2)), None))).info


def test_the_chunks_are_those_of_the_specification() -> None:
    data = png.write(Image.new("RGBA", (3, 5)), b"profile")
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    names, rest = [], data[8:]
    while rest:
        length, name = struct.unpack(">I4s", rest[:8])
        assert struct.unpack(">I", rest[8 + length : 12 + length])[0] == zlib.crc32(rest[4 : 8 + length])
        names.append(name)
        rest = rest[12 + length :]
    assert names == [b"IHDR", b"iCCP", b"IDAT", b"IEND"]


@pytest.mark.parametrize("data", [SUNSET, FIG], ids=["sunset", "fig"])
def test_a_photograph_is_about_as_small_as_pillow_makes_it_with_five_filters(data: bytes) -> None:
    image = Image.open(BytesIO(data))
    image.thumbnail((600, 600))
    assert len(png.write(image, None)) < by_pillow(image) * 1.15


def test_a_screenshot_is_no_larger_than_pillow_makes_it() -> None:
    """Text and flat areas, which a filter for photographs makes several times as large."""
    screen = Image.new("RGB", (900, 700), "white")
    draw = ImageDraw.Draw(screen)
    for line in range(30):
        draw.text((20, 20 + 20 * line), "The quick brown fox jumps over the lazy dog. " * 3, fill="#222")
    draw.rounded_rectangle((500, 300, 800, 500), 20, fill="#4477cc")
    screen = screen.resize((600, 466), Image.Resampling.LANCZOS)
    assert len(png.write(screen, None)) < by_pillow(screen)
