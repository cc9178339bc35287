"""JPEG without its metadata (ITU-T T.81, annex B)."""

import re
from itertools import pairwise
from typing import Final

from core.imaging.containers.segments import END_OF_IMAGE, START_OF_SCAN, segments
from core.imaging.stripped.pieces import Pieces

_CODING: Final = (0xC0, 0xC1, 0xC2, 0xC4, 0xDB, 0xDD)
"""The frames that browsers show, tables of Huffman codes and of quantization, and restart intervals."""

_LEFT_OUT: Final = (*range(0xE0, 0xF0), 0xFE, 0xDC)
"""What applications say, comments, and the number of lines behind a scan, which its frame has already."""

_APP0, _APP2, _APP14 = 0xE0, 0xE2, 0xEE
_MARKER: Final = 4
"""Bytes of a marker and of the length behind it."""

_TOLD: Final = {_APP0: (b"JFIF\0", 14), _APP14: (b"Adobe", 12)}
"""The segments that tell what a JPEG's components are: how they begin, and how many bytes libjpeg needs of them."""

_THUMBNAIL: Final = slice(12, 14)
"""Where JFIF has the sides of its thumbnail (JFIF 1.02)."""

_STRAY: Final = re.compile(rb"\xff[\x01\xd8]")
"""Markers that end a scan's data for a decoder. It passes over what is between them and the next segment."""


def stripped(data: bytes, profile: bytes | None) -> Pieces | None:
    """A JPEG with what decoding needs and with this ICC profile of up to 65,519 bytes, up to the end of the image.

    None for one that browsers do not show, or that is not put together as it should be.
    """
    view, found = memoryview(data), list(segments(data))
    if found[-1][0] != END_OF_IMAGE:
        return None
    told = dict[int, bytes]()
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
        elif not scans and (said := _told(kind, data[start:end])):
            told[kind] = said
    colours = [_segment(_APP2, b"ICC_PROFILE\0\1\1" + profile)] if profile else []
    return [b"\xff\xd8", *(told[kind] for kind in sorted(told)), *colours, *coded, b"\xff\xd9"]


def _told(kind: int, body: bytes) -> bytes:
    """What a segment tells of the components, without a thumbnail and what else is in it; empty for nothing."""
    begin, length = _TOLD.get(kind, (b"", 0))
    if not begin or not body.startswith(begin) or len(body) < length:
        return b""
    said = bytearray(body[:length])
    said[_THUMBNAIL] = bytes(len(said[_THUMBNAIL]))
    return _segment(kind, bytes(said))


def _segment(kind: int, body: bytes) -> bytes:
    return bytes([0xFF, kind]) + (2 + len(body)).to_bytes(2) + body
