"""No variant has any of its original's metadata."""

import struct

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from core.size import FORMATS
from tests.support.pictures.charts import opened, saved
from tests.support.pictures.icc import DISPLAY_P3
from tests.support.pictures.rendering import rendered
from tests.support.pictures.samples import DOGS
from tests.support.pictures.secret import SECRET

GPS = {1: "N", 2: (53.0, 33.0, 26.5), 3: "E", 4: (9.0, 59.0, 12.0)}


def secretive() -> Image.Exif:
    """EXIF with a position, a description and a camera, without a thumbnail."""
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    exif[0x010F] = "Camera of " + SECRET.decode()
    exif.get_ifd(0x8825).update(GPS)
    exif.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0" + SECRET
    return exif


XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><dc:title>' + SECRET + b"</dc:title></x:xmpmeta>"


def telling(name: str) -> bytes:
    """An original that states its place in every way that its format allows."""
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
def test_the_originals_have_metadata(name: str) -> None:
    """The originals of the next test contain what it searches for."""
    image = opened(telling(name))
    assert SECRET in telling(name)
    if name not in ("GIF", "TIFF"):
        assert image.getexif().get_ifd(0x8825)[1] == "N"


@pytest.mark.parametrize("target", FORMATS)
@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF", "GIF"])
def test_a_variant_has_no_metadata(name: str, target: str) -> None:
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


def test_the_position_of_the_sample_photograph_is_left_out() -> None:
    assert opened(DOGS).getexif().get_ifd(0x8825)
    for target in FORMATS:
        assert not opened(rendered(DOGS, f"100x.{target}")).getexif()
