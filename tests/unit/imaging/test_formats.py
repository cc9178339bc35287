"""Formats are recognised by their bytes: HEIC, TIFF and BMP are decoded too, and any other file is refused clearly."""

from io import BytesIO

import pillow_heif
import pytest
from PIL import Image

from core.errors import UnsupportedFormat
from core.imaging.formats import content_type, sniff
from core.imaging.pipeline import render
from core.imaging.results import Rendering
from core.settings import Settings
from core.size import parse
from tests.support.pictures.samples import CAT, DOGS, FIG

SETTINGS = Settings()


def heic(image: Image.Image, exif: bytes = b"") -> bytes:
    """A picture as a phone stores it: EXIF's orientation becomes HEIF's rotation."""
    pixels = pillow_heif.from_bytes(image.mode, image.size, image.tobytes())
    if exif:
        pixels[0].info["exif"] = exif
    buffer = BytesIO()
    pixels.save(buffer, quality=90)
    return buffer.getvalue()


def saved(image: Image.Image, name: str) -> bytes:
    buffer = BytesIO()
    image.save(buffer, name)
    return buffer.getvalue()


def opened(rendering: Rendering) -> Image.Image:
    return Image.open(BytesIO(rendering.data))


def difference(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of two pictures' pixels, from 0 to 255."""
    pairs = zip(one.convert("RGB").tobytes(), other.convert("RGB").tobytes(), strict=True)
    return sum(abs(left - right) for left, right in pairs) / (one.width * one.height * 3)


def test_a_heic_becomes_a_jpeg_that_shows_the_same_picture() -> None:
    cat = Image.open(BytesIO(CAT))
    rendering = render(heic(cat), parse("300x"), SETTINGS.imaging)
    assert rendering.content_type == "image/jpeg"
    picture = opened(rendering)
    assert picture.size == (300, 200)
    assert difference(picture, cat.resize((300, 200), Image.Resampling.LANCZOS)) < 4


def test_a_heic_stored_on_its_side_is_shown_upright() -> None:
    dogs = Image.open(BytesIO(DOGS))
    exif = dogs.getexif().tobytes()
    dogs.thumbnail((800, 800))
    data = heic(dogs, exif)
    assert b"irot" in data
    picture = opened(render(data, parse("x300"), SETTINGS.imaging))
    assert not picture.getexif()
    # Orientation 6 becomes upright by a clockwise quarter turn (Exif 2.32, section 4.6.4).
    upright = dogs.rotate(-90, expand=True)
    assert difference(picture, upright.resize(picture.size, Image.Resampling.LANCZOS)) < 4


def test_a_heic_with_transparency_keeps_it() -> None:
    rendering = render(heic(Image.open(BytesIO(FIG))), parse("300x"), SETTINGS.imaging)
    assert rendering.content_type == "image/png"
    alpha = opened(rendering).getchannel("A").getextrema()
    assert alpha == (0, 255)


@pytest.mark.parametrize("name", ["TIFF", "BMP"])
def test_tiff_and_bmp_become_png_that_shows_the_same_picture(name: str) -> None:
    cat = Image.open(BytesIO(CAT))
    rendering = render(saved(cat, name), parse("300x"), SETTINGS.imaging)
    assert rendering.content_type == "image/png"
    assert difference(opened(rendering), cat.resize((300, 200), Image.Resampling.LANCZOS)) < 1


@pytest.mark.parametrize(
    "data",
    [
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>',
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7\n",
        b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41",
        b"8BPS\0\1",
        b"just text",
    ],
    ids=["svg", "svg without a prologue", "pdf", "mp4", "psd", "text"],
)
def test_any_other_file_is_refused_and_the_error_names_the_formats(data: bytes) -> None:
    with pytest.raises(UnsupportedFormat, match="JPEG, PNG, WebP, AVIF, GIF, HEIC, TIFF or BMP"):
        render(data, parse("300x"), SETTINGS.imaging)


@pytest.mark.parametrize(
    ("start", "name", "media_type"),
    [
        (b"\xff\xd8\xff\xe0", "JPEG", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "PNG", "image/png"),
        (b"GIF89a", "GIF", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "WEBP", "image/webp"),
        (b"\0\0\0\x1cftypavif\0\0\0\0mif1avif", "AVIF", "image/avif"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avif", "AVIF", "image/avif"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIF", "image/heic"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "HEIF", "image/heic"),
        (b"\0\0\0\x14ftypisom\0\0\0\0isomheic", None, "application/octet-stream"),
        (b"II*\0", "TIFF", "image/tiff"),
        (b"BM", "BMP", "image/bmp"),
        (b"RIFF\0\0\0\0WAVE", None, "application/octet-stream"),
        (b"", None, "application/octet-stream"),
    ],
)
def test_the_format_is_recognised_by_the_bytes(start: bytes, name: str | None, media_type: str) -> None:
    """In `isomheic`, the box ends before `heic`, which is therefore no brand."""
    assert sniff(start) == name
    assert content_type(start) == media_type
