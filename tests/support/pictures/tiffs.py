"""A writer of TIFF 6.0 of any kind, straight from the specification."""

import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

NONE, LZW, DEFLATE, PACKBITS = 1, 5, 8, 32773
WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, PALETTE, SEPARATED, LAB = 0, 1, 2, 3, 5, 8
UNSIGNED, SIGNED, FLOAT = 1, 2, 3

Samples = npt.NDArray[np.float64 | np.int64 | np.uint32]

BYTE, SHORT, LONG = 1, 3, 4
_LETTERS = {BYTE: "B", SHORT: "H", LONG: "L"}

Tag = tuple[int, Sequence[int]]
"""A tag's type, the number of BYTE, SHORT or LONG, and its values."""


@dataclass(frozen=True)
class Kind:
    """How the samples of a picture are stored; the defaults are the format's."""

    bits: int = 8
    photometric: int = RGB
    sample_format: int = UNSIGNED
    order: str = "<"
    planar: int = 1
    compression: int = NONE
    predictor: int = 1
    fill_order: int = 1
    extra: tuple[int, ...] = ()
    tile: int = 0
    rows: int = 0


def tiff(samples: Samples, kind: Kind, changed: Mapping[int, Tag | None] | None = None) -> bytes:
    """A file of samples by row, column and channel. `changed` replaces tags, or removes them if None."""
    height, width, count = samples.shape
    planes = [samples] if kind.planar == 1 else [samples[..., i : i + 1] for i in range(count)]
    parts = [_packed(part, kind) for plane in planes for part in _parts(plane, kind)]
    entries: dict[int, Tag | None] = {
        256: (LONG, [width]),
        257: (LONG, [height]),
        258: (SHORT, [kind.bits] * count),
        259: (SHORT, [kind.compression]),
        262: (SHORT, [kind.photometric]),
        266: (SHORT, [kind.fill_order]),
        277: (SHORT, [count]),
        284: (SHORT, [kind.planar]),
        317: (SHORT, [kind.predictor]),
        339: (SHORT, [kind.sample_format] * count),
    }
    if kind.extra:
        entries[338] = (SHORT, kind.extra)
    places = (324, 325) if kind.tile else (273, 279)
    starts = [8 + sum(len(part) for part in parts[:i]) for i in range(len(parts))]
    entries |= {places[0]: (LONG, starts), places[1]: (LONG, [len(part) for part in parts])}
    entries |= (
        {322: (LONG, [kind.tile]), 323: (LONG, [kind.tile])} if kind.tile else {278: (LONG, [_rows(kind, height)])}
    )
    stated = {number: tag for number, tag in (entries | dict(changed or {})).items() if tag}
    return _file(stated, b"".join(parts), kind.order)


def _file(entries: dict[int, Tag], pixels: bytes, order: str) -> bytes:
    start = 8 + len(pixels) + len(pixels) % 2
    values_at, values, directory = start + 2 + 12 * len(entries) + 4, b"", b""
    for tag, (kind, numbers) in sorted(entries.items()):
        packed = struct.pack(f"{order}{len(numbers)}{_LETTERS[kind]}", *numbers)
        field = packed.ljust(4, b"\0") if len(packed) <= 4 else struct.pack(f"{order}L", values_at + len(values))
        values += packed if len(packed) > 4 else b""
        directory += struct.pack(f"{order}HHL", tag, kind, len(numbers)) + field
    head = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HL", 42, start)
    count = struct.pack(f"{order}H", len(entries))
    return (head + pixels).ljust(start, b"\0") + count + directory + bytes(4) + values


def _rows(kind: Kind, height: int) -> int:
    return kind.rows or height


def _parts(plane: Samples, kind: Kind) -> list[Samples]:
    """The strips or tiles of a plane; tiles are padded at the edges."""
    height, width = plane.shape[:2]
    if not kind.tile:
        rows = _rows(kind, height)
        return [plane[top : top + rows] for top in range(0, height, rows)]
    padded = np.pad(plane, ((0, -height % kind.tile), (0, -width % kind.tile), (0, 0)))
    return [
        padded[top : top + kind.tile, left : left + kind.tile]
        for top in range(0, height, kind.tile)
        for left in range(0, width, kind.tile)
    ]


def _packed(part: Samples, kind: Kind) -> bytes:
    if kind.predictor == 2:
        part = part.astype(np.int64)
        part = np.concatenate([part[:, :1], (part[:, 1:] - part[:, :-1]) % (1 << kind.bits)], 1)
    if kind.bits not in (8, 16, 32, 64):
        places = np.arange(kind.bits)[::-1]
        bits = part.reshape(len(part), -1, 1).astype(np.int64) >> places & 1
        data = np.packbits(bits.reshape(len(part), -1).astype(np.uint8), axis=1).tobytes()
    else:
        letter = {UNSIGNED: "u", SIGNED: "i", FLOAT: "f"}[kind.sample_format]
        data = part.astype(f"{kind.order}{letter}{kind.bits // 8}").tobytes()
    if kind.predictor == 3:
        data = _apart(data, part, kind.order)
    if kind.compression == DEFLATE:
        data = zlib.compress(data)
    elif kind.compression == LZW:
        data = _lzw(data)
    elif kind.compression == PACKBITS:
        pieces = [data[at : at + 128] for at in range(0, len(data), 128)]
        data = b"".join(bytes([len(piece) - 1]) + piece for piece in pieces)
    return bytes(int(f"{byte:08b}"[::-1], 2) for byte in data) if kind.fill_order == 2 else data


def _apart(data: bytes, part: Samples, order: str) -> bytes:
    """Floats as in Adobe's technical note 3: each row has all highest bytes first, and bytes are differences."""
    rows, columns, count = part.shape
    numbers = np.frombuffer(data, np.uint8).reshape(rows, columns * count, -1)
    planes = numbers[..., :: -1 if order == "<" else 1].transpose(0, 2, 1).reshape(rows, -1)
    return np.concatenate([planes[:, :count], planes[:, count:] - planes[:, :-count]], 1).tobytes()


def _lzw(data: bytes) -> bytes:
    """LZW (section 13): codes start with their high bits, and their length grows one code early."""
    clear, end = 256, 257
    codes, table = [(clear, 9)], {bytes([byte]): byte for byte in range(256)}
    string, following = b"", end + 1
    for byte in data:
        longer = string + bytes([byte])
        if longer in table:
            string = longer
            continue
        codes.append((table[string], (following).bit_length()))
        table[longer], following, string = following, following + 1, bytes([byte])
        if following == 4094:
            codes.append((clear, 12))
            table, following = {bytes([byte]): byte for byte in range(256)}, end + 1
    if string:
        codes.append((table[string], following.bit_length()))
        following += 1
    codes.append((end, min(12, following.bit_length())))
    bits = "".join(f"{code:0{length}b}" for code, length in codes)
    return int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8))
