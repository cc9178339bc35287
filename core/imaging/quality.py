"""From a variant's quality to its encoder's quality. A variant's 80 means the look of a JPEG of quality 80.

Each encoder has its own scale. The look is measured by SSIMULACRA2. `./noxw -s bench -- quality` measures the curves;
docs/quality.md names the pictures and versions.
"""

from itertools import pairwise
from typing import Final

from core.size import Format

CURVES: Final[dict[Format, tuple[tuple[int, int], ...]]] = {
    "webp": ((1, 1), (10, 5), (30, 25), (50, 53), (65, 72), (80, 85), (90, 93), (95, 97), (100, 100)),
    "avif": ((1, 1), (10, 10), (30, 32), (50, 43), (65, 51), (80, 66), (90, 80), (95, 91), (100, 100)),
}
"""The points of each curve: a quality, and the encoder's quality."""


def encoder_quality(target: Format, quality: int) -> int:
    """The encoder's quality for a variant's quality, both 1 to 100, interpolated between two points of a curve."""
    if target not in CURVES:
        return quality
    (low, least), (high, most) = next(pair for pair in pairwise(CURVES[target]) if quality <= pair[1][0])
    return round(least + (most - least) * (quality - low) / (high - low))
