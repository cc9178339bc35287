"""What `gcloud run services describe` and `gcloud logging read` say of a function.

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
    """The function's environment; of a secret its name and version."""
    plain = {variable["name"]: variable.get("value", "") for variable in _container(service).get("env", [])}
    return plain | references(service)


def references(service: Service) -> dict[str, str]:
    """Those variables of the function that a secret has, with its name and version."""
    found = {}
    for variable in _container(service).get("env", []):
        if secret := variable.get("valueFrom", {}).get("secretKeyRef"):
            found[variable["name"]] = f"{secret['name']}:{secret['key']}"
    return found


def limits(service: Service) -> str:
    """How many instances there may be at once, and how large each may be."""
    most = most_instances(service) or "Cloud Run's default number of"
    memory = _container(service).get("resources", {}).get("limits", {}).get("memory", "Cloud Run's default memory")
    return f"{most} instances at once, {memory} each"


def most_instances(service: Service) -> int | None:
    """How many instances there may be at once; None where that is left to Cloud Run."""
    annotations = service["spec"]["template"].get("metadata", {}).get("annotations", {})
    most = annotations.get("autoscaling.knative.dev/maxScale")
    return int(most) if most else None


def is_ready(service: Service) -> bool:
    """Whether the last deployment has come to its end."""
    return any(
        condition["type"] == "Ready" and condition["status"] == "True"
        for condition in service["status"].get("conditions", [])
    )


def lines(entries: Iterable[Mapping[str, Any]]) -> list[Line]:
    """The function's own lines among entries of its log. Those of Cloud Run itself have neither text nor JSON."""
    return [
        Line(datetime.fromisoformat(entry["timestamp"]), entry["insertId"], _text(entry))
        for entry in entries
        if "textPayload" in entry or "jsonPayload" in entry
    ]


def _text(entry: Mapping[str, Any]) -> str:
    """A line as the function wrote it: Cloud Logging takes its severity and what it says of a request out of it."""
    if "textPayload" in entry:
        return str(entry["textPayload"])
    taken = {name: entry[name] for name in ("severity", "httpRequest") if name in entry}
    return json.dumps({**taken, **entry["jsonPayload"]}, ensure_ascii=False)


def _container(service: Service) -> Any:
    return service["spec"]["template"]["spec"]["containers"][0]
