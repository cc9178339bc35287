"""The steps that remove a deployment from Azure. Pictures and keys stay."""

from collections.abc import Mapping
from typing import Any, Final

from tools.deployment import azure_cli
from tools.deployment.azure_cli import ORIGINALS, VARIANTS
from tools.deployment.steps import say_left

_AROUND: Final = ("app", "plan", "insights", "log", "host")
"""The purposes of the resources to delete, in this order: a plan can't be deleted while it has an app."""

_CONTAINERS: Final = (("container", ORIGINALS), ("container", VARIANTS))

Found = Mapping[str, Mapping[str, Any]]
"""The deployment's resources, as `azure_cli.made` returns them."""


def delete_around(found: Found) -> str:
    """Deletes all resources except the account of the pictures and the vault of the keys. Returns the outcome."""
    around = [found[purpose] for purpose in _AROUND if purpose in found]
    if "app" in found:
        azure_cli.take_roles(found["app"])
    for resource in around:
        azure_cli.delete(resource)
    return f"{len(around)} deleted"


def delete_images(found: Found) -> str:
    """Deletes the account of the pictures if it holds nothing. Returns the outcome."""
    if "images" not in found:
        return "gone"
    images = found["images"]
    held = [
        f"the {kind} {name}"
        for kind, name in azure_cli.inside(images)
        if (kind, name) not in _CONTAINERS or not azure_cli.is_empty(images["name"], name)
    ]
    if not held:
        azure_cli.delete(images)
        return f"deleted {images['name']}"
    say_left(
        f"the account {images['name']}, because it still holds {', '.join(held)}",
        f"az storage account delete --ids {images['id']}",
    )
    return "left"


def name_rest(found: Found, group: str) -> str:
    """Lists what else is in a resource group. The group itself and the vault with the keys stay."""
    own = {resource["id"] for resource in found.values()}
    listed = azure_cli.resources(group)
    others = [resource for resource in listed if resource["id"] not in own]
    if "keys" in found:
        vault = found["keys"]["name"]
        say_left(
            f"the vault {vault}, because it holds the signing keys",
            f"az keyvault delete --name {vault} && az keyvault purge --name {vault}",
        )
    for resource in others:
        say_left(
            f"{resource['name']}, which is not part of this deployment", f"az resource delete --ids {resource['id']}"
        )
    if not listed:
        say_left(f"the resource group {group}, which is empty", f"az group delete --name {group}")
    return f"resources of others: {len(others)}"
