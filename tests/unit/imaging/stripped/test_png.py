"""A PNG that is stored without encoding it again: everything except the picture is left out."""

import struct
import zlib

import pytest

from tests.support.pictures.charts import opened, saved
from tests.support.pictures.hostile.png import SIGNATURE, chunk
from tests.support.pictures.plain import NOISE, PROFILE, ROWS
from tests.support.pictures.pngs import Apng, Moving, png
from tests.support.pictures.rendering import rendered
from tests.support.pictures.secret import SECRET, assert_left_out

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
def test_chunks_before_and_after_the_pixels_are_left_out(plain: str, extra: str) -> None:
    data = PNGS[plain]
    for at in (HEADER_END, data.index(b"IDAT") - 4, len(data) - 12):
        if extra.startswith("a palette") and at > data.index(b"IDAT"):
            continue
        assert_left_out(data, data[:at] + EXTRA[extra] + data[at:])


def test_chunks_between_the_chunks_of_pixels_are_left_out() -> None:
    data = saved(NOISE, "PNG")
    start = data.index(b"IDAT") + 4
    pixels = data[start : start + int.from_bytes(data[start - 8 : start - 4])]
    whole = chunk(b"IDAT", pixels[:99]) + chunk(b"IDAT", pixels[99:])
    parted = chunk(b"IDAT", pixels[:99]) + chunk(b"prVt", SECRET) + chunk(b"IDAT", pixels[99:])
    head, end = data[: start - 8], chunk(b"IEND", b"")
    assert_left_out(head + whole + end, head + parted + end)


def test_bytes_after_a_png_are_left_out() -> None:
    for plain in PNGS.values():
        assert_left_out(plain, plain + SECRET)
        assert_left_out(plain, plain + chunk(b"tEXt", b"Comment\0" + SECRET))
        assert_left_out(plain, plain[:-12] + chunk(b"IEND", SECRET))


def test_the_name_of_a_profile_is_left_out() -> None:
    plain, said = (
        png(ROWS, 8, 6, chunk(b"iCCP", name + b"\0\0" + zlib.compress(PROFILE))) for name in (b"ICC Profile", SECRET)
    )
    assert_left_out(plain, said)
    assert opened(rendered(said, "40x30")).info["icc_profile"] == PROFILE


def test_chunks_that_state_srgb_are_kept() -> None:
    """Each of these chunks states sRGB, or colours close to it."""
    said = chunk(b"sRGB", b"\0") + chunk(b"gAMA", struct.pack(">I", 45455)) + chunk(b"sBIT", b"\5\6\5\1")
    assert rendered(png(ROWS, 8, 6, said + EXTRA["tEXt"]), "40x30") == png(ROWS, 8, 6, said)
