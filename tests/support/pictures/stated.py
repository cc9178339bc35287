"""The times in an animation's bytes, parsed by hand: GIF89a, PNG's third edition, RFC 9649, ISO/IEC 14496-12."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tests.support.pictures.isobmff import boxes

_HELD = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts")


@dataclass(frozen=True)
class Stated:
    """The duration of each frame in milliseconds, and how often the animation plays, with 0 for endless."""

    durations: Sequence[Fraction]
    plays: int


def stated(data: bytes) -> Stated:
    """The times of a GIF, an APNG, an animated WebP or an AVIF sequence, converted exactly from its format's units."""
    if data.startswith(b"GIF8"):
        return _of_gif(data)
    if data.startswith(b"\x89PNG"):
        return _of_png(data)
    return _of_webp(data) if data.startswith(b"RIFF") else _of_avif(data)


def _of_gif(data: bytes) -> Stated:
    durations, plays, at = list[Fraction](), 1, 13 + _table(data[10])
    while data[at : at + 1] != b";":
        if data[at] == 0x21:
            if data[at + 1] == 0xF9:
                durations.append(Fraction(10 * struct.unpack_from("<H", data, at + 4)[0]))
            elif data[at + 3 : at + 14] == b"NETSCAPE2.0":
                repeats = struct.unpack_from("<H", data, at + 16)[0]
                plays = repeats + 1 if repeats else 0
            at += 2
        else:
            at += 10 + _table(data[at + 9]) + 1
        while data[at]:
            at += data[at] + 1
        at += 1
    return Stated(durations, plays)


def _table(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _of_png(data: bytes) -> Stated:
    durations, plays, at = list[Fraction](), 0, 8
    while at < len(data):
        length, kind = struct.unpack_from(">L4s", data, at)
        if kind == b"acTL":
            plays = struct.unpack_from(">L", data, at + 12)[0]
        elif kind == b"fcTL":
            over, under = struct.unpack_from(">2H", data, at + 28)
            durations.append(Fraction(1000 * over, under or 100))
        at += 12 + length
    return Stated(durations, plays)


def _of_webp(data: bytes) -> Stated:
    durations, plays, at = list[Fraction](), 0, 12
    while at < len(data):
        kind, length = struct.unpack_from("<4sL", data, at)
        if kind == b"ANIM":
            plays = struct.unpack_from("<H", data, at + 12)[0]
        elif kind == b"ANMF":
            durations.append(Fraction(int.from_bytes(data[at + 20 : at + 23], "little")))
        at += 8 + length + length % 2
    return Stated(durations, plays)


def _of_avif(data: bytes) -> Stated:
    found = dict(reversed(list(_inside(data))))
    scale = struct.unpack_from(">L", found[b"mdhd"], 20)[0]
    entries = struct.iter_unpack(">2L", found[b"stts"][8:])
    durations = [Fraction(1000 * units, scale) for count, units in entries for _ in range(count)]
    whole, once = struct.unpack_from(">Q", found[b"tkhd"], 28)[0], struct.unpack_from(">Q", found[b"elst"], 8)[0]
    return Stated(durations, 0 if whole == 2**64 - 1 else -(-whole // once))


def _inside(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    for kind, contents in boxes(data):
        yield kind, contents
        if kind in _HELD:
            yield from _inside(contents)
