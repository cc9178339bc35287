"""What one render may take, and what it means when it takes more."""

import signal
from dataclasses import dataclass
from typing import Final

from core.errors import BrokenOriginal, Interrupted, SizewiseError, TooLarge

_MEMORY_PER_PIXEL: Final = 6.75
"""Bytes of a child's memory for each pixel that an original may have; `core.imaging.guard` holds originals to it."""

_OWN_MEMORY: Final = 100 * 2**20
"""Bytes of a child's memory beside that: its code, the original's bytes and the variant's."""

_CPU: Final = 5
_DEADLINE: Final = 15.0

_FROM_OUTSIDE: Final = frozenset({signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT})
"""The signals by which people and systems end a process, whatever it does."""

_OUT_OF_MEMORY: Final = ("memory", "alloc")
"""Words of what Rust, C++ and Python say before they end a process for want of memory."""


@dataclass(frozen=True)
class Limits:
    """What a child may take: resident `memory` in bytes, `cpu` seconds of a render, seconds to its `deadline`."""

    memory: int
    cpu: int = _CPU
    deadline: float = _DEADLINE


def limits(max_pixels: int) -> Limits:
    """The limits of a deployment whose originals have up to `max_pixels` pixels."""
    return Limits(_OWN_MEMORY + int(max_pixels * _MEMORY_PER_PIXEL))


def meaning(code: int, said: str, held: Limits) -> SizewiseError:
    """What it means for a request that the child died over it.

    `code` is its exit status, as a negative number the signal that ended it; `said` is its last words.
    """
    if code == -signal.SIGXCPU:
        return TooLarge(f"The original takes more than {held.cpu} seconds of computing at this size.")
    if -code in _FROM_OUTSIDE:
        return Interrupted()
    if any(word in said.lower() for word in _OUT_OF_MEMORY):
        return out_of_memory(held)
    return BrokenOriginal("The original is damaged: its decoder crashed.")


def out_of_memory(held: Limits) -> TooLarge:
    """The error for an original that takes more memory than a child has."""
    return TooLarge(f"The original takes more than {held.memory // 2**20} MiB of memory at this size.")
