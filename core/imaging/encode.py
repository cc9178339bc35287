"""Pixels to a variant's bytes: what each format's encoder is told, for still and for animated pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any, Final

from PIL import Image

from core.errors import SizeRefused
from core.imaging import gif, jpeg, png, webp
from core.imaging.containers.repeats import with_plays
from core.imaging.containers.riff import with_alpha
from core.imaging.effort import Effort
from core.imaging.formats import PILLOW_NAMES
from core.imaging.frame import Frame
from core.imaging.pillow import load_plugin
from core.imaging.timing import LONGEST, timed
from core.size import Format

_FEW_PIXELS: Final = 10_000
_CAREFUL: Final = {"speed": 6, "advanced": {"tune": "ssim", "alpha:lossless": "1"}}
"""How AVIF's encoder goes about few pixels, which take little time anyway. Tuned as by default, for the look of
photographs, it drops what is as small as an icon's details: another tuning keeps them, as sharp does."""

_FEW_COLOURS: Final = 256
_MORE, _MOST_MORE = 4, 20
"""Points that are added to an AVIF's quality where pixels are few; and where they have few colours too, or move: then
each error is seen, and bytes are few anyway. A moving WebP of few pixels gets half of the latter."""

_STILL_OPTIONS: Final = ("quality", "method", "alpha_quality")
"""Of WebP's encoder, that are not about how frames follow each other."""

_MOST_PLAYS: Final[dict[Format, int]] = {"gif": 2**16, "webp": 2**16 - 1, "png": 2**31 - 1, "avif": 2**31}
"""What a format's loop count holds (Netscape's extension, where it counts repetitions; RFC 9649, section 2.7.1.1; PNG,
third edition, section 11.3.6.1). Libavif counts repetitions of an AVIF in a signed number of 32 bits."""


def encoded(
    frames: Sequence[Frame], plays: int, limits: gif.Limits, target: Format, quality: int, effort: Effort
) -> bytes:
    """The bytes of a picture of one frame, or of an animation of frames that have the same sides.

    They carry the ICC profile and no other metadata of the original. `plays` is how often an animation is shown, 0 for
    ever. `limits` are those of an original GIF. `quality` is 1 to 100; PNG and GIF have none.
    Pictures for JPEG have no alpha.
    """
    if target == "gif":
        return _gif(frames, plays, limits, effort)
    if len(frames) > 1:
        return _animated(frames, plays, target, quality, effort)
    return _still(frames[0], target, quality, effort)


def _gif(frames: Sequence[Frame], plays: int, limits: gif.Limits, effort: Effort) -> bytes:
    held = _held(plays, "gif")
    moving = timed(frames, "gif", for_ever=not held) if len(frames) > 1 else frames
    return gif.write(moving, held, limits, **effort.options)


def _held(plays: int, target: Format) -> int:
    """How often an animation is shown. More often than a format can count is for ever."""
    return plays if plays <= _MOST_PLAYS.get(target, 0) else 0


def _still(frame: Frame, target: Format, quality: int, effort: Effort) -> bytes:
    picture = _prepared(frame.pixels, target)
    if target == "png":
        return png.write(picture, frame.profile)
    if target == "jpg":
        return jpeg.write(picture, frame.profile, quality)
    picture.info = {}
    options = _options(target, quality, [frame.pixels], effort)
    if options.get("subsampling") == "4:4:4":
        # libavif makes YUV of RGB by a way of libyuv's that is up to three levels off, of RGBA by a better one. It
        # leaves out an alpha plane that is opaque.
        picture = picture.convert("RGBA")
    return _saved(picture, target, frame.profile, options)


def _animated(frames: Sequence[Frame], plays: int, target: Format, quality: int, effort: Effort) -> bytes:
    held = _held(plays, target)
    frames = timed(frames, target, for_ever=not held)
    alpha = any(frame.pixels.mode in ("LA", "RGBA") for frame in frames)
    pictures = [_picture(frame.pixels, alpha, target) for frame in frames]
    options = _options(target, quality, [frame.pixels for frame in frames], effort)
    if target == "webp" and any(map(_half_transparent, pictures)):
        laid = [replace(frame, pixels=picture) for frame, picture in zip(frames, pictures, strict=True)]
        still = {key: value for key, value in options.items() if key in _STILL_OPTIONS}
        return webp.write(_without_repeats(laid), held, lambda picture: _saved(picture, "webp", None, still))
    moving = {
        "save_all": True,
        "append_images": pictures[1:],
        "duration": [frame.duration for frame in frames],
        "loop": held,
        # Chromium takes the full range for the limited one in an animation.
        **({"range": "limited"} if target == "avif" else {}),
    }
    if target == "webp":
        options |= _moving_webp(pictures, options)
    data = _saved(pictures[0], target, frames[-1].profile, {**options, **moving})
    if target == "avif" and held:
        return with_plays(data, held)
    # libwebp sets the alpha flag by the frames it cut out, and decoders show the rest of the canvas black without it.
    return with_alpha(data) if target == "webp" and alpha else data


def _saved(picture: Image.Image, target: Format, profile: bytes | None, options: dict[str, Any]) -> bytes:
    name = PILLOW_NAMES[target]
    try:
        load_plugin(name)
    except ImportError as error:
        raise SizeRefused(f"This deployment does not write {name}. Ask for another format.") from error
    buffer = BytesIO()
    try:
        picture.save(buffer, name, **options, **({"icc_profile": profile} if profile else {}))
    except RuntimeError as error:
        if target != "avif":
            raise
        # AV1's encoder has nothing else to fail over, and libavif does not pass on why it failed.
        raise MemoryError(str(error)) from error
    return buffer.getvalue()


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
    """What Pillow's encoder of a format is told; `quality` is 1 to 100."""
    match target:
        case "avif":
            # Halved, chroma bleeds over edges; that of a visible pixel mixes with that of an invisible one beside it.
            grey = all(picture.mode in ("L", "LA") for picture in pictures)
            chroma = {"subsampling": "4:0:0"} if grey else {}
            return {"quality": quality, **effort.options, **chroma, **_care(quality, pictures)}
        case "webp":
            more = _MOST_MORE // 2 if len(pictures) > 1 and _are_few(pictures) else 0
            return {"quality": min(quality + more, 100), **effort.options}
        case _:
            return dict(effort.options)


def _without_repeats(frames: Sequence[Frame]) -> list[Frame]:
    """Frames of a WebP, where one that looks as the one before it makes that one longer, if that can be so long."""
    different: list[Frame] = []
    for frame in frames:
        if different and frame.pixels.tobytes() == different[-1].pixels.tobytes():
            duration = different[-1].duration + frame.duration
            if duration <= LONGEST["webp"]:
                different[-1] = replace(different[-1], duration=duration)
                continue
        different.append(frame)
    return different


def _moving_webp(pictures: Sequence[Image.Image], options: Mapping[str, Any]) -> dict[str, Any]:
    """What else WebP's encoder is told of an animation, given its options."""
    if options.get("minimize_size") and all(picture.getcolors(_FEW_COLOURS) for picture in pictures):
        quick = {"method": 0}
        lossless, lossy = ({"lossless": True, **quick}, {"quality": options["quality"], **quick})
        if len(_saved(pictures[0], "webp", None, lossless)) < len(_saved(pictures[0], "webp", None, lossy)):
            return {"allow_mixed": True, **quick}  # Both ways are tried for each frame, which takes twice as long.
    return {}


def _are_few(pictures: Sequence[Image.Image]) -> bool:
    """Whether all pictures together have few pixels."""
    return len(pictures) * pictures[0].width * pictures[0].height <= _FEW_PIXELS


def _care(quality: int, pictures: Sequence[Image.Image]) -> dict[str, Any]:
    """What else AVIF's encoder is told of few pixels."""
    if not _are_few(pictures):
        return {}
    flat = all(picture.getcolors(_FEW_COLOURS) for picture in pictures)
    more = _MOST_MORE if flat or len(pictures) > 1 else _MORE
    return {"quality": min(quality + more, 100), **_CAREFUL}


def _half_transparent(picture: Image.Image) -> bool:
    """Whether some of a picture is neither opaque nor clear."""
    return picture.mode == "RGBA" and any(picture.getchannel("A").histogram()[1:255])


def _picture(frame: Image.Image, alpha: bool, target: Format) -> Image.Image:
    mode = "RGBA" if alpha else "RGB"
    frame = _prepared(frame if frame.mode == mode else frame.convert(mode), target)
    frame.info = {}
    return frame
