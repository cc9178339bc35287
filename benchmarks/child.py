"""What it costs that each original is rendered in a child: `./noxw -s bench -- child`.

Renders on one core, in this process and in a child, in turns: what is added is that bytes go there and back. Then a
child's start, beside the imports that the process which answers requests is spared.
"""

import os
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks import photos
from benchmarks.report import machine, write_part
from core.imaging.pillow import prepare
from core.imaging.pipeline import render
from core.rendering.renderer import Renderer
from core.settings import Settings
from core.size import parse

ROUNDS = 25
ROWS = ((1, "100x"), (6, "200x"), (6, "1000x"), (6, "600x.webp"), (6, "600x.png"), (6, "600x.avif"), (48, "1000x"))
"""Megapixels of the original, and the variant's size."""

STARTS = {
    "an interpreter": "pass",
    "the imports that the process is spared": "import core.imaging.pipeline",
    "the imports that it has instead": "import core.rendering.renderer",
}


def seconds(done: float) -> str:
    """Milliseconds, as they are shown."""
    return f"{done * 1000:.1f}"


def rendered(renderer: Renderer, original: bytes, size: str) -> tuple[float, float]:
    """Median seconds of a render in this process and in a child."""
    settings, parsed = Settings().imaging, parse(size)
    here, there = [], []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        render(original, parsed, settings)
        between = time.perf_counter()
        renderer.render(original, parsed)
        here.append(between - start)
        there.append(time.perf_counter() - between)
    return median(here), median(there)


def started(code: str) -> float:
    """Median seconds of an interpreter's life."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(Path.cwd())}, check=True)
        times.append(time.perf_counter() - start)
    return median(times)


def first(original: bytes) -> float:
    """Median seconds from a child's start to its first small variant."""
    times = []
    for _ in range(ROUNDS):
        with closing(Renderer(Settings().imaging)) as renderer:
            start = time.perf_counter()
            renderer.render(original, parse("8x"))
            times.append(time.perf_counter() - start)
    return median(times)


def main() -> None:
    """Measures, prints, and writes docs/benchmarks.md if it is told to."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    prepare(Settings().max_original_pixels)
    table = ["| megapixels | size | in the process, ms | in a child, ms | ratio |", "|---|---|---|---|---|"]
    with TemporaryDirectory() as folder, closing(Renderer(Settings().imaging)) as renderer:
        originals = {megapixels: path.read_bytes() for megapixels, path in photos.make(Path(folder)).items()}
        for megapixels, size in ROWS:
            here, there = rendered(renderer, originals[megapixels], size)
            table.append(f"| {megapixels} | {size} | {seconds(here)} | {seconds(there)} | {there / here:.2f} |")
            print(table[-1], flush=True)
        starts = ["| at a cold start | ms |", "|---|---|"]
        starts += [f"| {name} | {seconds(started(code))} |" for name, code in STARTS.items()]
        starts.append(f"| a child, from its start to its first variant | {seconds(first(originals[1]))} |")
    text = f"On one core of {machine()}.\n\n" + "\n".join(table) + "\n\n" + "\n".join(starts)
    print(text)
    if "--docs" in sys.argv:
        write_part("child", text)


if __name__ == "__main__":
    main()
