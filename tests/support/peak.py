"""The peak memory of a process."""

from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import Final

_PAUSE: Final = 0.02
"""Seconds between two measurements."""


def peak_mebibytes(process: int | str = "self") -> float:
    """The peak resident set of a process in MiB, on Linux.

    The value of getrusage would include the parent's memory at the fork.
    """
    return _read(Path(f"/proc/{process}/status").read_text())


class Watch:
    """The peak resident set of a process and its descendants together, in MiB, while the block runs."""

    def __init__(self, process: int) -> None:
        self.peak = 0.0
        self._process = process
        self._over = Event()
        self._watching = Thread(target=self._watch)

    def __enter__(self) -> "Watch":
        self._watching.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watching.join()

    def _watch(self) -> None:
        while not self._over.wait(_PAUSE):
            self.peak = max(self.peak, _together(self._process))


def _together(process: int) -> float:
    """Resident MiB of a process and its descendants."""
    started: dict[int, list[tuple[int, float]]] = {}
    total = 0.0
    for path in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):  # The process has ended.
            fields = dict(line.split(":", 1) for line in path.read_text().splitlines())
            resident = int(fields.get("VmRSS", "0").split()[0]) / 1024
            started.setdefault(int(fields["PPid"]), []).append((int(fields["Pid"]), resident))
            total += resident if int(fields["Pid"]) == process else 0
    waiting = [process]
    while waiting:
        for child, resident in started.get(waiting.pop(), ()):
            total += resident
            waiting.append(child)
    return total


def forget_peak(process: int | str = "self") -> None:
    """Resets the peak of a process."""
    Path(f"/proc/{process}/clear_refs").write_text("5")


def _read(status: str) -> float:
    fields = dict(line.split(":", 1) for line in status.splitlines())
    return int(fields.get("VmHWM", "0").split()[0]) / 1024  # A process that is ending has no VmHWM.
