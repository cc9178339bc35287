"""A WebP animation of half transparent frames (RFC 9649, section 2.7): of each one the box that changed.

libwebp's own encoder of animations lays a frame over the one before where it takes both for alike, which makes what is
half transparent denser. Here a box takes the place of what was there before.
"""

from collections.abc import Callable, Iterator, Sequence
from struct import pack
from typing import Final

from PIL import Image, ImageChops

from core.imaging.containers.riff import ALPHA, ANIMATION, PROFILE, chunks
from core.imaging.frame import Frame

_IN_PLACE: Final = 0x02
"""The flag of a frame that is not blended."""


def write(frames: Sequence[Frame], plays: int, encoded: Callable[[Image.Image], bytes]) -> bytes:
    """Frames in RGBA as a WebP's bytes, given what makes a still WebP of a picture; durations are whole milliseconds.

    `plays` is how often they are shown, 1 to 65,535, or 0 for ever.
    """
    width, height = frames[0].pixels.size
    profile = frames[-1].profile
    flags = ANIMATION | ALPHA | (PROFILE if profile else 0)
    pieces = [_chunk(b"VP8X", pack("<I", flags) + _three(width - 1) + _three(height - 1))]
    pieces += [_chunk(b"ICCP", profile)] if profile else []
    pieces.append(_chunk(b"ANIM", pack("<IH", 0, plays)))
    before: Image.Image | None = None
    for frame in frames:
        left, top, right, bottom = _changed(before, frame.pixels)
        before = frame.pixels
        place = _three(left // 2) + _three(top // 2) + _three(right - left - 1) + _three(bottom - top - 1)
        still = encoded(frame.pixels.crop((left, top, right, bottom)))
        head = place + _three(int(frame.duration)) + bytes([_IN_PLACE])
        pieces.append(_chunk(b"ANMF", head + b"".join(_picture(still))))
    body = b"WEBP" + b"".join(pieces)
    return b"RIFF" + pack("<I", len(body)) + body


def _changed(before: Image.Image | None, picture: Image.Image) -> tuple[int, int, int, int]:
    """The box where a picture differs from the one before; its corner is at even places, as a frame's is."""
    if before is None:
        return 0, 0, *picture.size
    left, top, right, bottom = ImageChops.difference(before, picture).getbbox(alpha_only=False) or (0, 0, 1, 1)
    return left & ~1, top & ~1, right, bottom


def _picture(still: bytes) -> Iterator[bytes]:
    """The chunks of a still WebP that are its pixels."""
    for kind, start, end in chunks(still, 12, len(still)):
        if kind in (b"ALPH", b"VP8 ", b"VP8L"):
            yield _chunk(kind, still[start:end])


def _chunk(name: bytes, payload: bytes) -> bytes:
    return name + pack("<I", len(payload)) + payload + b"\0" * (len(payload) % 2)


def _three(number: int) -> bytes:
    return number.to_bytes(3, "little")
