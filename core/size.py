"""The size grammar: what the first path segment may say.

    [width]x[height][-fit][-{dpr}x][-q{quality}][.format]

`parse` takes any order and spelling; `str(size)` is the one canonical spelling.
`docs/sizes.md` is the same grammar for the people who write the URLs.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal, cast, get_args

from core.errors import BadSize

Fit = Literal["cover", "contain", "inside", "fill", "top", "bottom", "left", "right", "smart"]
Format = Literal["jpg", "png", "webp", "avif", "gif"]

FITS: Final = cast(tuple[Fit, ...], get_args(Fit))
FORMATS: Final = cast(tuple[Format, ...], get_args(Format))
AUTO: Final = "auto"
MAX_DPR: Final = 4
_MAX_SEGMENT: Final = 64
"""Characters; the longest canonical size has 40, so this leaves room for leading zeros only."""

_BOX: Final = re.compile(r"([0-9]*)x([0-9]*)")
_DPR: Final = re.compile(r"([0-9]+)x")
_QUALITY: Final = re.compile(r"q([0-9]+)")
_SYNTAX: Final = "write it as 600x400, 600x or x400, then optionally -fit, -2x, -q70 and .webp"


@dataclass(frozen=True)
class Size:
    """What a size asks for. Sides are CSS pixels: `dpr` multiplies them.

    `quality` and `format` are None where the size leaves them to the deployment and the original;
    `format` is "auto" where the request's Accept header is to decide.
    """

    width: int | None
    height: int | None
    fit: Fit = "cover"
    dpr: int = 1
    quality: int | None = None
    format: Format | Literal["auto"] | None = None

    def __str__(self) -> str:
        """The canonical spelling: only a-z 0-9 x - and . are ever in it."""
        parts = [f"{self.width or ''}x{self.height or ''}"]
        if self.fit != "cover":
            parts.append(self.fit)
        if self.dpr != 1:
            parts.append(f"{self.dpr}x")
        if self.quality is not None:
            parts.append(f"q{self.quality}")
        return "-".join(parts) + (f".{self.format}" if self.format else "")


def parse(segment: str) -> Size:
    """The size that a path segment spells, in any order of its options, any case, with leading zeros.

    With one side only there is nothing to crop or to pad, so the fit is read and dropped.
    Raises BadSize for everything else.
    """
    if not segment.isascii() or len(segment) > _MAX_SEGMENT:
        raise _bad(segment, _SYNTAX)
    spec, dot, suffix = segment.lower().partition(".")
    box, *options = spec.split("-")
    sides = _BOX.fullmatch(box)
    if not sides or not (sides[1] or sides[2]):
        raise _bad(segment, _SYNTAX)
    width, height = (_number(segment, side, 1, None) if side else None for side in sides.groups())
    read = _options(segment, options)
    return Size(
        width=width,
        height=height,
        fit=cast(Fit, read.get("fit", "cover")) if width and height else "cover",
        dpr=cast(int, read.get("dpr", 1)),
        quality=cast("int | None", read.get("quality")),
        format=_format(segment, suffix) if dot else None,
    )


def is_size(segment: str) -> bool:
    """Whether a path segment spells a size, canonical or not."""
    try:
        parse(segment)
    except BadSize:
        return False
    return True


def _options(segment: str, options: list[str]) -> dict[str, str | int]:
    read: dict[str, str | int] = {}
    for option in options:
        name, value = _option(segment, option)
        if name in read:
            raise _bad(segment, f"it names two values for its {name}")
        read[name] = value
    return read


def _option(segment: str, option: str) -> tuple[str, str | int]:
    if option in FITS:
        return "fit", option
    if match := _DPR.fullmatch(option):
        return "dpr", _number(segment, match[1], 1, MAX_DPR)
    if match := _QUALITY.fullmatch(option):
        return "quality", _number(segment, match[1], 1, 100)
    known = f"{', '.join(FITS)}, 1x to {MAX_DPR}x or q1 to q100"
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
