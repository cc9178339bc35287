"""Real pictures that are damaged or disguised as another format."""

import random
import struct
from collections.abc import Iterator
from io import BytesIO
from typing import Final

import pillow_heif
from PIL import Image

from tests.support.pictures.hostile import jpeg as jpegs
from tests.support.pictures.hostile import png as pngs
from tests.support.pictures.hostile.case import SMALL, Case
from tests.support.pictures.samples import CAT

FORMATS: Final = ("JPEG", "PNG", "WEBP", "AVIF", "HEIF", "GIF", "TIFF", "BMP")
STEP: Final = 64
"""The number of bytes between two cuts."""
FLIPS: Final = 80


def picture(name: str, mode: str = "RGB") -> bytes:
    """A small photograph in a format, with metadata if the format has any."""
    image = Image.open(BytesIO(CAT)).resize((48, 36)).convert(mode)
    exif = Image.Exif()
    exif[0x0112] = 6
    buffer = BytesIO()
    extras = {} if name in ("GIF", "BMP", "PPM", "EPS") else {"exif": exif.tobytes()}
    if name == "JPEG":
        extras["progressive"] = True  # type: ignore[assignment]
    if name == "HEIF":  # The library that Sizewise decodes it with has no encoder.
        pillow_heif.from_pillow(image).save(buffer, **extras)
    else:
        image.save(buffer, name, **extras)
    return buffer.getvalue()


def truncated(name: str) -> Iterator[Case]:
    data = picture(name)
    for length in range(0, len(data), STEP):
        yield f"{name} cut at {length}", data[:length], SMALL


def flipped(name: str) -> Iterator[Case]:
    """One to four changed bytes, in half of the files among the first 128, where the headers are."""
    data = picture(name)
    chance = random.Random(f"flipped {name}")
    for number in range(FLIPS):
        broken = bytearray(data)
        reach = len(data) if number % 2 else min(128, len(data))
        for _ in range(chance.randint(1, 4)):
            broken[chance.randrange(reach)] = chance.randrange(256)
        yield f"{name} flipped {number}", bytes(broken), SMALL


def signatures() -> Iterator[Case]:
    """The signature of one format on the body of another, text, and formats that Sizewise does not decode."""
    bodies = {name: picture(name) for name in FORMATS}
    for name, head in bodies.items():
        for other, body in bodies.items():
            if name != other:
                yield f"{name} on {other}", head[:16] + body, SMALL
                yield f"{name} over {other}", head[:16] + body[16:], SMALL
        yield f"{name}, signature only", head[:16], SMALL
        yield f"{name}, then zeros", head[:16] + bytes(4096), SMALL
        yield f"{name}, then ones", head[:16] + b"\xff" * 4096, SMALL
    others = {
        "ICO": "ICO",
        "PPM": "PPM",
        "TGA": "TGA",
        "PCX": "PCX",
        "JPEG2000": "JPEG2000",
        "EPS": "EPS",
        "PDF": "PDF",
    }
    for name, pillow in others.items():
        buffer = BytesIO()
        Image.new("RGB", (16, 16), "red").save(buffer, pillow)
        yield name, buffer.getvalue(), SMALL
    yield "empty", b"", SMALL
    yield "HTML", b"<!doctype html><script>alert(1)</script>", SMALL
    yield "SVG", b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', SMALL
    yield "zeros", bytes(65536), SMALL


def polyglots() -> Iterator[Case]:
    """Files that are valid in two formats."""
    for name in FORMATS:
        data = picture(name)
        yield f"{name} and a ZIP", data + b"PK\5\6" + bytes(18), SMALL
        yield f"{name} and HTML", data + b"<script>alert(1)</script>", SMALL
        yield f"HTML and {name}", b"<script></script>" + data, SMALL
        yield f"{name} twice", data + data, SMALL
        yield f"{name} and a bomb", data + pngs.unpaid(40000, 25000), SMALL
    jpeg, png, gif = picture("JPEG"), picture("PNG"), picture("GIF")
    yield "PDF in a JPEG", jpeg[:2] + jpegs.segment(0xFE, b"%PDF-1.7\n%%EOF") + jpeg[2:], SMALL
    yield "PHP in a PNG", png[:33] + pngs.chunk(b"tEXt", b"x\0<?php exit; ?>") + png[33:], SMALL
    yield "script in a GIF", b"GIF89a/*" + gif[8:] + b"*/=1;alert(1)", SMALL
    yield "TIFF, little and big endian", b"II*\0" + struct.pack("<L", 8) + picture("TIFF")[8:], SMALL
