"""A child's program that fails at the step that an original's last bytes name, such as `stumble:decode:SIGSEGV`.

The program replaces `core.rendering.program`. A test can choose the step, and a fault that no original causes reliably.
"""

import os
import re
import signal
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from core.imaging import pipeline
from core.rendering import program
from core.rendering.messages import Message, Read, received

STEPS: Final = ("decode", "scale", "encode", "answer")

_leaked: list[bytearray] = []


def told(step: str, fault: str, original: bytes) -> bytes:
    """The original with an order to fail in a step of its rendering. Decoders ignore bytes after its end."""
    return original + f"stumble:{step}:{fault}".encode()


def _leak(mebibytes: int) -> None:
    _leaked.extend(bytearray(2**20) for _ in range(mebibytes))


def _compute(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def _divide() -> None:
    raise ZeroDivisionError("secret")


def _abort_without_memory() -> None:
    os.write(2, b"memory allocation of 1073741824 bytes failed\n")
    os.abort()


def _hang_up() -> None:
    os.close(0)
    time.sleep(1000)


_FAULTS: Final[dict[str, Callable[[], object]]] = {
    # One call that holds the interpreter's lock, as some decoders do.
    "spin": lambda: re.fullmatch("(a|aa)+b", "a" * 200),
    "work": lambda: _compute(0.6),
    "out of memory almost": lambda: os.write(2, b"warning: nearly out of memory\n"),
    "chatter": lambda: os.write(2, b"careful! " * 50_000),
    "sleep": lambda: time.sleep(1000),
    "exit": lambda: os._exit(0),
    "leak": lambda: _leak(160),
    "leak it all": lambda: _leak(sys.maxsize),
    "bug": _divide,
    "abort without memory": _abort_without_memory,
    "hang up": _hang_up,
    "none": lambda: None,
}
"""The faults by name. Any other name is a signal."""


def _stumble(fault: str) -> None:
    _FAULTS.get(fault, lambda: os.kill(os.getpid(), signal.Signals[fault]))()


def main(settings: Mapping[str, Any], limits: Mapping[str, Any]) -> None:
    """Runs `core.rendering.program`, with steps that can fail."""
    fault: tuple[str, str] | None = None

    def receive(read: Read, most: int, at_once: int) -> Message:
        nonlocal fault
        job = received(read, most, at_once)
        found = re.search(rb"stumble:(\w+):([\w ]+)$", job.data)
        fault = (found[1].decode(), found[2].decode()) if found else None
        return job

    def stumbling(step: str, done: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **named: Any) -> Any:
            if fault and fault[0] == step:
                _stumble(fault[1])
            return done(*arguments, **named)

        return run

    def send(message: Message) -> None:
        if fault and fault[0] == "answer" and message.kind != "ready":
            head, data = message.pieces()
            os.write(0, head + data[: len(data) // 2])
            _stumble(fault[1])
        whole(message)

    whole = program._send
    vars(program)["received"] = receive
    program._send = send
    for step, name in (("decode", "opened"), ("scale", "scaled"), ("encode", "encoded")):
        setattr(pipeline, name, stumbling(step, getattr(pipeline, name)))
    program.main(settings, limits)


def orphan() -> None:
    """A parent whose child fails on the original from standard input; it prints the child's process ID."""
    from core.rendering import child
    from core.rendering.limits import Limits
    from core.rendering.renderer import Renderer
    from core.settings import Settings
    from core.size import parse

    child.PROGRAM = "tests.support.stumbling"
    patient = Limits(2**29, cpu=3600, deadline=3600)
    renderer = Renderer(Settings().imaging, patient)
    renderer.start()
    os.write(1, f"{renderer._idle[0]._process.pid}\n".encode())
    renderer.render(sys.stdin.buffer.read(), parse("60x"))
    os.write(1, b"idle\n")
    time.sleep(1000)


if __name__ == "__main__":
    orphan()
