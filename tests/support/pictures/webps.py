"""Animated WebP (RFC 9649): the container is written here, and libwebp encodes the pictures in it."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from tests.support.pictures.hostile.webp import ALPHA, ANIMATION, canvas, chunk, riff, uint24


@dataclass(frozen=True)
class Still:
    """A frame: picture, place in even pixels, duration in ms, whether it `clears` its area and `replaces` pixels."""

    picture: Image.Image
    left: int = 0
    top: int = 0
    duration: int = 100
    clears: bool = False
    replaces: bool = False
    lossless: bool = True


def webp(sides: tuple[int, int], frames: Sequence[Still], alpha: bool, plays: int = 0) -> bytes:
    """An animation with or without the alpha flag, whatever its frames are."""
    control = chunk(b"ANIM", bytes([90, 90, 90, 255]) + struct.pack("<H", plays))
    body = b"".join(_frame(frame) for frame in frames)
    return riff(canvas(*sides, ANIMATION | ALPHA * alpha) + control + body)


def _frame(frame: Still) -> bytes:
    numbers = (frame.left // 2, frame.top // 2, frame.picture.width - 1, frame.picture.height - 1, frame.duration)
    head = b"".join(map(uint24, numbers)) + bytes([frame.replaces << 1 | frame.clears])
    return chunk(b"ANMF", head + payload(frame.picture, lossless=frame.lossless, quality=90))


def payload(picture: Image.Image, **options: object) -> bytes:
    """The chunks of a picture, without the header of a file with alpha; the options are Pillow's."""
    buffer = BytesIO()
    picture.save(buffer, "WEBP", exact=True, **options)
    data, at, kept = buffer.getvalue(), 12, b""
    while at < len(data):
        end = at + 8 + int.from_bytes(data[at + 4 : at + 8], "little")
        end += end % 2
        if data[at : at + 4] in (b"ALPH", b"VP8 ", b"VP8L"):
            kept += data[at:end]
        at = end
    return kept
