"""Whole misses a second, side by side with thumbor and ipx: `./noxw -s bench -- misses`.

Each server is held to one core and asked over HTTP, by four clients on another core, for variants
that nobody has asked for before; or it has two cores, on which its eight clients run too. A redirect
is followed, and what counts is the picture. Sizewise and thumbor store what they render; ipx has no
storage of results. The servers take turns.
"""

import argparse
import os
import shutil
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from benchmarks import photos
from benchmarks.report import machine, write_part

CLIENTS = 4
"""For each core of a server."""

ROUNDS = 3
VARIANTS = 30
"""Misses of one server in one round."""


@dataclass(frozen=True)
class Case:
    """The cores of a server, the megapixels of the JPEG, the least width in pixels, and the format if it is another."""

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

THUMBOR = """
LOADER = "thumbor.loaders.file_loader"
FILE_LOADER_ROOT_PATH = "{images}"
RESULT_STORAGE = "thumbor.result_storages.file_storage"
RESULT_STORAGE_FILE_STORAGE_ROOT_PATH = "{results}"
RESULT_STORAGE_STORES_UNSAFE = True
QUALITY = 80
"""


@dataclass(frozen=True)
class Peer:
    """A server that is running, and the path of a width of an image in a format there; the format may be empty."""

    address: str
    path: Callable[[int, str, str], str]


@contextmanager
def server(command: Sequence[str], cores: Collection[int], address: str, env: dict[str, str]) -> Iterator[None]:
    """Runs a server on these cores until the block ends."""
    process = subprocess.Popen(
        command,
        env={**os.environ, **env},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=lambda: os.sched_setaffinity(0, cores),  # noqa: PLW1509 -- no other thread runs yet
    )
    try:
        wait(address, process)
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def wait(address: str, process: subprocess.Popen[bytes]) -> None:
    """Returns once something answers at the address."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            httpx.get(address)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"nothing answers at {address}")


def rate(peer: Peer, image: str, target: str, widths: Sequence[int], clients: int) -> float:
    """Misses a second for variants of these widths in pixels, in a format, by so many clients."""
    with httpx.Client(base_url=peer.address, follow_redirects=True, timeout=120) as client:

        def ask(width: int) -> None:
            answer = client.get(peer.path(width, image, target))
            if answer.status_code != 200 or not answer.headers["content-type"].startswith("image/"):
                raise RuntimeError(f"{answer.status_code} for {answer.url}")

        start = time.perf_counter()
        with ThreadPoolExecutor(clients) as pool:
            list(pool.map(ask, widths))
        return len(widths) / (time.perf_counter() - start)


def sizewise_path(width: int, image: str, target: str) -> str:
    """A variant's path there."""
    return f"/{width}x{target and '.' + target}/{image}"


def thumbor_path(width: int, image: str, target: str) -> str:
    """A variant's path there."""
    return f"/unsafe/{width}x0/{target and f'filters:format({target})/'}{image}"


def ipx_path(width: int, image: str, target: str) -> str:
    """A variant's path there."""
    return f"/w_{width},q_80{target and ',f_' + target}/{image}"


@contextmanager
def peers(arguments: argparse.Namespace, folder: Path, cores: Collection[int]) -> Iterator[dict[str, Peer]]:
    """All servers on these cores, each over the same folder of images."""
    results = folder / "results"
    results.mkdir(exist_ok=True)
    images = folder / "images"
    configuration = folder / "thumbor.conf"
    configuration.write_text(THUMBOR.format(images=images, results=results))
    addresses = {name: f"http://127.0.0.1:{port}" for port, name in enumerate(("sizewise", "thumbor", "ipx"), 18610)}
    ports = {name: address.rpartition(":")[2] for name, address in addresses.items()}
    python = [sys.executable, "-m", "cli", "serve", str(images), "--port", ports["sizewise"]]
    processes = ["--processes", str(len(cores))]
    thumbor = [str(arguments.thumbor), "-i", "127.0.0.1", "-p", ports["thumbor"], "-c", str(configuration), *processes]
    ipx = [str(arguments.ipx), "serve", "--dir", str(images), "--host", "127.0.0.1", "--port", ports["ipx"]]
    with ExitStack() as stack:
        stack.enter_context(server(python, cores, addresses["sizewise"], {"THREADS": str(CLIENTS * len(cores))}))
        stack.enter_context(server(thumbor, cores, addresses["thumbor"], {}))
        stack.enter_context(server(ipx, cores, addresses["ipx"], {}))
        yield {
            "sizewise": Peer(addresses["sizewise"], sizewise_path),
            "thumbor": Peer(addresses["thumbor"], thumbor_path),
            "ipx": Peer(addresses["ipx"], ipx_path),
        }


def measured(arguments: argparse.Namespace, originals: Path, case: Case, usable: Sequence[int]) -> str:
    """A case's row of the table. Its servers have nothing stored at first."""
    cores, image = usable[: case.cores], f"{case.megapixels}.jpg"
    os.sched_setaffinity(0, usable[-case.cores :])
    clients, count = CLIENTS * len(cores), VARIANTS // 3 if case.format else VARIANTS
    with TemporaryDirectory() as name:
        images = Path(name) / "images"
        images.mkdir()
        shutil.copy(originals / image, images)
        with peers(arguments, Path(name), cores) as running:
            rates: dict[str, list[float]] = {peer: [] for peer in running}
            for turn in range(ROUNDS):
                widths = range(case.least + turn, case.least + turn + 10 * count, 10)
                for peer, site in running.items():
                    rates[peer].append(rate(site, image, case.format, widths, clients))
    medians = {peer: statistics.median(values) for peer, values in rates.items()}
    shown = " | ".join(f"{value:.1f}" for value in medians.values())
    ratios = " | ".join(f"{medians['sizewise'] / medians[peer]:.2f}" for peer in ("thumbor", "ipx"))
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
