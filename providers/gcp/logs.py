"""The log in Cloud Logging's form.

https://cloud.google.com/logging/docs/structured-logging lists the fields that it extracts from a line.
"""

import logging
from typing import Any

from core.logs import JsonFormatter


class CloudFormatter(JsonFormatter):
    """Writes a line's request and trace so that the console shows them, and groups the lines of a request."""

    def __init__(self, project: str) -> None:
        """`project` is the project of the traces. Without it, lines are not connected with a trace."""
        super().__init__()
        self._project = project

    def entry(self, record: logging.LogRecord) -> dict[str, Any]:
        """The core's entry, with its request as `httpRequest` and its trace under Google's name for it."""
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
