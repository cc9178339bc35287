"""AVIF and HEIC files with properties that no available encoder writes: rewritten files of Pillow and pillow-heif."""

import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

_BEFORE: Final = {b"meta": 4, b"stsd": 8, b"av01": 78, b"iref": 4}
"""The number of bytes before the first inner box, by type of box."""


def box(kind: bytes, contents: bytes, *, large: bool = False) -> bytes:
    """A box; a `large` one has a 64-bit size."""
    if large:
        return struct.pack(">L4sQ", 1, kind, 16 + len(contents)) + contents
    return struct.pack(">L4s", 8 + len(contents), kind) + contents


def ispe(width: int, height: int) -> bytes:
    return box(b"ispe", struct.pack(">LLL", 0, width, height))


def clap(
    width: float, height: float, right: tuple[int, int] = (0, 1), down: tuple[int, int] = (0, 1), unit: int = 1
) -> bytes:
    """An aperture. `right` and `down` are its centre's offsets, as fractions; `unit` is its sides' denominator."""
    return box(b"clap", struct.pack(">8i", round(width * unit), unit, round(height * unit), unit, *right, *down))


def cut(sides: tuple[int, int], left: int, top: int, right: int, bottom: int) -> bytes:
    """The aperture for a part of a picture with these sides."""
    middle = ((left + right - sides[0], 2), (top + bottom - sides[1], 2))
    return clap(right - left, bottom - top, *middle)


def irot(turns: int) -> bytes:
    """A rotation by quarter turns, anti-clockwise."""
    return box(b"irot", bytes([turns]))


def imir(axis: int) -> bytes:
    """A reflection: 0 exchanges top and bottom, 1 left and right."""
    return box(b"imir", bytes([axis]))


def nclx(primaries: int, transfer: int, matrix: int = 6) -> bytes:
    return box(b"colr", b"nclx" + struct.pack(">HHHB", primaries, transfer, matrix, 0x80))


def icc(profile: bytes) -> bytes:
    return box(b"colr", b"prof" + profile)


def boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The kind and the contents of each box."""
    at = 0
    while at < len(data):
        size, kind = struct.unpack_from(">L4s", data, at)
        yield kind, data[at + 8 : at + size]
        at += size


def changed(data: bytes, path: Sequence[bytes], change: Callable[[bytes], bytes], *, large: bool = False) -> bytes:
    """The boxes with the contents of the first box at a path changed. Offsets into the file are not adjusted."""
    result, done = b"", False
    for kind, contents in boxes(data):
        if kind != path[0] or done:
            result += box(kind, contents)
            continue
        done, before = True, _BEFORE.get(kind, 0)
        inner = change(contents) if len(path) == 1 else changed(contents[before:], path[1:], change, large=large)
        result += box(kind, inner if len(path) == 1 else contents[:before] + inner, large=large)
    return result


def with_properties(
    data: bytes,
    added: Mapping[int, Sequence[bytes]],
    *,
    without: Sequence[bytes] = (),
    wide: bool = False,
    long: bool = False,
    large: bool = False,
    unused: int = 0,
) -> bytes:
    """The file with essential properties added to its items, and properties of the kinds in `without` removed.

    `wide` associations have 15 bits, `long` item IDs 32 bits, and `large` boxes 64-bit sizes. `unused` is the number
    of unused properties before the added ones.
    """
    ipco = next(contents for kind, contents in boxes(_inside(data, b"meta", b"iprp")) if kind == b"ipco")
    kinds = [kind for kind, _ in boxes(ipco)]
    table = associations(_inside(data, b"meta", b"iprp", b"ipma"))
    for item, pairs in table.items():
        table[item] = [pair for pair in pairs if kinds[pair[1] - 1] not in without]
    ipco += box(b"free", b"") * unused
    count = len(kinds) + unused
    for item, properties in added.items():
        for one in properties:
            ipco, count = ipco + one, count + 1
            table.setdefault(item, []).append((True, count))
    ipma = b"".join(
        struct.pack(">LB" if long else ">HB", item, len(pairs))
        + b"".join(
            struct.pack(">H" if wide else ">B", essential << (15 if wide else 7) | at) for essential, at in pairs
        )
        for item, pairs in sorted(table.items())
    )
    head = struct.pack(">BHBL", long, 0, wide, len(table))
    iprp = box(b"ipco", ipco, large=large) + box(b"ipma", head + ipma, large=large)
    return shifted(data, changed(data, (b"meta", b"iprp"), lambda _: iprp, large=large))


def in_track(data: bytes, added: bytes, without: Sequence[bytes] = ()) -> bytes:
    """The AVIF sequence with properties added to the sample entry of its first track."""

    def entry(contents: bytes) -> bytes:
        kept = b"".join(box(kind, inner) for kind, inner in boxes(contents[78:]) if kind not in without)
        return contents[:78] + kept + added

    return shifted(data, changed(data, (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd", b"av01"), entry))


def meta_last(data: bytes) -> bytes:
    """The file with its `meta` box after the data and without a size, so that it extends to the end of the file."""
    found = dict(boxes(data))
    rest = b"".join(box(kind, contents) for kind, contents in boxes(data) if kind != b"meta")
    return shifted(data, rest + box(b"meta", found[b"meta"])).replace(
        struct.pack(">L4s", 8 + len(found[b"meta"]), b"meta"), b"\0\0\0\0meta"
    )


def associations(ipma: bytes) -> dict[int, list[tuple[bool, int]]]:
    """For each item, its properties: whether each is essential, and its index."""
    long, wide = ipma[0], ipma[3] & 1
    table, at = {}, 8
    for _ in range(int.from_bytes(ipma[4:8])):
        item, count = struct.unpack_from(">LB" if long else ">HB", ipma, at)
        at += 5 if long else 3
        values = struct.unpack_from(f">{count}{'H' if wide else 'B'}", ipma, at)
        at += count * (2 if wide else 1)
        bits = 15 if wide else 7
        table[item] = [(bool(value >> bits), value & (1 << bits) - 1) for value in values]
    return table


def shifted(before: bytes, after: bytes) -> bytes:
    """A rewritten file with its offsets adjusted to the data's new place, for layouts of Pillow and pillow-heif."""
    by, result = after.index(b"mdat") - before.index(b"mdat"), bytearray(after)
    at = after.find(b"iloc") + 4
    offset, length, base = after[at + 4] >> 4, after[at + 4] & 15, after[at + 5] >> 4
    place = at + 8
    for _ in range(int.from_bytes(after[at + 6 : at + 8])):
        start, step = place + 4, offset + length
        extents = int.from_bytes(after[start + base : start + base + 2])
        firsts = [start] if base else [start + 2 + step * each for each in range(extents)]
        for first in firsts:
            struct.pack_into(">L", result, first, int.from_bytes(after[first : first + 4]) + by)
        place = start + base + 2 + step * extents
    for track in after.split(b"stco")[:-1] if b"moov" in after else ():
        at = after.index(b"stco", len(track)) + 8
        for chunk in range(int.from_bytes(after[at : at + 4])):
            struct.pack_into(">L", result, at + 4 + 4 * chunk, int.from_bytes(after[at + 4 + 4 * chunk :][:4]) + by)
    return bytes(result)


def _inside(data: bytes, *path: bytes) -> bytes:
    """The contents of the first box at a path."""
    for kind in path:
        data = next(contents for found, contents in boxes(data) if found == kind)[_BEFORE.get(kind, 0) :]
    return data
