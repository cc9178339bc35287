"""The servers that `benchmarks.misses` compares: Sizewise, thumbor and ipx, each over the same folder of images."""

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

CLIENTS = 4
"""Clients per core of a server."""

THUMBOR = """
LOADER = "thumbor.loaders.file_loader"
FILE_LOADER_ROOT_PATH = "{images}"
RESULT_STORAGE = "thumbor.result_storages.file_storage"
RESULT_STORAGE_FILE_STORAGE_ROOT_PATH = "{results}"
RESULT_STORAGE_STORES_UNSAFE = True
QUALITY = 80
"""


@dataclass(frozen=True)
class Server:
    """A running server, and its path for an image at a width in a format, which can be empty."""

    address: str
    path: Callable[[int, str, str], str]


@contextmanager
def running(command: Sequence[str], cores: Collection[int], address: str, env: dict[str, str]) -> Iterator[None]:
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


def sizewise_path(width: int, image: str, format_: str) -> str:
    """A variant's path."""
    return f"/{width}x{format_ and '.' + format_}/{image}"


def thumbor_path(width: int, image: str, format_: str) -> str:
    """A variant's path."""
    return f"/unsafe/{width}x0/{format_ and f'filters:format({format_})/'}{image}"


def ipx_path(width: int, image: str, format_: str) -> str:
    """A variant's path."""
    return f"/w_{width},q_80{format_ and ',f_' + format_}/{image}"


@contextmanager
def serving(arguments: argparse.Namespace, folder: Path, cores: Collection[int]) -> Iterator[dict[str, Server]]:
    """Runs all servers on these cores, each over the same folder of images."""
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
        stack.enter_context(running(python, cores, addresses["sizewise"], {"THREADS": str(CLIENTS * len(cores))}))
        stack.enter_context(running(thumbor, cores, addresses["thumbor"], {}))
        stack.enter_context(running(ipx, cores, addresses["ipx"], {}))
        yield {
            "sizewise": Server(addresses["sizewise"], sizewise_path),
            "thumbor": Server(addresses["thumbor"], thumbor_path),
            "ipx": Server(addresses["ipx"], ipx_path),
        }
