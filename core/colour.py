"""Pixels of any mode and profile to pixels that every browser shows right."""

from io import BytesIO
from typing import Final

from PIL import Image, ImageCms

SMALL_PROFILE: Final = 1024
"""Bytes. The profiles of cameras and phones (Display P3 548, Adobe RGB 560, ProPhoto 940) are kept:
they cost less than a block of pixels and keep the gamut. Larger ones, mostly sRGB itself, would
outweigh a thumbnail: those pixels are converted to sRGB."""

_SRGB: Final = ImageCms.createProfile("sRGB")


def workable(image: Image.Image) -> Image.Image:
    """The loaded image in a mode that resizes well: L, LA, RGB, RGBA or, unconverted, CMYK and LAB."""
    if image.mode in ("L", "LA", "RGB", "RGBA", "CMYK", "LAB"):
        transparent = image.mode in ("L", "RGB") and "transparency" in image.info
        return image.convert("RGBA") if transparent else image
    if image.mode.startswith("I;16"):
        # Pillow's own conversion cuts off at 255; 16 bits go to 8 by their high byte.
        return image.point(lambda value: value / 256, "L") if image.mode == "I;16" else _high_byte(image)
    if image.mode in ("I", "F"):
        return _high_byte(image)
    if image.mode == "1":
        return image.convert("L")
    transparent = image.mode in ("PA", "La", "RGBa") or "transparency" in image.info
    return image.convert("RGBA" if transparent else "RGB")


def _high_byte(image: Image.Image) -> Image.Image:
    return image.convert("I").point(lambda value: value / 256).convert("L")


def to_output(image: Image.Image, profile: bytes | None, carries_profile: bool) -> tuple[Image.Image, bytes | None]:
    """The image in L, LA, RGB or RGBA, and the ICC profile to store with it; None means sRGB."""
    if image.mode == "LAB":
        return image.convert("RGB"), None
    if not profile:
        return (image.convert("RGB") if image.mode == "CMYK" else image), None
    if carries_profile and len(profile) <= SMALL_PROFILE and image.mode in ("RGB", "RGBA"):
        return image, profile
    return _to_srgb(image, profile), None


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """The image converted by the profile's own intent; as it is if the profile is broken or not its own."""
    alpha = image.getchannel("A") if image.mode in ("LA", "RGBA") else None
    colours = image.convert(image.mode.rstrip("A")) if alpha else image
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        intent = ImageCms.Intent(ImageCms.getDefaultIntent(source))
        converted = ImageCms.profileToProfile(colours, source, _SRGB, intent, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        converted = colours.convert("RGB") if colours.mode == "CMYK" else colours
    if converted is None:
        converted = colours
    if alpha:
        converted.putalpha(alpha)
    return converted


def flatten(image: Image.Image) -> Image.Image:
    """The image over white, without alpha."""
    if image.mode not in ("LA", "RGBA"):
        return image
    alpha = image.getchannel("A")
    colours = image.convert(image.mode.rstrip("A"))
    white = Image.new(colours.mode, colours.size, "white")
    white.paste(colours, mask=alpha)
    return white
