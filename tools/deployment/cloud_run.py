"""The answers of `gcloud run services describe` and `gcloud logging read` about a function.

Sources: https://cloud.google.com/run/docs/reference/rest/v1/namespaces.services and
https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from tools.deployment.log import Line

Service = Mapping[str, Any]


def variables(service: Service) -> dict[str, str]:
    """The function's environment. A variable that comes from a secret has its name and version as the value."""
    plain = {variable["name"]: variable.get("value", "") for variable in _container(service).get("env", [])}
    return plain | references(service)


def references(service: Service) -> dict[str, str]:
    """The function's variables that come from secrets, with each secret's name and version."""
    found = {}
    for variable in _container(service).get("env", []):
        if secret := variable.get("valueFrom", {}).get("secretKeyRef"):
            found[variable["name"]] = f"{secret['name']}:{secret['key']}"
    return found


def limits(service: Service) -> str:
    """The most instances at once, and the memory of each."""
    most = most_instances(service) or "Cloud Run's default number of"
    memory = _container(service).get("resources", {}).get("limits", {}).get("memory", "Cloud Run's default memory")
    return f"{most} instances at once, {memory} each"


def most_instances(service: Service) -> int | None:
    """The most instances at once; None if Cloud Run decides."""
    annotations = service["spec"]["template"].get("metadata", {}).get("annotations", {})
    most = annotations.get("autoscaling.knative.dev/maxScale")
    return int(most) if most else None


def is_ready(service: Service) -> bool:
    """Whether the last deployment is complete."""
    return any(
        condition["type"] == "Ready" and condition["status"] == "True"
        for condition in service["status"].get("conditions", [])
    )


def lines(entries: Iterable[Mapping[str, Any]]) -> list[Line]:
    """The lines among a log's entries that the function wrote. Cloud Run's own entries have neither text nor JSON."""
    return [
        Line(datetime.fromisoformat(entry["timestamp"]), entry["insertId"], _text(entry))
        for entry in entries
        if "textPayload" in entry or "jsonPayload" in entry
    ]


def _text(entry: Mapping[str, Any]) -> str:
    """A line as the function wrote it. Cloud Logging moves its severity and its request to fields of the entry."""
    if "textPayload" in entry:
        return str(entry["textPayload"])
    taken = {name: entry[name] for name in ("severity", "httpRequest") if name in entry}
    return json.dumps({**taken, **entry["jsonPayload"]}, ensure_ascii=False)


def _container(service: Service) -> Any:
    return service["spec"]["template"]["spec"]["containers"][0]
