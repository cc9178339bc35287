"""Pixels to a variant's bytes: what each format's encoder is told, for still and for animated pictures."""

from collections.abc import Sequence
from typing import Any, Final

from PIL import Image

from core.imaging import avif, gif, jpeg, png, webp
from core.imaging.containers.repeats import with_plays
from core.imaging.containers.riff import with_alpha
from core.imaging.effort import Effort
from core.imaging.frame import Frame
from core.imaging.quality import encoder_quality
from core.imaging.saved import saved
from core.imaging.timing import timed
from core.size import Format

_FEW_MORE: Final = 10
"""What is added to the quality of an animation of few pixels: each error is seen, and bytes are few anyway."""

_MOST_PLAYS: Final[dict[Format, int]] = {"gif": 2**16, "webp": 2**16 - 1, "png": 2**31 - 1, "avif": 2**31}
"""What a format's loop count holds (Netscape's extension, where it counts repetitions; RFC 9649, section 2.7.1.1; PNG,
third edition, section 11.3.6.1). Libavif counts repetitions of an AVIF in a signed number of 32 bits."""


def encoded(frames: Sequence[Frame], plays: int, shades: int, target: Format, quality: int, effort: Effort) -> bytes:
    """The bytes of a picture of one frame, or of an animation of frames that have the same sides.

    They carry the ICC profile and no other metadata of the original. `plays` is how often an animation is shown, 0 for
    ever. `shades` is how many colours the tables of an original GIF have, 0 for any other. `quality` is 1 to 100; PNG
    and GIF have none. Pictures for JPEG have no alpha.
    """
    if target == "gif":
        return _gif(frames, plays, shades)
    if len(frames) > 1:
        return _animated(frames, plays, target, quality, effort)
    return _still(frames[0], target, quality, effort)


def _gif(frames: Sequence[Frame], plays: int, shades: int) -> bytes:
    held = _held(plays, "gif")
    moving = timed(frames, "gif", for_ever=not held) if len(frames) > 1 else frames
    return gif.write(moving, held, shades)


def _held(plays: int, target: Format) -> int:
    """How often an animation is shown. More often than a format can count is for ever."""
    return plays if plays <= _MOST_PLAYS.get(target, 0) else 0


def _still(frame: Frame, target: Format, quality: int, effort: Effort) -> bytes:
    picture, profile = frame.pixels, frame.profile
    picture.info = {}
    match target:
        case "png":
            return png.write(picture, profile)
        case "jpg":
            return jpeg.write(picture, profile, quality)
        case "avif":
            return avif.write(picture, profile, quality, effort.options)
        case _:
            return webp.write(_prepared(picture, target), profile, quality, effort.options)


def _animated(frames: Sequence[Frame], plays: int, target: Format, quality: int, effort: Effort) -> bytes:
    held = _held(plays, target)
    frames = timed(frames, target, for_ever=not held)
    alpha = any(frame.pixels.mode in ("LA", "RGBA") for frame in frames)
    pictures = [_picture(frame.pixels, alpha, target) for frame in frames]
    moving = {
        "save_all": True,
        "append_images": pictures[1:],
        "duration": [frame.duration for frame in frames],
        "loop": held,
        # Chromium takes the full range for the limited one in an animation.
        **({"range": "limited"} if target == "avif" else {}),
        # libwebp lays a frame over the one before where it takes both for alike, which makes half transparent denser.
        **({"kmin": 0, "kmax": 1} if target == "webp" and any(map(_half_transparent, pictures)) else {}),
    }
    options = _options(target, quality, [frame.pixels for frame in frames], effort)
    data = saved(pictures[0], target, frames[-1].profile, {**options, **moving})
    if target == "avif" and held:
        return with_plays(data, held)
    # libwebp sets the alpha flag by the frames it cut out, and decoders show the rest of the canvas black without it.
    return with_alpha(data) if target == "webp" and alpha else data


def _prepared(image: Image.Image, target: Format) -> Image.Image:
    """The image in a mode that the format holds."""
    match target, image.mode:
        case (("webp" | "avif"), "LA"):
            return image.convert("RGBA")
        case (("webp" | "avif"), "L"):
            return image.convert("RGB")
        case _:
            return image


def _options(target: Format, quality: int, pictures: Sequence[Image.Image], effort: Effort) -> dict[str, Any]:
    """What Pillow's encoder of an animation is told; `quality` is 1 to 100."""
    if target == "png":
        return dict(effort.options)
    more = _FEW_MORE if avif.are_few(pictures) else 0
    told = {**effort.options, "quality": encoder_quality(target, min(quality + more, 100))}
    if target == "avif" and all(picture.mode in ("L", "LA") for picture in pictures):
        told["subsampling"] = "4:0:0"
    return {**told, **(avif.CAREFUL if target == "avif" and more else {})}


def _half_transparent(picture: Image.Image) -> bool:
    """Whether some of a picture is neither opaque nor clear."""
    return picture.mode == "RGBA" and any(picture.getchannel("A").histogram()[1:255])


def _picture(frame: Image.Image, alpha: bool, target: Format) -> Image.Image:
    mode = "RGBA" if alpha else "RGB"
    frame = _prepared(frame if frame.mode == mode else frame.convert(mode), target)
    frame.info = {}
    return frame
