"""Runs each target for its share of the time, and prints each input that fails."""

import argparse
import base64
import random
import re
import subprocess
import sys
import time
from contextlib import closing
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory

from core.errors import SizewiseError
from core.rendering.messages import Message
from core.rendering.renderer import Renderer
from core.settings import Settings
from core.size import FITS, parse
from tests.support.pictures.hostile import damage
from tests.support.servers.processes import ROOT, python

TARGETS = ("images", "answers", "requests")
OPTIONS = ("-timeout=10", "-rss_limit_mb=1024", "-max_len=16384", "-print_final_stats=1", "-verbosity=1")
"""Seconds per input, MiB, and bytes."""

PATHS = (
    b"600x400/cat.jpg",
    b"600x400-contain-q70.webp/albums/2026/cat.jpg",
    b"0600X-3X-Q007.JPEG/a%2Fb/%E6%97%A5.png",
    b"x400-q70/plus+plus.jpg",
    b"600x.auto/cat.jpg\nimage/avif;q=0.5,image/webp,*/*;q=0.1",
)
READY = b"".join(Message(bytes(8), "ready").pieces())
ANSWERS = tuple(
    READY + b"".join(answer.pieces()) * 2
    for answer in (
        Message(bytes(8), "rendering", "image/png", b"picture"),
        Message(bytes(8), "rendering", "image/jpeg", b"", last=True),
        Message(bytes(8), "framing", "640 480 0.5 0 639.5 480.0 jpg"),
        Message(bytes(8), "refused", "TooLarge That is too much."),
        Message(bytes(8), "refused", "BrokenOriginal It is cut.", last=True),
        Message(bytes(8), "failed", "Traceback (most recent call last)"),
        Message(bytes(8), "render", "600x", b"picture"),
    )
)
WORDS = (
    *FITS,
    "1x",
    "4x",
    "f0x0",
    "f30x70",
    "bg1e90ff",
    "q1",
    "q100",
    ".jpg",
    ".webp",
    ".auto",
    "%2F",
    "%25",
    "%00",
    "%C3%A9",
)


def seeds(target: str, folder: Path) -> None:
    """Writes the target's first inputs."""
    inputs = {
        "requests": PATHS,
        "images": [damage.picture(name) for name in damage.FORMATS],
        "answers": ANSWERS,
    }[target]
    for number, data in enumerate(inputs):
        (folder / f"seed-{number}").write_bytes(data)


def fuzz(target: str, seconds: int, seed: int) -> bool:
    """Whether the target passed all its inputs."""
    deadline = time.monotonic() + seconds
    with TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("corpus", "found"):
            (folder / part).mkdir()
        seeds(target, folder / "corpus")
        words = folder / "words"
        words.write_text("".join(f'"{word}"\n' for word in WORDS))
        while (left := round(deadline - time.monotonic())) > 0:
            own = (f"-seed={seed}", f"-max_total_time={left}", f"-artifact_prefix={folder}/found/")
            dictionary = (f"-dict={words}",) if target == "requests" else ()
            command = python("-m", "tests.fuzz.targets", target, *OPTIONS, *own, *dictionary, str(folder / "corpus"))
            done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
            output = done.stdout.decode(errors="replace")
            runs = re.search(r"number_of_executed_units: (\d+)", output)
            covered = re.findall(r"cov: (\d+)", output)
            print(f"{target}: {runs[1] if runs else '?'} inputs, {covered[-1] if covered else '?'} edges of the code")
            if not done.returncode:
                return True
            found = sorted((folder / "found").iterdir())
            for file in found:
                print(f"--target {target} --base64 {base64.b64encode(file.read_bytes()).decode()}")
            if target != "images" or not all(map(contained, found)):
                print(output[-4000:])
                return False
            print("crashed a decoder, whose child is ended: 422", flush=True)
            for file in found:
                file.unlink()
            seed += 1
    return True


def contained(file: Path) -> bool:
    """Whether an original that crashes a decoder fails only its own request."""
    with closing(Renderer(Settings().imaging)) as renderer:
        try:
            renderer.render(file.read_bytes(), parse("24x18"))
        except SizewiseError as error:
            return error.status == HTTPStatus.UNPROCESSABLE_ENTITY and isinstance(error.__cause__, ChildProcessError)
    return False


def replay(target: str, data: bytes) -> bool:
    """Whether the target passes one input."""
    with TemporaryDirectory() as name:
        file = Path(name, "input")
        file.write_bytes(data)
        return not subprocess.run(
            python("-m", "tests.fuzz.targets", target, str(file)), cwd=ROOT, check=False
        ).returncode


def main() -> None:
    """Exits with 1 if an input fails."""
    parser = argparse.ArgumentParser(prog="./noxw -s fuzz --", description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="for all targets together (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=random.randrange(1, 2**31), help="default: a random one, printed")
    parser.add_argument("--target", choices=TARGETS, help="only this target")
    parser.add_argument("--base64", type=base64.b64decode, help="only this input of the target")
    arguments = parser.parse_args()
    targets = [arguments.target] if arguments.target else TARGETS
    if arguments.base64 is not None:
        sys.exit(not replay(targets[0], arguments.base64))
    print(f"--seed {arguments.seed}", flush=True)
    share = max(1, arguments.seconds // len(targets))
    results = [fuzz(target, share, arguments.seed) for target in targets]
    sys.exit(not all(results))


if __name__ == "__main__":
    main()
