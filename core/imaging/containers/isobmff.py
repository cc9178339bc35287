"""The boxes of ISO base media files (ISO/IEC 14496-12), such as AVIF and HEIC.

Everything is read by its place in the file. A number beyond the end is 0. After a box that does not fit into the outer
box, no more boxes are read: the decoder decides whether the file is valid.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from core.imaging.containers.contents import too_many_parts

_MOST_PARTS: Final = 100_000
"""The most boxes and table entries that are read, a tenth of a second's work. A photograph has a few hundred."""

FULL: Final = 4
"""Bytes of version and flags before the contents of a full box (section 4.2.2)."""


@dataclass(frozen=True)
class Box:
    """A box: its kind, and where its contents start and end."""

    kind: bytes
    start: int
    end: int


class File:
    """A file in memory. Reading more than `_MOST_PARTS` boxes and table entries raises TooLarge."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.whole = Box(b"", 0, len(data))
        self._left = _MOST_PARTS

    def number(self, at: int, length: int) -> int:
        """The unsigned number in `length` bytes."""
        return int.from_bytes(self.data[at : at + length])

    def contents(self, box: Box) -> bytes:
        """The bytes of a box without its header."""
        return self.data[box.start : box.end]

    def inside(self, outer: Box | None, skipped: int = 0) -> Iterator[Box]:
        """The boxes in an outer box, after its first `skipped` bytes (section 4.2); none if there is no outer box."""
        if not outer:
            return
        at = outer.start + skipped
        while at + 8 <= outer.end:
            self.count()
            size, start = self.number(at, 4), at + 8
            if size == 1:
                size, start = self.number(at + 8, 8), at + 16
            end = at + size if size else outer.end
            if end < start or end > outer.end:
                return
            yield Box(self.data[at + 4 : at + 8], start, end)
            at = end

    def first(self, outer: Box | None, kind: bytes, skipped: int = 0) -> Box | None:
        """The first box of a kind in a box; None if there is none."""
        return next((box for box in self.inside(outer, skipped) if box.kind == kind), None)

    def count(self, parts: int = 1) -> None:
        """Counts parts that are read. Raises TooLarge for more than `_MOST_PARTS`."""
        self._left -= parts
        if self._left < 0:
            raise too_many_parts()
