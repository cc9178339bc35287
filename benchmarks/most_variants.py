"""What the most that strangers can have made of one original costs: bytes, seconds of one processor, and dollars.

Takes the file of an original; WIDTHS, RATIOS and the other settings are read from the environment. docs/costs.md has
where the prices are from.
"""

import os
import sys
import time
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

from core.errors import SizeRefused
from core.imaging.pillow import prepare
from core.imaging.pipeline import render
from core.ladder import AUTO_OUTCOMES, canonical
from core.settings import Settings, load
from core.size import AUTO, FITS, FORMATS, Size, parse

ORIGINALS = 1000
WAITING = 0.1
"""Seconds that a miss waits for storage while it is billed."""


@dataclass(frozen=True)
class Prices:
    """Dollars, as the manifests have functions: 1769 MB, one processor and 2 GiB, 2 GB.

    `second` is of a function at work, and `least` how many seconds a call is billed for at least. `miss` is for its
    requests, its write and its reads. `gigabyte` and `variant` are for what is stored, per month.
    """

    second: float
    least: float
    miss: float
    gigabyte: float
    variant: float

    def once(self, variants: int, seconds: float) -> float:
        """What it costs to have so many variants made, in so many seconds of one processor."""
        return max(seconds + WAITING * variants, self.least * variants) * self.second + variants * self.miss

    def per_month(self, variants: int, stored: int) -> float:
        """What so many variants, of so many bytes, cost while they are stored."""
        return stored / 1e9 * self.gigabyte + variants * self.variant


CLOUDS = {
    "AWS": Prices(1769 / 1024 * 0.0000166667, 0, (3.50 + 0.20 + 5.00 + 3 * 0.40) / 1e6, 0.023, 0.01 / 10_000),
    "Google Cloud": Prices(0.000024 + 2 * 0.0000025, 0, (0.40 + 5.00 + 2 * 0.40) / 1e6, 0.020, 0),
    "Azure": Prices(2 * 0.000026, 1, (0.40 + 6.50 + 2 * 0.50) / 1e6, 0.0208, 0),
}


def most(settings: Settings) -> set[Size]:
    """Every size that the ladder or the closed list allows; for `.auto`, what it can come to."""
    sides = [Size(width, None) for width in settings.widths] + [Size(None, height) for height in settings.widths]
    shapes = [tuple(map(int, ratio.split(":"))) for ratio in settings.ratios]
    boxes = [
        Size(width, max(1, round(width * down / across)), fit)
        for width, (across, down), fit in product(settings.widths, shapes, FITS)
    ]
    every = [replace(size, format=name) for size in sides + boxes for name in (None, *FORMATS)]
    for size in map(parse, settings.sizes):
        every += [replace(size, format=name) for name in AUTO_OUTCOMES] if size.format == AUTO else [size]
    allowed = set()
    for size in every:
        try:
            allowed.add(canonical(size, settings))
        except SizeRefused:
            continue
    return allowed


def main(file: str) -> None:
    """Renders all of them, and prints how many there are and what they take."""
    settings = load({"BUCKET": "none", **os.environ})
    prepare(settings.max_original_pixels)
    original = Path(file).read_bytes()
    sizes = most(settings)
    start = time.process_time()
    stored = sum(len(render(original, size, settings.imaging).data) for size in sizes)
    seconds = time.process_time() - start
    print(f"{len(sizes)} variants of {len(original)} bytes: {stored / 1e6:.1f} MB, {seconds:.1f} seconds")
    for cloud, prices in CLOUDS.items():
        once, per_month = prices.once(len(sizes), seconds), prices.per_month(len(sizes), stored)
        print(
            f"{cloud}: ${ORIGINALS * once:.2f} once and ${ORIGINALS * per_month:.2f} per month, {ORIGINALS} originals"
        )


if __name__ == "__main__":
    main(sys.argv[1])
