"""The program of a child: it renders the originals that its parent sends, within the limits that the parent sets.

The socket to the parent is its standard input. Apart from that it inherits only standard output and standard error.
"""

import _socket  # Importing socket takes three milliseconds of a cold start.
import fcntl
import os
import resource
import select
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from math import ceil
from typing import Any, Final, cast

from core.errors import SizewiseError
from core.imaging.framing import framing
from core.imaging.pillow import MOST_THREADS, give_back, load_no_other_plugins, load_plugin, prepare
from core.imaging.pipeline import render
from core.imaging.settings import ImagingSettings
from core.rendering.limits import Limits, out_of_memory, tells_of_memory
from core.rendering.messages import Kind, Message, received
from core.size import Format, parse

_PARENT: Final = 0
"""The descriptor of the socket to the parent."""

_MOST_KEPT: Final = 160 * 2**20
"""The most address space, in bytes, that renders may leave behind before free memory is returned to the system."""

_MOST_LEFT: Final = 64 * 2**20
"""The same after free memory has been returned."""

_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


def main(settings_fields: Mapping[str, Any], limits_fields: Mapping[str, Any]) -> None:
    """Answers jobs until the parent is gone. The arguments are the fields of ImagingSettings and of Limits."""
    settings, limits = ImagingSettings(**settings_fields), Limits(**limits_fields)
    prepare(settings.max_pixels)
    load_no_other_plugins()
    load_plugin("JPEG")  # The most common format. Others are loaded when they are needed.
    start = _confined(limits)
    _allow_computing(limits.cpu)
    _send(Message(bytes(8), "ready"))
    parent = _socket.socket(fileno=_PARENT)
    try:
        while job := _next(parent):
            _tie_to_parent()
            kind, text, data = _done(job, settings, limits)
            _untie()
            _allow_computing(limits.cpu)  # For sending this answer, and for the next job.
            _send(Message(job.number, kind, text, data, last=_is_spent(start)))
    finally:
        parent.detach()  # It must stay open until the process has ended and its exit status is known.


def _confined(limits: Limits) -> int:
    """Limits the process for its whole life. Returns how many bytes of address space it has."""
    # The child inherits the signals that its parent's thread has blocked or ignored.
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    for number in (signal.SIGIO, signal.SIGXCPU, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    os.set_blocking(2, False)  # Standard error is read only between jobs: a full pipe must not block.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    addresses, resident = _memory()
    # The limit is on address space, which includes parts without memory. The parts that exist already are added to it.
    with suppress(ValueError, OSError):  # macOS refuses.
        _limit(resource.RLIMIT_AS, addresses + limits.memory - resident + _stacks())
    return addresses


def _stacks() -> int:
    """Bytes of address space for the stacks of an encoder's threads; glibc reserves the main stack's limit for each."""
    soft, _ = resource.getrlimit(resource.RLIMIT_STACK)
    return 0 if soft == resource.RLIM_INFINITY else MOST_THREADS * soft


def _memory() -> tuple[int, int]:
    """The process's bytes of address space, and of resident memory; 0 if the system does not tell."""
    try:
        with open("/proc/self/statm") as statm:  # noqa: PTH123 -- importing pathlib takes five milliseconds
            total, resident, *_ = map(int, statm.read().split())
    except OSError:
        return 0, 0
    return total * _PAGE, resident * _PAGE


def _is_spent(start: int) -> bool:
    """Whether the child has to be replaced, because its address space has grown too much from `start` bytes."""
    try:
        if _memory()[0] - start <= _MOST_KEPT:
            return False
        give_back()
        return _memory()[0] - start > _MOST_LEFT
    except MemoryError:
        return True


def _allow_computing(seconds: int) -> None:
    """Lets all threads of the process together compute for these seconds from now, before a signal ends it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _limit(resource.RLIMIT_CPU, ceil(used.ru_utime + used.ru_stime) + seconds)


def _limit(kind: int, most: int) -> None:
    _, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _tie_to_parent() -> None:
    """Makes a signal end the process when the parent is gone. A decoder does not check for that."""
    fcntl.fcntl(_PARENT, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(_PARENT, fcntl.F_SETFL, fcntl.fcntl(_PARENT, fcntl.F_GETFL) | os.O_ASYNC)
    gone = select.poll()
    gone.register(_PARENT, 0)
    if gone.poll(0):
        sys.exit()


def _untie() -> None:
    """Turns off the signal of `_tie_to_parent`: sending an answer would raise it too."""
    fcntl.fcntl(_PARENT, fcntl.F_SETFL, fcntl.fcntl(_PARENT, fcntl.F_GETFL) & ~os.O_ASYNC)


def _done(job: Message, settings: ImagingSettings, limits: Limits) -> tuple[Kind, str, bytes]:
    """The answer to a job: its kind, text and data."""
    try:
        return _framed(job, settings) if job.kind == "frame" else _rendered(job, settings)
    except MemoryError:
        return _refused(out_of_memory(limits))
    except SizewiseError as error:
        return _refused(out_of_memory(limits) if tells_of_memory(str(error.__cause__)) else error)
    except Exception as error:
        if tells_of_memory(str(error)):
            return _refused(out_of_memory(limits))
        import traceback  # noqa: PLC0415 -- importing it takes two milliseconds of a cold start

        return "failed", traceback.format_exc(), b""


def _rendered(job: Message, settings: ImagingSettings) -> tuple[Kind, str, bytes]:
    size, _, rival = job.text.partition(" ")
    rendering = render(job.data, parse(size), settings, cast(Format, rival) or None)
    return "rendering", rendering.content_type, rendering.data


def _framed(job: Message, settings: ImagingSettings) -> tuple[Kind, str, bytes]:
    framed = framing(job.data, parse(job.text), settings)
    return "framing", " ".join(map(str, (*framed.sides, *framed.box, framed.format))), b""


def _refused(error: SizewiseError) -> tuple[Kind, str, bytes]:
    return "refused", f"{type(error).__name__} {error}", b""


def _next(parent: _socket.socket) -> Message | None:
    """The next job, None if the parent is gone."""
    try:
        # If an original were read in pieces, the two processes would have to take turns.
        return received(lambda most: parent.recv(most, _socket.MSG_WAITALL), sys.maxsize, at_once=sys.maxsize)
    except (EOFError, ConnectionError):
        return None


def _send(message: Message) -> None:
    for piece in message.pieces():
        left = memoryview(piece)
        while left:
            left = left[os.write(_PARENT, left) :]
