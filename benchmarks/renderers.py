"""The compared renderers, each with one thread, and all used through `Renderer`.

All use quality 80 for JPEG, WebP and AVIF, put transparency on white in a JPEG, and keep every frame of an animation.
For AVIF, sharp and pyvips use effort 0, which is libaom's speed 9, because by default they are far slower. All other
options have their defaults.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.support.peak import peak_mebibytes

QUALITY = 80


@dataclass(frozen=True)
class Job:
    """One rendering: a file to a width in pixels and a format, with all frames if it `moves`."""

    file: Path
    width: int
    format: str
    moves: bool = False


@dataclass(frozen=True)
class Result:
    """Milliseconds from the original's bytes to the variant's, those bytes, and the process's peak so far in MB."""

    ms: float
    data: bytes
    peak: float


class CannotRender(Exception):
    """A renderer refused a job; the message is its own."""


class Renderer:
    """A child process that reads one JSON job per line, and answers with one JSON result per line."""

    def __init__(self, process: subprocess.Popen[str], output: Path) -> None:
        self._process = process
        self._output = output

    def render(self, job: Job) -> Result:
        """Renders once. Raises CannotRender."""
        asked = {**asdict(job), "file": str(job.file), "quality": QUALITY}
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({**asked, "output": str(self._output)}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        if "error" in answer:
            raise CannotRender(answer["error"])
        return Result(answer["ms"], self._output.read_bytes(), answer["peak"])


@contextmanager
def started(command: Sequence[str]) -> Iterator[Renderer]:
    """Runs a renderer's process until the block ends."""
    with (
        TemporaryDirectory() as folder,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process,
    ):
        try:
            yield Renderer(process, Path(folder) / "variant")
        finally:
            process.kill()


def commands(sharp: Path) -> dict[str, list[str]]:
    """Each renderer's command, by name. `sharp` is the folder with its npm package."""
    return {
        "sizewise": [sys.executable, "-m", "benchmarks.renderers", "sizewise"],
        "sharp": ["node", str(sharp / "worker.mjs")],
        "pyvips": [sys.executable, "-m", "benchmarks.renderers", "pyvips"],
    }


def with_sizewise(original: bytes, job: Job) -> bytes:
    """Renders with Sizewise."""
    from core.imaging.pipeline import render
    from core.settings import Settings
    from core.size import parse

    return render(original, parse(f"{job.width}x.{job.format}"), Settings(quality=QUALITY).imaging).data


def with_pyvips(original: bytes, job: Job) -> bytes:
    """Renders with pyvips."""
    import pyvips

    frames = "n=-1" if job.moves else ""
    image = pyvips.Image.thumbnail_buffer(original, job.width, height=10_000_000, size="down", option_string=frames)
    return bytes(image.write_to_buffer(f".{job.format}", **VIPS_OPTIONS[job.format]))


VIPS_OPTIONS: dict[str, dict[str, Any]] = {
    "jpg": {"Q": QUALITY, "background": [255]},
    "png": {},
    "webp": {"Q": QUALITY},
    "avif": {"Q": QUALITY, "effort": 0},
    "gif": {},
}


def work(name: str) -> None:
    """Answers the jobs of standard input."""
    render = {"sizewise": with_sizewise, "pyvips": with_pyvips}[name]
    if name == "sizewise":
        from core.imaging.pillow import prepare
        from core.settings import Settings

        prepare(Settings().max_original_pixels)
    for line in sys.stdin:
        asked = json.loads(line)
        job = Job(Path(asked["file"]), asked["width"], asked["format"], asked["moves"])
        print(json.dumps(answer(render, job, Path(asked["output"]))), flush=True)


def answer(render: Callable[[bytes, Job], bytes], job: Job, output: Path) -> dict[str, Any]:
    """Renders once, to a file. Returns milliseconds and the peak in MB, or the error."""
    original = job.file.read_bytes()
    start = time.perf_counter()
    try:
        data = render(original, job)
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}
    ms = (time.perf_counter() - start) * 1000
    output.write_bytes(data)
    return {"ms": ms, "peak": peak_mebibytes() * 1.048576}


if __name__ == "__main__":
    work(sys.argv[1])
