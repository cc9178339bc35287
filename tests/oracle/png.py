"""PNG and APNG (W3C PNG, third edition): every colour type and depth, and every way to store pixels and frames."""

import struct
import zlib
from collections.abc import Iterator

import numpy as np

from tests.oracle.pictures import Case, Generator, Levels, chance, levels, one, sides
from tests.support.pictures.hostile.png import SIGNATURE, chunk

_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_EXTRAS = ((b"tEXt", b"Comment\0any"), (b"pHYs", struct.pack(">2IB", 1, 2, 0)), (b"tIME", bytes(7)), (b"prVt", b"any"))

Chunk = tuple[bytes, bytes]


def still(rng: Generator) -> Case:
    """A PNG of one picture."""
    colour, depth, extras, converted = _kind(rng)
    if depth == 16 and _is_linear(extras) and any(kind == b"tRNS" for kind, _ in extras):
        # Chromium reduces those with a transparent colour to 8 bits before it converts them.
        extras, converted = [chunk for chunk in extras if chunk[0] == b"tRNS"], False
    width, height = sides(rng)
    pixels = levels(rng, width, height, _CHANNELS[colour], depth)
    interlaced = int(chance(rng))
    data = _deflated(pixels, depth, interlaced, rng)
    body = [(b"IDAT", part) for part in _cut(rng, data)]
    header = (b"IHDR", struct.pack(">2I5B", width, height, depth, colour, 0, 0, interlaced))
    return Case("PNG", _file([header, *extras, *body]), converted, 2.0 if converted else 1.0)


def moving(rng: Generator) -> Case:
    """An APNG, whose default image is hidden or is its first frame."""
    colour, depth, extras, converted = _kind(rng)
    clear = colour in (4, 6) or any(kind == b"tRNS" for kind, _ in extras)
    if converted and (clear or (depth == 16 and _is_linear(extras))):
        # Chromium reduces an animation to 8 bits and multiplies it by alpha before it converts the colours.
        extras, converted = [chunk for chunk in extras if chunk[0] in (b"PLTE", b"tRNS")], False
    canvas = sides(rng)
    interlaced, hidden, count = int(chance(rng)), chance(rng), int(rng.integers(1, 6))
    header = (b"IHDR", struct.pack(">2I5B", *canvas, depth, colour, 0, 0, interlaced))
    first = _deflated(levels(rng, *canvas, _CHANNELS[colour], depth), depth, interlaced, rng)
    body = [(b"IDAT", first)] if hidden else []
    sequence = 0
    for index in range(count):
        whole = index == 0 and not hidden
        left, top = (0, 0) if whole else (int(rng.integers(0, canvas[0])), int(rng.integers(0, canvas[1])))
        width = canvas[0] if whole else int(rng.integers(1, canvas[0] - left + 1))
        height = canvas[1] if whole else int(rng.integers(1, canvas[1] - top + 1))
        delay = (one(rng, 1, 3, 7, 100), one(rng, 0, 24, 60, 100, 1000))
        ways = (one(rng, 0, 1, 2), one(rng, 0, 1))
        body.append((b"fcTL", struct.pack(">5I2H2B", sequence, width, height, left, top, *delay, *ways)))
        sequence += 1
        if whole:
            body.append((b"IDAT", first))
            continue
        pixels = levels(rng, width, height, _CHANNELS[colour], depth)
        for part in _cut(rng, _deflated(pixels, depth, interlaced, rng)):
            body.append((b"fdAT", struct.pack(">I", sequence) + part))
            sequence += 1
    control = (b"acTL", struct.pack(">2I", count, one(rng, 0, 0, 1, 3)))
    return Case("APNG", _file([header, control, *extras, *body]), converted, 2.0 if converted else 1.0)


def _kind(rng: Generator) -> tuple[int, int, list[Chunk], bool]:
    """A colour type, a depth, the chunks before the pixels, and whether they state colours."""
    colour = one(rng, *_CHANNELS)
    depth = one(rng, *_DEPTHS[colour])
    colours = _colours(rng)
    extras = [*colours]
    if colour == 3:
        extras.append((b"PLTE", rng.integers(0, 256, 3 << depth, dtype=np.uint8).tobytes()))
        if chance(rng):
            extras.append(
                (b"tRNS", rng.integers(0, 256, int(rng.integers(1, (1 << depth) + 1)), dtype=np.uint8).tobytes())
            )
    elif colour in (0, 2) and chance(rng):
        key = [int(value) for value in rng.integers(0, 1 << depth, _CHANNELS[colour])]
        extras.append((b"tRNS", struct.pack(f">{len(key)}H", *key)))
    if chance(rng, 3):
        extras.append(_EXTRAS[int(rng.integers(0, len(_EXTRAS)))])
    return colour, depth, extras, bool(colours)


def _colours(rng: Generator) -> list[Chunk]:
    p3 = (31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000)
    gamma = (b"gAMA", struct.pack(">I", one(rng, 45455, 100000, 55556, 30000)))
    match int(rng.integers(0, 10)):
        case 0:
            return [gamma]
        case 1:
            return [gamma, (b"cHRM", struct.pack(">8I", *p3))]
        case 2:
            return [(b"sRGB", b"\0"), gamma]
        case 3:
            return [(b"cICP", bytes([one(rng, 1, 9, 12), one(rng, 1, 8, 13), 0, 1]))]
    return []


def _is_linear(chunks: list[Chunk]) -> bool:
    """Whether the chunks state linear light, in which dark levels of 8 bits are far apart."""
    return (b"gAMA", struct.pack(">I", 100000)) in chunks or any(kind == b"cICP" and it[1] == 8 for kind, it in chunks)


def _deflated(pixels: Levels, depth: int, interlaced: int, rng: Generator) -> bytes:
    """The compressed rows of all passes, each with a random filter."""
    passes = [pixels[y::dy, x::dx] for x, y, dx, dy in _PASSES] if interlaced else [pixels]
    per_pixel = max(1, pixels.shape[2] * depth // 8)
    rows = b"".join(row for part in passes if part.size for row in _filtered(part, depth, per_pixel, rng))
    return zlib.compress(rows, one(rng, 0, 1, 9))


def _filtered(part: Levels, depth: int, per_pixel: int, rng: Generator) -> Iterator[bytes]:
    """The rows, each with the filter None, Sub or Up (section 9.2)."""
    before = np.zeros(0, np.uint8)
    for row in part:
        flat = row.reshape(-1)
        if depth < 8:
            bits = np.unpackbits(flat.astype(np.uint8)[:, None], axis=1)[:, 8 - depth :]
            packed = np.packbits(bits.reshape(-1))
        else:
            packed = np.frombuffer(flat.astype(f">u{depth // 8}").tobytes(), np.uint8)
        kind = one(rng, 0, 1, 2)
        left = np.concatenate([np.zeros(per_pixel, np.uint8), packed])[: len(packed)]
        above = before if len(before) else np.zeros(len(packed), np.uint8)
        yield bytes([kind]) + (packed - {0: 0 * packed, 1: left, 2: above}[kind]).tobytes()
        before = packed


def _cut(rng: Generator, data: bytes) -> list[bytes]:
    """The data in one to three pieces."""
    places = sorted(int(place) for place in rng.integers(0, len(data) + 1, int(rng.integers(0, 3))))
    return [data[start:end] for start, end in zip([0, *places], [*places, len(data)], strict=True)]


def _file(chunks: list[Chunk]) -> bytes:
    return SIGNATURE + b"".join(chunk(kind, data) for kind, data in (*chunks, (b"IEND", b"")))


def delays(data: bytes) -> list[float]:
    """The duration of each frame in milliseconds, from an APNG's frame control chunks (section 11.3.6.2)."""
    found, at = [], len(SIGNATURE)
    while at < len(data):
        length, kind = struct.unpack_from(">L4s", data, at)
        if kind == b"fcTL":
            numerator, denominator = struct.unpack_from(">2H", data, at + 8 + 20)
            found.append(1000 * numerator / (denominator or 100))
        at += 12 + length
    return found
