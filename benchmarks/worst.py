"""The most time and memory that a render can need: `./noxw -s bench -- worst`.

Renders ordinary pictures of the largest allowed size and length, each to the slowest formats. Then sends 64 requests at
once for variants of the largest allowed original. docs/operations.md promises the results.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from benchmarks.report import machine, write_part
from core.rendering.renderer import Renderer
from core.settings import Settings
from tests.support.peak import Watch
from tests.support.pictures.hostile import heavy
from tests.support.pictures.hostile.case import SIDE
from tests.support.pictures.trial import attempt

REQUESTS = 64
WIDEST = 4000
PORT = 18630


def rows() -> Iterator[str]:
    """A row of the table for each picture and size."""
    with closing(Renderer(Settings().imaging)) as renderer:
        for name, data, sizes in heavy.pictures():
            for size in sizes:
                outcome = attempt(renderer, name, data, size)
                yield f"| {name} | {size} | {outcome.status} | {outcome.seconds:.1f} | {outcome.peak:.0f} |"


@contextmanager
def serving(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Runs a server over a folder, as a user starts it."""
    command = [sys.executable, "-m", "cli", "serve", str(folder), "--port", str(PORT), "--threads", str(REQUESTS + 1)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        while True:
            try:
                httpx.get(f"http://127.0.0.1:{PORT}/")
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield process
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def crowd() -> str:
    """The result of 64 requests at once."""
    original = heavy.saved([heavy.photograph(SIDE, SIDE)], "JPEG", quality=85)
    original += bytes(Settings().max_original_bytes - len(original))
    with TemporaryDirectory() as name:
        (Path(name) / "large.jpg").write_bytes(original)
        with serving(Path(name)) as server, Watch(server.pid) as watch, ThreadPoolExecutor(REQUESTS) as pool:
            paths = [f"/{WIDEST + number}x/large.jpg" for number in range(REQUESTS)]
            asked = [pool.submit(httpx.get, f"http://127.0.0.1:{PORT}{path}", timeout=600) for path in paths]
            redirected = sum(answer.result().status_code == 301 for answer in asked)
    return (
        f"{REQUESTS} requests at once for variants at least {WIDEST} pixels wide of a JPEG of 64 million pixels and "
        f"64 MiB: {redirected} redirects, and {watch.peak:.0f} MiB for all processes together."
    )


def main() -> None:
    """Measures and prints. Writes docs/benchmarks.md with --docs."""
    parser = argparse.ArgumentParser(prog="./noxw -s bench -- worst", description=__doc__)
    parser.add_argument("--docs", action="store_true", help="write the table to docs/benchmarks.md")
    arguments = parser.parse_args()
    table = ["| original | size | status | CPU, s | memory of the child, MiB |", "|---|---|---|---|---|"]
    for row in rows():
        table.append(row)
        print(row, flush=True)
    text = f"On {machine()}.\n\n" + "\n".join(table) + f"\n\n{crowd()}"
    print(text.rpartition("\n")[2])
    if arguments.docs:
        write_part("worst", text)


if __name__ == "__main__":
    main()
