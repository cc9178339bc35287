"""JPEG without its metadata (ITU-T T.81, annex B)."""

import re
from itertools import pairwise
from typing import Final

from core.imaging.containers.segments import END_OF_IMAGE, START_OF_SCAN, segments
from core.imaging.stripped.pieces import Pieces

_CODING: Final = (0xC0, 0xC1, 0xC2, 0xC4, 0xDB, 0xDD)
"""The frames that browsers show, tables of Huffman codes and of quantization, and restart intervals."""

_LEFT_OUT: Final = (*range(0xE0, 0xF0), 0xFE, 0xDC)
"""Segments of applications, comments, and the number of lines after a scan, which the frame states already."""

_APP0, _APP2, _APP14 = 0xE0, 0xE2, 0xEE
_MARKER: Final = 4
"""Bytes of a marker and of the length after it."""

_COMPONENTS: Final = {_APP0: (b"JFIF\0", 14), _APP14: (b"Adobe", 12)}
"""The segments that state what a JPEG's components are: their first bytes, and the number of bytes libjpeg needs."""

_THUMBNAIL: Final = slice(12, 14)
"""The place of the sides of JFIF's thumbnail (JFIF 1.02)."""

_STRAY: Final = re.compile(rb"\xff[\x01\xd8]")
"""Markers that end a scan's data for a decoder. The decoder skips everything from there to the next segment."""


def stripped(data: bytes, profile: bytes | None) -> Pieces | None:
    """A JPEG with only the segments that decoding needs, and this ICC profile of up to 65,519 bytes.

    The bytes after the end of the image are left out. None for a JPEG that browsers do not show, or whose structure is
    invalid.
    """
    view, found = memoryview(data), list(segments(data))
    if found[-1][0] != END_OF_IMAGE:
        return None
    components = dict[int, bytes]()
    coded: list[bytes | memoryview] = []
    scans = 0
    for (kind, start, end), (_, following, _) in pairwise(found):
        if kind in _CODING:
            coded.append(view[start - _MARKER : end])
        elif kind == START_OF_SCAN:
            scans += 1
            coded.append(view[start - _MARKER : following - _MARKER])
            if _STRAY.search(data, end, following - _MARKER):
                return None
        elif kind not in _LEFT_OUT:
            return None
        elif not scans and (stated := _stated(kind, data[start:end])):
            components[kind] = stated
    colours = [_segment(_APP2, b"ICC_PROFILE\0\1\1" + profile)] if profile else []
    return [b"\xff\xd8", *(components[kind] for kind in sorted(components)), *colours, *coded, b"\xff\xd9"]


def _stated(kind: int, body: bytes) -> bytes:
    """A segment with only its statements about the components, without a thumbnail; empty if it states nothing."""
    begin, length = _COMPONENTS.get(kind, (b"", 0))
    if not begin or not body.startswith(begin) or len(body) < length:
        return b""
    stated = bytearray(body[:length])
    stated[_THUMBNAIL] = bytes(len(stated[_THUMBNAIL]))
    return _segment(kind, bytes(stated))


def _segment(kind: int, body: bytes) -> bytes:
    return bytes([0xFF, kind]) + (2 + len(body)).to_bytes(2) + body
