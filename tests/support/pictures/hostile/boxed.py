"""HEIC and AVIF files with any items, made box by box (ISO/IEC 14496-12, section 8.11; ISO/IEC 23008-12)."""

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO

import pillow_heif
from PIL import Image

from core.imaging.containers.isobmff import File
from core.imaging.containers.items import items
from core.imaging.containers.locations import data as item_data
from tests.support.pictures.isobmff import box, ispe

ALPHA = "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha"
DEPTH = "urn:mpeg:mpegB:cicp:systems:auxiliary:depth"
BRANDS = (b"heic", b"avif")
Reference = tuple[bytes, int, Sequence[int]]


@dataclass(frozen=True)
class Item:
    """An item's type, data and properties.

    `extents` replace the item's own extent; each has a start within all items' data, and a length. `texts` follow the
    type of a `mime` item.
    """

    kind: bytes
    data: bytes = b""
    properties: Sequence[bytes] = ()
    hidden: bool = False
    extents: Sequence[tuple[int, int]] | None = None
    texts: bytes = b""
    method: int = 0


@dataclass(frozen=True)
class Coded:
    """A picture's type, its configuration as a property, and its bitstream."""

    kind: bytes
    configuration: bytes
    data: bytes

    def item(self, sides: tuple[int, int], *properties: bytes, hidden: bool = False) -> Item:
        """The picture as an item whose header states these sides."""
        return Item(self.kind, self.data, (self.configuration, ispe(*sides), *properties), hidden)


@cache
def heic(width: int, height: int, mode: str = "RGB", slices: int = 1) -> bytes:
    """A HEIC of one colour."""
    buffer = BytesIO()
    image = pillow_heif.from_pillow(Image.new(mode, (width, height), "red"))
    parameters = {"preset": "ultrafast", **({"x265:slices": str(slices)} if slices > 1 else {})}
    image.save(buffer, quality=10, enc_params=parameters)
    return buffer.getvalue()


@cache
def detailed(width: int, height: int, bits: int, chroma: int) -> bytes:
    """A HEIC of one colour in 8, 10 or 12 bits, with chroma 420, 422 or 444."""
    buffer = BytesIO()
    mode = "RGB" if bits == 8 else "RGB;16"
    pillow_heif.options.SAVE_HDR_TO_12_BIT = bits == 12
    image = pillow_heif.from_bytes(mode, (width, height), bytes(width * height * (3 if bits == 8 else 6)))
    image.save(buffer, quality=10, chroma=chroma, enc_params={"preset": "ultrafast"})
    return buffer.getvalue()


@cache
def avif(width: int, height: int, mode: str = "RGB") -> bytes:
    """An AVIF of one colour."""
    buffer = BytesIO()
    Image.new(mode, (width, height), "red").save(buffer, "AVIF", quality=10, speed=10)
    return buffer.getvalue()


@cache
def coded(original: bytes) -> Coded:
    """The first picture of a file."""
    file = File(original)
    found = items(file)
    assert found
    entry = found.entries[found.primary]
    configuration = next(each for each in found.boxes(found.primary) if each.kind in (b"hvcC", b"av1C"))
    stream = item_data(file, found.locations[found.primary])
    return Coded(entry.coding, box(configuration.kind, file.contents(configuration)), stream)


def flat(brand: bytes, side: int, slices: int = 1) -> Coded:
    """The picture of a square HEIC or AVIF of one colour; only a HEIC may have slices."""
    return coded(heic(side, side, slices=slices) if brand == b"heic" else avif(side, side))


def grid(rows: int, columns: int, sides: tuple[int, int], *properties: bytes, hidden: bool = False) -> Item:
    payload = struct.pack(">BBBBLL", 0, 1, rows - 1, columns - 1, *sides)
    return Item(b"grid", payload, (ispe(*sides), *properties), hidden)


def overlay(parts: int, sides: tuple[int, int], *properties: bytes, hidden: bool = False) -> Item:
    payload = struct.pack(">BB8xLL", 0, 1, *sides) + struct.pack(">ll", 0, 0) * parts
    return Item(b"iovl", payload, (ispe(*sides), *properties), hidden)


def same(sides: tuple[int, int], *properties: bytes, hidden: bool = False) -> Item:
    """An item that is the same picture as another item."""
    return Item(b"iden", b"\0", (ispe(*sides), *properties), hidden)


def auxiliary(name: str) -> bytes:
    return box(b"auxC", bytes(4) + name.encode() + b"\0")


def packed(
    brand: bytes,
    found: Mapping[int, Item],
    references: Iterable[Reference] = (),
    *,
    primary: int = 1,
    before: bytes = b"",
    inside: bytes = b"",
    shared: bytes = b"",
    meta: int = 1,
) -> bytes:
    """A file of these items.

    `shared` precedes the items' data in `mdat`. `before` and `inside` are further boxes before and inside `meta`.
    """
    known: dict[bytes, int] = {}
    ipma, data, places = b"", bytearray(shared), []
    for item, each in found.items():
        indices = [known.setdefault(one, len(known) + 1) for one in each.properties]
        ipma += struct.pack(f">LB{len(indices)}H", item, len(indices), *indices)
        own = [(len(data), len(each.data))] if each.data else []
        data += each.data
        places.append((item, each.method, own if each.extents is None else each.extents))
    infe = b"".join(_entry(item, each) for item, each in found.items())
    inner = (
        box(b"hdlr", bytes(8) + b"pict" + bytes(13))
        + box(b"pitm", bytes([1, 0, 0, 0]) + struct.pack(">L", primary))
        + box(b"iinf", bytes([1, 0, 0, 0]) + struct.pack(">L", len(found)) + infe)
        + box(b"iprp", box(b"ipco", b"".join(known)) + box(b"ipma", struct.pack(">LL", 1 << 24 | 1, len(found)) + ipma))
        + _references(references)
        + inside
    )
    start = box(b"ftyp", brand + bytes(4) + brand + b"mif1") + before
    length = len(start) + meta * len(box(b"meta", bytes(4) + inner + _locations(places, 0)))
    inner += _locations(places, length + 8)
    return start + box(b"meta", bytes(4) + inner) * meta + box(b"mdat", bytes(data))


def tiled(brand: bytes, across: int, side: int, shown: int) -> bytes:
    """A grid of `across` by `across` tiles, of which a square of `shown` pixels is shown."""
    tiles = {number: flat(brand, side).item((side, side), hidden=True) for number in range(2, 2 + across**2)}
    return packed(brand, {1: grid(across, across, (shown, shown)), **tiles}, [(b"dimg", 1, list(tiles))])


def _entry(item: int, each: Item) -> bytes:
    return box(b"infe", struct.pack(">BBBBLH", 3, 0, 0, each.hidden, item, 0) + each.kind + b"\0" + each.texts)


def _references(references: Iterable[Reference]) -> bytes:
    found = b"".join(
        box(kind, struct.pack(f">LH{len(targets)}L", source, len(targets), *targets))
        for kind, source, targets in references
    )
    return box(b"iref", bytes([1, 0, 0, 0]) + found) if found else b""


def _locations(places: Sequence[tuple[int, int, Sequence[tuple[int, int]]]], origin: int) -> bytes:
    """Extents with 32-bit starts and lengths; starts of method 0 count from the origin."""
    found = b"".join(
        struct.pack(">LHHH", item, method, 0, len(extents))
        + b"".join(struct.pack(">LL", start + (0 if method else origin), size) for start, size in extents)
        for item, method, extents in places
    )
    return box(b"iloc", struct.pack(">LHL", 2 << 24, 0x4400, len(places)) + found)
