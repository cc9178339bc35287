"""What the most that strangers can have made of one original costs: bytes stored, and seconds of one processor.

Takes the file of an original; WIDTHS, RATIOS and the other settings are read from the environment.
"""

import os
import sys
import time
from dataclasses import replace
from itertools import product
from pathlib import Path

from core.errors import SizeRefused
from core.imaging.pillow import prepare
from core.imaging.pipeline import render
from core.ladder import AUTO_OUTCOMES, canonical
from core.settings import Settings, load
from core.size import AUTO, FITS, FORMATS, Size, parse


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
    print(f"{len(sizes)} variants of {len(original)} bytes: {stored / 1e6:.1f} MB, {seconds:.0f} seconds")


if __name__ == "__main__":
    main(sys.argv[1])
