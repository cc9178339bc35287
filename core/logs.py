"""Structured logs: one JSON object per line, so that no text of a request can forge a line."""

import json
import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from core.ladder import variants_per_original
from core.settings import Settings

LOGGER: Final = logging.getLogger("sizewise")
FIELDS: Final = "fields"
"""The attribute of a log record that holds its structured fields."""

_MOST_OF_A_PATH: Final = 2048
"""The most characters of a request's path that are logged."""

_MOST_OF_A_VALUE: Final = 200
"""The most characters of an ignored value that are logged."""


@dataclass
class Trace:
    """What one request did, filled in while it is answered.

    `trace_id` names the distributed trace that the request belongs to, and links the request's log line to other
    services' lines; it is empty if the request has no trace. `key` is the variant's key, None while it is not known.
    `steps` has the milliseconds of each step in their order. `bytes_in` is the number of bytes read from storage,
    `bytes_out` the number written to storage or sent from it. `ignored` is the original's invalid metadata.
    """

    trace_id: str = ""
    key: str | None = None
    hit: bool = False
    error: Exception | None = None
    steps: dict[str, float] = field(default_factory=dict)
    bytes_in: int = 0
    bytes_out: int = 0
    ignored: str = ""

    @property
    def outcome(self) -> str:
        """`hit` or `miss`, as in the X-Sizewise header and the log."""
        return "hit" if self.hit else "miss"

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
        """The JSON object of the line. A platform with another format overrides this."""
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
    """Sends Sizewise's log to standard output, instead of to any handler that the platform installed for it."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter)
    LOGGER.handlers = [handler]
    LOGGER.setLevel(logging.INFO)
    LOGGER.propagate = False


def log_request(method: str, path: str, status: int, trace: Trace) -> None:
    """Logs one request and its answer, with the traceback if the status is 500."""
    fields: dict[str, object] = {
        "method": method,
        "path": path[:_MOST_OF_A_PATH],
        "key": trace.key,
        "status": status,
        "outcome": trace.outcome,
        "ms": {name: round(duration, 1) for name, duration in trace.steps.items()},
        "bytes_in": trace.bytes_in,
        "bytes_out": trace.bytes_out,
    }
    if trace.trace_id:
        fields["trace"] = trace.trace_id
    if trace.ignored:
        fields["ignored"] = trace.ignored[:_MOST_OF_A_VALUE]
    if trace.error:
        cause = trace.error.__cause__
        fields["reason"] = f"{trace.error}" + (f" ({type(cause).__name__}: {cause})" if cause else "")
    level = logging.INFO if status < 500 else logging.ERROR
    LOGGER.log(level, "request", extra={FIELDS: fields}, exc_info=trace.error if status == 500 else None)


def log_settings(settings: Settings) -> None:
    """Logs the effective settings, with the number of signing keys instead of the keys, and `variants_per_original`."""
    bound = variants_per_original(settings)
    shown = vars(settings) | {"signing_keys": len(settings.signing_keys)}
    fields = {"settings": shown, "variants_per_original": "unbounded" if bound is None else bound}
    LOGGER.info("settings", extra={FIELDS: fields})
    if settings.signing_keys and bound is None:
        LOGGER.warning("SIGNING_KEYS has no effect: without WIDTHS or SIZES any size is rendered")
