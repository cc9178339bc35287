"""The renderers that are compared, each behind `Renderer`; all on one thread."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support.peak import peak_mebibytes

QUALITY = 80


@dataclass(frozen=True)
class Job:
    """One rendering: a file to a width in pixels and a format."""

    file: Path
    width: int
    format: str


@dataclass(frozen=True)
class Result:
    """Milliseconds from the original's bytes to the variant's, those bytes, and the process's peak so far in MB."""

    ms: float
    data: bytes
    peak: float


class Renderer:
    """A child process that takes a JSON job a line and answers with a JSON result a line."""

    def __init__(self, process: subprocess.Popen[str], output: Path) -> None:
        self._process = process
        self._output = output

    def render(self, job: Job) -> Result:
        """Renders once."""
        asked = {"file": str(job.file), "width": job.width, "format": job.format, "quality": QUALITY}
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({**asked, "output": str(self._output)}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        return Result(answer["ms"], self._output.read_bytes(), answer["peak"])


@contextmanager
def started(command: Sequence[str]) -> Iterator[Renderer]:
    """A renderer's process, for as long as the block."""
    with (
        TemporaryDirectory() as folder,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process,
    ):
        try:
            yield Renderer(process, Path(folder) / "variant")
        finally:
            process.kill()


def commands(sharp: Path) -> dict[str, list[str]]:
    """Each renderer's command by its name; `sharp` is the folder that its npm package is installed in."""
    return {
        "sizewise": [sys.executable, "-m", "benchmarks.renderers", "sizewise"],
        "sharp": ["node", str(sharp / "worker.mjs")],
        "pyvips": [sys.executable, "-m", "benchmarks.renderers", "pyvips"],
    }


def ours(data: bytes, width: int, target: str) -> bytes:
    """The variant by Sizewise."""
    from core.imaging.pipeline import render
    from core.settings import Settings
    from core.size import parse

    return render(data, parse(f"{width}x.{target}"), Settings(quality=QUALITY).imaging).data


def vips(data: bytes, width: int, target: str) -> bytes:
    """The variant by pyvips, at the encoders' defaults but for the quality."""
    import pyvips

    image = pyvips.Image.thumbnail_buffer(data, width, height=10_000_000, size="down")
    return bytes(image.write_to_buffer(f".{target}", **({} if target == "png" else {"Q": QUALITY})))


def work(name: str) -> None:
    """Answers the jobs of standard input."""
    render = {"sizewise": ours, "pyvips": vips}[name]
    if name == "sizewise":
        from core.imaging.pillow import prepare
        from core.settings import Settings

        prepare(Settings().max_original_pixels)
    for line in sys.stdin:
        job = json.loads(line)
        original = Path(job["file"]).read_bytes()
        start = time.perf_counter()
        data = render(original, job["width"], job["format"])
        ms = (time.perf_counter() - start) * 1000
        Path(job["output"]).write_bytes(data)
        print(json.dumps({"ms": ms, "bytes": len(data), "peak": peak_mebibytes()}), flush=True)


if __name__ == "__main__":
    work(sys.argv[1])
