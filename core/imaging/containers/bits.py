"""Numbers of any number of bits, as in the headers of AV1 and HEVC."""

from typing import Final

_MOST_ZEROS: Final = 32
"""The most zeros before a number of variable length, which then has as many bits."""


class Bits:
    """A sequence of bits that is read from its start; beyond its end, bits are 0."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data)
        self._left = 8 * len(data)

    def read(self, count: int) -> int:
        """The next bits as an unsigned number."""
        self._left -= count
        if self._left < 0:
            return 0
        return self._value >> self._left & (1 << count) - 1

    def read_golomb(self) -> int:
        """A number of variable length: uvlc() in AV1 (section 4.10.3), ue(v) in HEVC (ITU-T H.265, section 9.2)."""
        zeros = 0
        while zeros < _MOST_ZEROS and not self.read(1):
            zeros += 1
        return (1 << zeros) - 1 + self.read(zeros % _MOST_ZEROS)

    @property
    def ended(self) -> bool:
        """Whether more bits were read than there are."""
        return self._left < 0
