"""Hostile ICC profiles, and animations of many frames with one profile."""

import zlib
from collections.abc import Iterator
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageSequence

from core.imaging import colour
from core.imaging.colour import to_output
from core.imaging.stack import batches
from tests.support.pictures.charts import opened, saved
from tests.support.pictures.hostile.icc import SRGB
from tests.support.pictures.hostile.png import chunk
from tests.support.pictures.icc import ADOBE_RGB, DISPLAY_P3, cmyk_profile, gray_profile
from tests.support.pictures.pngs import Apng, Moving
from tests.support.pictures.rendering import rendered

LARGE = ADOBE_RGB.profile(padding=2048)
"""Too large to be kept, so pixels are converted."""
PROFILES = {"RGB": LARGE, "RGBA": DISPLAY_P3.profile(), "L": gray_profile(1.8), "LA": gray_profile(1.8)}
PROFILES["CMYK"] = cmyk_profile([(50, 0, 0)] * 16)


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The modes of the conversions that a test builds."""
    modes: list[str] = []
    build = ImageCms.buildTransform

    def noted(*args: object) -> object:
        modes.append(str(args[2]))
        return build(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(ImageCms, "buildTransform", noted)
    colour._conversion.cache_clear()
    yield modes
    colour._conversion.cache_clear()


@pytest.mark.parametrize("mode", PROFILES)
@pytest.mark.parametrize("byte", [0x80, 0xC3, 0xFF])
def test_a_profile_whose_header_is_not_ascii_is_dropped(mode: str, byte: int) -> None:
    """The colour space, the class and the connection space have four letters each."""
    for at in range(8, 40):
        profile = PROFILES[mode][:at] + bytes([byte]) + PROFILES[mode][at + 1 :]
        image, _ = to_output(Image.new(mode, (2, 2)), profile, wide=True)
        assert image.size == (2, 2)
        if 16 <= at < 20 and mode != "CMYK":
            assert image.mode == mode


def test_a_picture_whose_profile_is_not_ascii_is_rendered_without_it() -> None:
    original = saved(Image.new("RGB", (8, 8), (200, 30, 60)), "JPEG", icc_profile=LARGE[:16] + b"\xff" + LARGE[17:])
    variant = opened(rendered(original, "8x8.png")).convert("RGB")
    assert variant.getpixel((3, 3)) == opened(original).getpixel((3, 3))


def test_a_cut_profile_is_dropped() -> None:
    for end in range(1, len(SRGB), 17):
        for mode in ("L", "RGB", "CMYK"):
            to_output(Image.new(mode, (2, 2)), SRGB[:end], wide=False)


@pytest.mark.parametrize("size", [255 * 65519, 8 * 1024 * 1024 + 1])
def test_the_largest_profile_of_a_jpeg_is_dropped(size: int, built: list[str]) -> None:
    """It has 255 segments of 65,519 bytes. A few of them, kept for later pictures, would fill the memory."""
    original = saved(Image.new("RGB", (8, 8), (200, 30, 60)), "JPEG", icc_profile=LARGE.ljust(size, b"\0"))
    assert "icc_profile" not in opened(rendered(original, "8x8.png")).info
    assert not built


def alternating(count: int) -> bytes:
    """An APNG in Adobe RGB, in which every other frame is half-transparent."""
    frames = [Moving([[200, 100, 50, 255 if number % 2 else 128] * 8] * 8) for number in range(count)]
    return Apng((8, 8), frames, before=chunk(b"iCCP", b"profile\0\0" + zlib.compress(LARGE))).data()


@pytest.mark.parametrize("size", ["8x8.png", "8x8.webp", "8x8.gif", "8x8.avif", "8x8-bgffee00.png"])
def test_a_conversion_is_built_once_for_all_frames(size: str, built: list[str]) -> None:
    """Building it for each of 3,000 frames took half a minute."""
    assert len(list(ImageSequence.Iterator(Image.open(BytesIO(rendered(alternating(30), size)))))) > 1
    assert built == ["RGB"]


def test_frames_with_and_without_alpha_are_converted_together() -> None:
    pictures = [Image.new("RGBA" if number % 2 else "RGB", (8, 8)) for number in range(3000)]
    assert len(list(batches((picture, 20.0) for picture in pictures))) == 1


def test_frames_that_are_converted_together_keep_their_colours_and_alpha() -> None:
    still = opened(rendered(saved(Image.new("RGB", (8, 8), (200, 100, 50)), "PNG", icc_profile=LARGE), "8x8.png"))
    animation = Image.open(BytesIO(rendered(alternating(4), "8x8.png")))
    for number, frame in enumerate(ImageSequence.Iterator(animation)):
        shown = np.asarray(frame.convert("RGBA"))[3, 3].tolist()
        assert shown == [*np.asarray(still.convert("RGB"))[3, 3].tolist(), 255 if number % 2 else 128]
