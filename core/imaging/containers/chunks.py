"""PNG: the contents of its chunks (W3C PNG, third edition, sections 5 and 11)."""

import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from core.errors import BrokenOriginal, UnsupportedFormat
from core.imaging import png
from core.imaging.containers import apng
from core.imaging.containers.contents import Colours, Contents, too_many_parts
from core.imaging.packing import crc32
from core.imaging.spaces import SRGB, from_cicp, from_gamma

_CRITICAL: Final = (b"IHDR", b"PLTE", b"IDAT", b"IEND")
_MOST_CHUNKS: Final = 100_000
"""libpng writes a chunk for each 8 KiB of pixels: a photograph has a few thousand."""

_DEFLATED: Final = b"\0"
"""The only method of compression (section 10.1)."""

_LARGEST_PROFILE: Final = 8 * 1024 * 1024
"""The most bytes of an ICC profile. Profiles of printing presses have two to three million."""

_AT_ONCE: Final = 16 * 1024
"""Bytes of packed pixels that are unpacked at a time. They unpack to at most about a thousand times as many."""

_CHANNELS: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""The number of channels by colour type (section 11.2.1)."""

_PALETTE: Final = b"\3"
_GREY: Final = (b"\0", b"\4")
_INTENTS: Final = (b"\0", b"\1", b"\2", b"\3")
"""The possible contents of an sRGB chunk (section 11.3.2.5)."""

_KEYS: Final = {b"\0": (2,), b"\2": (6,), _PALETTE: range(1, 257)}
"""The possible lengths of a tRNS chunk in bytes, by colour type (section 11.3.1.1)."""

_PASSES: Final = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
"""The first column, the first row, and the steps between columns and rows (section 8.1)."""


def contents(data: bytes) -> Contents:
    """The contents of a PNG. Its decoder gets only the chunks that it needs, without text and other extras.

    Raises BrokenOriginal, TooLarge, and UnsupportedFormat for a PNG with an unknown critical chunk.
    """
    every = list(chunks(data))
    damaged = any(kind == b"IDAT" and not whole for kind, _, whole in every)
    found = [(kind, body) for kind, body, whole in every if whole or kind == b"IDAT"]
    kinds = [kind for kind, _ in found]
    if kinds[:1] != [b"IHDR"] or b"IDAT" not in kinds:
        raise BrokenOriginal("The original, a PNG, has no header or no pixels.")
    pixels_at = kinds.index(b"IDAT")
    before = first(found[:pixels_at])
    head = pixels_head(before)
    key = _key(head)
    if key:
        del head[b"tRNS"]
    elif b"tRNS" in head:
        head[b"tRNS"] = _eight_bits(head[b"IHDR"], head[b"tRNS"])
    still = png.file({**head, b"IDAT": b"".join(body for kind, body in found if kind == b"IDAT")})
    exif = bytes(before.get(b"eXIf", b""))  # Browsers read it only before the pixels, and without a JPEG's prefix.
    exif = exif if exif.startswith((b"II", b"MM")) else b""
    parts, plays = apng.animation(found, head, pixels_at)
    canvas = struct.unpack(">2I", head[b"IHDR"][:8].ljust(8, b"\0"))
    grey = head[b"IHDR"][9:10] in _GREY
    colours = _colours(before)
    return Contents(still, canvas, parts, plays, colours=colours, exif=exif, damaged=damaged, grey=grey, key=key)


def complete(file: bytes) -> bool:
    """Whether a PNG of one picture has pixels for all its rows. Pillow leaves missing rows black."""
    found = {kind: body for kind, body, _ in chunks(file)}
    width, height, depth, colour, _, _, interlaced = struct.unpack(">2I5B", found[b"IHDR"])
    passes = _PASSES if interlaced else ((0, 0, 1, 1),)
    bits = depth * _CHANNELS[colour]
    sides = [((width - x + dx - 1) // dx, (height - y + dy - 1) // dy) for x, y, dx, dy in passes]
    missing: int = sum(rows * (1 + (columns * bits + 7) // 8) for columns, rows in sides if columns)
    unpacking, packed = zlib.decompressobj(), found[b"IDAT"]
    for start in range(0, len(packed), _AT_ONCE):
        if missing <= 0 or unpacking.eof:
            break
        missing -= len(unpacking.decompress(packed[start : start + _AT_ONCE]))
    return missing <= 0


def chunks(data: bytes) -> Iterator[tuple[bytes, memoryview, bool]]:
    """The kind and data of each chunk, including the last one, IEND, and whether its checksum is right.

    Raises BrokenOriginal for damaged chunks that are needed for the pixels. If the file ends within the pixels, the
    decoder of the pixels reports it.
    """
    view, at = memoryview(data), len(png.SIGNATURE)
    for _ in range(_MOST_CHUNKS):
        kind, start = data[at + 4 : at + 8], at + 8
        if not (len(kind) == 4 and kind.isalpha() and kind.isascii()):
            return
        if kind == b"IEND":
            yield kind, view[:0], True
            return
        end = start + int.from_bytes(data[at : at + 4])
        whole = crc32(view[at + 4 : end]).to_bytes(4) == data[end : end + 4]
        if kind[:1].isupper():
            if kind not in _CRITICAL:
                raise UnsupportedFormat(_unknown(kind))
            if not whole and kind != b"IDAT":
                raise BrokenOriginal(f"The original, a PNG, has a damaged chunk: {kind.decode()}.")
        yield kind, view[start:end], whole or end + 4 > len(data)
        at = end + 4
    raise too_many_parts()


def first(found: Sequence[tuple[bytes, memoryview]]) -> dict[bytes, memoryview]:
    """Chunks by kind, in order. If there are several of a kind, the first one counts."""
    chunks = dict[bytes, memoryview]()
    for kind, body in found:
        chunks.setdefault(kind, body)
    return chunks


def pixels_head(before: Mapping[bytes, memoryview]) -> dict[bytes, bytes]:
    """The valid header, palette and transparency among the chunks before the pixels, in order.

    Raises BrokenOriginal for a missing or invalid palette.
    """
    head = {kind: bytes(before[kind]) for kind in before if kind in (b"IHDR", b"PLTE", b"tRNS")}
    if head[b"IHDR"][9:10] == _PALETTE:
        _check_palette(head)
    else:
        head.pop(b"PLTE", None)  # It suggests colours for displays that have few (section 11.2.2).
    if len(head.get(b"tRNS", b"")) not in _KEYS.get(head[b"IHDR"][9:10], ()):
        head.pop(b"tRNS", None)
    return head


def _unknown(kind: bytes) -> str:
    if kind == b"CgBI":
        return "The original is a PNG that Xcode rewrote for iPhones (CgBI), which is not supported."
    return f"The original is a PNG with an unknown critical chunk, which is not supported: {kind.decode()}."


def _eight_bits(header: bytes, transparency: bytes) -> bytes:
    """A tRNS chunk for Pillow, which compares a transparent grey of 2 or 4 bits with pixels of 8 bits."""
    depth, colour = header[8:10].ljust(2, b"\0")
    if colour != 0 or depth not in (2, 4):
        return transparency
    mask = (1 << depth) - 1
    return ((int.from_bytes(transparency[:2]) & mask) * 255 // mask).to_bytes(2)


def _check_palette(head: dict[bytes, bytes]) -> None:
    """Removes a tRNS chunk that comes before the palette (section 5.6, table 7).

    Raises BrokenOriginal for a missing or invalid palette.
    """
    if len(head.get(b"PLTE", b"")) not in range(3, 769, 3):
        raise BrokenOriginal("The original, a PNG, has no palette, or a damaged one.")
    if list(head)[-1] != b"tRNS":
        head.pop(b"tRNS", None)


def _key(head: Mapping[bytes, bytes]) -> tuple[int, ...] | None:
    """The transparent colour of 16 bits (section 11.3.1.1). Pillow's decoder has only its high bytes."""
    transparency = head.get(b"tRNS", b"")
    return struct.unpack(">3H", transparency) if head[b"IHDR"][8:10] == b"\x10\2" and len(transparency) == 6 else None


def _colours(before: Mapping[bytes, memoryview]) -> Colours:
    """The colours by the chunks before the pixels, in order of precedence (section 4.3)."""
    if len(before.get(b"cICP", b"")) == 4 and (space := from_cicp(*before[b"cICP"])):
        return space
    if profile := _profile(bytes(before.get(b"iCCP", b""))):
        return profile
    if bytes(before.get(b"sRGB", b"")) in _INTENTS or len(before.get(b"gAMA", b"")) != 4:
        return SRGB
    stated = before.get(b"cHRM", b"")
    chromaticities = struct.unpack(">8I", stated) if len(stated) == 32 else None
    return from_gamma(int.from_bytes(before[b"gAMA"]), chromaticities)


def _profile(chunk: bytes) -> bytes | None:
    """The ICC profile of an iCCP chunk (section 11.3.2.3), None if it is damaged or too large.

    It is checked by the size and the signature in its header (ICC.1:2022, section 7.2).
    """
    name, _, packed = chunk.partition(b"\0")
    if not name or packed[:1] != _DEFLATED:
        return None
    unpacking = zlib.decompressobj()
    try:
        profile = unpacking.decompress(packed[1:], _LARGEST_PROFILE)
    except zlib.error:
        return None
    sound = profile[36:40] == b"acsp" and int.from_bytes(profile[:4]) <= len(profile)
    return profile if unpacking.eof and sound else None
