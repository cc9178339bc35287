"""Camera raw files, which begin like a TIFF, are recognised and refused."""

import struct

import numpy as np
import pytest

from core.errors import UnsupportedFormat
from tests.support.pictures.charts import opened
from tests.support.pictures.hostile.tiff import DEFLATE, NONE, Tags, basics, long, short, tiff
from tests.support.pictures.rendering import rendered

GREY = bytes(range(0, 240, 2)) * 20
"""120x20 pixels."""


def entry(tags: Tags) -> Tags:
    """The tags of a whole picture of 120x20, its pixels at 8."""
    return {**basics(120, 20, samples=1), 273: long(8), 278: long(20), 279: long(len(GREY)), **tags}


def behind(first: bytes, directory: Tags) -> tuple[bytes, int]:
    """The file with a second directory at its end, and the offset of that directory."""
    start = len(first) + len(first) % 2
    body = struct.pack("<H", len(directory))
    for number, (kind, count, value) in sorted(directory.items()):
        assert len(value) <= 4
        body += struct.pack("<HHL", number, kind, count) + value.ljust(4, b"\0")
    return first.ljust(start, b"\0") + body + bytes(4), start


def with_sub_directory(directory: Tags, tag: int = 330) -> bytes:
    first = tiff(entry({tag: long(0)}), GREY)
    _, start = behind(first, directory)
    return behind(tiff(entry({tag: long(start)}), GREY), directory)[0]


def with_second_page(directory: Tags) -> bytes:
    _, start = behind(tiff(entry({}), GREY), directory)
    return behind(tiff(entry({}), GREY, following=start), directory)[0]


RAW = {
    "DNG": tiff(entry({50706: (1, 4, b"\1\4\0\0")}), GREY),
    "a colour filter array after a thumbnail": with_sub_directory({254: long(0), 262: short(32803)}),
    "linear raw after a thumbnail": with_sub_directory({254: long(0), 262: short(34892)}),
    "a colour filter array as a second page": with_second_page({254: long(0), 262: short(32803)}),
    "a colour filter array as the first page": tiff(entry({262: short(32803)}), GREY),
    "Nikon's compression": with_sub_directory({259: short(34713)}),
    "Sony's compression": with_sub_directory({259: short(32767)}),
    "Pentax's compression": tiff(entry({259: short(65535)}), GREY),
    "Canon's CR2": b"II*\0\x10\0\0\0CR\2\0" + bytes(4) + tiff(entry({}), GREY)[8:],
    "Phase One's": b"II*\0\x10\0\0\0IIII" + bytes(4) + tiff(entry({}), GREY)[8:],
    "Olympus's": b"IIRO" + tiff(entry({}), GREY)[4:],
    "Olympus's, another": b"IIRS" + tiff(entry({}), GREY)[4:],
    "Panasonic's": b"IIU\0" + tiff(entry({}), GREY)[4:],
    "Fujifilm's": b"FUJIFILMCCD-RAW 0201" + bytes(99),
    "Canon's CR3": b"\0\0\0\x18ftypcrx \0\0\0\1crx isom" + bytes(99),
    "Canon's CRW": b"II\x1a\0\0\0HEAPCCDR" + bytes(99),
    "Minolta's": b"\0MRM" + bytes(99),
    "Sigma's": b"FOVb" + bytes(99),
}


@pytest.mark.parametrize("name", RAW)
def test_camera_raw_is_named(name: str) -> None:
    with pytest.raises(UnsupportedFormat, match="camera raw"):
        rendered(RAW[name], "20x.jpg")


@pytest.mark.parametrize("header", [b"II+\0\x08\0\0\0", b"MM\0+\0\x08\0\0"])
def test_a_bigtiff_is_named(header: bytes) -> None:
    with pytest.raises(UnsupportedFormat, match="BigTIFF"):
        rendered(header + bytes(99), "20x.jpg")


SHOWN = {
    "one page": tiff(entry({}), GREY),
    "a thumbnail as the second page": with_second_page({254: long(1), 262: short(1), 256: long(9)}),
    "a thumbnail in a sub-directory": with_sub_directory({254: long(1), 262: short(1), 259: short(NONE)}),
    "another picture in a sub-directory": with_sub_directory({262: short(2), 259: short(DEFLATE)}),
    "a chain of directories that is a loop": with_second_page({330: long(8 + len(GREY))}),
    "a chain of directories that ends outside the file": tiff(entry({330: long(2**31)}), GREY, following=2**32 - 2),
}


@pytest.mark.parametrize("name", SHOWN)
def test_a_tiff_is_shown(name: str) -> None:
    found = np.asarray(opened(rendered(SHOWN[name], "120x20.png")).convert("L"))
    assert found.tobytes() == GREY
