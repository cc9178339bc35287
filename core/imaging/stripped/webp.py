"""WebP without its metadata (RFC 9649, section 2)."""

from collections.abc import Sequence
from itertools import islice
from typing import Final

from core.imaging.containers.contents import MOST_FRAMES
from core.imaging.containers.riff import ALPHA, ANIMATION, PROFILE, chunks, contents, has_alpha
from core.imaging.stripped.pieces import Pieces

_RIFF, _CHUNK, _FRAME = 12, 8, 16
"""Bytes of the head of a file, of the head of a chunk, and of ANMF, a frame, before its picture."""

_LENGTHS: Final = {b"VP8X": 10, b"ANIM": 6}
"""The lengths of chunks in bytes (sections 2.7.1 and 2.7.1.1)."""

_FRAME_FLAGS: Final = 3
"""The bits that are not reserved in ANMF's last byte before its picture."""

_PICTURES: Final = ([b"VP8 "], [b"ALPH", b"VP8 "], [b"VP8L"])
_KEPT: Final = (b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF")
_MOST_CHUNKS: Final = 2 * MOST_FRAMES

_Chunks = Sequence[tuple[bytes, int, int]]
"""Kinds of chunks, and where their contents begin and end in the file."""


def stripped(data: bytes, profile: bytes | None) -> Pieces | None:
    """A WebP with only its picture or its frames, and this ICC profile instead of its own.

    None for a file with an invalid structure.
    """
    data = contents(data).data  # With the correct alpha flag.
    found = _kept(data, _RIFF, _CHUNK + int.from_bytes(data[4:8], "little"))
    if not found:
        return None
    kind, start, end = found[0]
    if kind != b"VP8X":
        picture = () if profile else _picture(data, found[:1])
        return _file(picture) if picture else None
    flags = data[start] & (ALPHA | ANIMATION)
    pictures = _animation(data, found[1:]) if flags & ANIMATION else _still(data, found[1:], flags)
    if not pictures:
        return None
    head = bytes([flags | (PROFILE if profile else 0), 0, 0, 0])
    colours = _chunk(b"ICCP", profile) if profile else ()
    return _file([*_chunk(b"VP8X", head, data[start + len(head) : end]), *colours, *pictures])


def _kept(data: bytes, start: int, end: int) -> _Chunks:
    """The chunks to keep in a part of the file: none if chunks don't fill the part, or have a wrong length."""
    found = list(islice(chunks(data, start, end), _MOST_CHUNKS))
    filled = found and found[-1][2] + found[-1][2] % 2 == end <= len(data)
    sound = all(_LENGTHS.get(kind, stop - at) == stop - at for kind, at, stop in found)
    return [chunk for chunk in found if chunk[0] in _KEPT] if filled and sound else ()


def _still(data: bytes, found: _Chunks, flags: int) -> Pieces:
    """A still picture; nothing if it has alpha but not the alpha flag."""
    begin = found[0][1] - _CHUNK if found else len(data)
    return () if has_alpha(data[begin : begin + _CHUNK + 5]) and not flags & ALPHA else _picture(data, found)


def _animation(data: bytes, found: _Chunks) -> Pieces:
    """The control chunk of an animation and its frames; nothing if one is missing, or if there are other chunks."""
    frames = [_frame(data, start, end) for kind, start, end in found if kind == b"ANMF"]
    if not all(frames) or [kind for kind, _, _ in found] != [b"ANIM", *[b"ANMF"] * max(len(frames), 1)]:
        return ()
    _, start, end = found[0]
    return [*_chunk(b"ANIM", data[start:end]), *(piece for frame in frames for piece in frame)]


def _frame(data: bytes, start: int, end: int) -> Pieces:
    """The chunk of a frame with only its picture; nothing if it has no picture."""
    head, picture = data[start : start + _FRAME], _picture(data, _kept(data, start + _FRAME, end))
    return _chunk(b"ANMF", head[:-1], bytes([head[-1] & _FRAME_FLAGS]), *picture) if picture else ()


def _picture(data: bytes, found: _Chunks) -> Pieces:
    """The chunks of a picture; nothing if the chunks are not those of one picture."""
    view = memoryview(data)
    usual = [kind for kind, _, _ in found] in _PICTURES
    return [piece for kind, start, end in found for piece in _chunk(kind, view[start:end])] if usual else ()


def _chunk(kind: bytes, *body: bytes | memoryview) -> Pieces:
    length = sum(map(len, body))
    return [kind, length.to_bytes(4, "little"), *body, bytes(length % 2)]


def _file(pieces: Pieces) -> Pieces:
    return [b"RIFF", (4 + sum(map(len, pieces))).to_bytes(4, "little"), b"WEBP", *pieces]
