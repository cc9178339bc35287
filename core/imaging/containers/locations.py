"""Where the data of an AVIF's or HEIC's items is (ISO/IEC 14496-12, section 8.11.3)."""

from dataclasses import dataclass

from core.imaging.containers.isobmff import FULL, Box, File

_IN_IDAT = 1
"""The construction method of data that is in `meta`; that of 0 is in the file."""


@dataclass(frozen=True)
class Location:
    """An item's data: the box that its extents are in, None if no decoder has the method, and each's start and size."""

    source: Box | None
    extents: tuple[tuple[int, int], ...]

    @property
    def size(self) -> int:
        """Bytes that the extents name; those of length 0, which is what is left of the source, count 0."""
        return sum(size for _, size in self.extents)


def locations(file: File, meta: Box) -> list[tuple[int, Location]]:
    """Each item's ID, and where its data is, in the file's order."""
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
    """An item's data, or its first bytes, `most` of them at the most. An extent of length 0 is all that is left."""
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
