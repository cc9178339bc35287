"""APNG: the frames of an animated PNG (W3C PNG, third edition, section 11.3.6)."""

import struct
from collections.abc import Mapping, Sequence
from typing import Final, Literal

from core.errors import BrokenOriginal, TooLarge
from core.imaging import png
from core.imaging.containers.contents import MOST_FRAMES, Part

_DISPOSALS: Final[tuple[Literal["keep", "clear", "restore"], ...]] = ("keep", "clear", "restore")
_FRAME_CONTROL: Final = struct.Struct(">5I2H2B")


def animation(
    found: Sequence[tuple[bytes, memoryview]], head: Mapping[bytes, bytes], pixels_at: int
) -> tuple[tuple[Part, ...], int]:
    """The pictures of an APNG, each as a separate PNG, and how often they are played (section 11.3.6)."""
    control = next((bytes(body) for kind, body in found[:pixels_at] if kind == b"acTL" and len(body) == 8), bytes(8))
    count, plays = struct.unpack(">2I", control)
    if not count:
        return (), 0
    if sum(kind == b"fcTL" for kind, _ in found) > MOST_FRAMES:
        raise TooLarge(f"The original has too many frames; up to {MOST_FRAMES} are allowed.")
    frames: list[tuple[bytes, list[memoryview]]] = []
    sequence = 0
    for kind, body in found:
        if kind in (b"fcTL", b"fdAT"):
            if int.from_bytes(body[:4]) != sequence or not (frames or kind == b"fcTL"):
                raise BrokenOriginal("The original, an APNG, has frames in the wrong order.")
            sequence += 1
        if kind == b"fcTL":
            frames.append((bytes(body), []))
        elif kind in (b"fdAT", b"IDAT") and frames:
            frames[-1][1].append(body[4:] if kind == b"fdAT" else body)
    if len(frames) < count:
        raise BrokenOriginal("The original, an APNG, has fewer frames than it announces.")
    return tuple(_part(head, *frame) for frame in frames[:count]), plays


def _part(head: Mapping[bytes, bytes], control: bytes, pixels: Sequence[memoryview]) -> Part:
    if len(control) != _FRAME_CONTROL.size or not pixels:
        raise BrokenOriginal("The original, an APNG, has a damaged frame.")
    _, width, height, left, top, numerator, denominator, disposal, blend = _FRAME_CONTROL.unpack(control)
    header = head[b"IHDR"]
    place = (left, top, left + width, top + height)
    if not (0 < width <= int.from_bytes(header[:4]) - left and 0 < height <= int.from_bytes(header[4:8]) - top):
        raise BrokenOriginal("The original, an APNG, has a frame that exceeds its canvas.")
    if disposal >= len(_DISPOSALS) or blend > 1:
        raise BrokenOriginal("The original, an APNG, has a damaged frame.")
    data = png.file({**head, b"IHDR": control[4:12] + header[8:], b"IDAT": b"".join(pixels)})
    return Part(data, place, 1000 * numerator / (denominator or 100), _DISPOSALS[disposal], over=blend == 1)
