"""TIFF: what its directories say (TIFF 6.0, section 2)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from core.errors import TooLarge, UnsupportedFormat
from core.imaging.contents import MAX_ORIGINAL_SIDE, Contents, Samples

_NUMBERS: Final = (3, 4, 5, 8, 9, 10, 11, 12, 13)
"""The types whose values become Python numbers: not bytes, text and undefined (TIFF 6.0, section 2)."""

_FORMATS: Final = {1: "B", 3: "H", 4: "L", 13: "L"}
"""The types of the values that are read here, as `struct` calls them: BYTE, SHORT, LONG and IFD."""

_MOST_VALUES: Final = 4 * MAX_ORIGINAL_SIDE
"""Numbers in one TIFF tag: the strips of the tallest image in four planes."""

_MOST_READ: Final = 16
"""Numbers of a tag that are looked at here, and directories."""

_BITS, _COMPRESSION, _PHOTOMETRIC, _SAMPLES, _PLANAR, _SUB_DIRECTORIES = 258, 259, 262, 277, 284, 330
_EXTRA, _SAMPLE_FORMAT, _DNG_VERSION = 338, 339, 50706

_CODINGS: Final = (1, 2, 3, 4, 5, 6, 7, 8, 32773, 32946, 34925, 50000, 50001)
"""The compressions that are decoded: none, CCITT's, LZW, JPEG's two, Deflate's two, PackBits, LZMA, Zstandard, WebP."""

_RAW_COLOURS: Final = (32803, 34892)
"""Photometric interpretations of a camera's sensor: a colour filter array, and linear raw (DNG 1.6, chapter 2)."""

_RAW_CODINGS: Final = (32767, 32769, 32770, 34713, 65000, 65535)
"""Compressions of raw files: of Sony, Epson, Samsung, Nikon, Kodak and Pentax (libtiff, tiff.h)."""

_HEIGHT, _ROWS_PER_STRIP, _SUBSAMPLING = 257, 278, 530
_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _YCBCR = 0, 1, 2, 6
_MOST_PLANES: Final = 4
_UNCOMPRESSED: Final = 1
_SIGNED, _FLOATING = 2, 3
_PLANES: Final = 2

_INTERPRETATIONS: Final = {0: "grey", 1: "grey", 2: "RGB", 3: "palette", 5: "CMYK", 6: "YCbCr", 8: "CIELAB"}
_CHANNELS: Final = {"grey": 1, "palette": 1, "RGB": 3, "CMYK": 4, "YCbCr": 3, "CIELAB": 3}
_SAMPLE_FORMATS: Final = {1: "unsigned", 2: "signed", 3: "floating-point"}


@dataclass(frozen=True)
class _Directory:
    """The numbers of the tags that matter here, by the tag; and where in the file a tag's entry is."""

    values: dict[int, tuple[int, ...]]
    entries: dict[int, int]
    following: int

    def first(self, tag: int, otherwise: int) -> int:
        """A tag's only number, or the first of them."""
        return self.values.get(tag, (otherwise,))[0]


def contents(data: bytes) -> Contents:
    """What a TIFF says of itself.

    Raises UnsupportedFormat for a camera's raw file and for compressions that are not decoded, and TooLarge for a tag
    of too many numbers.
    """
    order = "<" if data.startswith(b"II") else ">"
    first, *others = _directories(data, order)
    if data[8:10] == b"CR" or _DNG_VERSION in first.values or any(map(_is_raw, (first, *others))):
        raise UnsupportedFormat("The original is a camera raw file, which is not decoded here.")
    coding = first.first(_COMPRESSION, 1)
    if coding not in _CODINGS:
        raise UnsupportedFormat(f"The original is a TIFF with compression {coding}, which is not decoded here.")
    _check_layout(first)
    bits = max(first.values.get(_BITS, (1,)))
    inverted = bits > 8 and first.first(_PHOTOMETRIC, _BLACK_IS_ZERO) == _WHITE_IS_ZERO
    if inverted:
        # Pillow decodes some of them, none of them right.
        data = _changed(data, first.entries[_PHOTOMETRIC], _BLACK_IS_ZERO, order)
    height = first.first(_HEIGHT, 0)
    if 0 < height < first.first(_ROWS_PER_STRIP, 0):
        # It has to be the height at least (section 8). Pillow multiplies it, and gives up.
        data = _changed(data, first.entries[_ROWS_PER_STRIP], height, order)
    stated = first.first(_SAMPLE_FORMAT, 1)
    samples = Samples(bits, stated == _SIGNED, stated == _FLOATING, inverted, _in_planes(first))
    return Contents(data, samples=samples, kind=_kind(first))


def _check_layout(directory: _Directory) -> None:
    """Raises UnsupportedFormat for samples that Pillow has no way to put together."""
    photometric, count = directory.first(_PHOTOMETRIC, _BLACK_IS_ZERO), directory.first(_SAMPLES, 1)
    extra, raw = directory.values.get(_EXTRA, ()), directory.first(_COMPRESSION, 1) == _UNCOMPRESSED
    halved_chroma = directory.values.get(_SUBSAMPLING, (2, 2)) != (1, 1)
    chroma, planes = photometric == _YCBCR, _in_planes(directory)
    unused = extra and not any(extra) and (raw or chroma)
    # Pillow takes colours for multiplied by a sample of which nothing is said.
    unnamed = photometric == _RGB and count == _MOST_PLANES and not extra
    if (raw and chroma and (halved_chroma or planes)) or (planes and (unused or unnamed or count > _MOST_PLANES)):
        raise UnsupportedFormat(f"The original is {_kind(directory)}, which is not decoded here.")


def _in_planes(directory: _Directory) -> bool:
    return directory.first(_PLANAR, 1) == _PLANES and directory.first(_SAMPLES, 1) > 1


def _changed(data: bytes, entry: int, value: int, order: str) -> bytes:
    """The file with another number in a directory's entry, whose place is given."""
    kind = _FORMATS[struct.unpack_from(f"{order}H", data, entry + 2)[0]]
    packed = struct.pack(f"{order}{kind}", value)
    return data[: entry + 8] + packed + data[entry + 8 + len(packed) :]


def _kind(directory: _Directory) -> str:
    """What is in the file, for an error's message."""
    colours = _INTERPRETATIONS.get(directory.first(_PHOTOMETRIC, 0), "unknown colours")
    samples = _SAMPLE_FORMATS.get(directory.first(_SAMPLE_FORMAT, 1), "unknown")
    count = directory.first(_SAMPLES, 1)
    extra = max(len(directory.values.get(_EXTRA, ())), count - _CHANNELS.get(colours, count))
    planes = " in separate planes" if directory.first(_PLANAR, 1) == _PLANES else ""
    beside = f" and {extra} more samples" if extra else ""
    packed = "uncompressed" if directory.first(_COMPRESSION, 1) == _UNCOMPRESSED else "compressed"
    return f"a TIFF of {colours}{beside}{planes}, {directory.first(_BITS, 1)} bits each, {samples}, {packed}"


def _is_raw(directory: _Directory) -> bool:
    return directory.first(_PHOTOMETRIC, 0) in _RAW_COLOURS or directory.first(_COMPRESSION, 1) in _RAW_CODINGS


def _directories(data: bytes, order: str) -> Iterator[_Directory]:
    """The first directory, those after it and those that they point to, up to a small number."""
    waiting, seen = [_number(data, 4, order)], set[int]()
    while waiting and len(seen) < _MOST_READ:
        at = waiting.pop(0)
        if at in seen or (seen and not 8 <= at < len(data)):
            continue
        seen.add(at)
        directory = _directory(data, at, order)
        waiting += [*directory.values.get(_SUB_DIRECTORIES, ()), directory.following]
        yield directory


def _directory(data: bytes, at: int, order: str) -> _Directory:
    count = int.from_bytes(data[at : at + 2], "little" if order == "<" else "big")
    values, entries = dict[int, tuple[int, ...]](), dict[int, int]()
    table = data[at + 2 : at + 2 + 12 * count]
    for index, (tag, kind, length, _) in enumerate(struct.iter_unpack(f"{order}HHLL", table[: len(table) // 12 * 12])):
        if kind in _NUMBERS and length > _MOST_VALUES:
            raise TooLarge(f"The original has a tag of {length} numbers; up to {_MOST_VALUES} are read here.")
        entry = at + 2 + 12 * index
        if numbers := _values(data, entry + 8, kind, min(length, _MOST_READ), length, order):
            values[tag], entries[tag] = numbers, entry
    return _Directory(values, entries, _number(data, at + 2 + 12 * count, order))


def _values(data: bytes, at: int, kind: int, read: int, length: int, order: str) -> tuple[int, ...]:
    """The first numbers of a tag, in its entry or where that points to."""
    if kind not in _FORMATS:
        return ()
    size = struct.calcsize(f"={_FORMATS[kind]}")
    start = at if size * length <= 4 else _number(data, at, order)
    packed = data[start : start + size * read]
    return struct.unpack(f"{order}{len(packed) // size}{_FORMATS[kind]}", packed[: len(packed) // size * size])


def _number(data: bytes, at: int, order: str) -> int:
    return int.from_bytes(data[at : at + 4], "little" if order == "<" else "big")
