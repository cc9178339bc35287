"""TIFF: its directories and the numbers of their tags (TIFF 6.0, section 2)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from core.errors import TooLarge
from core.imaging.containers.contents import MAX_ORIGINAL_SIDE

_NUMBERS: Final = (3, 4, 5, 8, 9, 10, 11, 12, 13)
"""The types whose values become Python numbers: not bytes, text and undefined (TIFF 6.0, section 2)."""

_FORMATS: Final = {1: "B", 3: "H", 4: "L", 13: "L"}
"""The types of values that this module reads, as formats of `struct`: BYTE, SHORT, LONG and IFD."""

_BYTE, _SHORT = 1, 3

_MOST_VALUES: Final = 4 * MAX_ORIGINAL_SIDE
"""The most numbers in a TIFF tag: the strips of the tallest image in four planes."""

_MOST_READ: Final = 16
"""The most numbers of a tag in `Directory.values`, and the most directories that are read."""

_SUB_DIRECTORIES: Final = 330


@dataclass(frozen=True)
class Directory:
    """The first numbers of each tag, the place of its entry in the file, and the place of the next directory.

    `order` is the file's byte order, as in `struct`.
    """

    values: dict[int, tuple[int, ...]]
    entries: dict[int, int]
    following: int
    order: str

    def first(self, tag: int, otherwise: int) -> int:
        """A tag's first number, or `otherwise` if it has none."""
        return self.values.get(tag, (otherwise,))[0]


def directories(data: bytes) -> Iterator[Directory]:
    """The first directory, the directories after it, and those that these point to, up to `_MOST_READ`.

    Raises TooLarge for a tag with too many numbers.
    """
    order = "<" if data.startswith(b"II") else ">"
    waiting, seen = [_number(data, 4, order)], set[int]()
    while waiting and len(seen) < _MOST_READ:
        at = waiting.pop(0)
        if at in seen or (seen and not 8 <= at < len(data)):
            continue
        seen.add(at)
        directory = _directory(data, at, order)
        waiting += [*directory.values.get(_SUB_DIRECTORIES, ()), directory.following]
        yield directory


def numbers(data: bytes, directory: Directory, tag: int) -> tuple[int, ...]:
    """All numbers of a tag. Raises TooLarge for more than `_MOST_VALUES`."""
    if tag not in directory.entries:
        return ()
    format_, start, count = _array(data, directory.entries[tag], directory.order)
    _check_count(count)
    packed = data[start : start + struct.calcsize(f"={format_}") * count]
    return struct.unpack(f"{directory.order}{len(packed) // struct.calcsize(f'={format_}')}{format_}", packed)


def changed(data: bytes, directory: Directory, tag: int, values: tuple[int, ...]) -> bytes:
    """The file with other numbers in a tag. They must have the same count and type as before."""
    format_, start, _ = _array(data, directory.entries[tag], directory.order)
    packed = struct.pack(f"{directory.order}{len(values)}{format_}", *values)
    return data[:start] + packed + data[start + len(packed) :]


def widened(data: bytes, directory: Directory, tag: int) -> bytes:
    """The file with a tag of bytes, which Pillow treats as text, changed to SHORTs.

    Raises TooLarge for more than `_MOST_VALUES`.
    """
    entry, order = directory.entries[tag], directory.order
    [kind] = struct.unpack_from(f"{order}H", data, entry + 2)
    if kind != _BYTE:
        return data
    found = numbers(data, directory, tag)
    packed = struct.pack(f"{order}{len(found)}H", *found)
    if len(packed) > 4:
        data += bytes(len(data) % 2)
        data, packed = data + packed, struct.pack(f"{order}L", len(data))
    return (
        data[: entry + 2] + struct.pack(f"{order}HL", _SHORT, len(found)) + packed.ljust(4, b"\0") + data[entry + 12 :]
    )


def _directory(data: bytes, at: int, order: str) -> Directory:
    count = int.from_bytes(data[at : at + 2], "little" if order == "<" else "big")
    values, entries = dict[int, tuple[int, ...]](), dict[int, int]()
    table = data[at + 2 : at + 2 + 12 * count]
    for index, (tag, kind, length, _) in enumerate(struct.iter_unpack(f"{order}HHLL", table[: len(table) // 12 * 12])):
        if kind in _NUMBERS:
            _check_count(length)
        entry = at + 2 + 12 * index
        if found := _first_values(data, entry, order):
            values[tag], entries[tag] = found, entry
    return Directory(values, entries, _number(data, at + 2 + 12 * count, order), order)


def _check_count(count: int) -> None:
    if count > _MOST_VALUES:
        raise TooLarge(f"The original has a tag of {count} numbers; up to {_MOST_VALUES} are allowed.")


def _first_values(data: bytes, entry: int, order: str) -> tuple[int, ...]:
    if struct.unpack_from(f"{order}H", data, entry + 2)[0] not in _FORMATS:
        return ()
    format_, start, count = _array(data, entry, order)
    size = struct.calcsize(f"={format_}")
    packed = data[start : start + size * min(count, _MOST_READ)]
    return struct.unpack(f"{order}{len(packed) // size}{format_}", packed[: len(packed) // size * size])


def _array(data: bytes, entry: int, order: str) -> tuple[str, int, int]:
    """The format, the place and the count of an entry's numbers. They are in the entry, or where the entry points."""
    kind, count = struct.unpack_from(f"{order}HL", data, entry + 2)
    inside = struct.calcsize(f"={_FORMATS[kind]}") * count <= 4
    return _FORMATS[kind], entry + 8 if inside else _number(data, entry + 8, order), count


def _number(data: bytes, at: int, order: str) -> int:
    return int.from_bytes(data[at : at + 4], "little" if order == "<" else "big")
