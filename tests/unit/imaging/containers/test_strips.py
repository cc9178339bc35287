"""A TIFF whose strips are cut short is refused in every coding, and never shown with wrong rows."""

import struct
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image

from core.errors import BrokenOriginal
from tests.support.pictures.charts import opened, saved
from tests.support.pictures.rendering import rendered

OFFSETS, ROWS_PER_STRIP, COUNTS = 273, 278, 279
FAX = ["tiff_ccitt", "group3", "group4"]
OTHERS = ["jpeg", "packbits", "tiff_lzw", "tiff_adobe_deflate", "zstd", "lzma"]


def picture(mode: str) -> Image.Image:
    """Something with detail down to the last pixel."""
    noise = np.random.default_rng(11).integers(0, 256, (30, 40, 3), np.uint8)
    return Image.fromarray(noise).resize((123, 77), Image.Resampling.NEAREST).convert(mode)


def tiff(coding: str, rows: int) -> bytes:
    """A TIFF by libtiff's encoders, in strips of `rows` rows."""
    mode = "1" if coding in FAX else "RGB"
    return saved(picture(mode), "TIFF", compression=coding, tiffinfo={ROWS_PER_STRIP: rows})


def numbers(data: bytes, tag: int) -> tuple[int, int, list[int]]:
    """The offset of a tag's numbers, the bytes of each, and the numbers."""
    [directory] = struct.unpack_from("<L", data, 4)
    for entry in range(directory + 2, directory + 2 + 12 * data[directory], 12):
        found, kind, count = struct.unpack_from("<HHL", data, entry)
        if found == tag:
            size = {3: 2, 4: 4}[kind]
            at = entry + 8 if size * count <= 4 else struct.unpack_from("<L", data, entry + 8)[0]
            return at, size, [int.from_bytes(data[at + size * n :][:size], "little") for n in range(count)]
    raise KeyError(tag)


def cut_strips(data: bytes) -> Iterator[bytes]:
    """The file with its first, middle or last strip cut, by half of it down to 40 bytes."""
    at, size, counts = numbers(data, COUNTS)
    for strip in {0, len(counts) // 2, len(counts) - 1}:
        for kept in (counts[strip] // 2, counts[strip] * 9 // 10, counts[strip] - 40):
            place = at + size * strip
            yield data[:place] + kept.to_bytes(size, "little") + data[place + size :]


@pytest.mark.parametrize("rows", [8, 77])
@pytest.mark.parametrize("coding", [*FAX, *OTHERS])
def test_a_strip_that_is_cut_short_is_refused(coding: str, rows: int) -> None:
    for data in cut_strips(tiff(coding, rows)):
        for size in ("123x77.png", "20x.jpg"):
            with pytest.raises(BrokenOriginal):
                rendered(data, size)


@pytest.mark.parametrize("rows", [8, 77])
@pytest.mark.parametrize("coding", [*FAX, *OTHERS, "raw"])
def test_a_file_that_is_cut_short_is_refused(coding: str, rows: int) -> None:
    data = tiff(coding, rows)
    _, _, offsets = numbers(data, OFFSETS)
    for share in (10, 50, 90, 99):
        with pytest.raises(BrokenOriginal):
            rendered(data[: offsets[0] + (len(data) - offsets[0]) * share // 100], "123x77.png")


@pytest.mark.parametrize("rows", [8, 77])
@pytest.mark.parametrize("coding", FAX)
def test_a_complete_fax_is_shown(coding: str, rows: int) -> None:
    found = opened(rendered(tiff(coding, rows), "123x77.png")).convert("L")
    assert np.array_equal(np.asarray(found), np.asarray(picture("1").convert("L")))


def test_a_fax_without_its_end_code_is_shown() -> None:
    """Readers know the number of rows and do not need it. Libtiff reads such files too."""
    data = tiff("group4", 77)
    at, size, [count] = numbers(data, COUNTS)
    data = data[:at] + (count - 2).to_bytes(size, "little") + data[at + size :]
    found = opened(rendered(data, "123x77.png")).convert("L")
    assert np.array_equal(np.asarray(found), np.asarray(picture("1").convert("L")))


@pytest.mark.parametrize("padding", [1, 64, 511, 4000])
def test_a_jpeg_that_is_padded_is_shown(padding: int) -> None:
    """Some writers pad to a sector or a page."""
    data = tiff("jpeg", 77)
    at, size, [count] = numbers(data, COUNTS)
    start, wide, [offset] = numbers(data, OFFSETS)
    padded = data + data[offset : offset + count] + bytes(padding)
    moved = padded[:start] + len(data).to_bytes(wide, "little") + padded[start + wide :]
    moved = moved[:at] + (count + padding).to_bytes(size, "little") + moved[at + size :]
    assert rendered(moved, "123x77.png") == rendered(data, "123x77.png")
