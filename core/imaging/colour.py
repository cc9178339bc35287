"""Pixels of any mode and profile to pixels that every browser shows right."""

from functools import lru_cache
from io import BytesIO
from itertools import product
from typing import Final, cast

from PIL import Image, ImageChops, ImageCms

from core.imaging import inks
from core.imaging.containers.contents import Colours
from core.imaging.spaces import ColourSpace
from core.imaging.srgb import to_srgb

_SMALL_PROFILE: Final = 1024
"""Bytes. The profiles of cameras and phones (Display P3 548, Adobe RGB 560, ProPhoto 940) are kept:
they cost less than a block of pixels and keep the gamut. Larger ones, mostly sRGB itself, would
outweigh a thumbnail: those pixels are converted to sRGB."""

_SRGB: Final = ImageCms.createProfile("sRGB")


_PROFILE_SPACES: Final = {"L": "GRAY", "LA": "GRAY", "RGB": "RGB ", "RGBA": "RGB ", "CMYK": "CMYK"}
"""What a profile's header calls the colours of each mode (ICC.1:2022, table 19)."""


def to_output(image: Image.Image, colours: Colours, wide: bool) -> tuple[Image.Image, bytes | None]:
    """The image in L, LA, RGB or RGBA, and the ICC profile to store with it; None means sRGB.

    `wide` is whether it may keep a space of its own, which is wider than sRGB as a rule.
    A profile that is broken, or of another colour space than the image, is dropped: what it says is not about these
    pixels. CMYK without one is taken for print on coated paper.
    """
    if image.mode == "LAB":
        return image.convert("RGB"), None
    if isinstance(colours, ColourSpace):
        return to_srgb(image, colours), None
    profile = colours
    source = _opened(profile, image.mode) if profile else None
    if image.mode == "CMYK":
        source = source or _opened(inks.profile(), "CMYK")
    if not source:
        return image, None
    if profile and wide and len(profile) <= _SMALL_PROFILE and image.mode in ("RGB", "RGBA"):
        return image, profile
    if profile and image.mode in ("RGB", "RGBA") and _is_srgb(profile):
        return image, None
    return _to_srgb(image, source), None


@lru_cache(maxsize=32)
def in_profile(colour: tuple[int, int, int], profile: bytes) -> tuple[int, int, int]:
    """An sRGB colour as the pixels of an RGB profile state it; as it is if the profile can't be used for output."""
    if set(colour) == {255}:  # White is each space's own white, but for rounding.
        return colour
    pixel = Image.new("RGB", (1, 1), colour)
    try:
        stated = ImageCms.profileToProfile(pixel, _SRGB, ImageCms.ImageCmsProfile(BytesIO(profile)))
    except ImageCms.PyCMSError:
        return colour
    return cast(tuple[int, int, int], (stated or pixel).getpixel((0, 0)))


@lru_cache(maxsize=32)
def _is_srgb(profile: bytes) -> bool:
    """Whether an RGB profile is sRGB by another name, to two levels: then there is nothing to convert.

    Told by what it makes of 729 colours, once for each profile: cameras embed the same one in every photograph.
    """
    levels = (0, 32, 64, 96, 128, 160, 192, 224, 255)
    colours = bytes(channel for colour in product(levels, repeat=3) for channel in colour)
    grid = Image.frombytes("RGB", (27, 27), colours)
    converted = _to_srgb(grid, ImageCms.ImageCmsProfile(BytesIO(profile)))
    return all(
        most <= 2 for _, most in cast(tuple[tuple[int, int], ...], ImageChops.difference(grid, converted).getextrema())
    )


def _opened(profile: bytes, mode: str) -> ImageCms.ImageCmsProfile | None:
    try:
        opened = ImageCms.ImageCmsProfile(BytesIO(profile))
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None
    return opened if opened.profile.xcolor_space == _PROFILE_SPACES[mode] else None


def _to_srgb(image: Image.Image, source: ImageCms.ImageCmsProfile) -> Image.Image:
    """The image converted by the profile's own intent; as it is if the profile holds no conversion."""
    alpha = image.getchannel("A") if image.mode in ("LA", "RGBA") else None
    colours = image.convert(image.mode.rstrip("A")) if alpha else image
    try:
        intent = ImageCms.Intent(ImageCms.getDefaultIntent(source))
        converted = ImageCms.profileToProfile(colours, source, _SRGB, intent, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        converted = colours.convert("RGB") if colours.mode == "CMYK" else colours
    if converted is None:
        converted = colours
    if alpha:
        converted.putalpha(alpha)
    return converted
