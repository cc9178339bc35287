"""Converts pixels of any mode and profile to pixels that every browser shows correctly."""

from dataclasses import dataclass
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
"""The most bytes of a profile that a variant keeps. The profiles of cameras and phones (Display P3 548, Adobe RGB 560,
ProPhoto 940) are smaller than a block of pixels and keep the gamut. Larger profiles, mostly sRGB itself, would be
larger than a thumbnail: their pixels are converted to sRGB."""

_LARGEST_PROFILE: Final = 8 * 1024 * 1024
"""The most bytes of a profile that is used. Profiles of printing presses have two to three million bytes."""

_KEPT: Final = 4
"""The number of profiles to cache. An animation has one profile, and a camera embeds the same one in every picture."""

_SRGB: Final = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))

_PROFILE_SPACES: Final = {"L": b"GRAY", "RGB": b"RGB ", "CMYK": b"CMYK"}
"""The colour space in a profile's header, by the mode of its pixels (ICC.1:2022, table 19)."""

_SPACE: Final = slice(16, 20)
"""The place of the colour space in a profile (ICC.1:2022, table 17)."""

_UNUSABLE: Final = (ImageCms.PyCMSError, OSError, ValueError)
"""Pillow's errors for broken profiles."""


@dataclass(frozen=True)
class _Conversion:
    """A conversion from a profile's colours to sRGB. If the profile is sRGB itself, `changes` is False."""

    transform: ImageCms.ImageCmsTransform
    changes: bool


def to_output(image: Image.Image, colours: Colours, wide: bool) -> tuple[Image.Image, bytes | None]:
    """The image in L, LA, RGB or RGBA, and the ICC profile to store with it; None means sRGB.

    `wide` is whether the image may keep its own colour space, which is usually wider than sRGB.
    A profile that is broken, or of another colour space than the image, is dropped: it does not describe these
    pixels. CMYK without a profile is treated as print on coated paper.
    """
    if image.mode == "LAB":
        return image.convert("RGB"), None
    if isinstance(colours, ColourSpace):
        return to_srgb(image, colours), None
    profile, mode = colours, image.mode.removesuffix("A")
    if profile and wide and len(profile) <= _SMALL_PROFILE and mode == "RGB" and _is_sound(profile, mode):
        return image, profile
    conversion = _conversion(profile, mode) if profile else None
    if mode == "CMYK":
        conversion = conversion or _conversion(inks.profile(), mode)
    return (_converted(image, conversion.transform) if conversion and conversion.changes else image), None


@lru_cache(maxsize=32)
def in_profile(colour: tuple[int, int, int], profile: bytes) -> tuple[int, int, int]:
    """An sRGB colour in the colours of an RGB profile; unchanged if the profile can't be used for output."""
    if set(colour) == {255}:  # White becomes each space's own white, except for rounding.
        return colour
    pixel = Image.new("RGB", (1, 1), colour)
    try:
        stated = ImageCms.profileToProfile(pixel, _SRGB, ImageCms.ImageCmsProfile(BytesIO(profile)))
    except _UNUSABLE:
        return colour
    return cast(tuple[int, int, int], (stated or pixel).getpixel((0, 0)))


@lru_cache(maxsize=_KEPT)
def _conversion(profile: bytes, mode: str) -> _Conversion | None:
    """The conversion from L, RGB or CMYK to sRGB, by a profile's own rendering intent.

    None if the profile is too large, broken or for another colour space. Making a conversion takes 10 to 60 ms.
    """
    if profile[_SPACE] != _PROFILE_SPACES[mode] or len(profile) > _LARGEST_PROFILE:
        return None
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        intent = ImageCms.Intent(ImageCms.getDefaultIntent(source))
        transform = ImageCms.buildTransform(source, _SRGB, mode, "RGB", intent)
    except _UNUSABLE:
        return None
    return _Conversion(transform, mode != "RGB" or _changes(transform))


def _changes(transform: ImageCms.ImageCmsTransform) -> bool:
    """Whether any of 729 colours changes by more than two levels.

    Most cameras embed sRGB itself. Converting it to sRGB would take as long as all other steps.
    """
    levels = (0, 32, 64, 96, 128, 160, 192, 224, 255)
    colours = bytes(channel for colour in product(levels, repeat=3) for channel in colour)
    grid = Image.frombytes("RGB", (27, 27), colours)
    off = ImageChops.difference(grid, transform.apply(grid)).getextrema()
    return any(most > 2 for _, most in cast(tuple[tuple[int, int], ...], off))


@lru_cache(maxsize=_KEPT)
def _is_sound(profile: bytes, mode: str) -> bool:
    """Whether a profile can be opened and describes a mode's colours."""
    try:
        ImageCms.ImageCmsProfile(BytesIO(profile))
    except _UNUSABLE:
        return False
    return profile[_SPACE] == _PROFILE_SPACES[mode]


def _converted(image: Image.Image, transform: ImageCms.ImageCmsTransform) -> Image.Image:
    if image.mode not in ("LA", "RGBA"):
        return transform.apply(image)
    converted = transform.apply(image.convert(image.mode.removesuffix("A")))
    converted.putalpha(image.getchannel("A"))
    return converted
