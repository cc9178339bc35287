"""The log in Cloud Logging's form.

https://cloud.google.com/logging/docs/structured-logging names the fields it takes out of a line.
"""

import logging
import re
from typing import Any, Final

from core.logs import JsonFormatter

_TRACEPARENT: Final = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
"""W3C Trace Context, section 3.2: version, trace, parent, flags."""


class CloudFormatter(JsonFormatter):
    """A line whose request and trace the console shows as such, so that a request's lines group."""

    def __init__(self, project: str) -> None:
        """`project` is the one that traces are kept in; without it lines are not tied to a trace."""
        super().__init__()
        self._project = project

    def entry(self, record: logging.LogRecord) -> dict[str, Any]:
        """The core's entry, its request as `httpRequest` and its trace by the name that Google gives it."""
        entry = super().entry(record)
        if "ms" in entry:
            entry["httpRequest"] = {
                "requestMethod": entry.pop("method"),
                "requestUrl": entry.pop("path"),
                "status": entry.pop("status"),
                "latency": f"{entry['ms']['total'] / 1000:.4f}s",
            }
        trace = _TRACEPARENT.fullmatch(entry.pop("traceparent", ""))
        if trace and self._project:
            entry["logging.googleapis.com/trace"] = f"projects/{self._project}/traces/{trace[1]}"
        return entry
