"""Originals that are stored as they are tell nothing: whatever is not the picture is left out, wherever it stands."""

import random
import struct
import zlib
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image

from tests.support.pictures.charts import opened, saved
from tests.support.pictures.gifs import Gif, Picture
from tests.support.pictures.hostile import webp as riff
from tests.support.pictures.hostile.png import SIGNATURE, chunk
from tests.support.pictures.icc import DISPLAY_P3
from tests.support.pictures.playing import frames
from tests.support.pictures.pngs import Apng, Moving, png
from tests.support.pictures.rendering import rendered
from tests.support.pictures.webps import Still, webp

SECRET = b"Lange Reihe 29, third floor"
CHANCE = random.Random("stripped")
NOISE = Image.frombytes("RGB", (40, 30), CHANCE.randbytes(3600))
CLEAR = Image.frombytes("RGBA", (40, 30), CHANCE.randbytes(4800))
ROWS = [[CHANCE.randrange(256) for _ in range(160)] for _ in range(30)]
PROFILE = DISPLAY_P3.profile()


def assert_told_nothing(plain: bytes, telling: bytes) -> None:
    """The picture with secrets beside it is stored like the one without."""
    assert SECRET in telling or zlib.compress(SECRET) in telling
    found = rendered(telling, "40x30")
    assert SECRET not in found
    assert zlib.compress(SECRET) not in found
    assert found == rendered(plain, "40x30")
    with Image.open(BytesIO(plain)) as image, Image.open(BytesIO(found)) as stored:
        for frame, other in zip(frames(image), frames(stored), strict=True):
            assert frame.convert("RGBA").tobytes() == other.convert("RGBA").tobytes()


# JPEG.


def segment(kind: int, body: bytes) -> bytes:
    return bytes([0xFF, kind]) + struct.pack(">H", len(body) + 2) + body


JPEGS = {
    "baseline": saved(NOISE, "JPEG"),
    "progressive": saved(NOISE, "JPEG", progressive=True, restart_marker_blocks=3),
    "with a profile": saved(NOISE, "JPEG", icc_profile=PROFILE),
}
NAMES = {
    0xE0: b"JFXX\0\x10",
    0xE1: b"http://ns.adobe.com/xap/1.0/\0",
    0xE2: b"FPXR\0",
    0xED: b"Photoshop 3.0\0",
    0xEE: b"Adobf",
}


def behind_jfif(data: bytes, extra: bytes) -> bytes:
    return data[:20] + extra + data[20:]


def before_scan(data: bytes, extra: bytes) -> bytes:
    at = data.index(b"\xff\xda")
    return data[:at] + extra + data[at:]


def before_end(data: bytes, extra: bytes) -> bytes:
    return data[:-2] + extra + data[-2:]


PLACES: list[Callable[[bytes, bytes], bytes]] = [behind_jfif, before_scan, before_end]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", [*range(0xE0, 0xF0), 0xFE])
def test_segments_of_applications_and_comments(kind: int, place: Callable[[bytes, bytes], bytes]) -> None:
    for plain in JPEGS.values():
        assert_told_nothing(plain, place(plain, segment(kind, NAMES.get(kind, b"Exif\0\0") + SECRET)))
        if place is not before_end:
            assert_told_nothing(plain, place(plain, b"\xff\xff" + segment(kind, SECRET)))


def test_what_stands_between_segments() -> None:
    for plain in JPEGS.values():
        for place in (behind_jfif, before_scan):
            assert_told_nothing(plain, place(plain, SECRET))


def test_what_follows_a_jpeg() -> None:
    for plain in JPEGS.values():
        assert_told_nothing(plain, plain + SECRET)
        assert_told_nothing(plain, plain + saved(NOISE, "JPEG", comment=SECRET))


def test_the_thumbnail_of_a_jfif_segment() -> None:
    for plain in JPEGS.values():
        pixels = SECRET.ljust(27, b"!")
        thumbnail = segment(0xE0, plain[6:18] + bytes([3, 3]) + pixels)
        assert_told_nothing(plain, plain[:2] + thumbnail + plain[20:])


def test_what_follows_adobes_transform() -> None:
    """It tells RGB from YCbCr: without the segment the colours would be others."""
    plain = saved(NOISE, "JPEG", keep_rgb=True)
    at = plain.index(b"\xff\xee")
    long = segment(0xEE, plain[at + 4 : at + 16] + SECRET)
    assert_told_nothing(plain, plain[:at] + long + plain[at + 16 :])


def test_a_second_picture_in_a_jpeg() -> None:
    data = saved(NOISE, "MPO", save_all=True, append_images=[NOISE.rotate(180)])
    assert_told_nothing(saved(NOISE, "JPEG"), data + SECRET)


def test_data_that_a_decoder_passes_over_in_a_scan() -> None:
    """TEM, and a second start, end its codes. What is behind them can't be told from codes: the file is made anew."""
    for plain in JPEGS.values():
        found = rendered(before_end(plain, b"\xff\x01" + SECRET), "40x30")
        assert SECRET not in found
        assert opened(found).size == (40, 30)


# PNG.

APNG = Apng((40, 30), [Moving(ROWS), Moving([row[:40] for row in ROWS[:5]], 3, 4)], plays=3).data()
PNGS = {
    "still": png(ROWS, 8, 6),
    "still with a profile": saved(NOISE, "PNG", icc_profile=PROFILE),
    "moving": APNG,
}
EXTRA = {
    "tEXt": chunk(b"tEXt", b"Comment\0" + SECRET),
    "zTXt": chunk(b"zTXt", b"Comment\0\0" + zlib.compress(SECRET)),
    "iTXt": chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + SECRET),
    "eXIf": chunk(b"eXIf", b"II*\0\x08\0\0\0\0\0\0\0\0\0" + SECRET),
    "private": chunk(b"prVt", SECRET),
    "safe to copy": chunk(b"prVT", SECRET),
    "tIME": chunk(b"tIME", SECRET[:7]) + chunk(b"prVt", SECRET),
    "a palette that nothing needs": chunk(b"PLTE", SECRET.ljust(27)),
    **{f"{kind} of a wrong length": chunk(kind.encode(), SECRET) for kind in ("gAMA", "cHRM", "sRGB", "sBIT", "cICP")},
    "tRNS of a wrong length": chunk(b"tRNS", SECRET),
}


HEADER_END = len(SIGNATURE) + 25


@pytest.mark.parametrize("extra", EXTRA)
@pytest.mark.parametrize("plain", PNGS)
def test_chunks_beside_the_pixels(plain: str, extra: str) -> None:
    data = PNGS[plain]
    for at in (HEADER_END, data.index(b"IDAT") - 4, len(data) - 12):
        if extra.startswith("a palette") and at > data.index(b"IDAT"):
            continue
        assert_told_nothing(data, data[:at] + EXTRA[extra] + data[at:])


def test_chunks_between_those_of_the_pixels() -> None:
    data = saved(NOISE, "PNG")
    start = data.index(b"IDAT") + 4
    pixels = data[start : start + int.from_bytes(data[start - 8 : start - 4])]
    whole = chunk(b"IDAT", pixels[:99]) + chunk(b"IDAT", pixels[99:])
    parted = chunk(b"IDAT", pixels[:99]) + chunk(b"prVt", SECRET) + chunk(b"IDAT", pixels[99:])
    head, end = data[: start - 8], chunk(b"IEND", b"")
    assert_told_nothing(head + whole + end, head + parted + end)


def test_what_follows_a_png() -> None:
    for plain in PNGS.values():
        assert_told_nothing(plain, plain + SECRET)
        assert_told_nothing(plain, plain + chunk(b"tEXt", b"Comment\0" + SECRET))
        assert_told_nothing(plain, plain[:-12] + chunk(b"IEND", SECRET))


def test_the_name_of_a_profile() -> None:
    plain, said = (
        png(ROWS, 8, 6, chunk(b"iCCP", name + b"\0\0" + zlib.compress(PROFILE))) for name in (b"ICC Profile", SECRET)
    )
    assert_told_nothing(plain, said)
    assert opened(rendered(said, "40x30")).info["icc_profile"] == PROFILE


def test_what_a_png_says_of_its_colours_stays() -> None:
    """Each of them says that it is sRGB, or near it."""
    said = chunk(b"sRGB", b"\0") + chunk(b"gAMA", struct.pack(">I", 45455)) + chunk(b"sBIT", b"\5\6\5\1")
    assert rendered(png(ROWS, 8, 6, said + EXTRA["tEXt"]), "40x30") == png(ROWS, 8, 6, said)


# WebP.

WEBPS = {
    "lossy": saved(NOISE, "WEBP"),
    "lossless": saved(NOISE, "WEBP", lossless=True),
    "with alpha": saved(CLEAR, "WEBP"),
    "with a profile": saved(NOISE, "WEBP", icc_profile=PROFILE),
    "moving": webp((40, 30), [Still(CLEAR), Still(CLEAR.rotate(180), duration=30)], alpha=True, plays=2),
}
EXIF, XMP = 0x08, 0x04


def extended(data: bytes) -> bytes:
    """A WebP with VP8X."""
    alpha = 0x10 * (opened(data).mode == "RGBA")
    return data if data[12:16] == b"VP8X" else riff.riff(riff.canvas(40, 30, alpha) + data[12:])


@pytest.mark.parametrize("kind", [b"EXIF", b"XMP ", b"note", b"JUNK"])
@pytest.mark.parametrize("plain", WEBPS)
def test_chunks_beside_the_picture(plain: str, kind: bytes) -> None:
    data = extended(WEBPS[plain])
    flags = bytes([data[20] | {b"EXIF": EXIF, b"XMP ": XMP}.get(kind, 0)]) + data[21:24]
    extra = riff.chunk(kind, SECRET)
    assert_told_nothing(data, riff.riff(data[12:20] + flags + data[24:] + extra))
    assert_told_nothing(data, riff.riff(data[12:20] + flags + data[24:30] + extra + data[30:]))


def test_chunks_behind_a_picture_without_extensions() -> None:
    for name in ("lossy", "lossless"):
        assert_told_nothing(WEBPS[name], riff.riff(WEBPS[name][12:] + riff.chunk(b"EXIF", SECRET)))


def test_chunks_in_a_frame() -> None:
    data = WEBPS["moving"]
    at = data.index(b"ANMF")
    end = at + 8 + int.from_bytes(data[at + 4 : at + 8], "little")
    frame = data[at + 8 : end] + riff.chunk(b"note", SECRET)
    assert_told_nothing(data, riff.riff(data[12:at] + riff.chunk(b"ANMF", frame) + data[end:]))


def test_what_follows_a_webp() -> None:
    for plain in WEBPS.values():
        assert_told_nothing(plain, plain + SECRET)


def test_the_sizes_that_a_webp_states_are_right() -> None:
    for plain in WEBPS.values():
        data = extended(plain)
        found = rendered(riff.riff(data[12:] + riff.chunk(b"XMP ", SECRET)), "40x30")
        assert int.from_bytes(found[4:8], "little") == len(found) - 8
        assert not found[20] & (EXIF | XMP)


# GIF.

PALETTE = [(level, level // 2, 255 - level) for level in range(256)]
PICTURES = [Picture([row[:40] for row in ROWS]), Picture([[7] * 9] * 4, 3, 5, delay=3, transparent=8)]
SUB_BLOCKS = bytes([len(SECRET)]) + SECRET + b"\0"


@pytest.mark.parametrize(
    "extra",
    [
        b"!\xfe" + SUB_BLOCKS,
        b"!\xff\x0bXMP DataXMP" + SUB_BLOCKS,
        b"!\xff\x0bICCRGBG1012" + SUB_BLOCKS,
        b"!\x01\x0c" + bytes(12) + SUB_BLOCKS,
        b"!\x99" + SUB_BLOCKS,
    ],
    ids=["comment", "XMP", "profile", "plain text", "unknown"],
)
def test_extensions_of_a_gif(extra: bytes) -> None:
    for count in (1, 2):
        gif = Gif((40, 30), PICTURES[:count], PALETTE, repeats=2 if count > 1 else None)
        plain = gif.data()
        assert_told_nothing(plain, Gif(gif.screen, gif.pictures, gif.palette, gif.repeats, 0, extra).data())
        assert_told_nothing(plain, plain[:-1] + extra + b";")
        assert_told_nothing(plain, plain + SECRET)


def test_what_a_loop_says_beside_its_count() -> None:
    plain = Gif((40, 30), PICTURES, PALETTE, repeats=2).data()
    at = plain.index(b"NETSCAPE2.0") + 15
    assert_told_nothing(plain, plain[:at] + SUB_BLOCKS + plain[at + 1 :])
