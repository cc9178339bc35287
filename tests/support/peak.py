"""How much memory a process took at the most."""

from pathlib import Path


def peak_mebibytes(process: int | str = "self") -> float:
    """The largest resident set that a process ever had, in MiB; of Linux only.

    getrusage's would count what the parent had at the fork.
    """
    return _read(Path(f"/proc/{process}/status").read_text())


def group_peak_mebibytes(group: int) -> float:
    """The largest of all processes of a process group."""
    peaks = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text()
        except OSError:  # It has ended.
            continue
        if f"\nNSpgid:\t{group}\n" in text:
            peaks.append(_read(text))
    return max(peaks)


def forget_peak(process: int | str = "self") -> None:
    """Begins to measure a process anew."""
    Path(f"/proc/{process}/clear_refs").write_text("5")


def _read(status: str) -> float:
    fields = dict(line.split(":", 1) for line in status.splitlines())
    return int(fields["VmHWM"].split()[0]) / 1024
