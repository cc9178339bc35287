"""Animated originals: composed frames in, composed frames out, with their durations and their number of plays."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image

from core.decode import reading
from core.encode import options, prepared, saved
from core.errors import TooLarge
from core.formats import OWN_FORMAT
from core.size import Format

MOVING: Final = ("gif", "webp", "png", "avif")
"""The formats that hold an animation; for any other, a variant is the first frame."""

MOST_FRAMES: Final = 3000
"""A frame costs time however few pixels it has."""

TRANSPARENT: Final = 255
"""The palette index of a GIF's transparent pixels."""


@dataclass(frozen=True)
class Motion:
    """How frames are shown: milliseconds of each, and how often all of them; 0 is for ever."""

    durations: tuple[int, ...]
    plays: int


def frame_count(image: Image.Image, data: bytes, target: Format, canvas: tuple[int, int], max_pixels: int) -> int:
    """How many frames of an opened original a variant has, told by the headers; 1 for a format that can't move.

    An APNG's default image that is no part of the animation does not count. Raises TooLarge where
    all frames together, as they are or on a variant's canvas of (width, height), have over
    `max_pixels` pixels, or where they are over `MOST_FRAMES`.
    """
    if target not in MOVING or OWN_FORMAT.get(image.format or "") not in MOVING:
        return 1  # A TIFF's pages and a phone's second picture are no animation.
    pixels = max(image.width * image.height, canvas[0] * canvas[1])
    most = max(1, min(MOST_FRAMES, max_pixels // pixels))
    count = gif_frames(data, most) if image.format == "GIF" else int(getattr(image, "n_frames", 1)) - _first(image)
    if count > most:
        raise TooLarge(f"The original has more frames than are read here: of {pixels} pixels each, up to {most} are.")
    return count


def gif_frames(data: bytes, most: int) -> int:
    """How many image descriptors a GIF has (GIF89a, section 20), up to one more than `most`.

    Pillow would set up each frame to count it, which a file of a million frames makes dear.
    """
    at, count = 13 + _colour_table(data, 10), 0
    while at < len(data) and count <= most:
        block, at = data[at], at + 1
        if block == 0x2C:
            count += 1
            at += 9 + _colour_table(data, at + 8) + 1
        elif block == 0x21:
            at += 1
        else:
            break
        while at < len(data) and data[at]:
            at += 1 + data[at]
        at += 1
    return max(count, 1)


def _colour_table(data: bytes, flags_at: int) -> int:
    """Bytes of the colour table that a packed field announces."""
    flags = data[flags_at] if flags_at < len(data) else 0
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _first(image: Image.Image) -> int:
    """The index of the animation's first frame."""
    return 1 if image.format == "PNG" and getattr(image, "default_image", False) else 0


def frames(image: Image.Image, count: int) -> Iterator[Image.Image]:
    """The original itself, each time at its next frame, loaded. Raises BrokenOriginal."""
    for index in range(_first(image), _first(image) + count):
        with reading():
            image.seek(index)
            image.load()
        yield image


def plays(image: Image.Image) -> int:
    """How often an opened animation is to be shown in all; 0 is for ever.

    A GIF's loop count says how often it is repeated after the first time, and one without it is
    shown once (Netscape's application extension, as browsers read it). APNG and WebP count all plays.
    """
    loop = image.info.get("loop")
    if image.format == "GIF":
        return 1 if loop is None else 0 if loop == 0 else int(loop) + 1
    return int(loop or 0)


def encode(shown: Sequence[Image.Image], motion: Motion, target: Format, quality: int, profile: bytes | None) -> bytes:
    """The frames, which are of one size, as an animation's bytes. `quality` is 1 to 100."""
    alpha = any(frame.mode in ("LA", "RGBA") for frame in shown)
    first, *rest = [_picture(frame, alpha, target) for frame in shown]
    moving = {
        "save_all": True,
        "append_images": rest,
        "duration": list(motion.durations),
        **_shown(target, motion, alpha),
    }
    data = saved(first, target, profile, **options(first, target, quality), **moving)
    return _transparent_canvas(data) if target == "webp" and alpha else data


def _transparent_canvas(data: bytes) -> bytes:
    """A WebP animation with VP8X's alpha flag set (RFC 9649, section 2.7.1).

    libwebp sets it by the frames it cut out, and decoders show the rest of the canvas black without it.
    """
    flagged = bytearray(data)
    if flagged[12:16] == b"VP8X":
        flagged[20] |= 0x10
    return bytes(flagged)


def _picture(frame: Image.Image, alpha: bool, target: Format) -> Image.Image:
    frame = prepared(frame.convert("RGBA" if alpha else "RGB"), target)
    frame.info = {}
    return _indexed(frame) if target == "gif" and alpha else frame


def _indexed(frame: Image.Image) -> Image.Image:
    """A frame in 255 colours and a transparent one, which is what at most half opaque becomes."""
    indexed = frame.convert("RGB").quantize(TRANSPARENT, Image.Quantize.MEDIANCUT)
    indexed.paste(TRANSPARENT, mask=frame.getchannel("A").point(lambda alpha: 255 if alpha < 128 else 0))
    indexed.info["transparency"] = TRANSPARENT
    return indexed


def _shown(target: Format, motion: Motion, alpha: bool) -> dict[str, int]:
    """What a format's encoder is told of how frames follow each other. Pillow's for AVIF can't be told the plays."""
    match target:
        case "gif":
            loop = {} if motion.plays == 1 else {"loop": max(motion.plays - 1, 0)}
            # Each frame is complete, so where it is transparent the one before it must go.
            return {"disposal": 2 if alpha else 1, **loop}
        case "webp" | "png":
            return {"loop": motion.plays}
        case _:
            return {}
