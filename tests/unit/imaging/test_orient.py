"""EXIF's orientations, each with every fit: four quadrants whose expected places are computed by hand."""

import numpy as np
import pytest
from PIL import Image

from tests.support.pictures.charts import opened, saved
from tests.support.pictures.hostile.png import chunk
from tests.support.pictures.rendering import rendered
from tests.support.pictures.samples import DOGS

COLOURS = {"R": (230, 20, 20), "G": (20, 200, 20), "B": (20, 20, 230), "Y": (240, 230, 20), " ": (255, 255, 255)}
"""Red, green, blue and yellow quadrants, and white padding."""

STORED = {1: "RGBY", 2: "GRYB", 3: "YBGR", 4: "BYRG", 5: "RBGY", 6: "GYRB", 7: "YGBR", 8: "BRYG"}
"""The stored quadrants (top left, top right, bottom left, bottom right), for each orientation of a picture that is red,
green, blue and yellow when upright. Exif 2.32, section 4.6.4: 6 has the 0th row at the visual right and the 0th column
at the visual top, so its first stored corner is the top right of the upright picture."""

WIDTH, HEIGHT = 96, 64
"""Pixels, upright."""

# For an upright picture of 96x64 whose quadrants meet at (48, 32): the variant's size, and the colours at some points.
EXPECTED = {
    "48x": ((48, 32), {(20, 12): "R", (27, 12): "G", (20, 19): "B", (27, 19): "Y"}),
    "x32": ((48, 32), {(20, 12): "R", (27, 12): "G", (20, 19): "B", (27, 19): "Y"}),
    "48x48": ((48, 48), {(20, 20): "R", (27, 20): "G", (20, 27): "B", (27, 27): "Y", (1, 1): "R", (46, 46): "Y"}),
    "48x48-left": ((48, 48), {(32, 20): "R", (39, 20): "G", (32, 27): "B", (39, 27): "Y"}),
    "48x48-right": ((48, 48), {(8, 20): "R", (15, 20): "G", (8, 27): "B", (15, 27): "Y"}),
    "48x16": ((48, 16), {(20, 3): "R", (27, 3): "G", (20, 12): "B", (27, 12): "Y"}),
    "48x16-top": ((48, 16), {(20, 2): "R", (27, 2): "G", (20, 13): "R", (27, 13): "G"}),
    "48x16-bottom": ((48, 16), {(20, 2): "B", (27, 2): "Y", (20, 13): "B", (27, 13): "Y"}),
    "48x48-contain": (
        (48, 48),
        {(24, 3): " ", (24, 44): " ", (20, 20): "R", (27, 20): "G", (20, 27): "B", (27, 27): "Y", (4, 11): "R"},
    ),
    "48x48-inside": ((48, 32), {(20, 12): "R", (27, 12): "G", (20, 19): "B", (27, 19): "Y"}),
    "48x48-fill": ((48, 48), {(20, 20): "R", (27, 20): "G", (20, 27): "B", (27, 27): "Y"}),
    "30x60-top": ((30, 60), {(11, 26): "R", (18, 26): "G", (11, 33): "B", (18, 33): "Y"}),
    "96x64": ((96, 64), {(44, 28): "R", (51, 28): "G", (44, 35): "B", (51, 35): "Y"}),
    "500x500": ((64, 64), {(28, 28): "R", (35, 28): "G", (28, 35): "B", (35, 35): "Y"}),
}
SAVING: dict[str, dict[str, object]] = {
    "JPEG": {"quality": 98, "subsampling": 0},
    "PNG": {},
    "WEBP": {"lossless": True},
    "AVIF": {"quality": 98, "subsampling": "4:4:4"},
    "TIFF": {},
}


def stored(orientation: int) -> Image.Image:
    """The picture as a camera would store it, without the tag."""
    size = (HEIGHT, WIDTH) if orientation > 4 else (WIDTH, HEIGHT)
    image = Image.new("RGB", size)
    half = (size[0] // 2, size[1] // 2)
    for place, letter in enumerate(STORED[orientation]):
        left, top = half[0] * (place % 2), half[1] * (place // 2)
        image.paste(COLOURS[letter], (left, top, left + half[0], top + half[1]))
    return image


def tag(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def seen(image: Image.Image, point: tuple[int, int]) -> str:
    """The letter of the nearest colour, over white."""
    red, green, blue, alpha = image.convert("RGBA").getpixel(point)  # type: ignore[misc]
    shown = np.array([red, green, blue], float) * alpha / 255 + 255 - alpha
    return min(COLOURS, key=lambda letter: float(np.abs(shown - COLOURS[letter]).sum()))


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize("name", SAVING)
def test_every_fit_of_every_orientation_is_upright(name: str, orientation: int) -> None:
    original = saved(stored(orientation), name, exif=tag(orientation), **SAVING[name])
    for size, (shape, points) in EXPECTED.items():
        variant = opened(rendered(original, size))
        assert variant.size == shape, size
        assert {point: seen(variant, point) for point in points} == points, size
        assert not variant.getexif(), "a browser would turn it again"


def test_the_expected_quadrants_follow_the_definitions_of_exif() -> None:
    """The stored picture is the upright one turned by the definition of the orientation."""
    upright = np.asarray(stored(1))
    turned = {
        2: upright[:, ::-1],
        3: upright[::-1, ::-1],
        4: upright[::-1],
        5: upright.swapaxes(0, 1),
        6: np.rot90(upright),
        7: np.rot90(upright, 2).swapaxes(0, 1),
        8: np.rot90(upright, -1),
    }
    for orientation, pixels in turned.items():
        assert (np.asarray(stored(orientation)) == pixels).all(), orientation


@pytest.mark.parametrize("name", ["JPEG", "PNG"])
def test_exif_without_a_tiff_header_does_not_turn_the_picture(name: str) -> None:
    """Chromium and sharp ignore it, too."""
    original = saved(stored(6), name, exif=tag(6), **SAVING[name])
    header = b"II*\0" if b"II*\0" in original else b"MM\0*"
    broken = original.replace(header, header.replace(b"*", b"+"))
    if name == "PNG":
        at = broken.index(b"eXIf")
        length = int.from_bytes(broken[at - 4 : at])
        broken = broken[: at - 4] + chunk(b"eXIf", broken[at + 4 : at + 4 + length]) + broken[at + 8 + length :]
    assert opened(rendered(original, "500x500-inside")).size == (WIDTH, HEIGHT)
    assert opened(rendered(broken, "500x500-inside")).size == (HEIGHT, WIDTH)


def moved_after_pixels(data: bytes) -> bytes:
    """A PNG whose eXIf chunk comes after its pixels, which the specification allows."""
    start = data.index(b"eXIf") - 4
    length = int.from_bytes(data[start : start + 4], "big") + 12
    rest = data[:start] + data[start + length :]
    return rest[:-12] + data[start : start + length] + rest[-12:]


def test_exif_after_the_pixels_of_a_png_does_not_turn_the_picture() -> None:
    """Chromium 153 and sharp 0.35 read eXIf only before the pixels."""
    original = moved_after_pixels(saved(stored(6), "PNG", exif=tag(6)))
    variant = opened(rendered(original, "32x"))
    letters = "".join(seen(variant, point) for point in ((12, 20), (20, 20), (12, 28), (20, 28)))
    assert (variant.size, letters) == ((32, 48), "".join(STORED[6]))


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP"])
def test_xmp_does_not_turn_the_picture(name: str) -> None:
    """Browsers and sharp read EXIF only. Editors that turn the pixels often do not change XMP."""
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'
    if name == "PNG":
        from PIL.PngImagePlugin import PngInfo

        text = PngInfo()
        text.add_itxt("XML:com.adobe.xmp", xmp.decode())
        original = saved(stored(1), name, pnginfo=text)
    else:
        original = saved(stored(1), name, xmp=xmp)
    variant = opened(rendered(original, "48x"))
    assert (variant.size, seen(variant, (20, 12))) == ((48, 32), "R")


@pytest.mark.parametrize("value", [0, 9, 65535])
def test_an_invalid_orientation_does_not_turn_the_picture(value: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = value
    assert opened(rendered(saved(stored(1), "JPEG", exif=exif), "48x")).size == (48, 32)


@pytest.fixture(scope="module")
def photograph() -> tuple[bytes, bytes]:
    """A photograph as a phone stores it, and all its decoded pixels, upright."""
    side = opened(DOGS).reduce(2)
    phone = saved(side, "JPEG", exif=tag(6), quality=95)
    return phone, saved(opened(phone).transpose(Image.Transpose.ROTATE_270), "PNG", compress_level=1)


@pytest.mark.parametrize("size", ["100x", "100x100", "70x170-top", "170x70-bottom", "111x26-left", "133x"])
def test_a_photograph_stored_on_its_side_is_shown_upright(size: str, photograph: tuple[bytes, bytes]) -> None:
    """It is decoded at a fraction, cropped and then turned. The result is a crop of the whole turned picture."""
    turned, upright = (np.asarray(opened(rendered(data, f"{size}.png")), float) for data in photograph)
    assert turned.shape == upright.shape
    assert np.abs(turned - upright).mean() < 2.5
