"""Other programs, Chromium and sharp, in one process of Node.js."""

import base64
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

HERE = Path(__file__).parent
TYPES = {"png": "image/png", "gif": "image/gif", "webp": "image/webp", "avif": "image/avif", "jpg": "image/jpeg"}
"""The formats that Chromium decodes, by their names in sizes."""

Pixels = npt.NDArray[np.uint8]


class PeerError(Exception):
    """A peer can't read or write a file. The text is the peer's."""


class PeersEnded(Exception):
    """The process with the peers has ended, so the run can't continue."""


@dataclass(frozen=True)
class Shown:
    """One frame: its pixels, as rows by columns by RGBA, not premultiplied, in sRGB; and its duration in ms."""

    pixels: Pixels
    ms: float


@dataclass(frozen=True)
class Pictures:
    """A file as a program shows it. `plays` counts all plays; 0 means endless."""

    frames: list[Shown]
    plays: int

    @property
    def sides(self) -> tuple[int, int]:
        """Width and height in pixels."""
        height, width = self.frames[0].pixels.shape[:2]
        return width, height


class Peers:
    """The process of Node.js, which reads one JSON job per line and answers each with one JSON object per line."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.chromium_version: str = self._answer()["chromium"]

    def chromium(self, data: bytes, format: str) -> Pictures:  # noqa: A002
        """All frames, by Chromium's ImageDecoder. Raises PeerError."""
        return _pictures(self._ask(task="chromium", data=data, type=TYPES[format]))

    def sharp(self, data: bytes) -> Pictures:
        """All frames, by sharp. Raises PeerError."""
        return _pictures(self._ask(task="sharp", data=data))

    def rendered(self, data: bytes, format: str, quality: int) -> bytes:  # noqa: A002
        """The file in another format with all its frames, by sharp. Raises PeerError."""
        return base64.b64decode(self._ask(task="render", data=data, format=format, quality=quality)["data"])

    def _ask(self, data: bytes, **job: Any) -> dict[str, Any]:
        assert self._process.stdin
        self._process.stdin.write(json.dumps({**job, "data": base64.b64encode(data).decode()}) + "\n")
        self._process.stdin.flush()
        answer = self._answer()
        if "error" in answer:
            raise PeerError(answer["error"])
        return answer

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise PeersEnded
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def started(folder: Path = HERE) -> Iterator[Peers]:
    """The peers, until the block ends. Their npm packages are installed in `folder`."""
    command = ["node", str(folder / "peers.mjs")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Peers(process)
        finally:
            assert process.stdin
            process.stdin.close()
            process.wait(timeout=30)


def _pictures(answer: dict[str, Any]) -> Pictures:
    frames = []
    for frame in answer["frames"]:
        raw = np.frombuffer(base64.b64decode(frame["pixels"]), np.uint8)
        frames.append(Shown(raw.reshape(frame["height"], frame["width"], 4), frame["ms"]))
    return Pictures(frames, answer["plays"])
