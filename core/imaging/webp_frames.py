"""A WebP animation of half transparent frames (RFC 9649, section 2.7). Each frame is stored as the box that changed.

libwebp's own encoder blends a frame with the previous one where both are similar, which makes half transparent pixels
denser. Here only opaque pixels are blended over others; any other box replaces its area.
"""

from collections.abc import Callable, Iterator, Sequence
from struct import pack
from typing import Final

from PIL import Image, ImageChops

from core.imaging.containers.riff import ALPHA, ANIMATION, PROFILE, chunks
from core.imaging.frame import Frame
from core.imaging.palettes import differing

_OPAQUE: Final = 255

_MOST_ALIKE: Final = 31
"""Levels by which a colour may differ, at the lowest quality, before it is written again (as in libwebp)."""

_BLOCK: Final = 8
"""The side, in pixels, of the squares that are drawn if anything in them changed. With smaller squares, the shapes in
lossy frames would be ragged and need more bytes than they save."""

_IN_PLACE: Final = 0x02
"""The flag of a frame that is not blended."""


def write(frames: Sequence[Frame], plays: int, quality: int, encoded: Callable[[Image.Image], bytes]) -> bytes:
    """Frames in RGBA as a WebP's bytes; `encoded` makes a still WebP of a picture. Durations are whole milliseconds.

    `plays` is how often the animation is played, 1 to 65,535, or 0 for ever. The lower the `quality`, 1 to 100, the
    more a colour may change before it is written again. A colour is compared with the last written colour, so that slow
    changes are not lost.
    """
    width, height = frames[0].pixels.size
    profile = frames[-1].profile
    flags = ANIMATION | ALPHA | (PROFILE if profile else 0)
    pieces = [_chunk(b"VP8X", pack("<I", flags) + _three(width - 1) + _three(height - 1))]
    pieces += [_chunk(b"ICCP", profile)] if profile else []
    pieces.append(_chunk(b"ANIM", pack("<IH", 0, plays)))
    alike = round(_MOST_ALIKE - (_MOST_ALIKE - 1) * (quality / 100) ** 0.5)
    shown = Image.new("RGBa", (width, height))  # Premultiplied: the colours of transparent pixels don't matter.
    for frame in frames:
        part, left, top, over = _drawn(shown, frame.pixels, alike)
        place = _three(left // 2) + _three(top // 2) + _three(part.width - 1) + _three(part.height - 1)
        head = place + _three(int(frame.duration)) + bytes([0 if over else _IN_PLACE])
        pieces.append(_chunk(b"ANMF", head + b"".join(_picture(encoded(part)))))
    body = b"WEBP" + b"".join(pieces)
    return b"RIFF" + pack("<I", len(body)) + body


def _drawn(shown: Image.Image, pixels: Image.Image, alike: int) -> tuple[Image.Image, int, int, bool]:
    """The part of a frame to draw, its place in pixels, and whether it is blended. `shown` becomes the frame."""
    picture = pixels.convert("RGBa")
    changed = _changed(shown, picture, alike)
    left, top, right, bottom = changed.getbbox() or (0, 0, 1, 1)
    box = left & ~1, top & ~1, right, bottom  # A frame's left and top are even numbers.
    part = pixels.crop(box)
    over = _laid_over(part.getchannel("A"), changed.crop(box))
    if over:
        part.putalpha(over)
    shown.paste(picture.crop(box), box, over)
    return part, box[0], box[1], over is not None


def _changed(shown: Image.Image, picture: Image.Image, alike: int) -> Image.Image:
    """A mask in mode L: 255 where a colour differs by more than `alike` levels, or an alpha at all, else 0."""
    denser = differing(shown.getchannel("a"), picture.getchannel("a"))
    return ImageChops.lighter(differing(shown, picture, alike), denser)


def _laid_over(alpha: Image.Image, changed: Image.Image) -> Image.Image | None:
    """The new alpha of a box that is blended: opaque in drawn squares. None if any changed pixel is not opaque."""
    if ImageChops.lighter(alpha, ImageChops.invert(changed)).getextrema() != (_OPAQUE, _OPAQUE):
        return None
    blocks = changed.reduce(_BLOCK).point(lambda level: 255 * (level > 0))
    grown = blocks.resize((blocks.width * _BLOCK, blocks.height * _BLOCK), Image.Resampling.NEAREST)
    return ImageChops.darker(alpha.point(lambda level: 255 * (level == _OPAQUE)), grown.crop((0, 0, *alpha.size)))


def _picture(still: bytes) -> Iterator[bytes]:
    """The chunks of a still WebP that contain its pixels."""
    for kind, start, end in chunks(still, 12, len(still)):
        if kind in (b"ALPH", b"VP8 ", b"VP8L"):
            yield _chunk(kind, still[start:end])


def _chunk(name: bytes, payload: bytes) -> bytes:
    return name + pack("<I", len(payload)) + payload + b"\0" * (len(payload) % 2)


def _three(number: int) -> bytes:
    return number.to_bytes(3, "little")
