"""The items of an AVIF or HEIC: pictures, their properties and their data (ISO/IEC 14496-12, section 8.11)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from core.errors import UnsupportedFormat
from core.imaging.containers.isobmff import FULL, Box, File

_MOST_EXTENTS: Final = 16
"""Of an item, whose first bytes are looked for: one is usual."""


_OTHER_CODINGS: Final = {
    b"av01": "AV1",
    b"avc1": "AVC",
    b"vvc1": "VVC",
    b"evc1": "EVC",
    b"jpeg": "JPEG",
    b"j2k1": "JPEG 2000",
    b"unci": "uncompressed samples",
}
"""What else a HEIF may hold (ISO/IEC 23008-12, annexes E, H and L; ISO/IEC 23001-17)."""


@dataclass(frozen=True)
class Property:
    """An item's property, and the bytes that associate the two, `start` to `end`."""

    box: Box
    start: int
    end: int


def primary_item(file: File, meta: Box) -> int:
    """The ID of the item that is shown (section 8.11.4); 0 where none is named."""
    box = file.first(meta, b"pitm", FULL)
    return file.number(box.start + FULL, 4 if file.number(box.start, 1) else 2) if box else 0


def item_properties(file: File, meta: Box, item: int) -> list[Property]:
    """An item's properties, in the order of their associations (section 8.11.14)."""
    iprp = file.first(meta, b"iprp", FULL)
    ipco = file.first(iprp, b"ipco")
    if not iprp or not ipco:
        return []
    known = list(file.inside(ipco))
    return [
        Property(known[index - 1], start, end)
        for ipma in file.inside(iprp)
        if ipma.kind == b"ipma"
        for index, start, end in _associations(file, ipma, item)
        if 0 < index <= len(known)
    ]


def _associations(file: File, ipma: Box, item: int) -> Iterator[tuple[int, int, int]]:
    """The properties' indices, from 1, that an item has in one table, and where each of them stands."""
    wide = 4 if file.number(ipma.start, 1) else 2
    length = 2 if file.number(ipma.start + 3, 1) & 1 else 1
    at = ipma.start + 8
    while at + wide < ipma.end:
        found, count = file.number(at, wide), file.number(at + wide, 1)
        file.count(1 + count)
        start, at = at + wide + 1, at + wide + 1 + count * length
        if found == item and at <= ipma.end:
            for place in range(start, at, length):
                # The first bit says that the property is essential.
                yield file.number(place, length) & (0x7FFF if length == 2 else 0x7F), place, place + length


def references(file: File, meta: Box) -> Iterator[tuple[bytes, int, tuple[int, ...]]]:
    """The kind of each reference between items, the item that it comes from, and those it goes to (8.11.12)."""
    iref = file.first(meta, b"iref", FULL)
    if not iref:
        return
    wide = 4 if file.number(iref.start, 1) else 2
    for box in file.inside(iref, FULL):
        start = box.start + wide + 2
        count = min(file.number(start - 2, 2), (box.end - start) // wide)
        if count > 0:
            file.count(count)
            targets = struct.unpack_from(f">{count}{'L' if wide == 4 else 'H'}", file.data, start)
            yield box.kind, file.number(box.start, wide), targets


def item_start(file: File, meta: Box, item: int, most: int) -> bytes:
    """The first bytes of an item's data, `most` of them at the most (section 8.11.3)."""
    iloc = file.first(meta, b"iloc", FULL)
    if not iloc:
        return b""
    version, lengths = file.number(iloc.start, 1), file.number(iloc.start + FULL, 2)
    offset, length, base = lengths >> 12, lengths >> 8 & 15, lengths >> 4 & 15
    wide, index = 4 if version == 2 else 2, lengths & 15 if version else 0
    at, step = iloc.start + FULL + 2 + wide, index + offset + length
    while at < iloc.end:
        file.count()
        found, at = file.number(at, wide), at + wide
        method, at = (file.number(at, 2) & 15, at + 2) if version else (0, at)
        origin, at = file.number(at + 2, base), at + 2 + base
        extents, at = file.number(at, 2), at + 2
        if found == item:
            places = [at + index + step * each for each in range(min(extents, _MOST_EXTENTS))]
            spans = [(origin + file.number(place, offset), file.number(place + offset, length)) for place in places]
            return _joined(file, meta, method, spans, most)
        at += extents * step
    return b""


def _joined(file: File, meta: Box, method: int, spans: list[tuple[int, int]], most: int) -> bytes:
    """The first bytes of an item from its extents; one of length 0 is the whole source."""
    source = {0: file.whole, 1: file.first(meta, b"idat", FULL)}.get(method)
    found = b""
    if source:
        for start, size in spans:
            begin = source.start + start
            found += file.data[begin : min(source.end, begin + min(size or most, most - len(found)))]
    return found


def made_from(file: File, meta: Box, item: int) -> tuple[int, ...]:
    """The items that a derived one, such as a grid, is made from."""
    return next((to for kind, source, to in references(file, meta) if kind == b"dimg" and source == item), ())


def check_coding(file: File) -> None:
    """Raises UnsupportedFormat for a HEIF whose picture is coded in another way than HEIC's."""
    meta = file.first(file.whole, b"meta")
    if not meta:
        return
    item = primary_item(file, meta)
    coding = _coding(file, meta, next(iter(made_from(file, meta, item)), item))
    if coding in _OTHER_CODINGS:
        raise UnsupportedFormat(f"The original is a HEIF coded as {_OTHER_CODINGS[coding]}; HEVC is decoded here.")


def _coding(file: File, meta: Box, item: int) -> bytes:
    """The four letters of how an item is coded (section 8.11.6); empty where its entry has none."""
    iinf = file.first(meta, b"iinf", FULL)
    count = 4 if iinf and file.number(iinf.start, 1) else 2
    for infe in file.inside(iinf, FULL + count) if iinf else ():
        version = file.number(infe.start, 1)
        wide = 4 if version == 3 else 2
        if infe.kind == b"infe" and version in (2, 3) and file.number(infe.start + FULL, wide) == item:
            return file.data[infe.start + FULL + wide + 2 : infe.start + FULL + wide + 6]
    return b""
