"""The targets, in a process that libFuzzer drives: `python -m tests.fuzz.targets TARGET [libFuzzer's options]`.

An exception that leaves a target is a finding: an unspecified error, or a broken rule of the grammar.
"""

import os
import socket
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Final

import atheris

with atheris.instrument_imports(include=["core", "PIL"]):
    from core.errors import SizewiseError
    from core.http import Request
    from core.imaging.pillow import prepare
    from core.imaging.results import Framing, Rendering
    from core.keys import check, from_path, to_path
    from core.rendering import renderer
    from core.rendering.child import Child
    from core.rendering.limits import Limits
    from core.rendering.messages import Message
    from core.rendering.program import _done
    from core.rendering.renderer import Renderer
    from core.settings import Settings
    from core.size import parse
    from core.variants import requested

SIZES: Final = tuple(map(parse, ("24x18", "9x", "x9-q1.jpg", "9x24-contain.png", "24x9-fill.webp", "9x9-top.gif")))
IMAGES: Final = Settings(max_original_pixels=250_000)
HELD: Final = Limits(2**20, deadline=5)
REQUESTS: Final = (
    Settings(),
    Settings(widths=(250, 600, 1200), format="webp", max_side=2000),
    Settings(sizes=("300x200", "600x.auto", "x400-q70"), format="png"),
)


def images(data: bytes) -> None:
    """A child's job gives an answer or one of the errors about originals, and never lacks memory."""
    size = str(SIZES[len(data) % len(SIZES)])
    kind, text, _ = _done(
        Message(bytes(8), "frame" if data[-1:] == b"f" else "render", size, data), IMAGES.imaging, HELD
    )
    if kind == "failed" or "of memory" in text:
        raise AssertionError(text)
    if kind == "refused" and text.split()[0] not in ("TooLarge", "TooExpensive", "UnsupportedFormat", "BrokenOriginal"):
        raise AssertionError(text)


class Parrot(Child):
    """A child without a process, whose messages are the input."""

    said = b""

    def __init__(self, *_: object) -> None:
        self._limits, self.ready = HELD, False
        vars(self)["_process"] = SimpleNamespace(poll=lambda: None, stderr=None)
        self._socket, theirs = socket.socketpair()
        with theirs:
            theirs.sendall(self.said[:100_000])

    def end(self) -> tuple[int, str]:
        self._socket.close()
        return -(len(self.said) % 65), self.said[:99].decode("latin-1")


def answers(data: bytes) -> None:
    """For any messages of a child, its parent has a picture or an error with a status."""
    Parrot.said = data
    asking = Renderer(IMAGES.imaging)
    for ask in (asking.render, asking.framing):
        try:
            found = ask(b"original", SIZES[0])
            assert isinstance(found, Rendering | Framing), found
        except SizewiseError as error:
            if error.status not in (403, 413, 415, 422, 503):
                raise
        except RuntimeError as error:
            # It means a bug: the child reported a failure, or never that it was ready.
            if type(error) is not RuntimeError:
                raise
    asking.close()


def requests(data: bytes) -> None:
    """A path gives one of the errors about requests, or a canonical key, whose path leads to the same key."""
    path, _, accept = data.decode("latin-1").partition("\n")
    for settings in REQUESTS:
        try:
            variants = requested(Request("GET", f"/{path}", accept), settings)
        except SizewiseError as error:
            if error.status not in (400, 403):
                raise
            continue
        for key in (variant.key for variant in variants):
            again = [variant.key for variant in requested(Request("GET", f"/{to_path(key)}", accept), settings)]
            check(key)
            if again != [key] or from_path(to_path(key)) != key:
                raise AssertionError(f"{path!r} leads to {key!r}, which leads to {again!r}")


TARGETS: Final[dict[str, Callable[[bytes], None]]] = {"images": images, "requests": requests, "answers": answers}


def main() -> None:
    """Passes the target on the command line to libFuzzer."""
    name, *options = sys.argv[1:]
    prepare(IMAGES.max_original_pixels)
    if name == "answers":
        # With random numbers, the fuzzer could not find valid answers.
        vars(os)["urandom"] = bytes
        vars(renderer)["Child"] = Parrot
    atheris.Setup([sys.argv[0], *options], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
