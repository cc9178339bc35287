"""The cost of rendering each original in a child process: `./noxw -s bench -- child`.

Renders on one core, in turns in this process and in a child, which adds the transfer of the bytes. Then measures the
start of a child, and the imports that the answering process saves. Then the whole cold start of the Lambda function, up
to its first variant, on one core and on two.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
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
    "importing the pipeline, which only the child needs": "import core.imaging.pipeline",
    "importing the renderer, which the server needs instead": "import core.rendering.renderer",
}


PHOTO = "samples/albums/cat.jpg"
FUNCTIONS = {
    "in the process": f"""
from core.rendering.renderer import Renderer
Renderer.start = lambda renderer: None
import providers.aws.handler
from core.imaging.pipeline import render
from core.settings import Settings
from core.size import parse
render(open({PHOTO!r}, "rb").read(), parse("60x"), Settings().imaging)
""",
    "in a child": f"""
from providers.aws.handler import resizer
from core.size import parse
resizer._renderer.render(open({PHOTO!r}, "rb").read(), parse("60x"))
""",
}
"""Programs: a cold start of the Lambda function, up to its first variant."""

CONFIGURED = {"BUCKET": "pictures", "PUBLIC_URL": "https://images.example.com", "AWS_REGION": "eu-west-1"}


def in_ms(seconds: float) -> str:
    """Seconds as milliseconds, for a table."""
    return f"{seconds * 1000:.1f}"


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


def started(*codes: str) -> list[float]:
    """Median seconds that an interpreter runs for each program, in turns."""
    environment = {**os.environ, **CONFIGURED, "PYTHONPATH": str(Path.cwd())}
    times: list[list[float]] = [[] for _ in codes]
    for _ in range(ROUNDS):
        for code, taken in zip(codes, times, strict=True):
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], env=environment, stdout=subprocess.DEVNULL, check=True)
            taken.append(time.perf_counter() - start)
    return [median(taken) for taken in times]


def first(original: bytes) -> float:
    """Median seconds from a child's start to its first small variant."""
    times = []
    for _ in range(ROUNDS):
        with closing(Renderer(Settings().imaging)) as renderer:
            start = time.perf_counter()
            renderer.render(original, parse("8x"))
            times.append(time.perf_counter() - start)
    return median(times)


def renders(originals: Mapping[int, bytes]) -> Iterator[str]:
    """The table of renders."""
    yield from ("| megapixels | size | in the process, ms | in a child, ms | ratio |", "|---|---|---|---|---|")
    with closing(Renderer(Settings().imaging)) as renderer:
        for megapixels, size in ROWS:
            here, there = rendered(renderer, originals[megapixels], size)
            yield f"| {megapixels} | {size} | {in_ms(here)} | {in_ms(there)} | {there / here:.2f} |"


def starts(original: bytes) -> Iterator[str]:
    """The table of starts."""
    yield from ("| at a cold start | ms |", "|---|---|")
    for name, taken in zip(STARTS, started(*STARTS.values()), strict=True):
        yield f"| {name} | {in_ms(taken)} |"
    yield f"| a child, from its start to its first variant | {in_ms(first(original))} |"


def functions(cores: Sequence[int]) -> Iterator[str]:
    """The table of cold starts of the Lambda function."""
    yield f"| the Lambda function, to its first variant | {', ms | '.join(FUNCTIONS)}, ms | ratio |"
    yield "|---|---|---|---|"
    for count in (1, 2):
        os.sched_setaffinity(0, cores[-count:])
        here, there = started(*FUNCTIONS.values())
        yield f"| cores: {count} | {in_ms(here)} | {in_ms(there)} | {there / here:.2f} |"


def main() -> None:
    """Measures and prints. Writes docs/benchmarks.md with --docs."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[-1:])
    prepare(Settings().max_original_pixels)
    with TemporaryDirectory() as folder:
        originals = {megapixels: path.read_bytes() for megapixels, path in photos.make(Path(folder)).items()}
    tables = (renders(originals), starts(originals[1]), functions(cores))
    text = f"On one core of {machine()}.\n\n" + "\n\n".join("\n".join(table) for table in tables)
    print(text)
    if "--docs" in sys.argv:
        write_part("child", text)


if __name__ == "__main__":
    main()
