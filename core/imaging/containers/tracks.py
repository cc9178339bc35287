"""The picture track of an AVIF sequence (ISO/IEC 14496-12, sections 8.3 to 8.7 and 12.1)."""

from typing import Final

from core.imaging.containers.isobmff import FULL, Box, File

_SAMPLE_ENTRY: Final = 78
"""Bytes of a visual sample entry before its boxes (section 12.1.3.2)."""


def picture_track(file: File) -> tuple[Box, Box, Box] | None:
    """The `tkhd`, the sample entry and the sample table of the first AV1 track that is no auxiliary of another."""
    moov = file.first(file.whole, b"moov")
    for trak in file.inside(moov) if moov else ():
        if trak.kind == b"trak" and not file.first(file.first(trak, b"tref"), b"auxl"):
            table = file.first(file.first(file.first(trak, b"mdia"), b"minf"), b"stbl")
            entry = file.first(file.first(table, b"stsd"), b"av01", FULL + 4)
            header = file.first(trak, b"tkhd")
            if table and entry and header:
                return header, entry, table
    return None


def entry_properties(file: File, entry: Box) -> list[Box]:
    """The boxes in a visual sample entry."""
    return list(file.inside(entry, _SAMPLE_ENTRY))


def track_sides(file: File, header: Box) -> tuple[int, int]:
    """Width and height in pixels by a track's header, without their fractions (section 8.3.2)."""
    at = header.start + (88 if file.number(header.start, 1) else 76)
    return file.number(at, 2), file.number(at + 4, 2)


def track_start(file: File, table: Box, most: int) -> bytes:
    """The first bytes of a track's first sample, `most` of them at the most (section 8.7.5)."""
    for kind, length in ((b"stco", 4), (b"co64", 8)):
        if box := file.first(table, kind):
            at = file.number(box.start + 8, length)
            return file.data[at : at + most]
    return b""
