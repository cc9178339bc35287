"""The tracks of an AVIF or HEIC sequence (ISO/IEC 14496-12, sections 8.3 to 8.7 and 12.1)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from core.errors import BrokenOriginal, TooLarge
from core.imaging.containers import av1
from core.imaging.containers.bounds import check_items
from core.imaging.containers.demand import checked, held
from core.imaging.containers.isobmff import FULL, Box, File
from core.imaging.containers.items import items
from core.imaging.containers.samples import check_tables, samples
from core.imaging.fit import Sides

_SAMPLE_ENTRY: Final = 78
"""Bytes of a visual sample entry before its boxes (section 12.1.3.2)."""

_MOST_TRACKS: Final = 16
"""The most tracks of a file. A sequence has two: its colours and its alpha plane."""

_MOST_PER_SAMPLE: Final = 2
"""The most pictures per sample of a track, in addition to eight: one picture is shown, and some can be hidden."""


@dataclass(frozen=True)
class _Track:
    """A track, its `tkhd`, its sample table, and its first AV1 sample entry. It may be `auxiliary` to another track."""

    box: Box
    header: Box | None
    table: Box | None
    entry: Box | None
    auxiliary: bool


def _tracks(file: File) -> Iterator[_Track]:
    for trak in file.inside(file.first(file.whole, b"moov")):
        if trak.kind == b"trak":
            table = file.first(file.first(file.first(trak, b"mdia"), b"minf"), b"stbl")
            entry = file.first(file.first(table, b"stsd"), b"av01", FULL + 4)
            auxiliary = file.first(file.first(trak, b"tref"), b"auxl") is not None
            yield _Track(trak, file.first(trak, b"tkhd"), table, entry, auxiliary)


def picture_track(file: File) -> tuple[Box, Box, Box] | None:
    """The `tkhd`, the sample entry and the sample table of the first AV1 track that is not auxiliary."""
    for track in _tracks(file):
        if track.header and track.entry and track.table and not track.auxiliary:
            return track.header, track.entry, track.table
    return None


def of_tracks(file: File) -> int:
    """The pixels in a decoder's memory for a sequence's largest track; 0 if the file is not a sequence.

    Raises TooLarge for too many tracks, samples or items of the tracks' metadata. Raises BrokenOriginal for a track
    that has its metadata twice, or whose bitstream is larger than the track states.
    """
    most = 0
    for number, track in enumerate(_tracks(file), 1):
        if number > _MOST_TRACKS:
            raise TooLarge(f"The original has more than {_MOST_TRACKS} tracks.")
        if sum(box.kind == b"meta" for box in file.inside(track.box)) > 1:
            raise BrokenOriginal("The original is damaged: a track has more than one meta.")
        if metadata := items(file, track.box):
            check_items(file, metadata)
        if track.table:
            check_tables(file, track.table)
            if track.entry and track.header:
                most = max(most, _held(file, track.header, track.entry, track.table))
    return most


def _held(file: File, header: Box, entry: Box, table: Box) -> int:
    """The pixels in a decoder's memory for a track."""
    coded = list(samples(file, table))
    stream = av1.stream(iter(coded), file.count)
    if stream.pictures > _MOST_PER_SAMPLE * len(coded) + 8:
        raise TooLarge(f"The original has {stream.pictures} pictures, too many for the {len(coded)} that it shows.")
    width, height = track_sides(file, header)
    sides = max(width, file.number(entry.start + 24, 2)), max(height, file.number(entry.start + 26, 2))
    checked(sides, stream)
    return held(sides, stream)


def entry_properties(file: File, entry: Box) -> list[Box]:
    """The boxes in a visual sample entry."""
    return list(file.inside(entry, _SAMPLE_ENTRY))


def track_sides(file: File, header: Box) -> Sides:
    """Width and height by a track's header, in whole pixels (section 8.3.2)."""
    at = header.start + (88 if file.number(header.start, 1) else 76)
    return file.number(at, 2), file.number(at + 4, 2)


def track_start(file: File, table: Box, most: int) -> bytes:
    """Up to `most` of the first bytes of a track's first sample (section 8.7.5)."""
    for kind, length in ((b"stco", 4), (b"co64", 8)):
        if box := file.first(table, kind):
            at = file.number(box.start + 8, length)
            return file.data[at : at + most]
    return b""
