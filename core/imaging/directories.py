"""TIFF: what its directories say (TIFF 6.0, section 2)."""

import struct
from collections.abc import Iterator
from typing import Final

from core.errors import TooLarge
from core.imaging.contents import MAX_ORIGINAL_SIDE, Contents

_NUMBERS: Final = (3, 4, 5, 8, 9, 10, 11, 12, 13)
"""The types whose values become Python numbers: not bytes, text and undefined (TIFF 6.0, section 2)."""

_MOST_VALUES: Final = 4 * MAX_ORIGINAL_SIDE
"""Numbers in one TIFF tag: the strips of the tallest image in four planes."""


def contents(data: bytes) -> Contents:
    """What a TIFF says of itself. Raises TooLarge for a tag of too many numbers."""
    for values in _counts(data):
        if values > _MOST_VALUES:
            raise TooLarge(f"The original has a tag of {values} numbers; up to {_MOST_VALUES} are read here.")
    return Contents(data)


def _counts(data: bytes) -> Iterator[int]:
    """How many numbers each tag of the first directory says that it has."""
    order = "<" if data.startswith(b"II") else ">"
    start = int.from_bytes(data[4:8], "little" if order == "<" else "big")
    count = int.from_bytes(data[start : start + 2], "little" if order == "<" else "big")
    entries = data[start + 2 : start + 2 + 12 * count]
    for _, kind, values, _ in struct.iter_unpack(f"{order}HHLL", entries[: len(entries) // 12 * 12]):
        if kind in _NUMBERS:
            yield values
