"""Rendering of variants in child processes, as many at a time as there are processors."""

import os
from collections.abc import Callable
from contextlib import suppress
from math import isfinite
from threading import BoundedSemaphore, RLock
from typing import Final, TypeVar

from core.errors import BrokenOriginal, Interrupted, Outdone, SizeRefused, TooExpensive, TooLarge, UnsupportedFormat
from core.imaging.formats import CONTENT_TYPES
from core.imaging.results import Framing, Rendering
from core.imaging.settings import ImagingSettings
from core.rendering.child import Child
from core.rendering.limits import Limits, limits_of, meaning
from core.rendering.messages import Kind, Message
from core.size import FORMATS, Format, Size

Result = TypeVar("Result")

_MOST_TEXT: Final = 500
"""The most characters of a child's reason for a refusal."""

_REFUSALS: Final = {
    error.__name__: error for error in (SizeRefused, TooLarge, TooExpensive, Outdone, UnsupportedFormat, BrokenOriginal)
}


class Renderer:
    """The child processes of this process. They are started when they are needed, and reused.

    If a child crashes, hangs or exceeds its limits, only the request that it was rendering for fails. At most `places`
    renders run at a time, each for up to `deadline` seconds; other renders wait.
    """

    def __init__(self, settings: ImagingSettings, limits: Limits | None = None) -> None:
        self._settings = settings
        self._limits = limits or limits_of(settings)
        self.deadline = self._limits.deadline
        self.places = processors()
        self._free = BoundedSemaphore(self.places)
        self._lock = RLock()
        self._idle: list[Child] = []
        self._children = 0

    def start(self) -> None:
        """Starts a child for the next render, unless a child is idle or `places` children run."""
        # If no child can be started, the render raises the error.
        with self._lock, suppress(OSError):
            if not self._idle and self._children < self.places:
                self._idle.append(self._started())

    def render(self, original: bytes, size: Size, rival: Format | None = None) -> Rendering:
        """Renders the variant of a size from an original's bytes.

        Raises SizeRefused, TooLarge, TooExpensive, UnsupportedFormat and BrokenOriginal; Interrupted for a failure that
        the original did not cause; and Outdone if the variant is an AVIF and would be smaller as WebP, the `rival`.
        """
        return self._done("render", original, f"{size} {rival or ''}".rstrip(), _rendering)

    def framing(self, original: bytes, size: Size) -> Framing:
        """The part of an original that a size's variant shows, from its bytes. Raises the same errors as `render`."""
        return self._done("frame", original, str(size), _framing)

    def close(self) -> None:
        """Ends the idle children. This also happens when the process ends."""
        with self._lock:
            while self._idle:
                self._ended(self._idle.pop())

    def _done(self, kind: Kind, original: bytes, text: str, read: Callable[[Message], Result]) -> Result:
        with self._free:
            child = self._taken()
            try:
                answer = child.ask(kind, text, original)
                result = _error(answer) or read(answer)
            except (OSError, EOFError, ValueError) as error:
                code, said = self._ended(child)
                cause = ChildProcessError(f"{error!r}; the child ended with {code}. {said}".rstrip())
                raise self._failure(error, code, said, child.ready) from cause
            except BaseException:
                self._ended(child)  # Its late answer must not reach another request.
                raise
            if answer.last:
                self._ended(child)
            else:
                self._idle.append(child)
        if isinstance(result, Exception):
            raise result
        return result

    def _taken(self) -> Child:
        """A child that no other request uses."""
        with self._lock:
            while self._idle:
                child = self._idle.pop()
                if child.runs:
                    return child
                self._ended(child)
            try:
                return self._started()
            except OSError as error:
                # The system is out of processes, memory or descriptors.
                raise Interrupted from error

    def _started(self) -> Child:
        child = Child(self._settings, self._limits)
        self._children += 1
        return child

    def _ended(self, child: Child) -> tuple[int, str]:
        with self._lock:
            self._children -= 1
        return child.end()

    def _failure(self, error: Exception, code: int, said: str, ready: bool) -> Exception:
        """The error for a child that gave no valid answer, given how the child ended."""
        match error:
            case TimeoutError():
                return Interrupted()
            case ValueError():
                return BrokenOriginal("The original is damaged: its decoder failed.")
        ended = meaning(code, said, self._limits)
        return ended if ready or isinstance(ended, Interrupted) else RuntimeError("A child process cannot be started.")


def processors() -> int:
    """How many processors this process can use."""
    # macOS has no affinity.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _error(answer: Message) -> Exception | None:
    """The error in an answer, or None. Raises ValueError for an error that no child reports."""
    if answer.kind == "failed":
        return RuntimeError(answer.text)
    if answer.kind != "refused":
        return None
    name, _, text = answer.text.partition(" ")
    if name not in _REFUSALS:
        raise ValueError(name)
    return _REFUSALS[name](text[:_MOST_TEXT])


def _rendering(answer: Message) -> Rendering:
    if answer.kind != "rendering" or answer.text not in CONTENT_TYPES.values():
        raise ValueError(answer.kind)
    return Rendering(answer.data, answer.text)


def _framing(answer: Message) -> Framing:
    if answer.kind != "framing":
        raise ValueError(answer.kind)
    width, height, left, top, right, bottom, name = answer.text.split()
    sides, box = (int(width), int(height)), (float(left), float(top), float(right), float(bottom))
    if min(sides) < 1 or not all(map(isfinite, box)) or name not in FORMATS:
        raise ValueError(answer.text)
    return Framing(sides, box, name)
