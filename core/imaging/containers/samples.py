"""The samples of a track, which are the pictures of a sequence (ISO/IEC 14496-12, section 8.7)."""

from collections.abc import Iterator
from typing import Final

from core.errors import BrokenOriginal, TooLarge
from core.imaging.containers.bounds import SHARED
from core.imaging.containers.isobmff import FULL, Box, File

MOST_SAMPLES: Final = 10_000
"""The most samples of a track, and the most entries of each table: libavif reads one table for each entry of another
table."""

_MOST_TABLE: Final = 256 * 1024
"""The most bytes of a table: 10,000 entries of 24 bytes each."""

_MOST_KINDS: Final = 64
"""The most kinds of samples. One is usual; libavif has room for 16 properties of each."""

_COUNTED: Final = {b"stts": 4, b"ctts": 4, b"stsc": 4, b"stco": 4, b"co64": 4, b"stss": 4, b"stsz": 8, b"stz2": 8}
"""The place of each table's number of entries, in bytes after the start of the table's version."""


def check_tables(file: File, table: Box) -> None:
    """Raises TooLarge for a sample table with too many entries, BrokenOriginal for a sample table with a box twice.

    It also raises BrokenOriginal for times that belong to no sample: for each frame, libavif adds up the times of all
    earlier frames, and searches for each time from the first entry. The descriptions of samples, `stsd`, have no entry
    per sample.
    """
    seen = set()
    for box in file.inside(table):
        if box.kind in seen and box.kind not in (b"sgpd", b"sbgp", b"saiz", b"saio", b"free"):
            raise BrokenOriginal(f"The original is damaged: a track has more than one {box.kind.decode('latin-1')}.")
        seen.add(box.kind)
        if box.kind == b"stsd" and sum(1 for _ in file.inside(box, FULL + 4)) > _MOST_KINDS:
            raise TooLarge(f"The original has a track of more than {_MOST_KINDS} kinds of frames.")
        at = _COUNTED.get(box.kind)
        entries = file.number(box.start + at, 4) if at else 0
        if entries > MOST_SAMPLES or (box.kind != b"stsd" and box.end - box.start > _MOST_TABLE):
            raise _too_long()
        if box.kind == b"stts" and not all(file.number(row, 4) for row in _rows(file, box, 8)):
            raise BrokenOriginal("The original is damaged: a track has times that belong to no picture.")


def samples(file: File, table: Box) -> Iterator[bytes]:
    """The data of each sample, in order. Raises TooLarge for too many samples or bytes."""
    sizes = _sizes(file, file.first(table, b"stsz"))
    number, left = 0, 2 * len(file.data) + SHARED
    for begin, count in _chunks(file, table):
        start = begin
        for _ in range(count):
            size = next(sizes, 0)
            number, left = number + 1, left - size
            file.count()
            if number > MOST_SAMPLES or left < 0:
                raise _too_long()
            yield file.data[start : start + size]
            start += size


def _sizes(file: File, stsz: Box | None) -> Iterator[int]:
    """The size of each sample in bytes (section 8.7.3.2); endless if all have the same size."""
    if not stsz:
        return
    size, count = file.number(stsz.start + FULL, 4), file.number(stsz.start + FULL + 4, 4)
    if size:
        while True:
            yield size
    for at in range(stsz.start + FULL + 8, min(stsz.start + FULL + 8 + 4 * count, stsz.end), 4):
        yield file.number(at, 4)


def _chunks(file: File, table: Box) -> Iterator[tuple[int, int]]:
    """The start of each chunk, and its number of samples (sections 8.7.4 and 8.7.5)."""
    stsc = file.first(table, b"stsc")
    runs = _rows(file, stsc, 12)
    for kind, wide in ((b"stco", 4), (b"co64", 8)):
        for chunk, row in enumerate(_rows(file, file.first(table, kind), wide), 1):
            while len(runs) > 1 and file.number(runs[1], 4) <= chunk:
                runs.pop(0)
            yield file.number(row, wide), file.number(runs[0] + 4, 4) if runs else 0


def _rows(file: File, box: Box | None, length: int) -> list[int]:
    """The places of a table's rows."""
    if not box:
        return []
    start, count = box.start + FULL + 4, file.number(box.start + FULL, 4)
    return list(range(start, min(start + length * count, box.end - length + 1), length))


def _too_long() -> TooLarge:
    return TooLarge(f"The original has a track of more than {MOST_SAMPLES:,} frames.")
