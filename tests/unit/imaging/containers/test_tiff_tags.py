"""The tags of a TIFF: defaults, types of numbers, and wrong tags that are not needed."""

import struct
from itertools import product

import numpy as np
import pytest

from tests.support.pictures.charts import opened
from tests.support.pictures.rendering import rendered
from tests.support.pictures.tiffs import (
    BLACK_IS_ZERO,
    BYTE,
    DEFLATE,
    LONG,
    NONE,
    RGB,
    SHORT,
    WHITE_IS_ZERO,
    Kind,
    Samples,
    Tag,
    tiff,
)

HEIGHT, WIDTH = 11, 17
Changes = dict[int, Tag | None]


def ramp(channels: int, bits: int) -> Samples:
    """Slanting ramps, in another direction for each channel."""
    y, x, channel = np.mgrid[0:HEIGHT, 0:WIDTH, 0:channels]
    return np.asarray(np.round((x * (channel + 1) + 2 * y) % 32 / 31 * (2**bits - 1)).astype(np.int64))


def assert_shown(samples: Samples, kind: Kind, changed: Changes) -> None:
    """The picture upright, at its own size, with the colours of its samples."""
    light = samples / (2**kind.bits - 1)
    wanted = 1 - light if kind.photometric == WHITE_IS_ZERO else light
    found = np.asarray(opened(rendered(tiff(samples, kind, changed), "500x500-inside.png")).convert("RGB"), float)
    assert found.shape == (HEIGHT, WIDTH, 3)
    assert np.abs(found - 255 * wanted).max() <= 1


ALL: list[tuple[int, int, int]] = [(1, WHITE_IS_ZERO, 1), (8, BLACK_IS_ZERO, 1), (16, WHITE_IS_ZERO, 1)]
ALL += [(bits, RGB, planar) for bits in (8, 16) for planar in (1, 2)]


@pytest.mark.parametrize("compression", [NONE, DEFLATE])
@pytest.mark.parametrize(("bits", "photometric", "planar"), ALL)
def test_numbers_of_other_types_and_defaults_are_read(
    bits: int, photometric: int, planar: int, compression: int
) -> None:
    """TIFF 6.0, section 8, has the defaults. Readers should accept BYTE, SHORT and LONG (section 2)."""
    channels = 3 if photometric == RGB else 1
    cases: list[Changes] = [
        {256: (SHORT, [WIDTH]), 257: (SHORT, [HEIGHT])},
        {258: (LONG, [bits] * channels), 259: (LONG, [compression]), 262: (LONG, [photometric])},
        {277: (LONG, [channels]), 284: (LONG, [planar])},
        {278: None},
        {266: None, 317: None, 339: None},
        {339: (SHORT, [1])},
        {280: (SHORT, [0] * channels), 281: (SHORT, [255] * channels), 296: (SHORT, [1])},
    ]
    cases += [{284: None}] if planar == 1 else []
    cases += [{259: None}] if compression == NONE else []
    cases += [{277: None}] if channels == 1 else []
    cases += [{258: None}] if bits == 1 else []
    for order, changed in product("<>", cases):
        kind = Kind(bits, photometric, order=order, planar=planar, compression=compression)
        assert_shown(ramp(channels, bits), kind, changed)


@pytest.mark.parametrize("compression", [NONE, DEFLATE])
@pytest.mark.parametrize("order", "<>")
def test_numbers_of_single_bytes_are_read(order: str, compression: int) -> None:
    kind = Kind(8, RGB, order=order, compression=compression)
    assert_shown(ramp(3, 8), kind, {262: (BYTE, [RGB]), 277: (BYTE, [3])})
    assert_shown(ramp(3, 8), kind, {256: (BYTE, [WIDTH]), 257: (BYTE, [HEIGHT]), 258: (BYTE, [8, 8, 8])})
    assert_shown(ramp(3, 8), kind, {259: (BYTE, [compression]), 284: (BYTE, [1]), 339: (BYTE, [1, 1, 1])})


def test_reversed_bits_are_read_without_a_stated_number_of_bits() -> None:
    """The default is 1 (TIFF 6.0, section 3)."""
    for compression in (NONE, DEFLATE):
        kind = Kind(1, WHITE_IS_ZERO, fill_order=2, compression=compression)
        assert_shown(ramp(1, 1), kind, {258: None, 277: None})


@pytest.mark.parametrize("compression", [NONE, DEFLATE])
@pytest.mark.parametrize("turn", range(1, 9))
def test_xmp_does_not_turn_a_picture(turn: int, compression: int) -> None:
    """Neither without the tag of the file itself, nor with a tag that contradicts it."""
    xmp: Tag | None = (BYTE, f'<rdf:Description tiff:Orientation="{turn}"/>'.encode())
    for changed in ({700: xmp}, {700: xmp, 274: (SHORT, [1])}):
        assert_shown(ramp(3, 8), Kind(8, RGB, compression=compression), changed)


WRONG: dict[str, Changes] = {
    "XMP of numbers": {700: (SHORT, [1, 2, 3])},
    "XMP of one number": {700: (LONG, [1])},
    "a profile of numbers": {34675: (LONG, [1, 2, 3])},
    "a profile of one byte": {34675: (BYTE, [1])},
    "Exif outside the file": {34665: (LONG, [2**31])},
    "a position outside the file": {34853: (LONG, [2**32 - 1])},
    "resolutions of another type": {282: (SHORT, [0]), 283: (SHORT, [1, 2]), 296: (SHORT, [2])},
    "two orientations": {274: (SHORT, [1, 1])},
    "a colour map in addition to colours": {320: (SHORT, [1, 2, 3])},
    "an unknown tag": {65000: (SHORT, [1, 2, 3])},
    "dates of numbers": {306: (LONG, [65, 66])},
    "orientation 0, as scanners write it": {274: (SHORT, [0])},
    "orientation 9": {274: (SHORT, [9])},
    "an unknown unit": {296: (SHORT, [9])},
    "another number of inks": {334: (SHORT, [9])},
}


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow's warnings, which a serving process does not see.
@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("compression", [NONE, DEFLATE])
def test_a_wrong_tag_that_is_not_needed_is_ignored(name: str, compression: int) -> None:
    assert_shown(ramp(3, 8), Kind(8, RGB, compression=compression), WRONG[name])


def test_a_second_page_of_another_kind_changes_nothing() -> None:
    """The first page is shown. The second is CMYK with alpha, which is not decoded."""
    samples = ramp(3, 8)
    first = tiff(samples, Kind(8, RGB))
    start = len(first) + len(first) % 2
    second = struct.pack("<H", 3) + b"".join(
        struct.pack("<HHLHH", tag, SHORT, 1, value, 0) for tag, value in ((262, 5), (277, 5), (338, 2))
    )
    directory = int.from_bytes(first[4:8], "little")
    link = directory + 2 + 12 * int.from_bytes(first[directory : directory + 2], "little")
    linked = first[:link] + struct.pack("<L", start) + first[link + 4 :]
    data = linked.ljust(start, b"\0") + second + bytes(4)
    found = np.asarray(opened(rendered(data, "500x500-inside.png")).convert("RGB"))
    assert np.array_equal(found, samples)
