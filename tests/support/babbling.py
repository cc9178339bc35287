"""A child's program that sends wrong answers instead of rendering: the original names the answer.

The program replaces `core.rendering.program`. For any other original, its answer is a rendering with the data `right`.
"""

import os
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Final

from core.rendering.messages import Message, received


def _with_length(number: bytes, size: int) -> bytes:
    head, _ = Message(number, "rendering", "image/png").pieces()
    return head[:14] + struct.pack(">Q", size) + head[22:]


ANSWERS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "noise": lambda _: bytes(range(256)) * 4,
    "zeros": lambda _: bytes(1000),
    "another's number": lambda _: _bytes(Message(b"another1", "rendering", "image/png", b"wrong")),
    "a job": lambda number: _bytes(Message(number, "render", "60x", b"wrong")),
    "another kind of answer": lambda number: _bytes(Message(number, "framing", "1 1 0 0 1 1 png")),
    "another media type": lambda number: _bytes(Message(number, "rendering", "text/html", b"<script>")),
    "an unknown error": lambda number: _bytes(Message(number, "refused", "KeyboardInterrupt now")),
    "an exabyte": lambda number: _with_length(number, 2**60),
    "a greeting": lambda number: _bytes(Message(number, "ready")),
}


def _bytes(message: Message) -> bytes:
    return b"".join(message.pieces())


def main(_: object, __: object) -> None:
    """Answers job after job."""
    os.write(0, _bytes(Message(bytes(8), "ready")))
    while True:
        job = received(lambda most: os.read(0, most), sys.maxsize)
        if job.data == b"leave another":
            # The new process keeps the connection to the parent open longer than any test runs.
            subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"])
            time.sleep(3600)
        right = _bytes(Message(job.number, "rendering", "image/png", b"right"))
        told = ANSWERS.get(job.data.decode("latin-1"))
        os.write(0, told(job.number) if told else right * 2 if job.data == b"twice" else right)
