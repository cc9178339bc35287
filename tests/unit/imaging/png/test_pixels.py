"""The PNG writer: another decoder reads every pixel back, and files have few bytes."""

from io import BytesIO
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from core.imaging import packing, png
from tests.support.pictures.samples import FIG, SUNSET
from tests.support.pictures.written import by_pillow, check_pixels, chunks, picture

MODES = ("L", "LA", "RGB", "RGBA")


@given(
    st.sampled_from(MODES),
    st.integers(1, 40),
    st.integers(1, 90),
    st.integers(1, 90),
    st.integers(1, 300),
    st.randoms(use_true_random=False),
)
def test_every_pixel_is_read_back(mode: str, width: int, height: int, band: int, colours: int, random: Random) -> None:
    some = [random.randbytes(len(mode)) for _ in range(colours)]
    image = Image.frombytes(mode, (width, height), b"".join(random.choice(some) for _ in range(width * height)))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(png, "_BAND", band)
        check_pixels(png.write(image, None), image)


@given(st.sampled_from(MODES), st.integers(1, 40), st.integers(1, 90), st.integers(1, 90), st.integers(0, 4))
def test_every_pixel_of_a_smooth_picture_is_read_back(
    mode: str, width: int, height: int, band: int, slope: int
) -> None:
    """This holds for every filter: differences of neighbours wrap around, and rows begin and end."""
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


def test_the_profile_is_read_back() -> None:
    profile = bytes(range(256)) * 3
    back = Image.open(BytesIO(png.write(Image.new("RGB", (2, 2)), profile)))
    assert back.info["icc_profile"] == profile
    assert "icc_profile" not in Image.open(BytesIO(png.write(Image.new("RGB", (2, 2)), None))).info


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
    """Text and flat areas: a filter for photographs would make them several times as large."""
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


def test_a_picture_too_large_for_libdeflate_is_compressed_in_bands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "_MOST_AT_ONCE", 1000)
    monkeypatch.setattr(png, "_BAND", 16)
    image = Image.open(BytesIO(SUNSET)).resize((150, 100))
    check_pixels(png.write(image, None), image)
