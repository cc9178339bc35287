"""What a variant is whatever the picture: its size and format, none of the original's metadata, nothing lost early."""

import struct
from itertools import product

import numpy as np
import pytest
from PIL import Image, ImageFilter
from PIL.PngImagePlugin import PngInfo

from core.imaging.pipeline import render
from core.size import FITS, FORMATS, parse
from tests.support.pictures.charts import opened, saved
from tests.support.pictures.icc import DISPLAY_P3, Array
from tests.support.pictures.rendering import SETTINGS, rendered
from tests.support.pictures.samples import CAT, DOGS, FIG, SUNSET
from tests.support.pictures.similarity import ssim

# Sizes.

ORIGINALS = {"wide": (150, 41), "tall": (37, 160), "square": (64, 64), "a pixel": (1, 1), "a line": (200, 1)}
SIZES = ("20x", "x20", "30x30", "1x1", "100x7", "500x", "x500", "500x300", "50x50-4x", "3000x1")


@pytest.mark.parametrize("shape", ORIGINALS.values(), ids=ORIGINALS)
@pytest.mark.parametrize("name", ["JPEG", "PNG"])
def test_never_larger_than_asked_or_than_the_original(name: str, shape: tuple[int, int]) -> None:
    original = saved(Image.linear_gradient("L").resize(shape), name)
    for size, fit in product(SIZES, FITS):
        asked = parse(f"{size}-{fit}")
        width, height = opened(rendered(original, f"{size}-{fit}")).size
        assert width <= (asked.width or 10**6)
        assert height <= (asked.height or 10**6)
        assert min(width, height) >= 1
        if asked.fit != "contain":
            assert width <= shape[0], (size, fit)
            assert height <= shape[1], (size, fit)


@pytest.mark.parametrize(
    ("size", "shape"),
    [
        ("600x", (600, 400)),
        ("x300", (450, 300)),
        ("300x300", (300, 300)),
        ("300x300-inside", (300, 200)),
        ("300x300-contain", (300, 300)),
        ("100x50-3x", (300, 150)),
        ("9999x", (4096, 2731)),
        ("250x-2x", (500, 333)),
        ("251x", (251, 167)),
    ],
)
def test_sizes_of_a_photograph(size: str, shape: tuple[int, int]) -> None:
    """4272x2848, whose sides are 3:2; MAX_SIDE is 4096."""
    assert opened(rendered(SUNSET, f"{size}.jpg")).size == shape


@pytest.mark.parametrize("target", FORMATS)
@pytest.mark.parametrize("original", [CAT, DOGS, FIG], ids=["cat", "dogs", "fig"])
def test_format_is_the_one_that_is_named(original: bytes, target: str) -> None:
    variant = render(original, parse(f"60x.{target}"), SETTINGS.imaging)
    name = {"jpg": "JPEG"}.get(target, target.upper())
    assert opened(variant.data).format == name
    assert variant.content_type == f"image/{name.lower()}"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("JPEG", "JPEG"),
        ("PNG", "PNG"),
        ("WEBP", "WEBP"),
        ("GIF", "GIF"),
        ("AVIF", "AVIF"),
        ("TIFF", "PNG"),
        ("BMP", "PNG"),
    ],
)
def test_format_is_the_originals_own_or_png(name: str, kept: str) -> None:
    assert opened(rendered(saved(Image.new("RGB", (40, 40), "teal"), name), "20x")).format == kept


# Metadata.

SECRET = b"Lange Reihe 29, third floor"
GPS = {1: "N", 2: (53.0, 33.0, 26.5), 3: "E", 4: (9.0, 59.0, 12.0)}


def secretive() -> Image.Exif:
    """EXIF with a position, a description and a thumbnail-less camera."""
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    exif[0x010F] = "Camera of " + SECRET.decode()
    exif.get_ifd(0x8825).update(GPS)
    exif.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0" + SECRET
    return exif


XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><dc:title>' + SECRET + b"</dc:title></x:xmpmeta>"


def telling(name: str) -> bytes:
    """An original that says where it was taken in every way that its format has."""
    image = Image.linear_gradient("L").resize((64, 64)).convert("RGB")
    profile = DISPLAY_P3.profile()
    match name:
        case "JPEG":
            data = saved(image, name, exif=secretive(), xmp=XMP, comment=SECRET, icc_profile=profile)
            iptc = (
                b"Photoshop 3.0\x008BIM\x04\x04\0\0"
                + struct.pack(">I", len(SECRET) + 5)
                + b"\x1c\x02\x78\0\x1b"
                + SECRET
            )
            return data[:2] + b"\xff\xed" + struct.pack(">H", len(iptc) + 2) + iptc + data[2:]
        case "PNG":
            text = PngInfo()
            text.add_text("Comment", SECRET.decode())
            text.add_text("Description", SECRET.decode(), zip=True)
            text.add_itxt("XML:com.adobe.xmp", XMP.decode())
            text.add(b"prIv", SECRET)
            return saved(image, name, exif=secretive(), pnginfo=text, icc_profile=profile, dpi=(300, 300))
        case "GIF":
            return saved(image, name, comment=SECRET)
        case "TIFF":
            return saved(image, name, exif=secretive(), icc_profile=profile)
        case _:
            return saved(image, name, exif=secretive(), xmp=XMP, icc_profile=profile)


def jpeg_segments(data: bytes) -> set[str]:
    """The names of a JPEG's application and comment segments (ITU-T T.81, B.2.1)."""
    names, at = set(), 2
    while data[at + 1] != 0xDA:
        if data[at + 1] & 0xF0 == 0xE0 or data[at + 1] == 0xFE:
            names.add(data[at + 4 : data.index(b"\0", at + 4)].decode("latin-1"))
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return names


def png_chunks(data: bytes) -> set[str]:
    names, at = set(), 8
    while at < len(data):
        names.add(data[at + 4 : at + 8].decode())
        at += 12 + int.from_bytes(data[at : at + 4], "big")
    return names


def webp_chunks(data: bytes) -> set[str]:
    names, at = set(), 12
    while at < len(data):
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        names.add(data[at : at + 4].decode())
        at += 8 + length + length % 2
    return names


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF", "GIF"])
def test_the_originals_tell(name: str) -> None:
    """The inputs of the next test do hold what it looks for."""
    image = opened(telling(name))
    assert SECRET in telling(name)
    if name not in ("GIF", "TIFF"):
        assert image.getexif().get_ifd(0x8825)[1] == "N"


@pytest.mark.parametrize("target", FORMATS)
@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF", "GIF"])
def test_nothing_of_the_metadata_is_left(name: str, target: str) -> None:
    for size in ("32x", "64x", "48x48-contain"):
        data = rendered(telling(name), f"{size}.{target}")
        assert SECRET not in data
        image = opened(data)
        assert not image.getexif()
        assert not {"exif", "xmp", "comment", "photoshop", "XML:com.adobe.xmp"} & image.info.keys()
        match target:
            case "jpg":
                assert jpeg_segments(data) <= {"JFIF", "ICC_PROFILE", "Adobe"}
            case "png":
                assert png_chunks(data) <= {"IHDR", "PLTE", "tRNS", "iCCP", "IDAT", "IEND"}
            case "webp":
                assert webp_chunks(data) <= {"VP8 ", "VP8L", "VP8X", "ALPH", "ICCP"}
            case "avif":
                assert b"Exif" not in data
                assert b"rdf+xml" not in data


def test_position_of_the_sample_photograph_is_dropped() -> None:
    assert opened(DOGS).getexif().get_ifd(0x8825)
    for target in FORMATS:
        assert not opened(rendered(DOGS, f"100x.{target}")).getexif()


# What DCT scaling and reducing lose.


def luma(data: bytes) -> Array:
    return np.asarray(opened(data).convert("L"))


@pytest.fixture(scope="module")
def whole() -> bytes:
    """A photograph's pixels as the whole JPEG holds them, in a format that has no short cut."""
    return saved(opened(SUNSET), "BMP")


@pytest.mark.parametrize("size", ["200x", "600x", "1200x", "300x300-right", "711x"])
def test_decoding_small_loses_nothing(size: str, whole: bytes) -> None:
    """A twelve-megapixel photograph decoded at 1/2 to 1/8 against the same decoded in full."""
    small, full = rendered(SUNSET, f"{size}.png"), rendered(whole, f"{size}.png")
    colours = np.asarray(opened(small), float) - np.asarray(opened(full), float)
    assert ssim(opened(small), opened(full)) > 0.99
    assert np.abs(colours).mean() < 1.5
    assert np.abs(colours.mean((0, 1))).max() < 0.5


@pytest.mark.parametrize("width", [96, 128, 192, 255])
def test_decoding_small_does_not_shift(width: int) -> None:
    """An edge stays where it is, whatever the factor and however odd the original's sides are."""
    image = Image.new("L", (1021, 515), 20)
    image.paste(235, (510, 0, 1021, 515))
    image = image.filter(ImageFilter.GaussianBlur(3))
    small = rendered(saved(image, "JPEG", quality=98), f"{width}x.png")
    row = luma(small)[10].astype(float)
    edge = (235 - row).sum() / (235 - 20)
    assert abs(edge - 510 * width / 1021) < 0.06
