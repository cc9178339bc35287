"""The log in the form that lets CloudWatch connect a line with its X-Ray trace."""

import logging
from typing import Any

from core.logs import JsonFormatter


class XRayFormatter(JsonFormatter):
    """Writes a line's trace in X-Ray's form, so that a search for the line or the trace finds the other."""

    def entry(self, record: logging.LogRecord) -> dict[str, Any]:
        """The core's entry, with its trace as `xray_trace_id`.

        Source: AWS X-Ray Developer Guide, "Sending trace data": `1`, 8 digits of time, 24 random digits.
        """
        entry = super().entry(record)
        if trace := entry.pop("trace", ""):
            entry["xray_trace_id"] = f"1-{trace[:8]}-{trace[8:]}"
        return entry
