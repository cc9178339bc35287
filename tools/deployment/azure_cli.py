"""Calls to Azure, all through the Azure CLI with its login."""

import json
import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from tools.deployment.commands import CommandFailed, run
from tools.deployment.errors import DeploymentError
from tools.deployment.first_picture import Store
from tools.deployment.log import Line

NAME: Final = "sizewise"
"""The deployment's name in its resource group, and the name of the tag with each resource's purpose."""

ORIGINALS: Final = "originals"
VARIANTS: Final = "variants"

_VAULT: Final = r"keys[a-z0-9]{13}"
"""The pattern of the vault's name in main.bicep."""

_INSIDE: Final = {
    "container": "blobServices/default/containers",
    "share": "fileServices/default/shares",
    "queue": "queueServices/default/queues",
    "table": "tableServices/default/tables",
}

_INSIGHTS: Final = "https://api.applicationinsights.io"

_PATIENCE: Final = 600.0
"""Seconds that it can take until storage knows a new role:
https://learn.microsoft.com/azure/role-based-access-control/troubleshooting#symptom---role-assignment-changes-are-not-being-detected"""

_PAUSE: Final = 2.0


def az(*words: str, env: Mapping[str, str] | None = None) -> Any:
    """Runs a command of the Azure CLI. Returns the JSON that it prints, None for nothing."""
    printed = run("az", *words, "--output", "json", env=env)
    return json.loads(printed) if printed.strip() else None


def caller() -> str:
    """The user, and the chosen subscription. Raises DeploymentError if nobody is logged in, or none is chosen."""
    # Without a login `az account show` fails, with a message of several lines.
    chosen = [account for account in az("account", "list") if account["isDefault"]]
    # After a login to a tenant without subscriptions, the list has one whose ID is the tenant's.
    if not chosen or chosen[0]["id"] == chosen[0]["tenantId"]:
        raise DeploymentError("No Azure subscription is chosen: log in with `az login`.")
    user = chosen[0]["user"]["name"]
    try:
        # The list of accounts is read from this machine; only a token shows whether the login is still valid. The query
        # keeps the token itself out of the output.
        az("account", "get-access-token", "--query", "expiresOn")
    except CommandFailed as error:
        raise DeploymentError(f"The Azure login of {user} has expired: log in with `az login`.") from error
    return f"{user}, subscription {chosen[0]['name']}"


def location(group: str) -> str:
    """A resource group's region; empty if there is no such group."""
    found = {row["name"].lower(): row["location"] for row in az("group", "list")}
    return str(found.get(group.lower(), ""))


def resources(group: str) -> list[dict[str, Any]]:
    """All resources of a resource group, whoever made them; none if there is no such group."""
    return az("resource", "list", "--resource-group", group) if location(group) else []


def made(listed: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Those of a group's resources that a deployment of Sizewise made, by their purposes."""
    return {row["tags"][NAME]: row for row in listed if NAME in (row.get("tags") or {})}


def settings(app: Mapping[str, Any]) -> dict[str, str]:
    """The settings of a function app."""
    listed = az("functionapp", "config", "appsettings", "list", *_of(app))
    return {row["name"]: row["value"] for row in listed}


def set_setting(app: Mapping[str, Any], name: str, value: str) -> None:
    """Sets one more setting of a function app, which restarts it."""
    az("functionapp", "config", "appsettings", "set", *_of(app), "--settings", f"{name}={value}")


def properties(app: Mapping[str, Any]) -> dict[str, Any]:
    """The properties of a function app."""
    found: dict[str, Any] = az("functionapp", "show", *_of(app))["properties"]
    return found


def upload(app: Mapping[str, Any], package: Path) -> None:
    """Uploads a package. Azure installs its requirements, and the app runs it."""
    given = ("--src", str(package), "--build-remote", "true")
    az("functionapp", "deployment", "source", "config-zip", *_of(app), *given)


def _of(app: Mapping[str, Any]) -> tuple[str, ...]:
    return ("--resource-group", app["resourceGroup"], "--name", app["name"])


def has_secret(group: str, name: str) -> bool:
    """Whether one of Sizewise's vaults in a resource group has the named secret. The vault need not be tagged.

    Asks Azure Resource Manager. It lists names, never values, so no data role is needed.
    """
    listed = az("keyvault", "list", "--resource-group", group, "--resource-type", "vault")
    vaults = [vault for vault in listed if re.fullmatch(_VAULT, vault["name"])]
    return any(name in _names(f"{vault['id']}/secrets?api-version=2023-07-01") for vault in vaults)


def inside(account: Mapping[str, Any]) -> list[tuple[str, str]]:
    """All that a storage account holds: pairs such as ("container", "originals"). Asks as `has_secret` does."""
    listed = {kind: _names(f"{account['id']}/{kinds}?api-version=2023-05-01") for kind, kinds in _INSIDE.items()}
    return [(kind, name) for kind, names in listed.items() for name in sorted(names)]


def _names(url: str) -> set[str]:
    """The names that Azure Resource Manager lists, on all pages."""
    names: set[str] = set()
    while url:
        page = az("rest", "--method", "get", "--url", url)
        names |= {row["name"] for row in page["value"]}
        url = page.get("nextLink") or ""
    return names


def take_roles(app: Mapping[str, Any]) -> None:
    """Deletes the role assignments of an app's identity.

    Otherwise they would remain, and a later app of the same name, with another identity, could not get these roles.
    """
    identity = az("resource", "show", "--ids", app["id"])["identity"]["principalId"]
    unnamed = ("--fill-principal-name", "false", "--fill-role-definition-name", "false")
    roles = az("role", "assignment", "list", "--assignee-object-id", identity, "--all", *unnamed)
    if roles:
        az("role", "assignment", "delete", "--ids", *(role["id"] for role in roles))


def delete(resource: Mapping[str, Any]) -> None:
    """Deletes a resource."""
    az("resource", "delete", "--ids", resource["id"])


def is_empty(account: str, container: str, patience: float = 0) -> bool:
    """Whether a container has no blob."""
    return not _blobs(account, patience, "list", "--container-name", container, "--num-results", "1")


def store(account: str) -> Store:
    """A deployment's two containers. Its calls wait until the user's role is valid."""

    def put(key: str, file: Path) -> None:
        place = ("--container-name", ORIGINALS, "--name", key, "--content-type", "image/jpeg")
        _blobs(account, _PATIENCE, "upload", *place, "--file", str(file), "--overwrite")

    def remove(original: str, variant: str) -> None:
        # `az storage blob delete` would fail if there is no such blob.
        _blobs(account, _PATIENCE, "delete-batch", "--source", ORIGINALS, "--pattern", original)
        _blobs(account, _PATIENCE, "delete-batch", "--source", VARIANTS, "--pattern", variant)

    return Store(lambda: is_empty(account, ORIGINALS, _PATIENCE), put, remove)


def _blobs(account: str, patience: float, *words: str) -> Any:
    """Runs a command on blobs. Repeats it for `patience` seconds while it is refused because a role is missing."""
    began, told = time.monotonic(), False
    while True:
        try:
            return az("storage", "blob", *words, "--account-name", account, "--auth-mode", "login")
        except DeploymentError as error:
            if "required permissions" not in str(error) or time.monotonic() - began >= patience:
                raise
        if not told:
            print(f"    not yet, retrying for up to {patience:.0f} s: Azure does not know the new role yet", flush=True)
            told = True
        time.sleep(_PAUSE)


def insights_id(component: Mapping[str, Any]) -> str:
    """The application's ID in Application Insights, by which its log is queried."""
    return str(az("resource", "show", "--ids", component["id"])["properties"]["AppId"])


def lines(application: str, since: datetime) -> list[Line]:
    """The lines of a log since a time, and the exceptions, which are in a table of their own."""
    query = (
        f"union traces, exceptions | where timestamp >= datetime({since.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ})"
        " | project timestamp, itemId, text = coalesce(message, outerMessage) | order by timestamp asc"
    )
    asked = ("--url", f"{_INSIGHTS}/v1/apps/{application}/query", "--resource", _INSIGHTS)
    (table,) = az("rest", "--method", "post", *asked, "--body", json.dumps({"query": query}))["tables"]
    return [Line(datetime.fromisoformat(written), identity, text) for written, identity, text in table["rows"]]
