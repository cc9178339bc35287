"""Hostile JPEG (ITU-T T.81)."""

import struct
from collections.abc import Iterator
from io import BytesIO

from PIL import Image

from tests.support.pictures.hostile.case import LARGE, SIDE, SMALL, Case
from tests.support.pictures.hostile.icc import PROFILES
from tests.support.pictures.hostile.png import MIB, overlapping_exif

START, END = b"\xff\xd8", b"\xff\xd9"
BASELINE, PROGRESSIVE = 0xC0, 0xC2


def segment(marker: int, data: bytes, length: int | None = None) -> bytes:
    """A marker segment; `length` replaces the true length."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2 if length is None else length) + data


def frame(marker: int, width: int, height: int, sampling: tuple[int, ...] = (0x11, 0x11, 0x11)) -> bytes:
    components = b"".join(bytes([number + 1, each, 0]) for number, each in enumerate(sampling))
    return segment(marker, struct.pack(">BHHB", 8, height, width, len(sampling)) + components)


def scan(components: range, start: int = 0, end: int = 63, approximation: int = 0) -> bytes:
    """A scan without data: decoders use zeros instead."""
    selectors = b"".join(bytes([number + 1, 0]) for number in components)
    return segment(0xDA, bytes([len(components)]) + selectors + bytes([start, end, approximation]))


TABLES = segment(0xDB, b"\0" + b"\1" * 64) + b"".join(
    # One code of one bit: for DC no difference, for AC the end of 2^14 bands.
    segment(0xC4, bytes([kind]) + b"\1" + bytes(15) + symbol)
    for kind, symbol in ((0x00, b"\0"), (0x10, b"\xe0"))
)


def grey(marker: int, width: int, height: int, scans: bytes, **options: tuple[int, ...]) -> bytes:
    """An image whose coefficients are all zero."""
    return START + TABLES + frame(marker, width, height, **options) + scans + END


def with_segments(segments: bytes) -> bytes:
    """A real picture with more segments before its own."""
    buffer = BytesIO()
    Image.new("RGB", (16, 16), "red").save(buffer, "JPEG")
    return START + segments + buffer.getvalue()[2:]


def icc(profile: bytes) -> bytes:
    return segment(0xE2, b"ICC_PROFILE\0\1\1" + profile[:65000])


def bombs() -> Iterator[Case]:
    yield from _scans()
    yield from _segments()


def _scans() -> Iterator[Case]:
    """Many pixels, and many scans over them."""
    colours, inks = range(3), range(4)
    bands, layers = scan(range(1), 1, 63), scan(colours, 0, 0)
    whole = layers + b"".join(scan(range(n, n + 1), 1, 63) for n in colours)
    four = (0x11,) * 4
    yield "4 billion pixels", grey(BASELINE, 65535, 65535, scan(colours)), SMALL
    yield "64 MP", grey(BASELINE, SIDE, SIDE, scan(colours)), LARGE
    yield "64 MP CMYK", grey(BASELINE, SIDE, SIDE, scan(inks), sampling=four), LARGE
    yield "64 MP progressive", grey(PROGRESSIVE, SIDE, SIDE, layers + bands), LARGE
    yield "64 MP progressive CMYK", grey(PROGRESSIVE, SIDE, SIDE, scan(inks, 0, 0) + bands, sampling=four), LARGE
    yield "64 MP in three scans", grey(BASELINE, SIDE, SIDE, b"".join(scan(range(n, n + 1)) for n in colours)), LARGE
    yield "64 MP of 4x4 samples", grey(PROGRESSIVE, SIDE, SIDE, layers, sampling=(0x44, 0x11, 0x11)), LARGE
    yield "2,000 scans of 64 MP", grey(PROGRESSIVE, SIDE, SIDE, layers + bands * 2000), SMALL
    yield "100,000 scans of 1 MP", grey(PROGRESSIVE, 1000, 1000, layers + bands * 100_000), SMALL
    yield "a million scans of 9x9", grey(PROGRESSIVE, 9, 9, layers + bands * 1_000_000), SMALL
    yield "100,000 layers of 1 MP", grey(PROGRESSIVE, 1000, 1000, layers * 100_000), SMALL
    yield "10,000 baseline scans", grey(BASELINE, 4000, 4000, scan(range(1)) * 10_000 + scan(colours)), SMALL
    yield (
        "scans after an end in a comment",
        grey(PROGRESSIVE, SIDE, SIDE, layers + segment(0xFE, END) + bands * 2000),
        SMALL,
    )
    yield "64 MP, no end marker", grey(BASELINE, SIDE, SIDE, scan(colours))[:-2], LARGE
    for scans, side in ((5, SIDE), (7, 6500), (20, 4000), (320, 1000), (1900, 1000)):
        missing = grey(PROGRESSIVE, side, side, whole + bands * (scans - 4))[:-2]
        yield f"{scans} scans of {side}x{side}, no end marker", missing, SMALL
    yield "wide", grey(BASELINE, 65500, 1, scan(colours)), (*LARGE, "x400")
    yield "tall", grey(BASELINE, 1, 65500, scan(colours)), (*LARGE, "x400", "9x9-contain")
    yield "65,535 wide", grey(BASELINE, 65535, 1, scan(colours)), SMALL
    yield "65,535 tall", grey(BASELINE, 1, 65535, scan(colours)), SMALL


def _segments() -> Iterator[Case]:
    """Much data outside the scans."""
    yield "Exif of 20 MB", with_segments(_exif(overlapping_exif(20 * MIB))), SMALL
    yield (
        "a thousand thumbnails",
        with_segments(segment(0xE1, b"Exif\0\0" + overlapping_exif(60_000)[:65000]) * 1000),
        SMALL,
    )
    yield "eight million empty segments", with_segments(segment(0xE5, b"") * 8_000_000), SMALL
    yield "eight million comments", with_segments(segment(0xFE, b"") * 8_000_000), SMALL
    yield "60 MB of padding", START + b"\xff" * 60_000_000, SMALL
    yield "60 MB of padding before the frame", with_segments(b"\xff" * 60_000_000), SMALL
    yield "60 MB of zeros before the frame", with_segments(bytes(60_000_000)), SMALL
    yield "a million tables", with_segments(TABLES * 100_000), SMALL
    yield "60 MB after the end", grey(BASELINE, 9, 9, scan(range(3))) + bytes(60_000_000), SMALL
    yield (
        "16 MB of profile",
        with_segments(
            b"".join(segment(0xE2, b"ICC_PROFILE\0" + bytes([n, 255]) + bytes(65000)) for n in range(1, 256))
        ),
        SMALL,
    )


def _exif(data: bytes) -> bytes:
    """Exif that is too long for one segment, split over several, which readers join."""
    parts = [data[start : start + 65000] for start in range(0, len(data), 65000)]
    return b"".join(segment(0xE1, b"Exif\0\0" + part) for part in parts)


def _thumbnail(width: int, height: int, offset: int, length: int) -> bytes:
    """Exif whose second directory announces a thumbnail."""
    entries = [(0x100, 4, 1, width), (0x101, 4, 1, height), (0x201, 4, 1, offset), (0x202, 4, 1, length)]
    second = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHLL", *entry) for entry in entries)
    return segment(0xE1, b"Exif\0\0II*\0" + struct.pack("<LHL", 8, 0, 14) + second + bytes(4))


def _pictures(count: int, size: int, offset: int) -> bytes:
    """A Multi-Picture Format index (CIPA DC-007) that announces `count` pictures."""
    entries = b"".join(struct.pack("<LLLHH", 0x030000, size, offset, 0, 0) for _ in range(min(count, 3000)))
    tags = [(0xB000, 7, 4, 0x30303130), (0xB001, 4, 1, count), (0xB002, 7, min(len(entries), 16 * count), 50)]
    index = struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHLL", *tag) for tag in tags) + bytes(4)
    return segment(0xE2, b"MPF\0II*\0" + struct.pack("<L", 8) + index + entries)


def lies() -> Iterator[Case]:
    for width, height in ((0, 0), (0, 9), (9, 0)):
        yield f"{width}x{height}", grey(BASELINE, width, height, scan(range(3))), SMALL
    for marker in (0xC0, 0xC4, 0xDA, 0xDB, 0xDD, 0xE0, 0xE1, 0xE2, 0xED, 0xEE, 0xFE):
        for length in (0, 1, 2, 3, 65535):
            yield f"marker {marker:x} of {length}", with_segments(segment(marker, b"abcd", length)), SMALL
    for marker in (0xC1, 0xC3, 0xC5, 0xC9, 0xCA, 0xCB, 0xCF, 0xF7):
        yield f"frame of kind {marker:x}", grey(marker, 99, 99, scan(range(3))), SMALL
    for components in (0, 1, 2, 5, 255):
        sampling = (0x11,) * components
        yield f"{components} components", grey(BASELINE, 9, 9, scan(range(components)), sampling=sampling), SMALL
    for factors in (0x00, 0x10, 0x55, 0xFF):
        yield f"sampling {factors:x}", grey(BASELINE, 9, 9, scan(range(3)), sampling=(factors, 0x11, 0x11)), SMALL
    for start, end, approximation in ((5, 1, 0), (0, 255, 0), (1, 63, 0xFF), (64, 64, 0), (0, 5, 0)):
        scans = scan(range(1), start, end, approximation)
        yield f"scan {start}-{end}-{approximation}", grey(PROGRESSIVE, 9, 9, scan(range(3), 0, 0) + scans), SMALL
    yield (
        "two frames",
        START + TABLES + frame(BASELINE, 9, 9) + frame(BASELINE, SIDE, SIDE) + scan(range(3)) + END,
        SMALL,
    )
    yield "no tables", START + frame(BASELINE, 9, 9) + scan(range(3)) + END, SMALL
    yield "no scan", START + TABLES + frame(BASELINE, 9, 9) + END, SMALL
    yield "no frame", START + TABLES + scan(range(3)) + END, SMALL
    yield from _lies_of_metadata()


def _lies_of_metadata() -> Iterator[Case]:
    for name, profile in PROFILES.items():
        yield f"profile, {name}", with_segments(icc(profile)), SMALL
    for size, offset in ((2**32 - 1, 2**32 - 1), (0, 0), (100, 0), (2**31, 14)):
        yield f"thumbnail of {size} at {offset}", with_segments(_thumbnail(size, size, offset, size)), SMALL
        for count in (0, 1, 2, 3000, 2**32 - 1):
            yield f"{count} pictures of {size} at {offset}", with_segments(_pictures(count, size, offset)), SMALL
    larger = grey(BASELINE, 65535, 65535, scan(range(3)))
    yield "a second image that is larger", with_segments(b"")[:-2] + larger[2:], SMALL
