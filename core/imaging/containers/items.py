"""The items of an AVIF or HEIC: pictures, their properties and their data (ISO/IEC 14496-12, section 8.11)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from core.imaging.containers.isobmff import FULL, Box, File
from core.imaging.containers.locations import Location, locations
from core.imaging.fit import Sides

_ALPHA: Final = (
    b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha",
    b"urn:mpeg:hevc:2015:auxid:1",
    b"urn:mpeg:avc:2015:auxid:1",
)
"""The types of auxiliary images that are alpha planes (MIAF, section 7.3.5; ISO/IEC 23008-12, annexes B and E)."""

_MAY_BE_TWICE: Final = frozenset({b"ipma", b"free", b"skip", b"uuid"})


@dataclass(frozen=True)
class Property:
    """A property of an item, and the bytes that associate it with the item, `start` to `end`."""

    box: Box
    start: int
    end: int


@dataclass(frozen=True)
class Entry:
    """An item's entry (section 8.11.6): the four letters of its type, and whether it is `hidden`, as tiles are.

    `packed` names the compression of the item's data if the item has a media type.
    """

    coding: bytes
    hidden: bool
    packed: bytes


@dataclass(frozen=True)
class Reference:
    """A reference between items: its kind, its source, and its targets (section 8.11.12)."""

    kind: bytes
    source: int
    targets: tuple[int, ...]


@dataclass(frozen=True)
class Items:
    """The items in a box `meta`.

    `primary` is the shown item's ID, 0 if none is named. `repeated` are the kinds of boxes that must be unique but are
    not.
    """

    meta: Box
    primary: int
    entries: dict[int, Entry]
    properties: dict[int, list[Property]]
    references: list[Reference]
    locations: dict[int, Location]
    repeated: list[str]

    def boxes(self, item: int, kind: bytes = b"") -> list[Box]:
        """All properties of an item, or its properties of one kind, in the order of their associations."""
        return [each.box for each in self.properties.get(item, ()) if not kind or each.box.kind == kind]

    def made_from(self, item: int) -> tuple[int, ...]:
        """The items that a derived item, such as a grid, is made from."""
        return next((each.targets for each in self.references if each.kind == b"dimg" and each.source == item), ())

    def alphas(self, file: File) -> Iterator[tuple[int, tuple[int, ...]]]:
        """The alpha planes, each with the items that it belongs to."""
        for each in self.references:
            if each.kind == b"auxl" and self._is_alpha(file, each.source):
                yield each.source, each.targets

    def _is_alpha(self, file: File, item: int) -> bool:
        return any(file.contents(box)[4:].split(b"\0")[0] in _ALPHA for box in self.boxes(item, b"auxC"))


def items(file: File, outer: Box | None = None) -> Items | None:
    """The items in the `meta` of a file, or of a box in it; None without a `meta`. Invalid items are left out."""
    meta = file.first(outer or file.whole, b"meta")
    if not meta:
        return None
    repeated = [*_repeated(file.inside(meta, FULL)), *_repeated(file.inside(file.first(meta, b"iprp", FULL)))]
    entries, places = _entries(file, meta), locations(file, meta)
    repeated += ["infe"] * (len(entries) != len(dict(entries))) + ["iloc"] * (len(places) != len(dict(places)))
    references = _references(file, meta)
    derived = [each.source for each in references if each.kind == b"dimg"]
    repeated += ["dimg"] * (len(derived) != len(set(derived)))
    return Items(
        meta,
        _primary(file, meta),
        dict(entries),
        _properties(file, meta),
        references,
        dict(places),
        sorted(set(repeated)),
    )


def extents(file: File, ispe: Box) -> Sides:
    """Width and height in pixels by an `ispe` (ISO/IEC 23008-12, section 6.5.3)."""
    return file.number(ispe.start + 4, 4), file.number(ispe.start + 8, 4)


def _repeated(boxes: Iterator[Box]) -> Iterator[str]:
    """The kinds of boxes of which there are two. The decoder might not use the same box as this module."""
    seen = set()
    for box in boxes:
        if box.kind in seen and box.kind not in _MAY_BE_TWICE:
            yield box.kind.decode("latin-1")
        seen.add(box.kind)


def _primary(file: File, meta: Box) -> int:
    """The ID of the shown item (section 8.11.4)."""
    box = file.first(meta, b"pitm", FULL)
    return file.number(box.start + FULL, 4 if file.number(box.start, 1) else 2) if box else 0


def _entries(file: File, meta: Box) -> list[tuple[int, Entry]]:
    """Each item's ID and entry (section 8.11.6)."""
    iinf = file.first(meta, b"iinf", FULL)
    if not iinf:
        return []
    wide = 4 if file.number(iinf.start, 1) else 2
    found = []
    for infe in islice(file.inside(iinf, FULL + wide), file.number(iinf.start + FULL, wide)):
        version = file.number(infe.start, 1)
        wide = 4 if version == 3 else 2
        if infe.kind == b"infe" and version in (2, 3):
            start = infe.start + FULL + wide + 2
            coding = file.data[start : start + 4]
            texts = file.data[start + 4 : infe.end].split(b"\0") if coding == b"mime" else []
            hidden = bool(file.number(infe.start + 3, 1) & 1)
            packed = texts[2] if len(texts) > 2 else b""
            found.append((file.number(infe.start + FULL, wide), Entry(coding, hidden, packed)))
    return found


def _properties(file: File, meta: Box) -> dict[int, list[Property]]:
    """Each item's properties, in the order of their associations (section 8.11.14)."""
    iprp = file.first(meta, b"iprp", FULL)
    known = list(file.inside(file.first(iprp, b"ipco")))
    found: dict[int, list[Property]] = {}
    for ipma in file.inside(iprp):
        if ipma.kind == b"ipma":
            for item, index, start, end in _associations(file, ipma):
                if 0 < index <= len(known):
                    found.setdefault(item, []).append(Property(known[index - 1], start, end))
    return found


def _associations(file: File, ipma: Box) -> Iterator[tuple[int, int, int, int]]:
    """Each item's ID, the index of a property, from 1, and the place of their association."""
    wide = 4 if file.number(ipma.start, 1) else 2
    length = 2 if file.number(ipma.start + 3, 1) & 1 else 1
    at = ipma.start + 8
    for _ in range(file.number(ipma.start + 4, 4)):
        if at + wide >= ipma.end:
            return
        item, count = file.number(at, wide), file.number(at + wide, 1)
        file.count(1 + count)
        start, at = at + wide + 1, at + wide + 1 + count * length
        for place in range(start, at if at <= ipma.end else start, length):
            # The first bit means that the property is essential.
            yield item, file.number(place, length) & (0x7FFF if length == 2 else 0x7F), place, place + length


def _references(file: File, meta: Box) -> list[Reference]:
    iref = file.first(meta, b"iref", FULL)
    wide = 4 if iref and file.number(iref.start, 1) else 2
    found = []
    for box in file.inside(iref, FULL):
        start = box.start + wide + 2
        count = min(file.number(start - 2, 2), (box.end - start) // wide)
        if count > 0:
            file.count(count)
            targets = struct.unpack_from(f">{count}{'L' if wide == 4 else 'H'}", file.data, start)
            found.append(Reference(box.kind, file.number(box.start, wide), targets))
    return found
