"""Pictures with invalid numbers in their metadata, such as a resolution of 0/0, are shown."""

import struct
from collections.abc import Iterator

import pytest
from PIL import Image

from core.size import FORMATS
from tests.support.pictures.charts import opened, saved
from tests.support.pictures.hostile.png import chunk
from tests.support.pictures.pngs import png
from tests.support.pictures.rendering import rendered

COLOUR = (200, 30, 60)
PLAIN = Image.new("RGB", (16, 8), COLOUR)
ROWS = [list(COLOUR) * 16] * 8
SHORT, LONG, RATIONAL, SIGNED, FLOAT, ASCII = 3, 4, 5, 8, 11, 2
"""Types of fields in TIFF 6.0."""

_X_RESOLUTION, _UNIT, _ORIENTATION = 282, 296, 274
FIELDS: dict[str, tuple[int, int, int, bytes]] = {
    "a resolution of 0/0": (_X_RESOLUTION, RATIONAL, 1, bytes(8)),
    "a resolution of 1/0": (_X_RESOLUTION, RATIONAL, 1, struct.pack("<2L", 1, 0)),
    "a resolution of 4294967295/1": (_X_RESOLUTION, RATIONAL, 1, struct.pack("<2L", 2**32 - 1, 1)),
    "a resolution that is not a number": (_X_RESOLUTION, FLOAT, 1, struct.pack("<f", float("nan"))),
    "an infinite resolution": (_X_RESOLUTION, FLOAT, 1, struct.pack("<f", float("inf"))),
    "a resolution in letters": (_X_RESOLUTION, ASCII, 4, b"72d\0"),
    "no resolutions": (_X_RESOLUTION, RATIONAL, 0, bytes(4)),
    "an unknown unit": (_UNIT, SHORT, 1, struct.pack("<HH", 65535, 0)),
    "an orientation of 0": (_ORIENTATION, SHORT, 1, bytes(4)),
    "an orientation of 9": (_ORIENTATION, SHORT, 1, struct.pack("<HH", 9, 0)),
    "an orientation of 65535": (_ORIENTATION, SHORT, 1, struct.pack("<HH", 65535, 0)),
    "an orientation below 0": (_ORIENTATION, SIGNED, 1, struct.pack("<hH", -1, 0)),
    "an orientation of 0/0": (_ORIENTATION, RATIONAL, 1, bytes(8)),
    "no orientations": (_ORIENTATION, SHORT, 0, struct.pack("<HH", 6, 0)),
    "an orientation in letters": (_ORIENTATION, ASCII, 2, b"x\0\0\0"),
}


def tiff(field: tuple[int, int, int, bytes], pixels: bool = True) -> bytes:
    """A TIFF with one odd field, with a picture or, as in Exif, without one."""
    tag, kind, count, value = field
    fields = {} if not pixels else {256: 16, 257: 8, 258: 8, 259: 1, 262: 2, 273: 0, 277: 3, 278: 8, 279: 384}
    end = 8 + 2 + 12 * (len(fields) + 1) + 4
    fields[273] = end + 8
    entries = {each: struct.pack("<2HLL", each, LONG, 1, number) for each, number in fields.items() if pixels}
    stated = value if len(value) == 4 else struct.pack("<L", end)
    entries[tag] = struct.pack("<2HL", tag, kind, count) + stated
    table = b"".join(entries[each] for each in sorted(entries))
    head = struct.pack("<2sHLH", b"II", 42, 8, len(entries)) + table + bytes(4)
    return head.ljust(end, b"\0") + value.ljust(8, b"\0") + (PLAIN.tobytes() if pixels else b"")


def density(unit: int, across: int, down: int) -> bytes:
    """A JPEG whose JFIF segment states this density."""
    data = saved(PLAIN, "JPEG")
    return data[:13] + struct.pack(">BHH", unit, across, down) + data[18:]


def metres(value: int) -> bytes:
    """A BMP of `value` pixels per metre."""
    data = saved(PLAIN, "BMP")
    return data[:38] + struct.pack("<LL", value, value) + data[46:]


def originals() -> Iterator[tuple[str, bytes]]:
    for name, field in FIELDS.items():
        yield f"TIFF with {name}", tiff(field)
        exif = tiff(field, pixels=False)
        yield f"JPEG with {name}", saved(PLAIN, "JPEG", exif=b"Exif\0\0" + exif)
        yield f"WebP with {name}", saved(PLAIN, "WEBP", exif=exif)
        yield f"PNG with {name}", png(ROWS, before=chunk(b"eXIf", exif))
    for unit, across, down in ((0, 0, 0), (1, 0, 0), (2, 65535, 0), (255, 1, 1)):
        yield f"JFIF of {across} and {down} in unit {unit}", density(unit, across, down)
    for across, down, unit in ((0, 0, 1), (2**32 - 1, 2**32 - 1, 1), (1, 0, 255)):
        yield (
            f"pHYs of {across} and {down} in {unit}",
            png(ROWS, before=chunk(b"pHYs", struct.pack(">2LB", across, down, unit))),
        )
    for value in (0, 2**31, 2**32 - 1):
        yield f"BMP of {value}", metres(value)
    for colours, alphas in ((1, 1), (1, 256), (2, 255), (3, 4), (256, 257)):
        palette = chunk(b"PLTE", bytes(COLOUR) * colours) + chunk(b"tRNS", b"\xff" * alphas)
        yield f"{alphas} alphas of {colours} colours", png([[0] * 16] * 8, colour=3, before=palette)


ORIGINALS = dict(originals())


@pytest.mark.parametrize("name", ORIGINALS)
def test_a_picture_with_an_invalid_number_is_shown(name: str) -> None:
    for target in FORMATS:
        variant = opened(rendered(ORIGINALS[name], f"8x.{target}")).convert("RGB")
        assert variant.size == (8, 4)
        pixel = variant.getpixel((4, 2))
        assert isinstance(pixel, tuple)
        assert all(abs(have - want) < 10 for have, want in zip(pixel, COLOUR, strict=True))
