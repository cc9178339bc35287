"""Renders a family of the hostile corpus, each file in a process that is killed at its limits.

`python -m tests.support.pictures.trial FAMILY [WORD...]` prints a JSON line per file. A file that takes too long ends
its process by a signal, whatever C code it is in.
"""

import json
import os
import resource
import signal
import sys
from dataclasses import asdict, dataclass
from io import BytesIO

from PIL import Image

from core.http import Request, Response
from core.imaging.pillow import load_plugin, prepare
from core.resizer import Resizer
from core.settings import Settings
from tests.support.memory import MemoryStorage, Trips
from tests.support.peak import forget_peak, peak_mebibytes
from tests.support.pictures import hostile

CPU_SECONDS = 5
"""The requirement, in CPU time of all threads: what else the machine does counts in wall-clock time only."""
WALL_SECONDS = 60
"""For what sleeps or waits instead of working."""
ADDRESS_SPACE = 4 * 1024**3
"""Bytes: keeps the machine alive. What is held against the requirement is the peak of resident memory."""


@dataclass(frozen=True)
class Outcome:
    """What became of one file: the answer's status, what is wrong if anything is, peak MiB and CPU seconds."""

    name: str
    status: int
    wrong: str
    peak: float
    seconds: float


def attempt(name: str, data: bytes, size: str) -> Outcome:
    """Asks the resizer for one variant of one original, in a child process."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        with os.fdopen(writer, "w") as report:
            json.dump(asdict(_attempted(name, data, size)), report)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as report:
        text = report.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return Outcome(name, 0, f"killed by {signal.Signals(os.WTERMSIG(status)).name}", 0, 0)
    return Outcome(**json.loads(text)) if text else Outcome(name, 0, "the process died", 0, 0)


def _attempted(name: str, data: bytes, size: str) -> Outcome:
    originals, variants = MemoryStorage(Trips(), original=data), MemoryStorage(Trips())
    forget_peak()
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
    signal.alarm(WALL_SECONDS)
    response = Resizer(originals, variants, Settings()).handle(Request("GET", f"/{size}/original"))
    seconds = CPU_SECONDS - signal.setitimer(signal.ITIMER_PROF, 0)[0]
    return Outcome(name, response.status, _wrong(response, variants), peak_mebibytes(), seconds)


def _wrong(response: Response, variants: MemoryStorage) -> str:
    status, stored = response.status, list(variants.objects.values())
    if status not in (301, 413, 415, 422):
        return "neither a variant nor an error that the original's owner can act on"
    if b"more memory than there is" in response.body:
        return "nothing but the limit of this process kept it from taking all memory"
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
    """Tries every file of the family that the command line names, or only those whose name contains a word."""
    family, *words = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    prepare(Settings().max_original_pixels)
    Image.preinit()
    for plugin in ("AVIF", "HEIF", "TIFF", "WEBP"):  # Once, here, and not in every child.
        load_plugin(plugin)
    for name, data, sizes in hostile.FAMILIES[family]():
        for size in sizes:
            if all(word in f"{name}, {size}" for word in words):
                outcome = attempt(f"{name}, {size}", data, size)
                print(json.dumps(asdict(outcome)), flush=True)  # noqa: T201 -- to the test that started this


if __name__ == "__main__":
    main()
