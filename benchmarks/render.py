"""Times rendering side by side with sharp and pyvips: `./noxw -s bench`.

One process a renderer, one thread each, all held to the same core, taking turns, so that what else
the machine does hits all of them alike. Times are wall-clock milliseconds from bytes to bytes, the
median of the turns; SSIM is against a lossless Lanczos reduction of the fully decoded original.
"""

import argparse
import json
import math
import os
import statistics
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from benchmarks import photos
from benchmarks.renderers import Job, Renderer, Result, commands, started
from benchmarks.report import machine, plot, write_part
from tests.support.pictures.similarity import ssim

WIDTHS = (200, 400, 600, 1200, 2000)
RENDERERS = ("sizewise", "sharp", "pyvips")
FORMATS = ("jpg", "png", "webp", "avif")
TURNS = 7
BUDGET_MS = 4000
"""A case whose first turn takes long gets fewer turns, two at least."""


@dataclass(frozen=True)
class Row:
    """One case: medians in ms, bytes, SSIM and peak MB by renderer."""

    case: str
    ms: dict[str, float]
    size: dict[str, int]
    ssim: dict[str, float]
    peak: dict[str, float]

    def ratio(self, values: str) -> float:
        """Sizewise's value over sharp's."""
        mapping = getattr(self, values)
        return float(mapping["sizewise"] / mapping["sharp"])


def measure(
    job: Job, case: str, renderers: dict[str, Renderer], lines: dict[str, list[str]], exact: Image.Image
) -> Row:
    """Runs one case in turns."""
    first = {name: renderer.render(job) for name, renderer in renderers.items()}
    turns = max(2, min(TURNS, int(BUDGET_MS / sum(result.ms for result in first.values()))))
    times: dict[str, list[float]] = {name: [] for name in renderers}
    for _ in range(turns):
        for name, renderer in renderers.items():
            times[name].append(renderer.render(job).ms)
    return Row(
        case,
        {name: statistics.median(values) for name, values in times.items()},
        {name: len(result.data) for name, result in first.items()},
        {name: similarity(result, exact) for name, result in first.items()},
        {name: alone(line, job).peak for name, line in lines.items()},
    )


def alone(line: Sequence[str], job: Job) -> Result:
    """One rendering in a fresh process, for its peak memory."""
    with started(line) as renderer:
        return renderer.render(job)


def similarity(result: Result, exact: Image.Image) -> float:
    """SSIM of a result, brought to the reference's size where it is a pixel off."""
    shown = Image.open(BytesIO(result.data)).convert("L")
    return ssim(shown if shown.size == exact.size else shown.resize(exact.size), exact)


def reference(path: Path, width: int) -> Image.Image:
    """The photograph at a width, without any loss but the reduction's own."""
    photo = Image.open(path)
    width = min(width, photo.width)
    height = math.floor(photo.height * width / photo.width + 0.5)
    return photo.convert("RGB").resize((width, height), Image.Resampling.LANCZOS).convert("L")


def geomean(values: Iterable[float]) -> float:
    """The geometric mean."""
    return statistics.geometric_mean(list(values))


def run(arguments: argparse.Namespace) -> list[Row]:
    """All cases, printed as they come."""
    rows = []
    lines = commands(arguments.sharp)
    with TemporaryDirectory() as folder, ExitStack() as stack:
        files = photos.make(Path(folder))
        renderers = {name: stack.enter_context(started(line)) for name, line in lines.items()}
        print(heading(), flush=True)
        for megapixels in arguments.megapixels:
            for width in arguments.widths:
                exact = reference(files[megapixels], width)
                for target in arguments.formats:
                    job = Job(files[megapixels], width, target)
                    rows.append(measure(job, f"{megapixels} MP to {width} {target}", renderers, lines, exact))
                    print(shown(rows[-1]), flush=True)
    return rows


def heading() -> str:
    """The table's two first lines."""
    columns = [
        "case",
        *(f"{name} ms" for name in RENDERERS),
        "time ratio",
        "bytes",
        "bytes ratio",
        "SSIM",
        "sharp's SSIM",
    ]
    columns += ["peak MB", "sharp's peak"]
    return "| " + " | ".join(columns) + " |\n|" + "---|" * len(columns)


def shown(row: Row) -> str:
    """A row of the table; ratios are Sizewise to sharp."""
    cells = [row.case, *(f"{value:.1f}" for value in row.ms.values()), f"{row.ratio('ms'):.2f}"]
    cells += [str(row.size["sizewise"]), f"{row.ratio('size'):.2f}", f"{row.ssim['sizewise']:.4f}"]
    cells += [f"{row.ssim['sharp']:.4f}", f"{row.peak['sizewise']:.0f}", f"{row.peak['sharp']:.0f}"]
    return "| " + " | ".join(cells) + " |"


def summary(rows: Sequence[Row]) -> str:
    """Geometric means, all together and a format each, and the slowest row."""
    lines = []
    for name in ("all", *FORMATS):
        chosen = [row for row in rows if name == "all" or row.case.endswith(name)]
        if chosen:
            time, size = geomean(row.ratio("ms") for row in chosen), geomean(row.ratio("size") for row in chosen)
            lines.append(f"geometric mean, {name}: time {time:.2f}, bytes {size:.2f} of sharp's")
    slowest = max(rows, key=lambda row: row.ratio("ms"))
    return "\n".join([*lines, f"slowest row: {slowest.case}, {slowest.ratio('ms'):.2f} of sharp's time"])


def as_json(rows: Sequence[Row]) -> str:
    """The rows and means for a machine to read."""
    entries = [
        {
            "case": row.case,
            "time_ratio": round(row.ratio("ms"), 3),
            "bytes_ratio": round(row.ratio("size"), 3),
            "ssim": round(row.ssim["sizewise"], 4),
            "peak_mb": round(row.peak["sizewise"], 1),
        }
        for row in rows
    ]
    means = {"time": geomean(row.ratio("ms") for row in rows), "bytes": geomean(row.ratio("size") for row in rows)}
    return json.dumps({"rows": entries, "geomean": {name: round(mean, 3) for name, mean in means.items()}}, indent=1)


def main() -> None:
    """Measures, prints, and writes what is asked for."""
    parser = argparse.ArgumentParser(
        prog="./noxw -s bench -- render", description="Rendering, side by side with sharp."
    )
    parser.add_argument("--sharp", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--json", type=Path, help="write the rows and geometric means there")
    parser.add_argument("--docs", action="store_true", help="write the table and a plot to docs/benchmarks.md")
    parser.add_argument("--megapixels", type=int, nargs="+", default=photos.MEGAPIXELS, choices=photos.MEGAPIXELS)
    parser.add_argument("--widths", type=int, nargs="+", default=WIDTHS)
    parser.add_argument("--formats", nargs="+", default=FORMATS, choices=FORMATS)
    arguments = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    rows = run(arguments)
    print("\n" + summary(rows))
    if arguments.docs:
        table = "\n".join([heading(), *(shown(row) for row in rows)])
        means = "\n".join(f"- {line}" for line in summary(rows).splitlines())
        write_part("render", f"On {machine()}. Ratios are Sizewise's to sharp's.\n\n{means}\n\n{table}")
        plot([row.case for row in rows], [row.ratio("ms") for row in rows], FORMATS, "benchmarks.svg")
    if arguments.json:
        arguments.json.write_text(as_json(rows) + "\n")


if __name__ == "__main__":
    main()
