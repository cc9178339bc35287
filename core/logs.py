"""Structured logs: one JSON object a line, so that no text of a request can forge one."""

import json
import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from core.settings import Settings

LOGGER: Final = logging.getLogger("sizewise")
FIELDS: Final = "fields"
"""The attribute of a log record that holds its structured fields."""


@dataclass
class Trace:
    """What one request did: milliseconds of each step in their order, bytes read and written."""

    steps: dict[str, float] = field(default_factory=dict)
    bytes_in: int = 0
    bytes_out: int = 0

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Times the block as a step."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.steps[name] = (time.perf_counter() - start) * 1000

    def server_timing(self) -> str:
        """The Server-Timing header's value (W3C Server Timing), durations in milliseconds."""
        return ", ".join(f"{name};dur={duration:.1f}" for name, duration in self.steps.items())


class JsonFormatter(logging.Formatter):
    """A log record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The record's line, without its newline."""
        return json.dumps(self.entry(record), default=str)

    def entry(self, record: logging.LogRecord) -> dict[str, Any]:
        """The object that the line holds; a platform with a form of its own overrides this."""
        entry: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03}Z",
            "severity": record.levelname,
            "message": record.getMessage(),
            **getattr(record, FIELDS, {}),
        }
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return entry


def configure(formatter: logging.Formatter) -> None:
    """Sends Sizewise's log to standard output, in place of any handler that the platform installed for it."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter)
    LOGGER.handlers = [handler]
    LOGGER.setLevel(logging.INFO)
    LOGGER.propagate = False


def log_settings(settings: Settings) -> None:
    """Logs the effective settings; none of them is a secret."""
    LOGGER.info("settings", extra={FIELDS: {"settings": asdict(settings)}})
