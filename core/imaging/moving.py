"""An animation's bytes as PNG, WebP or AVIF: the options of their encoders. GIF has its own writer."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from PIL import Image

from core.imaging import avif, webp_frames
from core.imaging.containers.repeats import with_plays
from core.imaging.containers.riff import with_alpha
from core.imaging.frame import Frame
from core.imaging.quality import encoder_quality
from core.imaging.saved import saved
from core.imaging.timing import LONGEST
from core.size import Format

_FEW_COLOURS: Final = 256

_FEW_MORE: Final[dict[Format, int]] = {"webp": 15, "avif": 20}
"""Added to the quality of an animation of few pixels: each error in it is visible, and it has few bytes anyway."""

_WEBP_LESS: Final = 5
"""Subtracted from the quality of a moving WebP. At quality 80, its frames still look like
those of the library sharp at 80, or better."""

_STILL: Final = ("quality", "method", "alpha_quality")
"""WebP's options for single pictures."""


def write(frames: Sequence[Frame], plays: int, target: Format, quality: int, extra: Mapping[str, Any]) -> bytes:
    """An animation's bytes, with the last frame's ICC profile.

    The frames have the same sides, and durations that the format can state. `plays` is how often the animation is
    played, 0 for ever. `quality` is 1 to 100. `extra` are further options of the encoder. Raises SizeRefused if the
    encoder is not installed, and MemoryError if AVIF's encoder fails.
    """
    alpha = any(frame.pixels.mode in ("LA", "RGBA") for frame in frames)
    pictures = [_plain(frame.pixels, alpha) for frame in frames]
    options = _options(target, quality, [frame.pixels for frame in frames], extra)
    # libwebp would make half transparent pixels denser: see webp_frames.
    if target == "webp" and any(map(_half_transparent, pictures)):
        laid = [replace(frame, pixels=picture) for frame, picture in zip(frames, pictures, strict=True)]
        still = {key: value for key, value in options.items() if key in _STILL}
        return webp_frames.write(
            _without_repeats(laid), plays, options["quality"], lambda picture: saved(picture, "webp", None, still)
        )
    moving = {
        "save_all": True,
        "append_images": pictures[1:],
        "duration": [frame.duration for frame in frames],
        "loop": plays,
        # In an animated AVIF, Chromium reads full-range YCbCr as limited-range.
        **({"range": "limited"} if target == "avif" else {}),
        **(_mixed(pictures, options) if target == "webp" else {}),
    }
    data = saved(pictures[0], target, frames[-1].profile, {**options, **moving})
    if target == "avif" and plays:
        return with_plays(data, plays)
    # libwebp sets the alpha flag only if a part that it draws has alpha. The rest of the canvas would be black without.
    return with_alpha(data) if target == "webp" and alpha else data


def _options(target: Format, quality: int, pictures: Sequence[Image.Image], extra: Mapping[str, Any]) -> dict[str, Any]:
    """The encoder's options for all frames."""
    few = avif.are_few(pictures)
    quality = min(quality + _FEW_MORE.get(target, 0), 100) if few else quality
    match target:
        case "webp":
            return {**extra, "quality": max(quality - _WEBP_LESS, 1)}
        case "avif":
            grey = all(picture.mode in ("L", "LA") for picture in pictures)
            chroma = {"subsampling": "4:0:0"} if grey else {}
            return {**extra, **chroma, "quality": encoder_quality("avif", quality), **(avif.CAREFUL if few else {})}
        case _:
            return dict(extra)


def _mixed(pictures: Sequence[Image.Image], options: Mapping[str, Any]) -> dict[str, Any]:
    """Further options of WebP's encoder.

    If all frames have few colours and the first is smaller as lossless, the encoder tries both ways.
    """
    if not options.get("minimize_size") or not all(picture.getcolors(_FEW_COLOURS) for picture in pictures):
        return {}
    quick = {"method": 0}
    lossless, lossy = ({"lossless": True, **quick}, {"quality": options["quality"], **quick})
    if len(saved(pictures[0], "webp", None, lossless)) >= len(saved(pictures[0], "webp", None, lossy)):
        return {}
    return {"allow_mixed": True, **quick}  # Both ways are tried for each frame, which takes twice as long.


def _without_repeats(frames: Sequence[Frame]) -> list[Frame]:
    """Frames of a WebP. Equal frames in a row become one longer frame, if the format allows its duration."""
    different: list[Frame] = []
    for frame in frames:
        if different and frame.pixels.tobytes() == different[-1].pixels.tobytes():
            duration = different[-1].duration + frame.duration
            if duration <= LONGEST["webp"]:
                different[-1] = replace(different[-1], duration=duration)
                continue
        different.append(frame)
    return different


def _half_transparent(picture: Image.Image) -> bool:
    """Whether a picture has pixels that are neither opaque nor fully transparent."""
    return picture.mode == "RGBA" and any(picture.getchannel("A").histogram()[1:255])


def _plain(frame: Image.Image, alpha: bool) -> Image.Image:
    """A frame in RGB or RGBA, the mode of all frames of an animation."""
    mode = "RGBA" if alpha else "RGB"
    frame = frame if frame.mode == mode else frame.convert(mode)  # convert() always copies.
    frame.info = {}
    return frame
