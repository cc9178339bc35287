"""Taking a deployment on Azure away, but for pictures."""

from collections.abc import Mapping
from typing import Any, Final

from tools.deployment import azure_cli
from tools.deployment.azure_cli import ORIGINALS, VARIANTS

_AROUND: Final = ("app", "plan", "insights", "log", "host", "keys")
"""What goes, in this order: a plan can't be deleted while it has an app."""

Found = Mapping[str, Mapping[str, Any]]
"""The deployment's resources, as `azure_cli.made` has them."""


def delete_around(found: Found) -> str:
    """Deletes all but the account of the pictures; what came of it."""
    around = [found[purpose] for purpose in _AROUND if purpose in found]
    if "app" in found:
        azure_cli.take_roles(found["app"])
    for resource in around:
        azure_cli.delete(resource)
    if "keys" in found:
        vault = found["keys"]["name"]
        _left(f"the deleted vault {vault}, for which Azure keeps the name", f"az keyvault purge --name {vault}")
    return f"{len(around)} deleted"


def delete_images(found: Found) -> str:
    """Deletes the account of the pictures if it has none; what came of it."""
    if "images" not in found:
        return "gone"
    images = found["images"]
    if all(azure_cli.is_empty(images["name"], container) for container in (ORIGINALS, VARIANTS)):
        azure_cli.delete(images)
        return f"deleted {images['name']}"
    _left(f"the account {images['name']}, as it holds pictures", f"az storage account delete --ids {images['id']}")
    return "left"


def name_rest(found: Found, group: str) -> str:
    """Says what else a resource group has; the group itself stays."""
    ours = {resource["id"] for resource in found.values()}
    listed = azure_cli.resources(group)
    others = [resource for resource in listed if resource["id"] not in ours]
    for resource in others:
        _left(f"{resource['name']}, which is not of this deployment", f"az resource delete --ids {resource['id']}")
    if not listed:
        _left(f"the resource group {group}, which is empty", f"az group delete --name {group}")
    return f"{len(others)} of others there"


def _left(what: str, command: str) -> None:
    print(f"    left: {what}. `{command}` deletes it", flush=True)
