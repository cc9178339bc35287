"""JPEG: the contents of its segments (ITU-T T.81, annex B)."""

import re
from collections.abc import Iterator
from typing import Final

from core.errors import BrokenOriginal, UnsupportedFormat
from core.imaging.containers.contents import Contents, too_many_parts

_MARKER: Final = re.compile(rb"\xff([\x02-\xcf\xd9-\xfe])", re.DOTALL)
"""The marker of a segment or of the image's end, but not a stuffed byte or a restart (section B.1.1.2)."""

START_OF_SCAN, END_OF_IMAGE, _APP1 = 0xDA, 0xD9, 0xE1
_LOSSLESS = 0xC3
_PROGRESSIVE: Final = (0xC2, 0xCA)
_FRAMES: Final = (*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0), 0xDE, 0xF7)
"""Markers of a frame, of frames that build on each other (table B.1), or of JPEG-LS (ITU-T T.87, annex C.1.1)."""

_DECODED: Final = (0xC0, 0xC1, 0xC2, _LOSSLESS, 0xC9, 0xCA)
"""The frames that libjpeg-turbo decodes: no hierarchical frames, and no lossless frames with arithmetic coding."""

_HEAD: Final = 62
"""Bytes of a segment that are read."""

_MOST_SEGMENTS: Final = 10_000
_MOST_EXIF_SEGMENTS: Final = 64
"""The most Exif segments: for each of them, Pillow copies all of the Exif data. Usually there is one, rarely two."""


def contents(data: bytes) -> Contents:
    """The contents of a JPEG.

    Raises UnsupportedFormat for a kind of JPEG that is not supported, BrokenOriginal for a damaged header and for
    missing scans at the end, and TooLarge for too many segments.
    """
    frame, scans, exif, ended, unfinished = 0, 0, 0, False, set[tuple[int, int]]()
    for count, (kind, start, end) in enumerate(segments(data), 1):
        body = data[start : min(end, start + _HEAD)]
        if kind in _FRAMES and not frame:
            frame, unfinished = kind, _coefficients(kind, body)
        scans += kind == START_OF_SCAN
        exif += kind == _APP1 and body.startswith(b"Exif")
        ended = kind == END_OF_IMAGE
        if kind == START_OF_SCAN:
            unfinished -= _finished(frame, body)
        if count > _MOST_SEGMENTS or exif > _MOST_EXIF_SEGMENTS:
            raise too_many_parts()
    if not ended and unfinished:
        raise BrokenOriginal("The original, a JPEG, is cut short.")
    return Contents(data, scans=max(scans, 1), ended=ended, shrinks=frame != _LOSSLESS)


def segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Each segment's marker, and where its contents begin and end, as libjpeg finds them.

    The contents begin 4 bytes after the marker's start. The end of the image, the last segment, has no contents.
    """
    at = 2
    while match := _MARKER.search(data, at):
        kind, start = match[1][0], match.end()
        if kind == END_OF_IMAGE:
            yield kind, start + 2, start + 2
            return
        at = start + int.from_bytes(data[start : start + 2])
        yield kind, start + 2, at


def _coefficients(kind: int, body: bytes) -> set[tuple[int, int]]:
    """Each component of a frame with each of its coefficients, which scans have to provide (section B.2.2).

    A scan that is not progressive provides all coefficients at once: then the first stands for all of them. Raises
    the errors of `contents`.
    """
    if len(body) < 6:
        raise BrokenOriginal("The original, a JPEG, has a damaged header.")
    precision, components = body[0], body[6 : 6 + 3 * body[5] : 3]
    if precision != 8:
        raise UnsupportedFormat(f"The original is a JPEG of {precision} bits per sample; only 8 bits are supported.")
    if kind not in _DECODED:
        raise UnsupportedFormat(f"The original is a JPEG of a kind that is not supported (start of frame {kind:X}).")
    if body[5] not in (1, 3, 4):
        raise UnsupportedFormat(f"The original is a JPEG of {body[5]} components; only 1, 3 and 4 are supported.")
    if body[1:3] == b"\0\0":
        raise UnsupportedFormat(
            "The original is a JPEG that states its height after its pixels, which is not supported."
        )
    if _fractions(body[7 : 6 + 3 * body[5] : 3]):
        raise UnsupportedFormat(
            "The original is a JPEG with unusual subsampling, which is not supported: its components have sides "
            "that are not multiples of each other."
        )
    return {(component, index) for component in components for index in range(64 if kind in _PROGRESSIVE else 1)}


def _fractions(sampling: bytes) -> bool:
    """Whether a component would not be enlarged by a whole number, given all sampling factors (section A.1.1)."""
    across, down = [factors >> 4 for factors in sampling], [factors & 15 for factors in sampling]
    return any(factor and max(factors) % factor for factors in (across, down) for factor in factors)


def _finished(frame: int, body: bytes) -> set[tuple[int, int]]:
    """The components and coefficients whose last bits a scan provides (section B.2.3)."""
    if len(body) < 1 or len(body) < 4 + 2 * body[0]:
        return set()
    components, (first, last, bits) = body[1 : 1 + 2 * body[0] : 2], body[1 + 2 * body[0] : 4 + 2 * body[0]]
    if frame not in _PROGRESSIVE:
        return {(component, 0) for component in components}
    return {(component, index) for component in components for index in range(first, last + 1) if not bits & 0x0F}
