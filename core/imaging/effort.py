"""The effort of an encoder: how much work it does to make a variant small.

The numbers of pixels and frames decide it in advance. The figures are for one core at about 3 GHz;
`./noxw -s bench -- worst` checks the sums.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Any, Final

from core.errors import TooExpensive
from core.imaging.fit import Sides
from core.imaging.settings import ImagingSettings
from core.size import Format

PIXEL: Final = 4
"""Bytes of memory per pixel of each frame, in every format."""

_SECONDS: Final = 4.3
"""The most CPU seconds to decode an original and encode its variant."""

_SECONDS_OF_NOISE: Final = 2.0
"""The most CPU seconds to encode the variant if it were noise, which takes longest. The least effort is used
even if noise needs more, if a photograph fits into `_SECONDS`."""

_FRAME: Final = 0.0003
"""CPU seconds per frame of an animation, however small the frame is."""

KEPT_PIXELS: Final = 16_000_000
"""An original of up to this many pixels stays in memory while its variant is encoded."""

SMALL: Final = 120_000
"""The most pixels of a small picture, such as 400x300. Its AVIF gets more effort: a tenth fewer bytes in three times
the time."""

_DECODING: Final = {"JPEG": 0.01, "PNG": 0.03, "WEBP": 0.023, "AVIF": 0.02, "HEIF": 0.038, "GIF": 0.02, "TIFF": 0.03}
"""CPU seconds per million pixels."""


@dataclass(frozen=True)
class Effort:
    """A way to encode: the options of Pillow's encoder, and their costs.

    `noise` and `photograph` are the CPU seconds per million pixels of such pictures. `memory` is the encoder's
    working memory, in bytes per pixel of one frame; `kept` is what it keeps, in bytes per pixel of all frames. Neither
    includes the frames themselves. The effort is used for pictures of up to `most` pixels.
    """

    noise: float
    photograph: float
    memory: float
    kept: float = 0
    options: Mapping[str, Any] = field(default_factory=dict)
    most: float = inf


@dataclass(frozen=True)
class Spent:
    """The costs of an original: CPU seconds to decode it, and bytes of memory while its variant is encoded."""

    seconds: float
    memory: int


@dataclass(frozen=True)
class Pictures:
    """The number of a variant's frames, and whether they may have alpha."""

    frames: int
    alpha: bool


_QUICK: Final = {"cdf-update-mode": "0", "reduced-tx-type-set": "1", "enable-directional-intra": "0"}
"""Options that switch off tools of libaom: they save a tenth of its time, and add no bytes."""


STILL: Final[dict[Format, tuple[Effort, ...]]] = {
    "jpg": (Effort(0.02, 0.01, 4),),
    "png": (Effort(0.1, 0.05, 4),),
    "gif": (Effort(0.09, 0.06, 6),),
    "webp": (
        Effort(0.15, 0.07, 6, options={"method": 4}),
        Effort(0.09, 0.03, 6, options={"method": 2}),
        Effort(0.06, 0.02, 6, options={"method": 0}),
    ),
    "avif": (
        Effort(0.92, 0.3, 42, options={"speed": 8, "subsampling": "4:4:4"}, most=SMALL),
        Effort(0.35, 0.1, 42, options={"speed": 9, "subsampling": "4:4:4"}),
        Effort(0.22, 0.08, 24, options={"speed": 9, "subsampling": "4:2:0"}),
    ),
}
"""From the most effort to the least, for opaque pictures."""

_MOVING: Final[dict[Format, tuple[Effort, ...]]] = {
    "png": (Effort(0.32, 0.32, 8), Effort(0.085, 0.075, 8, options={"compress_type": 3})),
    "gif": (
        Effort(0.09, 0.06, 4, kept=3, options={"diffused": True}),
        Effort(0.06, 0.04, 4, kept=3, options={"diffused": False}),
    ),
    "webp": (
        Effort(0.35, 0.17, 12, options={"method": 4, "minimize_size": True}),
        Effort(0.2, 0.08, 12, options={"method": 2, "minimize_size": True}),
        Effort(0.13, 0.055, 12, options={"method": 0, "minimize_size": True}),
        # `kmin` and `kmax` force key frames: without them, slow changes would be lost.
        Effort(0.1, 0.04, 12, options={"method": 0, "kmin": 9, "kmax": 17}),
    ),
    "avif": (
        Effort(0.45, 0.1, 60, options={"speed": 8, "subsampling": "4:4:4"}),
        Effort(0.28, 0.07, 40, options={"speed": 8, "subsampling": "4:2:0"}),
        Effort(0.16, 0.05, 40, options={"speed": 10, "subsampling": "4:2:0", "advanced": _QUICK}),
    ),
}


_STILL_ALPHA: Final[dict[Format, tuple[Effort, ...]]] = {
    **STILL,
    "webp": (
        Effort(0.5, 0.5, 38, options={"method": 4}),
        Effort(0.27, 0.27, 30, options={"method": 2}),
        Effort(0.16, 0.16, 22, options={"method": 0}),
        Effort(0.1, 0.06, 16, options={"method": 0, "alpha_quality": 50}),
    ),
    "avif": (
        Effort(1.5, 0.6, 42, options={"speed": 8, "subsampling": "4:4:4"}, most=SMALL),
        Effort(0.47, 0.16, 42, options={"speed": 9, "subsampling": "4:4:4"}),
        Effort(0.31, 0.13, 26, options={"speed": 9, "subsampling": "4:2:0"}),
    ),
}
_MOVING_ALPHA: Final[dict[Format, tuple[Effort, ...]]] = {
    **_MOVING,
    "png": (Effort(0.4, 0.4, 8), Effort(0.12, 0.1, 8, options={"compress_type": 3})),
    "webp": (
        Effort(1.05, 0.9, 38, options={"method": 4, "minimize_size": True}),
        Effort(0.5, 0.5, 30, options={"method": 2, "minimize_size": True}),
        Effort(0.25, 0.25, 26, options={"method": 0, "minimize_size": True}),
        Effort(0.17, 0.07, 26, options={"method": 0, "alpha_quality": 50}),
    ),
    "avif": (
        Effort(0.65, 0.16, 60, options={"speed": 8, "subsampling": "4:4:4"}),
        Effort(0.28, 0.09, 60, options={"speed": 10, "subsampling": "4:2:0", "advanced": _QUICK}),
    ),
}
"""For pictures with alpha. The costs are for a photograph as alpha plane; opaque and clear areas cost less."""


def decoding(name: str, pixels: int) -> float:
    """The estimated CPU seconds to decode this many pixels of a format; `name` is Pillow's name for it."""
    return pixels / 1_000_000 * _DECODING.get(name, 0)


def effort(target: Format, sides: Sides, shown: Pictures, spent: Spent, settings: ImagingSettings) -> Effort:
    """The most effort for which there is time and memory, for a variant of this format, with these sides and pictures.

    Raises TooExpensive if there is not enough to encode a photograph with the least effort.
    """
    pixels = sides[0] * sides[1]
    frames = shown.frames
    opaque, transparent = (STILL, _STILL_ALPHA) if frames == 1 else (_MOVING, _MOVING_ALPHA)
    ways = (transparent if shown.alpha else opaque)[target]
    memory = settings.memory - spent.memory
    fitting = [
        way for way in ways if pixels <= way.most and pixels * (way.memory + frames * (PIXEL + way.kept)) <= memory
    ]
    millions, more = frames * pixels / 1_000_000, settings.share
    seconds = more * _SECONDS - spent.seconds - frames * _FRAME
    for way in fitting:
        if millions * way.noise <= min(seconds, more * _SECONDS_OF_NOISE):
            return way
    if fitting and millions * fitting[-1].photograph <= seconds:
        return fitting[-1]
    animation = f" of {frames} frames" if frames > 1 else ""
    raise TooExpensive(
        f"{target.upper()} of {sides[0]}x{sides[1]} pixels{animation} needs more time or memory than a request has. "
        "Request a smaller size or another format."
    )
