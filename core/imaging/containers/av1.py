"""The colours that an AV1 bitstream states (AV1 Bitstream & Decoding Process Specification, version 1.0.0)."""

from typing import Final

MOST_BYTES: Final = 4096
"""Of a bitstream, within which its sequence header is looked for, as libavif does."""

_SEQUENCE_HEADER: Final = 1
"""A type of OBU (section 6.2.2)."""

_MOST_HEADER: Final = 512
"""Bytes of a sequence header that are read: over the 32 operating points that it has at the most."""


class _Bits:
    """A run of bits that is read from its start (section 4.10); what is behind its end is 0."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data)
        self._left = 8 * len(data)

    def read(self, count: int) -> int:
        self._left -= count
        if self._left < 0:
            return 0
        return self._value >> self._left & (1 << count) - 1

    def skip_uvlc(self) -> None:
        zeros = 0
        while zeros < 32 and not self.read(1):
            zeros += 1
        self.read(zeros % 32)

    @property
    def ended(self) -> bool:
        return self._left < 0


def colours(data: bytes) -> tuple[int, int] | None:
    """Primaries and transfer, code points of ITU-T H.273, by the first sequence header; None where there is none.

    They are 2, unspecified, in a header that does not describe its colours (section 6.4.2).
    """
    at = 0
    data = data[:MOST_BYTES]
    while at < len(data):
        head, at = data[at], at + 1
        if head & 0x80:
            return None
        at += head >> 2 & 1  # An extension of one byte.
        size = len(data) - at
        if head & 2:
            size, at = _leb128(data, at)
        if head >> 3 & 15 == _SEQUENCE_HEADER:
            return _described(_Bits(data[at : at + min(size, _MOST_HEADER)]))
        at += size
    return None


def _leb128(data: bytes, at: int) -> tuple[int, int]:
    """A number and where it ends (section 4.10.5)."""
    value = 0
    for place, byte in enumerate(data[at : at + 8]):
        value |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return value, at + place + 1
    return value, at + 8


def _described(bits: _Bits) -> tuple[int, int] | None:
    """What a sequence header says (section 5.5.1)."""
    profile = bits.read(3)
    bits.read(1)
    reduced = bits.read(1)
    if reduced:
        bits.read(5)
    else:
        _skip_timing(bits)
    across, down = bits.read(4) + 1, bits.read(4) + 1
    bits.read(across + down)
    if not reduced and bits.read(1):
        bits.read(7)  # The lengths of frame IDs.
    bits.read(3)  # 128x128 superblocks, filter_intra, intra_edge_filter.
    if not reduced:
        _skip_tools(bits)
    bits.read(3)  # Superres, CDEF, restoration.
    deep = bits.read(1)
    if profile == 2 and deep:
        bits.read(1)
    if profile != 1:
        bits.read(1)  # Monochrome.
    found = (bits.read(8), bits.read(8)) if bits.read(1) else (2, 2)
    return None if bits.ended else found


def _skip_timing(bits: _Bits) -> None:
    """Timing, decoder model and operating points (sections 5.5.1 and 5.5.3 to 5.5.5)."""
    delay, model = 0, 0
    if bits.read(1):
        bits.read(64)
        if bits.read(1):
            bits.skip_uvlc()
        model = bits.read(1)
        if model:
            delay = bits.read(5) + 1
            bits.read(42)
    displayed = bits.read(1)
    for _ in range(bits.read(5) + 1):
        bits.read(12)
        if bits.read(5) > 7:
            bits.read(1)
        if model and bits.read(1):
            bits.read(2 * delay + 1)
        if displayed and bits.read(1):
            bits.read(4)


def _skip_tools(bits: _Bits) -> None:
    """The coding tools of a header that is not reduced (section 5.5.1)."""
    bits.read(4)
    ordered = bits.read(1)
    if ordered:
        bits.read(2)
    screen = bits.read(1) or bits.read(1)
    if screen and not bits.read(1):
        bits.read(1)
    if ordered:
        bits.read(3)
