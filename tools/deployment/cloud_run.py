"""What `gcloud run services describe` says of a function.

Source: https://cloud.google.com/run/docs/reference/rest/v1/namespaces.services.
"""

from collections.abc import Mapping
from typing import Any

Service = Mapping[str, Any]


def variables(service: Service) -> dict[str, str]:
    """The function's environment; of a secret its name and version."""
    found = {}
    for variable in _container(service).get("env", []):
        secret = variable.get("valueFrom", {}).get("secretKeyRef")
        found[variable["name"]] = f"{secret['name']}:{secret['key']}" if secret else variable.get("value", "")
    return found


def memory(service: Service) -> str:
    """An instance's memory, such as 2Gi."""
    return str(_container(service)["resources"]["limits"]["memory"])


def most_instances(service: Service) -> int:
    """How many instances there may be at once."""
    return int(service["spec"]["template"]["metadata"]["annotations"]["autoscaling.knative.dev/maxScale"])


def is_ready(service: Service) -> bool:
    """Whether the last deployment has come to its end."""
    return any(
        condition["type"] == "Ready" and condition["status"] == "True"
        for condition in service["status"].get("conditions", [])
    )


def _container(service: Service) -> Any:
    return service["spec"]["template"]["spec"]["containers"][0]
