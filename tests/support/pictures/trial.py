"""Renders a family of the hostile corpus as a deployment does, and measures the child that renders.

`python -m tests.support.pictures.trial FAMILY [WORD...]` prints one JSON line per file.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image

from core.http import Response
from core.rendering.renderer import Renderer
from core.settings import Settings
from tests.support.memory import Site
from tests.support.peak import forget_peak, peak_mebibytes
from tests.support.pictures import hostile

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Outcome:
    """The result for one file: the answer's status, what is wrong, if anything, peak MiB and CPU seconds."""

    name: str
    status: int
    wrong: str
    peak: float
    seconds: float


def outcomes(family: str, words: list[str]) -> Iterator[Outcome]:
    """Tries every file of a family whose name contains all the words. The files share a child until it ends."""
    with closing(Renderer(Settings().imaging)) as renderer:
        for name, data, sizes in hostile.FAMILIES[family]():
            for size in sizes:
                if all(word in f"{name}, {size}" for word in words):
                    yield attempt(renderer, f"{name}, {size}", data, size)


def attempt(renderer: Renderer, name: str, data: bytes, size: str) -> Outcome:
    """Requests one variant of one original."""
    site = Site(renderer)
    site.originals.put("original", data)
    renderer.start()
    (child,) = renderer._idle
    process, ended = child._process.pid, child.end
    measured: list[tuple[float, float]] = []

    def end() -> tuple[int, str]:
        """Measures before a child ends: after an answer that leaves it with much memory, it is ended."""
        if child.runs:
            measured.append((peak_mebibytes(process), _computed(process) - before))
        return ended()

    vars(child)["end"] = end
    before = _computed(process)
    forget_peak(process)
    response = site.ask(f"/{size}/original")
    if child.runs:
        measured.append((peak_mebibytes(process), _computed(process) - before))
    if not measured:
        return Outcome(name, response.status, f"its child died: {response.body.decode()}", 0, 0)
    return Outcome(name, response.status, _wrong(response, site), *measured[0])


def _computed(process: int) -> float:
    """The CPU time of a process's threads in seconds, with a resolution of a hundredth."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _wrong(response: Response, site: Site) -> str:
    status, stored = response.status, list(site.variants.objects.values())
    if status not in (301, 413, 415, 422):
        return f"neither a variant nor an error that the original's owner can act on: {response.body.decode()}"
    if b"of memory" in response.body:
        return "only the child's memory limit stopped it"
    if (status == 301) != (len(stored) == 1):
        return f"{len(stored)} variants are stored"
    if stored:
        try:
            with Image.open(BytesIO(stored[0].data)) as variant:
                variant.load()
        except Exception as error:  # Whatever a decoder raises over a bad variant.
            return f"the variant is broken: {error}"
    return ""


def main() -> None:
    """Tries the family that the command line names, or only the files whose name contains all the words."""
    family, *words = sys.argv[1:]
    for outcome in outcomes(family, words):
        print(json.dumps(asdict(outcome)), flush=True)  # noqa: T201 -- to the test that started this


if __name__ == "__main__":
    main()
