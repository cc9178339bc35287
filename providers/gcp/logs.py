"""The log in Cloud Logging's form.

https://cloud.google.com/logging/docs/structured-logging names the fields it takes out of a line.
"""

import logging
from typing import Any

from core.logs import JsonFormatter


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
        if self._project and "trace" in entry:
            entry["logging.googleapis.com/trace"] = f"projects/{self._project}/traces/{entry.pop('trace')}"
        return entry
