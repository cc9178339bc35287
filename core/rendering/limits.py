"""The limits of one render, and the error for each way in which it fails."""

import signal
from dataclasses import dataclass
from math import ceil
from typing import Final

from core.errors import BrokenOriginal, Interrupted, SizewiseError, TooExpensive
from core.imaging.settings import ImagingSettings

_OWN_MEMORY: Final = 54 * 2**20
"""Bytes that a child process needs in addition to its render's: for its code, and for leftovers of earlier renders."""

_UNUSED: Final = 128 * 2**20
"""Bytes of address space that encoders reserve without using them. A system can limit only the address space."""

_CPU: Final = 5
"""The default CPU seconds of a render."""

_DEADLINE: Final = 15.0
"""The default deadline of a render in seconds."""

_FROM_OUTSIDE: Final = frozenset({signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT})
"""The signals with which people and systems end a process, whatever it does."""


_OUT_OF_MEMORY: Final = ("memory allocation of", "bad_alloc", "memoryerror", "out of memory", "cannot allocate memory")
"""Phrases in the messages of Rust, C++, Python and C libraries that got no memory."""


@dataclass(frozen=True)
class Limits:
    """A child's limits.

    `memory` is in bytes of address space. Per render, `cpu` is in seconds of CPU time and `deadline` in seconds.
    """

    memory: int
    cpu: int = _CPU
    deadline: float = _DEADLINE


def limits_of(settings: ImagingSettings) -> Limits:
    """The limits of a deployment's renders."""
    memory = _OWN_MEMORY + int(settings.memory) + _UNUSED
    return Limits(memory, ceil(settings.share * _CPU), settings.share * _DEADLINE)


def meaning(code: int, said: str, limits: Limits) -> SizewiseError:
    """The error for a request whose child died.

    `code` is the exit status, where a negative number is a signal. `said` is what the child wrote to standard error.
    """
    if code == -signal.SIGXCPU:
        return TooExpensive(
            f"Rendering the original at this size needs more than {limits.cpu} seconds of CPU time, the limit."
        )
    if -code in _FROM_OUTSIDE:
        return Interrupted()
    if tells_of_memory(said):
        return out_of_memory(limits)
    return BrokenOriginal("The original is damaged: its decoder crashed.")


def tells_of_memory(said: str) -> bool:
    """Whether a text contains a library's report that it got no memory."""
    words = said.lower()
    return any(phrase in words for phrase in _OUT_OF_MEMORY)


def out_of_memory(limits: Limits) -> TooExpensive:
    """The error for an original that needs more memory than a child has."""
    most = limits.memory // 2**20
    return TooExpensive(
        f"Rendering the original at this size needs more than {most} MiB of memory. "
        "Request a smaller size or another format."
    )
