"""How often an AVIF sequence is played. Pillow neither reads nor writes this number.

The sequence's track lasts longer than its one edit. The edit is repeated to fill the track (ISO/IEC 23008-12, section
9.6.1).
"""

from collections.abc import Iterator
from typing import Final

from core.imaging.containers.isobmff import FULL, Box, File

_REPEATED: Final = 1
"""The flag of an `elst` whose edits are repeated."""

_DURATION_AT: Final = {(b"mvhd", 0): 16, (b"mvhd", 1): 24, (b"tkhd", 0): 20, (b"tkhd", 1): 28}
"""The place of the duration in a box, by the box and its version (sections 8.2.2 and 8.3.2)."""


def plays(data: bytes) -> int:
    """How often a sequence is played in all; 0 is for ever. Without an edit the result is 0, as in Chromium."""
    file = File(data)
    for track in _boxes(file, b"moov", b"trak"):
        header, edit = file.first(track, b"tkhd"), file.first(file.first(track, b"edts"), b"elst")
        if not header or not edit:
            continue
        if not file.number(edit.start + 1, 3) & _REPEATED:
            return 1
        (at, length), once = _duration(file, header), _edited(file, edit)
        whole = file.number(at, length)
        return -(-whole // once) if once and whole < 2 ** (8 * length) - 1 else 0
    return 0


def with_plays(data: bytes, plays: int) -> bytes:
    """A sequence, written by libavif to be played for ever, changed to be played this often: 1 to 2^31."""
    file, changed = File(data), bytearray(data)
    headers = list(_boxes(file, b"moov", b"mvhd"))
    once = 0
    for track in _boxes(file, b"moov", b"trak"):
        headers += filter(None, [file.first(track, b"tkhd")])
        if edit := file.first(file.first(track, b"edts"), b"elst"):
            once = _edited(file, edit)
    for header in headers:
        at, length = _duration(file, header)
        changed[at : at + length] = (once * plays).to_bytes(length)
    return bytes(changed)


def _boxes(file: File, outer: bytes, kind: bytes) -> Iterator[Box]:
    found = file.first(file.whole, outer)
    return (box for box in (file.inside(found) if found else ()) if box.kind == kind)


def _duration(file: File, header: Box) -> tuple[int, int]:
    """The place of a movie's or a track's duration, and its length in bytes."""
    version = min(file.number(header.start, 1), 1)
    return header.start + _DURATION_AT[header.kind, version], 8 if version else 4


def _edited(file: File, edit: Box) -> int:
    """The duration of the first edit, in the movie's units of time."""
    return file.number(edit.start + FULL + 4, 8 if file.number(edit.start, 1) else 4)
