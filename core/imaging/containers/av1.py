"""The headers of an AV1 bitstream (AV1 Bitstream & Decoding Process Specification, version 1.0.0)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from core.imaging.containers.bits import Bits
from core.imaging.containers.stream import Stream
from core.imaging.fit import Sides

MOST_BYTES: Final = 4096
"""The first bytes of a bitstream that are searched for its sequence header, as in libavif."""

_SEQUENCE_HEADER, _FRAME_HEADER, _FRAME, _REDUNDANT = 1, 3, 6, 7
"""Types of OBU, the units of a bitstream (section 6.2.2)."""

_MOST_HEADER: Final = 512
"""Bytes of a sequence header that are read: enough for all of its up to 32 operating points."""

_MOST_FRAME_HEADER: Final = 16
"""Bytes of a frame's header that are read: they state whether the frame has its own size."""

_DEEP: Final = 4 / 3
"""The weight of a pixel of over 8 bits whose chroma is not halved in both directions: its memory relative to others. It
took 14.1 bytes, others 11."""

_SWITCH_FRAME: Final = 3
_CHOSEN_BY_FRAME: Final = 2
"""A sequence header's value for a tool that each frame turns on or off (section 6.4.1)."""


@dataclass(frozen=True)
class _Sequence:
    """A sequence header. Frames without stated sides have the sides `most`; other frames have sides within `limit`."""

    most: Sides
    limit: Sides
    reduced: bool
    colours: tuple[int, int] | None
    time_bits: int
    screen: int
    integer_motion: int
    id_bits: int
    weight: float


def colours(data: bytes) -> tuple[int, int] | None:
    """Primaries and transfer, code points of ITU-T H.273, by the first sequence header; None without a whole header.

    Both are 2, unspecified, if the header does not describe its colours (section 6.4.2).
    """
    for kind, start, end in _units(data[:MOST_BYTES]):
        if kind == _SEQUENCE_HEADER:
            return _sequence(Bits(data[start : min(end, start + _MOST_HEADER, MOST_BYTES)])).colours
    return None


def stream(samples: Iterator[bytes], count: Callable[[], None]) -> Stream:
    """The statements of all sequence and frame headers in a bitstream's samples; `count` is called for each OBU.

    A frame that overrides its sequence's size counts as the largest size that its bits can state: dav1d does not
    compare the frame's size with the maximum.
    """
    most: Sides = (0, 0)
    pixels, pictures, weight = 0, 0, 1.0
    sequence = None
    for data in samples:
        for kind, start, end in _units(data):
            count()
            if kind == _SEQUENCE_HEADER:
                sequence = _sequence(Bits(data[start : min(end, start + _MOST_HEADER)]))
                most = (max(most[0], sequence.most[0]), max(most[1], sequence.most[1]))
                pixels = max(pixels, sequence.most[0] * sequence.most[1])
                weight = max(weight, sequence.weight)
            elif kind in (_FRAME_HEADER, _FRAME, _REDUNDANT) and sequence:
                pictures += kind != _REDUNDANT
                if _overrides(sequence, Bits(data[start : min(end, start + _MOST_FRAME_HEADER)])):
                    pixels = max(pixels, sequence.limit[0] * sequence.limit[1])
    return Stream(most, pixels, pictures, pictures, weight)


def _units(data: bytes) -> Iterator[tuple[int, int, int]]:
    """The type of each OBU, and where its contents start and end (section 5.3)."""
    at = 0
    while at < len(data):
        head, at = data[at], at + 1
        at += head >> 2 & 1  # An extension of one byte.
        size = len(data) - at
        if head & 2:
            size, at = _leb128(data, at)
        yield head >> 3 & 15, at, min(at + size, len(data))
        at += size


def _leb128(data: bytes, at: int) -> tuple[int, int]:
    """A number of variable length, and where it ends (section 4.10.5)."""
    value = 0
    for place, byte in enumerate(data[at : at + 8]):
        value |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return value, at + place + 1
    return value, at + 8


def _sequence(bits: Bits) -> _Sequence:
    """A sequence header (section 5.5.1)."""
    profile = bits.read(3)
    bits.read(1)
    reduced = bits.read(1)
    time_bits = 0
    if reduced:
        bits.read(5)
    else:
        time_bits = _timing(bits)
    across, down = bits.read(4) + 1, bits.read(4) + 1
    most = (bits.read(across) + 1, bits.read(down) + 1)
    id_bits = bits.read(4) + bits.read(3) + 3 if not reduced and bits.read(1) else 0
    bits.read(3)  # 128x128 superblocks, filter_intra, intra_edge_filter.
    screen, integer_motion = (_CHOSEN_BY_FRAME, _CHOSEN_BY_FRAME) if reduced else _tools(bits)
    bits.read(3)  # Superres, CDEF, restoration.
    deep = bits.read(1)
    if profile == 2 and deep:
        bits.read(1)
    if profile != 1:
        bits.read(1)  # Monochrome.
    found = (bits.read(8), bits.read(8)) if bits.read(1) else (2, 2)
    limit = (1 << across, 1 << down)
    described = None if bits.ended else found
    weight = _DEEP if deep and profile else 1.0  # In profile 0, chroma is halved in both directions.
    return _Sequence(most, limit, bool(reduced), described, time_bits, screen, integer_motion, id_bits, weight)


def _timing(bits: Bits) -> int:
    """Reads timing, decoder model and operating points (sections 5.5.1 and 5.5.3 to 5.5.5).

    Returns the number of bits of a frame's presentation time, 0 if frames state none.
    """
    delay, model, time_bits = 0, 0, 0
    if bits.read(1):
        bits.read(64)
        equal = bits.read(1)
        if equal:
            bits.read_golomb()
        model = bits.read(1)
        if model:
            delay = bits.read(5) + 1
            bits.read(37)
            time_bits = bits.read(5) + 1
        time_bits = 0 if equal else time_bits
    displayed = bits.read(1)
    for _ in range(bits.read(5) + 1):
        bits.read(12)
        if bits.read(5) > 7:
            bits.read(1)
        if model and bits.read(1):
            bits.read(2 * delay + 1)
        if displayed and bits.read(1):
            bits.read(4)
    return time_bits


def _tools(bits: Bits) -> tuple[int, int]:
    """Reads the tools of a header that is not reduced. Returns two that a frame can turn on (section 5.5.1)."""
    bits.read(4)
    ordered = bits.read(1)
    if ordered:
        bits.read(2)
    screen = _CHOSEN_BY_FRAME if bits.read(1) else bits.read(1)
    integer_motion = _CHOSEN_BY_FRAME
    if screen and not bits.read(1):
        integer_motion = bits.read(1)
    if ordered:
        bits.read(3)
    return screen, integer_motion


def _overrides(sequence: _Sequence, bits: Bits) -> bool:
    """Whether a frame states its own size (section 5.9.2)."""
    if sequence.reduced or bits.read(1):
        return False  # The frame has the sequence's size, or repeats a frame that was decoded before.
    kind, shown = bits.read(2), bits.read(1)
    bits.read(sequence.time_bits if shown else 1)
    if kind != _SWITCH_FRAME and not (kind == 0 and shown):
        bits.read(1)
    bits.read(1)
    screen = bits.read(1) if sequence.screen == _CHOSEN_BY_FRAME else sequence.screen
    if screen and sequence.integer_motion == _CHOSEN_BY_FRAME:
        bits.read(1)
    bits.read(sequence.id_bits)
    return kind == _SWITCH_FRAME or bool(bits.read(1))
