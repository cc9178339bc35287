"""The places of the data of an AVIF's or HEIC's items (ISO/IEC 14496-12, section 8.11.3)."""

from dataclasses import dataclass

from core.imaging.containers.isobmff import FULL, Box, File

_IN_IDAT = 1
"""The construction method for data in `meta`. Method 0 is for data in the file."""


@dataclass(frozen=True)
class Location:
    """The place of an item's data: the `source` box of its extents (pieces), and the start and size of each extent.

    `source` is None if no decoder knows the construction method.
    """

    source: Box | None
    extents: tuple[tuple[int, int], ...]

    @property
    def size(self) -> int:
        """The bytes of the extents. An extent of length 0, which means the rest of the source, counts as 0."""
        return sum(size for _, size in self.extents)


def locations(file: File, meta: Box) -> list[tuple[int, Location]]:
    """Each item's ID and the place of the item's data, in the file's order."""
    iloc = file.first(meta, b"iloc", FULL)
    if not iloc:
        return []
    idat = file.first(meta, b"idat", FULL)
    version, lengths = file.number(iloc.start, 1), file.number(iloc.start + FULL, 2)
    offset, length, base = lengths >> 12, lengths >> 8 & 15, lengths >> 4 & 15
    wide, index = 4 if version == 2 else 2, lengths & 15 if version else 0
    at, step = iloc.start + FULL + 2 + wide, index + offset + length
    found = []
    for _ in range(file.number(at - wide, wide)):
        if at >= iloc.end:
            break
        item, at = file.number(at, wide), at + wide
        method, at = (file.number(at, 2) & 15, at + 2) if version else (0, at)
        origin, at = file.number(at + 2, base), at + 2 + base
        count, at = file.number(at, 2), at + 2
        file.count(2 + count)
        places = [at + index + step * each for each in range(count)]
        spans = [(origin + file.number(place, offset), file.number(place + offset, length)) for place in places]
        found.append((item, Location({0: file.whole, _IN_IDAT: idat}.get(method), tuple(spans))))
        at += count * step
    return found


def data(file: File, location: Location | None, most: int | None = None) -> bytes:
    """An item's data, or up to `most` of its first bytes. An extent of length 0 is the rest of the source."""
    if not location or not location.source:
        return b""
    left = len(file.data) if most is None else most
    found = []
    for start, size in location.extents:
        begin = location.source.start + start
        part = file.data[begin : min(location.source.end, begin + min(size or left, left))]
        found.append(part)
        left -= len(part)
    return b"".join(found)
