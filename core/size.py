"""The size grammar: the syntax of the first path segment.

    [width]x[height][-fit][-f{across}x{down}][-bg{colour}][-q{quality}][-s{signature}][.format]

`parse` accepts any order and spelling, and a pixel ratio such as `-2x`, which multiplies the sides; `str(size)` is the
one canonical spelling. `docs/sizes.md` explains the same grammar to the people who write the URLs.
"""

import re
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, cast, get_args

from core.errors import BadSize

Place = Literal["top", "bottom", "left", "right", "topleft", "topright", "bottomleft", "bottomright"]
Fit = Literal["cover", "contain", "inside", "fill", Place, "smart"]
Format = Literal["jpg", "png", "webp", "avif", "gif"]
Point = tuple[int, int]
"""A point in an upright original: percent of its width from the left, and of its height from the top."""

FITS: Final = cast(tuple[Fit, ...], get_args(Fit))
FORMATS: Final = cast(tuple[Format, ...], get_args(Format))
AUTO: Final = "auto"
MAX_PIXEL_RATIO: Final = 4
_MAX_SEGMENT: Final = 80
"""In characters. The longest canonical size has 60 characters; the rest is room for leading zeros."""

KEPT: Final[dict[Fit, Point]] = {
    "cover": (50, 50),
    "top": (50, 0),
    "bottom": (50, 100),
    "left": (0, 50),
    "right": (100, 50),
    "topleft": (0, 0),
    "topright": (100, 0),
    "bottomleft": (0, 100),
    "bottomright": (100, 100),
}
"""The point at which each cropping fit centres its crop, as far as the edges allow."""

_PLACES: Final = {point: fit for fit, point in KEPT.items() if fit != "cover"}
_BOX: Final = re.compile(r"([0-9]*)x([0-9]*)")
_PIXEL_RATIO: Final = re.compile(r"([0-9]+)x")
_FOCAL: Final = re.compile(r"f([0-9]+x[0-9]+)")
_POINT: Final = re.compile(r"0*([0-9]{1,3})x0*([0-9]{1,3})")
_BACKGROUND: Final = re.compile(r"bg([0-9a-f]{6})")
_QUALITY: Final = re.compile(r"q([0-9]+)")
_SIGNATURE: Final = re.compile(r"s([a-z2-7]{16})")
_SYNTAX: Final = "write it as 600x400, 600x or x400, then optionally -fit, -f30x70, -bg1e90ff, -q70 and .webp"


@dataclass(frozen=True)
class Size:
    """A size, as a request spells it. Sides are in pixels.

    `focal` is a point that the fit `cover` keeps in its crop, `background` six hexadecimal digits of an sRGB colour.
    `focal`, `background`, `quality` and `format` are None if the deployment or the original decides. `format` is
    "auto" if the request's Accept header decides. `signature`, 16 characters of base32 or None, allows a size
    beyond the ladder: see `core.signing`.
    """

    width: int | None
    height: int | None
    fit: Fit = "cover"
    focal: Point | None = None
    background: str | None = None
    quality: int | None = None
    format: Format | Literal["auto"] | None = None
    signature: str | None = None

    def __str__(self) -> str:
        """The canonical spelling, which contains only a-z, 0-9, hyphens and dots."""
        parts = [f"{self.width or ''}x{self.height or ''}"]
        if self.fit != "cover":
            parts.append(self.fit)
        if self.focal is not None:
            parts.append("f{}x{}".format(*self.focal))
        if self.background is not None:
            parts.append(f"bg{self.background}")
        if self.quality is not None:
            parts.append(f"q{self.quality}")
        if self.signature is not None:
            parts.append(f"s{self.signature}")
        return "-".join(parts) + (f".{self.format}" if self.format else "")


def parse(segment: str) -> Size:
    """The size that a path segment spells, with options in any order, in any case, with leading zeros.

    A pixel ratio multiplies the sides. Options that have no effect on any original are parsed and dropped. Raises
    BadSize for any other segment.
    """
    if not segment.isascii() or len(segment) > _MAX_SEGMENT:
        raise _bad(segment, _SYNTAX)
    spec, dot, suffix = segment.lower().partition(".")
    box, *options = spec.split("-")
    sides = _BOX.fullmatch(box)
    if not sides or not (sides[1] or sides[2]):
        raise _bad(segment, _SYNTAX)
    read = _options(segment, options)
    ratio = read.get("pixel ratio", 1)
    width, height = (ratio * _number(segment, side, 1, None) if side else None for side in sides.groups())
    size = Size(
        width=width,
        height=height,
        fit=read.get("fit", "cover"),
        focal=read.get("focal point"),
        background=read.get("background"),
        quality=read.get("quality"),
        format=_format(segment, suffix) if dot else None,
        signature=read.get("signature"),
    )
    return _effective(size)


def focal_point(text: str) -> Point | None:
    """The point that a text such as 30x70 names; None for any other text."""
    match = _POINT.fullmatch(text)
    point = (int(match[1]), int(match[2])) if match else None
    return point if point and max(point) <= 100 else None


def is_size(segment: str) -> bool:
    """Whether a path segment spells a size, canonical or not."""
    try:
        parse(segment)
    except BadSize:
        return False
    return True


def _effective(size: Size) -> Size:
    """The size without options that have no effect: a fit with only one side, or a point with a fit other than cover.

    A point in a corner or in the middle of an edge becomes the fit of that name.
    """
    if not (size.width and size.height):
        return replace(size, fit="cover", focal=None)
    if size.fit != "cover":
        return replace(size, focal=None)
    if size.focal in _PLACES:
        return replace(size, fit=_PLACES[size.focal], focal=None)
    return size


def _options(segment: str, options: list[str]) -> dict[str, Any]:
    read: dict[str, Any] = {}
    for option in options:
        name, value = _option(segment, option)
        if name in read:
            raise _bad(segment, f"it has two values for its {name}")
        read[name] = value
    return read


def _option(segment: str, option: str) -> tuple[str, Any]:
    if option in FITS:
        return "fit", option
    if match := _PIXEL_RATIO.fullmatch(option):
        return "pixel ratio", _number(segment, match[1], 1, MAX_PIXEL_RATIO)
    if match := _FOCAL.fullmatch(option):
        point = focal_point(match[1])
        if point is None:
            raise _bad(segment, f"{option} must be from f0x0 to f100x100")
        return "focal point", point
    if match := _BACKGROUND.fullmatch(option):
        return "background", match[1]
    if match := _QUALITY.fullmatch(option):
        return "quality", _number(segment, match[1], 1, 100)
    if match := _SIGNATURE.fullmatch(option):
        return "signature", match[1]
    values = f"f0x0 to f100x100, bg000000 to bgffffff, q1 to q100, 1x to {MAX_PIXEL_RATIO}x"
    known = f"{', '.join(FITS)}, {values} or a signature (s and 16 characters of a-z and 2-7)"
    raise _bad(segment, f"{option[:20]!r} is not one of {known}")


def _number(segment: str, digits: str, low: int, high: int | None) -> int:
    number = int(digits)
    if number < low or (high is not None and number > high):
        wanted = f"from {low} to {high}" if high is not None else f"{low} or more"
        raise _bad(segment, f"{digits} must be {wanted}")
    return number


def _format(segment: str, suffix: str) -> Format | Literal["auto"]:
    name = "jpg" if suffix == "jpeg" else suffix
    if name == AUTO:
        return "auto"
    if name in FORMATS:
        return name
    raise _bad(segment, f"its format must be {', '.join(FORMATS)} or {AUTO}")


def _bad(segment: str, reason: str) -> BadSize:
    shown = segment if len(segment) <= _MAX_SEGMENT else segment[:_MAX_SEGMENT] + "…"
    return BadSize(f"{shown!r} is not a size: {reason}.")
