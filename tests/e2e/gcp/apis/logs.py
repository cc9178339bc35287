"""Cloud Logging: the lines that the deployed functions printed."""

import json
import operator
import re
from datetime import datetime
from typing import Any

from tests.e2e.gcp.apis.state import Call, Google, Json, Printed, Refused, Routes

TERM = re.compile(r'([\w.]+)(>=|<=|=|>|<)("[^"]*"|\w+)')
SEVERITIES = ("DEFAULT", "DEBUG", "INFO", "NOTICE", "WARNING", "ERROR", "CRITICAL", "ALERT", "EMERGENCY")
COMPARE = {"=": operator.eq, ">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt}
LIFTED = {
    "severity": "severity",
    "httpRequest": "httpRequest",
    "time": "timestamp",
    "logging.googleapis.com/trace": "trace",
}
"""The fields of a line that become fields of its entry: https://cloud.google.com/logging/docs/structured-logging"""


def entries(printed: Printed, revision: int) -> list[Json]:
    """One entry per line. A line without a time gets that of the previous line."""
    _, project, _, location, _, service = printed.function.split("/")
    labels = {"project_id": project, "location": location, "service_name": service}
    found, timestamp = [], printed.started
    for number, line in enumerate(list(printed.lines)):
        entry: Json = {"severity": "DEFAULT", "timestamp": timestamp}
        try:
            fields = json.loads(line)
        except ValueError:
            entry["textPayload"] = line
        else:
            entry.update((name, fields.pop(field)) for field, name in LIFTED.items() if field in fields)
            entry["jsonPayload"] = fields
        timestamp = entry["timestamp"]
        entry["insertId"] = f"{revision:04}-{number:06}"
        entry["logName"] = f"projects/{project}/logs/run.googleapis.com%2Fstderr"
        entry["resource"] = {"type": "cloud_run_revision", "labels": labels}
        found.append(entry)
        if "httpRequest" in entry:  # Cloud Run writes another entry for each request.
            own = {name: entry[name] for name in ("httpRequest", "timestamp", "severity", "resource")}
            log = f"projects/{project}/logs/run.googleapis.com%2Frequests"
            found.append({**own, "insertId": f"{entry['insertId']}-request", "logName": log})
    return found


def comparable(field: str, value: str) -> Any:
    """The value by which a field is compared."""
    if field == "timestamp":
        return datetime.fromisoformat(value)
    return SEVERITIES.index(value) if field == "severity" else value


def fits(entry: Json, term: str) -> bool:
    """Whether an entry matches a term of a filter. Raises Refused for a term that is not supported here."""
    match = TERM.fullmatch(term)
    if not match:
        raise Refused(400, f"Unparseable filter: this stand-in does not know {term!r}")
    field, compare, wanted = match[1], COMPARE[match[2]], match[3].strip('"')
    value: Any = entry
    for name in field.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value is not None and bool(compare(comparable(field, str(value)), comparable(field, wanted)))


def listed(google: Google, call: Call) -> Json:
    """A page of the entries that match every term of the filter."""
    terms = [term for term in re.split(r"\s+AND\s+|\n+", call.json.get("filter", "").strip()) if term]
    every = [entry for number, printed in enumerate(google.printed) for entry in entries(printed, number)]
    found = [entry for entry in every if all(fits(entry, term) for term in terms)]
    found.sort(key=lambda entry: datetime.fromisoformat(entry["timestamp"]))
    if call.json.get("orderBy") == "timestamp desc":
        found.reverse()
    start, size = int(call.json.get("pageToken", 0)), call.json.get("pageSize", 1000)
    page: Json = {"entries": found[start : start + size]}
    return page if len(found) <= start + size else {**page, "nextPageToken": str(start + size)}


ROUTES: Routes = [("POST", r"/v2/entries:list", listed)]
