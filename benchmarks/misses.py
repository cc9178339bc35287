"""Whole misses per second, side by side with thumbor and ipx: `./noxw -s bench -- misses`.

Each server runs on one core. Four clients on another core request variants that are not stored yet.
In other cases a server has two cores, which it shares with eight clients. The clients follow redirects,
and a miss ends when the picture is there. Sizewise and thumbor store what they render; ipx does not.
The servers take turns.
"""

import argparse
import os
import shutil
import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from benchmarks import photos
from benchmarks.report import machine, write_part
from benchmarks.servers import CLIENTS, Server, serving

ROUNDS = 3
VARIANTS = 30
"""Misses of one server in one round."""


@dataclass(frozen=True)
class Case:
    """A server's cores, the JPEG's megapixels, the least width in pixels, and the format, which is empty for JPEG."""

    cores: int
    megapixels: int
    least: int
    format: str = ""


CASES = (
    Case(1, 6, 200),
    Case(1, 12, 200),
    Case(1, 6, 1000),
    Case(1, 12, 1000),
    Case(1, 6, 600, "webp"),
    Case(1, 6, 600, "png"),
    Case(1, 6, 600, "avif"),
    Case(2, 6, 200),
    Case(2, 6, 1000),
)


def rate(server: Server, image: str, format_: str, widths: Sequence[int], clients: int) -> float:
    """Misses per second, for variants of these widths in pixels, with this number of clients."""
    with httpx.Client(base_url=server.address, follow_redirects=True, timeout=120) as client:

        def ask(width: int) -> None:
            answer = client.get(server.path(width, image, format_))
            if answer.status_code != 200 or not answer.headers["content-type"].startswith("image/"):
                raise RuntimeError(f"{answer.status_code} for {answer.url}")

        start = time.perf_counter()
        with ThreadPoolExecutor(clients) as pool:
            list(pool.map(ask, widths))
        return len(widths) / (time.perf_counter() - start)


def measured(arguments: argparse.Namespace, originals: Path, case: Case, usable: Sequence[int]) -> str:
    """A case's row of the table. At first its servers have no stored variants."""
    cores, image = usable[: case.cores], f"{case.megapixels}.jpg"
    os.sched_setaffinity(0, usable[-case.cores :])
    clients, count = CLIENTS * len(cores), VARIANTS // 3 if case.format else VARIANTS
    with TemporaryDirectory() as folder:
        images = Path(folder) / "images"
        images.mkdir()
        shutil.copy(originals / image, images)
        with serving(arguments, Path(folder), cores) as servers:
            rates: dict[str, list[float]] = {name: [] for name in servers}
            for turn in range(ROUNDS):
                widths = range(case.least + turn, case.least + turn + 10 * count, 10)
                for name, server in servers.items():
                    rates[name].append(rate(server, image, case.format, widths, clients))
    medians = {name: statistics.median(values) for name, values in rates.items()}
    shown = " | ".join(f"{value:.1f}" for value in medians.values())
    ratios = " | ".join(f"{medians['sizewise'] / medians[other]:.2f}" for other in ("thumbor", "ipx"))
    misses = f"{case.megapixels} MP to {case.least} to {case.least + 10 * count} wide {case.format}".rstrip()
    return f"| {len(cores)} | {misses} | {shown} | {ratios} |"


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="./noxw -s bench -- misses", description=__doc__)
    parser.add_argument("--thumbor", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--docs", action="store_true", help="write the table to docs/benchmarks.md")
    parser.add_argument("--ipx", type=Path, required=True, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    usable = sorted(os.sched_getaffinity(0))
    table = [
        "| cores | misses per second | sizewise | thumbor | ipx | ratio to thumbor | ratio to ipx |",
        "|---|---|---|---|---|---|---|",
    ]
    print("\n".join(table), flush=True)
    with TemporaryDirectory() as originals:
        photos.make(Path(originals))
        for case in CASES:
            table.append(measured(arguments, Path(originals), case, usable))
            print(table[-1], flush=True)
    if arguments.docs:
        write_part("misses", f"On {machine()}.\n\n" + "\n".join(table))


if __name__ == "__main__":
    main()
