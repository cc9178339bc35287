"""A JPEG that is stored without encoding it again: everything except the picture is left out."""

import struct
from collections.abc import Callable

import pytest

from tests.support.pictures.charts import opened, saved
from tests.support.pictures.plain import NOISE, PROFILE
from tests.support.pictures.rendering import rendered
from tests.support.pictures.secret import SECRET, assert_left_out


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


def after_jfif(data: bytes, extra: bytes) -> bytes:
    return data[:20] + extra + data[20:]


def before_scan(data: bytes, extra: bytes) -> bytes:
    at = data.index(b"\xff\xda")
    return data[:at] + extra + data[at:]


def before_end(data: bytes, extra: bytes) -> bytes:
    return data[:-2] + extra + data[-2:]


PLACES: list[Callable[[bytes, bytes], bytes]] = [after_jfif, before_scan, before_end]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", [*range(0xE0, 0xF0), 0xFE])
def test_application_segments_and_comments_are_left_out(kind: int, place: Callable[[bytes, bytes], bytes]) -> None:
    for plain in JPEGS.values():
        assert_left_out(plain, place(plain, segment(kind, NAMES.get(kind, b"Exif\0\0") + SECRET)))
        if place is not before_end:
            assert_left_out(plain, place(plain, b"\xff\xff" + segment(kind, SECRET)))


def test_bytes_between_segments_are_left_out() -> None:
    for plain in JPEGS.values():
        for place in (after_jfif, before_scan):
            assert_left_out(plain, place(plain, SECRET))


def test_bytes_after_a_jpeg_are_left_out() -> None:
    for plain in JPEGS.values():
        assert_left_out(plain, plain + SECRET)
        assert_left_out(plain, plain + saved(NOISE, "JPEG", comment=SECRET))


def test_the_thumbnail_of_a_jfif_segment_is_left_out() -> None:
    for plain in JPEGS.values():
        pixels = SECRET.ljust(27, b"!")
        thumbnail = segment(0xE0, plain[6:18] + bytes([3, 3]) + pixels)
        assert_left_out(plain, plain[:2] + thumbnail + plain[20:])


def test_bytes_after_adobes_transform_are_left_out() -> None:
    """The transform distinguishes RGB from YCbCr, so its segment is kept."""
    plain = saved(NOISE, "JPEG", keep_rgb=True)
    at = plain.index(b"\xff\xee")
    long = segment(0xEE, plain[at + 4 : at + 16] + SECRET)
    assert_left_out(plain, plain[:at] + long + plain[at + 16 :])


def test_a_second_picture_in_a_jpeg_is_left_out() -> None:
    data = saved(NOISE, "MPO", save_all=True, append_images=[NOISE.rotate(180)])
    assert_left_out(saved(NOISE, "JPEG"), data + SECRET)


def test_data_that_a_decoder_ignores_in_a_scan_is_left_out() -> None:
    """TEM or a second start ends the codes. Later data can't be told from codes, so the picture is encoded again."""
    for plain in JPEGS.values():
        found = rendered(before_end(plain, b"\xff\x01" + SECRET), "40x30")
        assert SECRET not in found
        assert opened(found).size == (40, 30)
