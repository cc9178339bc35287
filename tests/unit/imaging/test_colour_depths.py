"""Depths other than eight bits, and every mode of Pillow, are shown with the right colours."""

import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from core.imaging.colour import _SMALL_PROFILE
from tests.support.pictures.charts import (
    CHECKER,
    HALF,
    IN_SRGB,
    STEPS,
    assert_colours,
    opened,
    picture,
    saved,
    shown,
    values,
)
from tests.support.pictures.icc import (
    PROPHOTO,
    SRGB,
    Array,
)
from tests.support.pictures.rendering import rendered


def png(width: int, height: int, depth: int, colour: int, rows: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG by the specification. Pillow writes no 16-bit colours."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    stride = len(rows) // height
    lines = b"".join(b"\0" + rows[y * stride : (y + 1) * stride] for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = [(b"IHDR", head), *chunks, (b"IDAT", zlib.compress(lines)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in body)


def deep(patches: Array, *, alpha: bool = False, profile: bytes | None = None) -> bytes:
    """Patches of values from 0 to 1 as 16-bit PNG."""
    if alpha:
        patches = np.concatenate([patches, np.full((*patches.shape[:2], 1), 0.5)], 2)
    pixels = np.round(patches * 65535).astype(">u2").repeat(48, 0).repeat(48, 1)
    kind = {1: 0, 2: 4, 3: 2, 4: 6}[patches.shape[2]]
    chunks = [(b"iCCP", b"icc\0\0" + zlib.compress(profile))] if profile else []
    return png(pixels.shape[1], pixels.shape[0], 16, kind, pixels.tobytes(), *chunks)


@pytest.mark.parametrize("alpha", [False, True])
@pytest.mark.parametrize("channels", [1, 3])
def test_a_16_bit_png_keeps_its_colours(channels: int, alpha: bool) -> None:
    patches = (STEPS / 255) if channels == 1 else values(SRGB)
    data = rendered(deep(patches, alpha=alpha), f"{HALF}.png")
    assert_colours(shown(data), SRGB.decode(patches.repeat(3, 2) if channels == 1 else patches), limit=1, mean=0.4)
    if alpha:
        low, high = opened(data).convert("RGBA").getchannel("A").getextrema()
        assert (low, high) in ((127, 127), (128, 128))


@pytest.mark.parametrize("padding", [0, _SMALL_PROFILE])
def test_a_16_bit_png_with_a_profile_keeps_its_colours(padding: int) -> None:
    data = rendered(deep(values(PROPHOTO), profile=PROPHOTO.profile(padding)), f"{HALF}.png")
    assert_colours(shown(data, SRGB if padding else PROPHOTO), IN_SRGB if padding else CHECKER)


def test_16_bit_white_and_black_are_exact() -> None:
    image = opened(rendered(deep(np.array([[[0.0], [1.0]]])), "96x48.png")).convert("L")
    assert (image.getpixel((10, 20)), image.getpixel((86, 20))) == (0, 255)


@pytest.mark.parametrize("transparent", [0, 20000, 65535])
@pytest.mark.parametrize("channels", [1, 3])
def test_one_transparent_colour_of_a_16_bit_png_is_hidden(channels: int, transparent: int) -> None:
    other = 40000
    pixels = np.full((48, 96, channels), other, ">u2")
    pixels[:, 48:] = transparent
    key = (b"tRNS", struct.pack(f">{channels}H", *[transparent] * channels))
    original = png(96, 48, 16, 0 if channels == 1 else 2, pixels.tobytes(), key)
    seen, hidden = np.asarray(opened(rendered(original, "48x24.png")).convert("RGBA"))[12, [8, 40]]
    assert abs(seen[0] - other / 257) <= 1
    assert (seen[3], hidden[3]) == (255, 0)


def test_a_1_bit_png_is_scaled_to_greys() -> None:
    """A fine black and white pattern becomes grey, not black and white dots."""
    image = Image.new("1", (96, 96))
    image.putdata([(x + y) % 2 for y in range(96) for x in range(96)])
    small = np.asarray(opened(rendered(saved(image, "PNG"), "24x24.png")).convert("L"), int)
    assert np.abs(small[4:-4, 4:-4] - 128).max() < 8


@pytest.mark.parametrize(
    ("mode", "white"),
    [("I;16", 65535), ("I;16B", 65535), ("I", 65535), ("I", 255), ("F", 1.0), ("F", 255.0), ("F", 65535.0)],
)
def test_a_grey_tiff_of_another_depth_keeps_its_shades(mode: str, white: float) -> None:
    """Integers and floats have no fixed white: it is the smallest of 1, 255 and 65535 that no value exceeds."""
    pixels = (STEPS[..., 0] / 255 * white).repeat(48, 0).repeat(48, 1)
    kinds = {"I;16": "<u2", "I;16B": ">u2", "I": "<i4", "F": "<f4"}
    image = Image.frombytes(mode, (192, 288), pixels.astype(kinds[mode]).tobytes())
    assert_colours(
        shown(rendered(saved(image, "TIFF"), f"{HALF}.png")), SRGB.decode(STEPS.repeat(3, 2) / 255), limit=1.5
    )


def test_every_mode_of_tiff_and_png_is_shown() -> None:
    """Every mode that Pillow saves in these formats is shown, and not as black."""
    for name, modes in {"TIFF": "1 L LA P RGB RGBA CMYK YCbCr LAB I I;16 F", "PNG": "1 L LA P RGB RGBA I;16"}.items():
        for mode in modes.split():
            original = picture(values(SRGB) * 255).convert(mode if mode != "I;16" and mode != "LAB" else "L")
            if mode in ("I;16", "I"):
                original = Image.fromarray(np.asarray(original.convert("L"), np.uint16) * 257).convert(mode)
            data = rendered(saved(original, name), f"{HALF}.png")
            light = shown(data)[..., 0]
            assert np.abs(light - IN_SRGB[..., 0]).mean() < 8, (name, mode)
