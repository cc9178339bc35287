"""The log on standard output: plain lines on a terminal, JSON anywhere else."""

import logging
import sys
from typing import Any

from core.logs import LOGGER, JsonFormatter, configure


class TerminalFormatter(JsonFormatter):
    """A request as one line, such as `301  miss     48 ms   12.3 kB  /300x/albums/cat.jpg`.

    The line ends with the reason of an error. The traceback of a 500 follows. No text of a request can control the
    terminal.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The record's lines, without the last newline."""
        entry = self.entry(record)
        line = _request(entry) if "ms" in entry else f"{entry['severity']}: {entry['message']}"
        return "\n    ".join(map(_printable, [line, *entry.get("exception", "").splitlines()]))


def log_to_stdout() -> None:
    """Sends Sizewise's log to standard output, in the form for a terminal or for a program."""
    if not sys.stdout.isatty():
        configure(JsonFormatter())
        return
    configure(TerminalFormatter())
    LOGGER.handlers[0].addFilter(_is_for_people)


def _is_for_people(record: logging.LogRecord) -> bool:
    return record.msg != "settings"


def _request(entry: dict[str, Any]) -> str:
    asked = entry["path"] if entry["method"] == "GET" else f"{entry['method']} {entry['path']}"
    columns = (
        str(entry["status"]),
        f"{entry['outcome']:4}",
        f"{entry['ms']['total']:5.0f} ms",
        f"{_bytes(entry['bytes_out']):>8}",
        asked,
    )
    ignored = [f"ignored: {entry['ignored']}"] if "ignored" in entry else []
    return "  ".join([*columns, *ignored, *([entry["reason"]] if "reason" in entry else [])])


def _bytes(count: int) -> str:
    """A number of bytes in a few characters; a dash for zero."""
    if count < 1000:
        return f"{count} B" if count else "-"
    return f"{count / 1e3:.1f} kB" if count < 999_950 else f"{count / 1e6:.1f} MB"


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
