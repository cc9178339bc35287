"""Hostile HEIC: metadata of many pictures, and tables with many entries (ISO/IEC 14496-12, section 8.11)."""

import struct
import zlib
from collections.abc import Iterator

from tests.support.pictures.hostile import boxed
from tests.support.pictures.hostile.boxed import Coded, Item, auxiliary, packed
from tests.support.pictures.hostile.case import SMALL, Case
from tests.support.pictures.hostile.png import MIB, overlapping_exif
from tests.support.pictures.isobmff import box, icc, ispe


def metadata(tile: Coded) -> Iterator[Case]:
    yield from _shared(tile)
    yield from _extents(tile)
    yield from _large(tile)


def _shared(tile: Coded) -> Iterator[Case]:
    """Metadata that describes many pictures, of which libheif keeps a copy for each."""
    many = {number: tile.item((64, 64)) for number in range(1, 901)}
    exif = Item(b"Exif", b"", extents=[(0, MIB)])
    yield (
        "900 pictures of one Exif",
        packed(b"heic", {**many, 999: exif}, [(b"cdsc", 999, list(many))], shared=bytes(MIB)),
        SMALL,
    )
    each = [(b"cdsc", 999, [number]) for number in many]
    yield (
        "900 pictures of one Exif, a reference each",
        packed(b"heic", {**many, 999: exif}, each, shared=bytes(MIB)),
        SMALL,
    )
    shared = icc(bytes(MIB))
    profiled = {number: tile.item((64, 64), shared) for number in range(1, 901)}
    yield "900 pictures of one profile", packed(b"heic", profiled), SMALL


def _extents(tile: Coded) -> Iterator[Case]:
    """Many extents at the same place of the file."""
    exifs = dict.fromkeys(range(2, 902), Item(b"Exif", b"", extents=[(0, MIB)]))
    first = {1: tile.item((64, 64))}
    about = [(b"cdsc", number, [1]) for number in exifs]
    yield "900 Exif at one place", packed(b"heic", {**first, **exifs}, about, shared=bytes(MIB)), SMALL
    for kind in (b"Exif", b"mime", b"uri ", b"rgan", b"abcd"):
        thirty = {number: Item(kind, b"", extents=[(0, MIB)] * 30, texts=b"a/b\0\0") for number in range(2, 902)}
        yield (
            f"30 extents of 900 {kind.decode()}",
            packed(b"heic", {**first, **thirty}, about, shared=bytes(MIB)),
            SMALL,
        )
    yield (
        "4,000 extents",
        packed(b"heic", {**first, 2: Item(b"Exif", b"", extents=[(0, MIB)] * 4000)}, shared=bytes(MIB)),
        SMALL,
    )
    for method in (1, 2, 3):
        held = Item(b"Exif", b"", extents=[(0, MIB)] * 30, method=method)
        built = packed(b"heic", {**first, **dict.fromkeys(range(2, 102), held)}, inside=box(b"idat", bytes(MIB)))
        yield f"30 extents by method {method}", built, SMALL


def _large(tile: Coded) -> Iterator[Case]:
    """Metadata that has many bytes once it is read or decompressed."""
    first = {1: tile.item((64, 64))}
    bomb = zlib.compress(bytes(300 * MIB), 9)
    for name, data in (("compress_zlib", bomb), ("deflate", zlib.compress(bytes(300 * MIB), 9, -15)), ("br", bytes(9))):
        texts = b"application/rdf+xml\0" + name.encode() + b"\0"
        yield (
            f"XMP of 300 MB as {name}",
            packed(b"heic", {**first, 2: Item(b"mime", data, texts=texts)}, [(b"cdsc", 2, [1])]),
            SMALL,
        )
    overlapping = struct.pack(">L", 0) + overlapping_exif(30 * MIB)
    yield "Exif of 30 MB", packed(b"heic", {**first, 2: Item(b"Exif", overlapping)}, [(b"cdsc", 2, [1])]), SMALL
    yield (
        "Exif of 60 MB of zeros",
        packed(b"heic", {**first, 2: Item(b"Exif", bytes(60 * MIB))}, [(b"cdsc", 2, [1])]),
        SMALL,
    )
    yield "a profile of 60 MB", packed(b"heic", {1: tile.item((64, 64), icc(bytes(60_000_000)))}), SMALL
    grids = {number: Item(b"grid", b"", [ispe(64, 64)], extents=[(0, 8 * MIB)]) for number in range(2, 902)}
    yield "900 grids of 8 MB of data", packed(b"heic", {**first, **grids}, shared=bytes(8 * MIB)), SMALL


def tables(tile: Coded) -> Iterator[Case]:
    """Tables with many entries."""
    for count in (1001, 5000, 60_000):
        yield f"{count} items", packed(b"heic", {number: tile.item((64, 64)) for number in range(1, count + 1)}), SMALL
    first = {1: tile.item((64, 64))}
    many = {number: Item(b"abcd") for number in range(2, 902)}
    for kind in (b"cdsc", b"thmb", b"auxl", b"prem", b"pred", b"base", b"text"):
        crowd = [(kind, number, list(range(1, 902))) for number in many]
        yield f"900 items, {kind.decode()} of all others", packed(b"heic", {**first, **many}, crowd), SMALL
        images = {number: tile.item((64, 64), auxiliary(boxed.DEPTH)) for number in range(1, 902)}
        yield (
            f"900 pictures, {kind.decode()} of ten",
            packed(b"heic", images, [(kind, number, list(range(1, 11))) for number in many]),
            SMALL,
        )
    group = box(b"altr", struct.pack(">LLL", 0, 1, 60_000) + struct.pack(">L", 1) * 60_000)
    yield "a group of 60,000", packed(b"heic", first, inside=box(b"grpl", group)), SMALL
    groups = b"".join(box(b"altr", struct.pack(">LLLL", 0, number, 1, 1)) for number in range(90_000))
    yield "90,000 groups", packed(b"heic", first, inside=box(b"grpl", groups)), SMALL
    yield "two meta", packed(b"heic", first, meta=2), SMALL
    yield "two tables of references", packed(b"heic", first, [(b"cdsc", 2, [1])], inside=box(b"iref", bytes(4))), SMALL
    yield "minimized", packed(b"heic", first, before=box(b"mini", bytes(64))), SMALL
    samples = struct.pack(">LLL", 0, 1, 2**31)
    for kind, table in (
        (b"stsz", samples),
        (b"stts", struct.pack(">LLLL", 0, 1, 2**31, 1)),
        (b"stco", struct.pack(">LL", 0, 2**31)),
    ):
        yield f"a track with 2^31 in {kind.decode()}", packed(b"heic", first, before=_movie(box(kind, table))), SMALL


def _movie(tables: bytes) -> bytes:
    table = box(b"stbl", box(b"stsd", bytes(8)) + tables)
    media = box(b"mdia", box(b"mdhd", bytes(24)) + box(b"hdlr", bytes(8) + b"pict" + bytes(13)) + box(b"minf", table))
    return box(b"moov", box(b"mvhd", bytes(100)) + box(b"trak", box(b"tkhd", bytes(84)) + media))
