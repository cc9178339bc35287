"""The log in the form by which CloudWatch ties a line to its X-Ray trace."""

import logging
from typing import Any

from core.logs import JsonFormatter


class XRayFormatter(JsonFormatter):
    """A line whose trace has the form that X-Ray gives it, so that a search for the one finds the other."""

    def entry(self, record: logging.LogRecord) -> dict[str, Any]:
        """The core's entry, its trace as `xray_trace_id`.

        Source: AWS X-Ray Developer Guide, "Sending trace data": `1`, 8 digits of time, 24 random ones.
        """
        entry = super().entry(record)
        if trace := entry.pop("trace", ""):
            entry["xray_trace_id"] = f"1-{trace[:8]}-{trace[8:]}"
        return entry
