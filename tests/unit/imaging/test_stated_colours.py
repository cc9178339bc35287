"""Colours that a file states without an ICC profile, from the file to the variant."""

import struct
import zlib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageCms
from pillow_heif import from_pillow

from tests.support.pictures.charts import opened, saved
from tests.support.pictures.hostile.png import chunk
from tests.support.pictures.icc import DISPLAY_P3, gray_profile
from tests.support.pictures.isobmff import icc, nclx, with_properties
from tests.support.pictures.rendering import rendered

Colour = tuple[int, ...]
Chunk = tuple[bytes, bytes]

P3: Colour = (70, 120, 162)
IN_SRGB: Colour = (51, 121, 166)
"""The same colour in sRGB, as shown by Chromium."""

GAMMA_1 = (b"gAMA", struct.pack(">L", 100_000))
GAMMA = (b"gAMA", struct.pack(">L", 45_455))
CHRM = (b"cHRM", struct.pack(">8L", 31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000))
CICP = (b"cICP", bytes([12, 13, 0, 1]))
ICCP = (b"iCCP", b"icc\0\0" + zlib.compress(DISPLAY_P3.profile()))
BROKEN_ICCP = (b"iCCP", b"icc\0\0nothing")
CUT_ICCP = (b"iCCP", b"icc\0\0" + zlib.compress(DISPLAY_P3.profile()[:-9]))
ICCP_OF_NO_NAME = (b"iCCP", b"\0\0" + zlib.compress(DISPLAY_P3.profile()))
ICCP_OF_NO_METHOD = (b"iCCP", b"icc\0\1" + zlib.compress(DISPLAY_P3.profile()))
NO_ICCP = (b"iCCP", b"icc\0\0" + zlib.compress(bytes(600)))
GREY_ICCP = (b"iCCP", b"icc\0\0" + zlib.compress(gray_profile(1.8)))
SRGB = (b"sRGB", b"\0")


def with_chunks(png: bytes, *chunks: Chunk) -> bytes:
    """A PNG with chunks after its header."""
    added = b"".join(chunk(kind, data) for kind, data in chunks)
    return png[:33] + added + png[33:]


def flat(colour: Colour, mode: str = "RGB") -> Image.Image:
    return Image.new(mode, (24, 16), colour if len(colour) > 1 else colour[0])


def seen(variant: bytes) -> Colour:
    """The middle of a variant in sRGB, with its profile applied."""
    image = opened(variant)
    profile = image.info.get("icc_profile")
    if image.mode == "P":
        image = image.convert("RGB")
    if profile:
        srgb = ImageCms.createProfile("sRGB")
        image = ImageCms.profileToProfile(image, ImageCms.ImageCmsProfile(BytesIO(profile)), srgb) or image
    pixel = image.convert("RGB").getpixel((image.width // 2, image.height // 2))
    assert isinstance(pixel, tuple)
    return tuple(int(level) for level in pixel)


def assert_near(found: Colour, expected: Colour, levels: int = 1) -> None:
    assert np.abs(np.subtract(found, expected)).max() <= levels, (found, expected)


@pytest.mark.parametrize(
    ("chunks", "colour", "shown"),
    [
        ((GAMMA_1,), (120, 120, 120), (183, 183, 183)),
        ((CICP,), P3, IN_SRGB),
        ((CICP, SRGB, GAMMA_1), P3, IN_SRGB),
        ((ICCP, GAMMA_1), P3, IN_SRGB),
        ((ICCP, (b"cICP", bytes([1, 13, 0, 1]))), P3, P3),
        ((BROKEN_ICCP, GAMMA_1), (120, 120, 120), (183, 183, 183)),
        ((CUT_ICCP, GAMMA_1), (120, 120, 120), (183, 183, 183)),
        ((ICCP_OF_NO_NAME, GAMMA_1), (120, 120, 120), (183, 183, 183)),
        ((ICCP_OF_NO_METHOD, GAMMA_1), (120, 120, 120), (183, 183, 183)),
        ((NO_ICCP, GAMMA_1), (120, 120, 120), (183, 183, 183)),
        ((GREY_ICCP, GAMMA_1), (120, 120, 120), (120, 120, 120)),
        (((b"sRGB", b"\4"), GAMMA_1), (120, 120, 120), (183, 183, 183)),
        (((b"sRGB", b""), GAMMA_1), (120, 120, 120), (183, 183, 183)),
        (((b"sRGB", b"\0\0"), GAMMA_1), (120, 120, 120), (183, 183, 183)),
        ((SRGB, GAMMA_1, CHRM), P3, P3),
        ((CHRM,), P3, P3),
        ((GAMMA,), P3, P3),
        (((b"cICP", bytes([12, 13, 0, 0])), GAMMA_1), (120, 120, 120), (183, 183, 183)),
        (((b"cICP", bytes([9, 16, 0, 1])),), P3, (0, 107, 226)),
        (((b"cICP", bytes([9, 18, 0, 1])),), P3, (0, 94, 132)),
    ],
)
def test_the_first_statement_of_a_png_by_its_order_of_precedence_counts(
    chunks: tuple[Chunk, ...], colour: Colour, shown: Colour
) -> None:
    """The order is that of W3C PNG, third edition, section 4.3; the colours are Chromium's."""
    assert_near(seen(rendered(with_chunks(saved(flat(colour), "PNG"), *chunks), "12x.png")), shown)


@pytest.mark.parametrize(("target", "levels"), [("jpg", 3), ("png", 1), ("webp", 4), ("avif", 3), ("gif", 1)])
def test_every_format_shows_the_stated_colours(target: str, levels: int) -> None:
    original = with_chunks(saved(flat(P3), "PNG"), CICP)
    assert_near(seen(rendered(original, f"24x.{target}")), IN_SRGB, levels)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA"])
def test_every_colour_type_of_png_is_converted(mode: str) -> None:
    """Linear light of 120 is level 183 in sRGB."""
    image = flat((120, 120, 120))
    image = image.quantize(2) if mode == "P" else image.convert(mode)
    if mode in ("LA", "RGBA"):
        image.putalpha(77)
    variant = opened(rendered(with_chunks(saved(image, "PNG"), GAMMA_1), "12x.png"))
    pixel = variant.convert("RGBA").getpixel((6, 4))
    assert isinstance(pixel, tuple)
    assert_near(pixel, (183, 183, 183, 77 if mode in ("LA", "RGBA") else 255))


def test_every_frame_of_an_animation_is_converted() -> None:
    first, second = flat((120, 120, 120)), flat((30, 30, 30))
    original = with_chunks(saved(first, "PNG", save_all=True, append_images=[second], duration=100), GAMMA_1)
    variant = opened(rendered(original, "12x.png"))
    for index, level in enumerate((183, 96)):
        variant.seek(index)
        pixel = variant.convert("RGB").getpixel((6, 4))
        assert isinstance(pixel, tuple)
        assert_near(pixel, (level,) * 3)


def avif(colour: Colour) -> bytes:
    return saved(flat(colour), "AVIF", quality=100, subsampling="4:4:4")


def heic(colour: Colour) -> bytes:
    buffer = BytesIO()
    from_pillow(flat(colour).resize((128, 96))).save(buffer, quality=-1, chroma=444, matrix_coefficients=0)
    return buffer.getvalue()


@pytest.mark.parametrize(("codes", "shown"), [((12, 13), IN_SRGB), ((9, 16), (0, 107, 226)), ((9, 18), (0, 94, 132))])
def test_the_colour_box_of_an_avif_is_applied(codes: tuple[int, int], shown: Colour) -> None:
    original = with_properties(avif(P3), {1: [nclx(*codes)]}, without=[b"colr"])
    assert_near(seen(rendered(original, "24x.png")), shown, 4)  # One level in the coded picture is more than one here.


def test_the_colour_box_of_a_heic_is_applied() -> None:
    original = with_properties(heic(P3), {1: [nclx(12, 13, 0)]}, without=[b"colr"])
    assert_near(seen(rendered(original, "24x16.png")), IN_SRGB, 3)


def test_a_profile_overrides_the_colour_box() -> None:
    boxes = [icc(DISPLAY_P3.profile()), nclx(1, 8)]
    original = with_properties(avif(P3), {1: boxes}, without=[b"colr"])
    assert_near(seen(rendered(original, "24x.png")), IN_SRGB, 3)


@pytest.mark.parametrize("mode", ["L", "LA", "RGBA of a frame"])
def test_grey_with_a_profile_of_greys_is_converted_with_its_transparency(mode: str) -> None:
    """With gamma 1.8, 85 has the light of level 106 in sRGB, also if it is half-transparent, and in each frame."""
    wanted = 255 * (1.055 * (85 / 255) ** (1.8 / 2.4) - 0.055)
    profile = (b"iCCP", b"icc\0\0" + zlib.compress(gray_profile(1.8)))
    image = flat((85,), "L") if mode == "L" else Image.merge("LA", [flat((85,), "L"), flat((99,), "L")])
    moves = {"save_all": True, "append_images": [image.point(lambda level: level // 2)], "duration": 100}
    data = with_chunks(saved(image, "PNG", **(moves if mode.endswith("frame") else {})), profile)
    variant = opened(rendered(data, "12x.png")).convert("RGBA")
    pixel = variant.getpixel((6, 4))
    assert isinstance(pixel, tuple)
    assert_near(pixel, (round(wanted),) * 3 + (255 if mode == "L" else 99,), 2)
