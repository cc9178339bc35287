"""PNG and APNG without their metadata (W3C PNG, third edition, sections 5 and 11)."""

import struct
import zlib
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Final

from core.imaging.containers.chunks import chunks, first, pixels_head
from core.imaging.png import SIGNATURE
from core.imaging.stripped.pieces import Pieces

_COLOURS: Final = {b"cICP": (4,), b"sRGB": (1,), b"gAMA": (4,), b"cHRM": (32,), b"sBIT": (1, 2, 3, 4)}
"""Chunks about colours, and how many bytes they can have (section 11.3.2). With a profile, these chunks are ignored."""

_CONTROL: Final = 8
"""Bytes of an APNG's control chunk (section 11.3.6.1)."""

_MOST_PLAYS: Final = 2**31 - 1
"""The largest number in four bytes (section 7.1)."""

_PLACE: Final = slice(4, 20)
"""The place of a frame's sides and offsets in its control chunk (section 11.3.6.2)."""

_HEADER: Final = 13
"""Bytes of IHDR (section 11.2.1)."""

_DEPTH: Final = 8
"""The place of the depth in IHDR."""


def stripped(data: bytes, profile: bytes | None) -> Pieces | None:
    """A PNG with only its pixels, its frames, its chunks about colours, and this ICC profile instead of its own.

    None for a PNG of 16 bits, for an APNG whose default image is not part of the animation, and for an invalid
    structure.
    """
    every = list(chunks(data))
    found = [(kind, body) for kind, body, whole in every if whole]
    before = first(found[: [kind for kind, _ in found].index(b"IDAT")])
    head = pixels_head(before)
    header, control = head.pop(b"IHDR"), before.get(b"acTL", b"")
    frames, plays = struct.unpack(">2I", control if len(control) == _CONTROL else bytes(_CONTROL))
    kept = (b"IDAT", b"fcTL", b"fdAT") if frames else (b"IDAT",)
    pixels = [(kind, body) for kind, body in found if kind in kept]
    sound = every[-1][0] == b"IEND" and len(header) == _HEADER and plays <= _MOST_PLAYS
    if not sound or header[_DEPTH] > 8 or not _are_in_order(pixels, header, frames):
        return None
    moving = {b"acTL": control} if frames else {}
    colours = _colours(before, profile)
    written = [(b"IHDR", header), *moving.items(), *colours.items(), *head.items(), *pixels, (b"IEND", b"")]
    return [SIGNATURE, *(piece for kind, body in written for piece in _chunk(kind, body))]


def _are_in_order(pixels: Sequence[tuple[bytes, memoryview]], header: bytes, frames: int) -> bool:
    """Whether the chunks of pixels are a still picture, or this many frames, the first of which covers the canvas."""
    usual = [b"fcTL", b"IDAT", *[b"fcTL", b"fdAT"] * (frames - 1)] if frames else [b"IDAT"]
    groups = [kind for kind, _ in groupby(kind for kind, _ in pixels)]
    return groups == usual and (not frames or pixels[0][1][_PLACE] == header[:8] + bytes(8))


def _colours(before: Mapping[bytes, memoryview], profile: bytes | None) -> dict[bytes, bytes | memoryview]:
    """The chunks about colours, given all chunks before the pixels."""
    if profile:
        return {b"iCCP": b"ICC Profile\0\0" + zlib.compress(profile)}
    if b"iCCP" in before:
        return {}
    return {kind: before[kind] for kind, lengths in _COLOURS.items() if len(before.get(kind, b"")) in lengths}


def _chunk(kind: bytes, body: bytes | memoryview) -> Pieces:
    return [len(body).to_bytes(4), kind, body, zlib.crc32(body, zlib.crc32(kind)).to_bytes(4)]
