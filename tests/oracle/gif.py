"""GIF (89a and 87a): tables, places, disposals, delays and extensions."""

import struct

import numpy as np

from tests.oracle.pictures import Case, Generator, chance, levels, one, sides


def still(rng: Generator) -> Case:
    """A GIF of one picture, which need not cover its screen."""
    return Case("GIF, still", _gif(rng, 1))


def moving(rng: Generator) -> Case:
    """An animated GIF."""
    return Case("GIF, moving", _gif(rng, int(rng.integers(2, 7))))


def _gif(rng: Generator, count: int) -> bytes:
    screen = sides(rng)
    shared = one(rng, 0, 1, 2, 4, 8)
    flags = 0x80 | shared - 1 if shared else 0
    out = [b"GIF89a" + struct.pack("<2H3B", *screen, flags, int(rng.integers(0, 2)), 0)]
    out.append(_table(rng, shared))
    if chance(rng):
        name = b"NETSCAPE2.0" if chance(rng, 2) else b"ANIMEXTS1.0"
        out.append(b"!\xff\x0b" + name + b"\3\1" + struct.pack("<HB", one(rng, 0, 1, 4), 0))
    for index in range(count):
        out.append(_extensions(rng))
        whole = index == 0 and chance(rng)
        left, top = (0, 0) if whole else (int(rng.integers(0, screen[0])), int(rng.integers(0, screen[1])))
        width = screen[0] if whole else int(rng.integers(1, screen[0] - left + 1))
        height = screen[1] if whole else int(rng.integers(1, screen[1] - top + 1))
        own = 0 if shared and chance(rng) else one(rng, 1, 2, 3, 8)
        bits, interlaced = own or shared, int(chance(rng))
        if not chance(rng, 5):
            flags = one(rng, 0, 1, 1, 2, 2, 3) << 2 | int(chance(rng))
            transparent = int(rng.integers(0, 1 << bits))
            out.append(b"!\xf9\4" + struct.pack("<BHBB", flags, one(rng, 0, 1, 2, 3, 7, 10, 200), transparent, 0))
        out.append(
            struct.pack("<B4HB", 0x2C, left, top, width, height, (0x80 | own - 1 if own else 0) | interlaced << 6)
        )
        out.append(_table(rng, own))
        pixels = levels(rng, width, height, 1, bits)[..., 0]
        if interlaced:
            pixels = np.concatenate([pixels[start::step] for start, step in ((0, 8), (4, 8), (2, 4), (1, 2))])
        out.append(_compressed(pixels.reshape(-1).tolist(), max(bits, 2)))
    return b"".join(out) + b";"


def _table(rng: Generator, bits: int) -> bytes:
    return rng.integers(0, 256, 3 << bits, dtype=np.uint8).tobytes() if bits else b""


def _extensions(rng: Generator) -> bytes:
    """Sometimes, an extension that decoders ignore."""
    return b"!\xfe\5hello\0" if chance(rng, 4) else b""


def _compressed(indices: list[int], bits: int) -> bytes:
    """LZW (appendix F) in sub-blocks."""
    clear, end = 1 << bits, (1 << bits) + 1
    table: dict[tuple[int, ...], int] = {}
    codes: list[tuple[int, int]] = []
    width, following = bits + 1, end + 1
    string: tuple[int, ...] = ()
    codes.append((clear, width))
    for index in indices:
        longer = (*string, index)
        if len(longer) == 1 or longer in table:
            string = longer
            continue
        codes.append((table[string] if len(string) > 1 else string[0], width))
        if following < 4096:
            table[longer] = following
            width = max(width, following.bit_length())
            following += 1
        else:
            codes.append((clear, width))
            table, width, following = {}, bits + 1, end + 1
        string = (index,)
    codes += [(table[string] if len(string) > 1 else string[0], width), (end, width)]
    value = at = 0
    for code, length in codes:
        value |= code << at
        at += length
    data = value.to_bytes((at + 7) // 8, "little")
    blocks = b"".join(bytes([len(data[i : i + 255])]) + data[i : i + 255] for i in range(0, len(data), 255))
    return bytes([bits]) + blocks + b"\0"
