"""From how a variant is to look to what its encoder is told: 80 means what a JPEG of quality 80 looks like.

Encoders count in numbers of their own. The look is SSIMULACRA2's; `./noxw -s bench -- quality` measures the curves and
docs/quality.md says with which pictures and versions.
"""

from itertools import pairwise
from typing import Final

from core.size import Format

CURVES: Final[dict[Format, tuple[tuple[int, int], ...]]] = {
    "webp": ((1, 1), (10, 5), (30, 25), (50, 53), (65, 72), (80, 85), (90, 93), (95, 97), (100, 100)),
    "avif": ((1, 1), (10, 10), (30, 32), (50, 43), (65, 51), (80, 66), (90, 80), (95, 91), (100, 100)),
}
"""Points of each curve: a quality, and the encoder's own."""


def encoder_quality(target: Format, quality: int) -> int:
    """What a format's encoder is told for a quality, both 1 to 100; between two points of the curve on a line."""
    if target not in CURVES:
        return quality
    (low, least), (high, most) = next(pair for pair in pairwise(CURVES[target]) if quality <= pair[1][0])
    return round(least + (most - least) * (quality - low) / (high - low))
