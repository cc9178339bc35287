"""Writes docs/benchmarks.md. Each benchmark has a part of it, between two comments."""

import os
import platform
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib as mpl

DOCS = Path(__file__).parents[1] / "docs"
PAGE = DOCS / "benchmarks.md"


def write_part(name: str, text: str, file: Path = PAGE) -> None:
    """Replaces the text of a part."""
    page = file.read_text()
    part = re.compile(f"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
    if not part.search(page):
        raise ValueError(f"{file.name} has no part {name!r}")
    file.write_text(part.sub(lambda match: f"{match[1]}\n{text}\n\n{match[2]}", page))


def machine() -> str:
    """This machine's processor and Python, on one line."""
    cpu = Path("/proc/cpuinfo")
    model = re.search(r"model name\s*: (.*)", cpu.read_text()) if cpu.exists() else None
    name = model[1] if model else platform.machine()
    return f"{name}, {os.cpu_count()} cores, Python {platform.python_version()}"


def plot(ratios: Mapping[str, Sequence[float]], file: str) -> None:
    """Plots ratios as dots, with one column per group, on a logarithmic axis with a line at 1."""
    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "sizewise"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8, 4.5))
    for column, values in enumerate(ratios.values()):
        spread = [column + (at - len(values) / 2) / (2.5 * len(values)) for at in range(len(values))]
        axes.scatter(spread, values, s=18)
    axes.axhline(1, color="black", linewidth=0.8)
    axes.set_yscale("log")
    ticks = [0.1, 0.2, 0.5, 1, 1.25, 2]
    axes.set_yticks(ticks, [str(tick) for tick in ticks])
    axes.yaxis.set_minor_formatter("")
    axes.set_xticks(range(len(ratios)), list(ratios))
    axes.set_ylabel("time, as a ratio to sharp's (less is faster)")
    axes.set_title("each dot is one original at one width in one format, AVIF left out")
    figure.tight_layout()
    (DOCS / "images").mkdir(exist_ok=True)
    figure.savefig(DOCS / "images" / file, metadata={"Date": None})
