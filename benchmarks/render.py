"""Times rendering side by side with sharp and pyvips: `./noxw -s bench`.

Each renderer has one process and one thread, and all run on the same core. They take turns, so that other load on the
machine affects all of them equally. Times are wall-clock milliseconds from bytes to bytes, the median of the turns.
SSIMULACRA2 is against a lossless Lanczos reduction of the fully decoded original.
"""

import argparse
import os
import statistics
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from benchmarks import looks, originals
from benchmarks.renderers import CannotRender, Job, Renderer, Result, commands, started
from benchmarks.report import machine, plot, write_part
from benchmarks.rows import Figures, Row, apart, as_json, heading, line, quoted, summary

FORMATS = ("jpg", "png", "webp", "avif", "gif")
TURNS = 7
BUDGET_MS = 2500
"""The time for all turns of a case. A slow case gets fewer turns, but at least two."""

Commands = Mapping[str, Sequence[str]]


def measure(
    job: Job, renderers: Mapping[str, Renderer], lines: Commands, exact: Sequence[Image.Image], moments: Sequence[int]
) -> dict[str, Figures]:
    """Runs one case in turns. Returns the figures of each renderer that can render it."""
    first = dict(tried(job, renderers))
    turns = max(2, min(TURNS, int(BUDGET_MS / sum(result.ms for result in first.values()))))
    times: dict[str, list[float]] = {name: [] for name in first}
    for _ in range(turns):
        for name, values in times.items():
            values.append(renderers[name].render(job).ms)
    return {
        name: Figures(
            statistics.median(times[name]),
            len(result.data),
            alone(lines[name], job).peak,
            looks.score(BytesIO(result.data), exact, moments),
        )
        for name, result in first.items()
    }


def tried(job: Job, renderers: Mapping[str, Renderer]) -> Iterator[tuple[str, Result]]:
    """The first rendering of each renderer that can render it. Raises CannotRender if Sizewise can't."""
    yield "sizewise", renderers["sizewise"].render(job)
    if job.moves and job.format == "avif":  # libvips, and so sharp, writes the frames as one tall picture.
        return
    for name in ("sharp", "pyvips"):
        with suppress(CannotRender):
            yield name, renderers[name].render(job)


def alone(command: Sequence[str], job: Job) -> Result:
    """One rendering in a fresh process, for its peak memory."""
    with started(command) as renderer:
        return renderer.render(job)


def run(arguments: argparse.Namespace) -> list[Row]:
    """Runs all cases, and prints each row at once."""
    rows = []
    lines = commands(arguments.sharp)
    with TemporaryDirectory() as folder, ExitStack() as stack:
        renderers = {name: stack.enter_context(started(command)) for name, command in lines.items()}
        print(heading(), flush=True)
        for original in originals.make(Path(folder), arguments.kinds, arguments.megapixels):
            exact = looks.shown(original.file, original.moments_ms)
            for width in arguments.widths or original.widths:
                for target in original.targets:
                    if target in arguments.formats:
                        job = Job(original.file, width, target, original.moves)
                        figures = measure(job, renderers, lines, exact, original.moments_ms)
                        rows.append(Row(original.kind, original.name, width, target, figures))
                        print(line(rows[-1]), flush=True)
    return rows


def write_docs(rows: Sequence[Row]) -> None:
    """Writes the summary and the table to docs/benchmarks.md, and its plot."""
    table = "\n".join([heading(), *(line(row) for row in rows)])
    means = "\n".join(f"- {said}" for said in summary(rows))
    write_part("render", f"On {machine()}. Ratios are Sizewise's to sharp's.\n\n{means}\n\n{table}")
    ratios = {
        kind: [ratio for row in some if (ratio := row.ratio("ms")) is not None]
        for kind, some in apart(quoted(rows), "kind").items()
    }
    plot({kind: some for kind, some in ratios.items() if some}, "benchmarks.svg")


def main() -> None:
    """Measures, prints, and writes the requested files."""
    parser = argparse.ArgumentParser(
        prog="./noxw -s bench -- render", description="Rendering, side by side with sharp."
    )
    parser.add_argument("--sharp", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--json", type=Path, help="write the rows and geometric means there")
    parser.add_argument("--docs", action="store_true", help="write the table and a plot to docs/benchmarks.md")
    parser.add_argument("--kinds", nargs="+", default=originals.KINDS, choices=originals.KINDS, help="of originals")
    sizes = originals.MEGAPIXELS
    parser.add_argument("--megapixels", type=int, nargs="+", default=sizes, choices=sizes, help="of the JPEGs")
    parser.add_argument("--widths", type=int, nargs="+", help="instead of each original's own")
    parser.add_argument("--formats", nargs="+", default=FORMATS, choices=FORMATS, help="to render to")
    arguments = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    rows = run(arguments)
    print("", *summary(rows), sep="\n")
    if arguments.docs:
        write_docs(rows)
    if arguments.json:
        arguments.json.write_text(as_json(rows) + "\n")


if __name__ == "__main__":
    main()
