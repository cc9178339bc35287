"""The cost of all variants that strangers can make of one original: bytes, seconds of one processor, and dollars.

Its argument is the file of an original. WIDTHS, RATIOS and the other settings are read from the environment.
docs/costs.md names the sources of the prices.
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
"""Billed seconds in which a miss waits for storage."""


@dataclass(frozen=True)
class Prices:
    """Prices in dollars, for the functions of the manifests: 1769 MB, one processor and 2 GiB, 2 GB.

    `second` is for a second of a function, and `least` is the minimum of billed seconds per call. `miss` is for its
    requests, its write and its reads. `gigabyte` and `variant` are for storage, per month.
    """

    second: float
    least: float
    miss: float
    gigabyte: float
    variant: float

    def once(self, variants: int, seconds: float) -> float:
        """The cost of making this many variants, in this many seconds of one processor."""
        return max(seconds + WAITING * variants, self.least * variants) * self.second + variants * self.miss

    def per_month(self, variants: int, stored: int) -> float:
        """The cost per month of storing this many variants, of this many bytes in all."""
        return stored / 1e9 * self.gigabyte + variants * self.variant


CLOUDS = {
    "AWS": Prices(1769 / 1024 * 0.0000166667, 0, (3.50 + 0.20 + 5.00 + 3 * 0.40) / 1e6, 0.023, 0.01 / 10_000),
    "Google Cloud": Prices(0.000024 + 2 * 0.0000025, 0, (0.40 + 5.00 + 2 * 0.40) / 1e6, 0.020, 0),
    "Azure": Prices(2 * 0.000026, 1, (0.40 + 6.50 + 2 * 0.50) / 1e6, 0.0208, 0),
}


def most(settings: Settings) -> set[Size]:
    """Every size that the ladder or the closed list allows; for `.auto`, its possible outcomes."""
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
    """Renders all variants, and prints their number, bytes, time and cost."""
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
