"""A WebP that is stored without encoding it again: everything except the picture is left out."""

import pytest

from tests.support.pictures.charts import opened, saved
from tests.support.pictures.hostile import webp as riff
from tests.support.pictures.plain import CLEAR, NOISE, PROFILE
from tests.support.pictures.rendering import rendered
from tests.support.pictures.secret import SECRET, assert_left_out
from tests.support.pictures.webps import Still, webp

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
def test_chunks_before_and_after_the_picture_are_left_out(plain: str, kind: bytes) -> None:
    data = extended(WEBPS[plain])
    flags = bytes([data[20] | {b"EXIF": EXIF, b"XMP ": XMP}.get(kind, 0)]) + data[21:24]
    extra = riff.chunk(kind, SECRET)
    assert_left_out(data, riff.riff(data[12:20] + flags + data[24:] + extra))
    assert_left_out(data, riff.riff(data[12:20] + flags + data[24:30] + extra + data[30:]))


def test_chunks_after_a_picture_without_extensions_are_left_out() -> None:
    for name in ("lossy", "lossless"):
        assert_left_out(WEBPS[name], riff.riff(WEBPS[name][12:] + riff.chunk(b"EXIF", SECRET)))


def test_chunks_in_a_frame_are_left_out() -> None:
    data = WEBPS["moving"]
    at = data.index(b"ANMF")
    end = at + 8 + int.from_bytes(data[at + 4 : at + 8], "little")
    frame = data[at + 8 : end] + riff.chunk(b"note", SECRET)
    assert_left_out(data, riff.riff(data[12:at] + riff.chunk(b"ANMF", frame) + data[end:]))


def test_bytes_after_a_webp_are_left_out() -> None:
    for plain in WEBPS.values():
        assert_left_out(plain, plain + SECRET)


def test_the_stated_sizes_and_flags_of_a_stripped_webp_are_right() -> None:
    for plain in WEBPS.values():
        data = extended(plain)
        found = rendered(riff.riff(data[12:] + riff.chunk(b"XMP ", SECRET)), "40x30")
        assert int.from_bytes(found[4:8], "little") == len(found) - 8
        assert not found[20] & (EXIF | XMP)
