"""From bytes to a zlib stream (RFC 1950), and the checksum of PNG's chunks.

Where the Python package `deflate` has a wheel, its library libdeflate compresses three times as fast as zlib, to no
more bytes, and has a faster CRC-32. Any decoder reads the streams of both libraries.
"""

import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

try:
    import deflate
except ImportError:
    deflate = None

crc32: Final[Callable[..., int]] = deflate.crc32 if deflate else zlib.crc32
"""The CRC-32 of some bytes, given the CRC-32 of any bytes before them."""

_MOST_AT_ONCE: Final = 16_000_000
"""The most bytes that libdeflate compresses. It holds all of them in memory, and as many again for the result. zlib
processes larger data in pieces."""

_Z_RLE: Final = 3
"""zlib's strategy that searches only for runs of one byte; Python has no name for this strategy."""


@dataclass(frozen=True)
class Level:
    """The effort of compression: libdeflate's level, 1 to 12; or zlib's level, 1 to 9, and its strategy."""

    libdeflate: int
    zlib_level: int
    strategy: int = zlib.Z_DEFAULT_STRATEGY


THOROUGH: Final = Level(6, 6)
QUICK: Final = Level(1, 1)
RUNS: Final = Level(1, 6, _Z_RLE)
"""For bytes with few repetitions. zlib is slow with them unless it searches only for runs."""


def packed(pieces: Iterable[bytes], size: int, level: Level) -> bytes:
    """A zlib stream of the pieces. Together they have `size` bytes."""
    if deflate and size <= _MOST_AT_ONCE:
        return bytes(deflate.zlib_compress(b"".join(pieces), level.libdeflate))
    compressor = zlib.compressobj(
        level.zlib_level, zlib.DEFLATED, zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL + 1, level.strategy
    )
    begun = [compressor.compress(piece) for piece in pieces]
    return b"".join((*begun, compressor.flush()))
