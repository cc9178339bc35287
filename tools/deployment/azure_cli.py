"""What is asked of Azure: all of it by the Azure CLI, with the login that it has."""

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
"""The deployment's name in its resource group, and the tag that says what each of its resources is for."""

ORIGINALS: Final = "originals"
VARIANTS: Final = "variants"

_VAULT: Final = r"keys[a-z0-9]{13}"
"""The vault's name in main.bicep."""

_INSIDE: Final = {
    "container": "blobServices/default/containers",
    "share": "fileServices/default/shares",
    "queue": "queueServices/default/queues",
    "table": "tableServices/default/tables",
}

_INSIGHTS: Final = "https://api.applicationinsights.io"

_PATIENCE: Final = 600.0
"""Seconds that a new role may take until storage knows it:
https://learn.microsoft.com/azure/role-based-access-control/troubleshooting#symptom---role-assignment-changes-are-not-being-detected"""

_PAUSE: Final = 2.0


def az(*words: str, env: Mapping[str, str] | None = None) -> Any:
    """Runs a command of the Azure CLI. What it printed as JSON, None for nothing."""
    printed = run("az", *words, "--output", "json", env=env)
    return json.loads(printed) if printed.strip() else None


def whoever() -> str:
    """Who acts, and on which subscription. Raises DeploymentError where nobody is logged in or there is none."""
    # `az account show` would fail, and its message takes more than a line.
    chosen = [account for account in az("account", "list") if account["isDefault"]]
    # Who logs in to a tenant without a subscription is given one that is named as the tenant.
    if not chosen or chosen[0]["id"] == chosen[0]["tenantId"]:
        raise DeploymentError("Azure can't be asked: no subscription is chosen. Log in with `az login`.")
    user = chosen[0]["user"]["name"]
    try:
        # That list is this machine's own. The token itself is not printed.
        az("account", "get-access-token", "--query", "expiresOn")
    except CommandFailed as error:
        raise DeploymentError(
            f"Azure can't be asked: the login of {user} has ended. Log in with `az login`."
        ) from error
    return f"{user}, subscription {chosen[0]['name']}"


def location(group: str) -> str:
    """Where a resource group is; empty where there is no such group."""
    found = {row["name"].lower(): row["location"] for row in az("group", "list")}
    return str(found.get(group.lower(), ""))


def resources(group: str) -> list[dict[str, Any]]:
    """What a resource group has, by whomever; nothing where there is no such group."""
    return az("resource", "list", "--resource-group", group) if location(group) else []


def made(listed: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Those of a group's resources that a deployment of Sizewise made, by what each is for."""
    return {row["tags"][NAME]: row for row in listed if NAME in (row.get("tags") or {})}


def settings(app: Mapping[str, Any]) -> dict[str, str]:
    """The settings of a function app."""
    listed = az("functionapp", "config", "appsettings", "list", *_of(app))
    return {row["name"]: row["value"] for row in listed}


def set_setting(app: Mapping[str, Any], name: str, value: str) -> None:
    """Gives a function app one more setting, with which it starts anew."""
    az("functionapp", "config", "appsettings", "set", *_of(app), "--settings", f"{name}={value}")


def properties(app: Mapping[str, Any]) -> dict[str, Any]:
    """What Azure knows of a function app."""
    found: dict[str, Any] = az("functionapp", "show", *_of(app))["properties"]
    return found


def upload(app: Mapping[str, Any], package: Path) -> None:
    """Has Azure install a package's requirements, and the app run it."""
    given = ("--src", str(package), "--build-remote", "true")
    az("functionapp", "deployment", "source", "config-zip", *_of(app), *given)


def _of(app: Mapping[str, Any]) -> tuple[str, ...]:
    return ("--resource-group", app["resourceGroup"], "--name", app["name"])


def has_secret(group: str, name: str) -> bool:
    """Whether a vault that a deployment of Sizewise made in a resource group has a secret, whatever its tags are.

    Asks Azure Resource Manager. It lists names, never values, so no data role is needed.
    """
    listed = az("keyvault", "list", "--resource-group", group, "--resource-type", "vault")
    vaults = [vault for vault in listed if re.fullmatch(_VAULT, vault["name"])]
    return any(name in _names(f"{vault['id']}/secrets?api-version=2023-07-01") for vault in vaults)


def inside(account: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a storage account has, by whomever: pairs such as ("container", "originals"). Asks as `has_secret` does."""
    listed = {kind: _names(f"{account['id']}/{kinds}?api-version=2023-05-01") for kind, kinds in _INSIDE.items()}
    return [(kind, name) for kind, names in listed.items() for name in sorted(names)]


def _names(url: str) -> set[str]:
    """The names of what Azure Resource Manager lists, on all pages."""
    names: set[str] = set()
    while url:
        page = az("rest", "--method", "get", "--url", url)
        names |= {row["name"] for row in page["value"]}
        url = page.get("nextLink") or ""
    return names


def take_roles(app: Mapping[str, Any]) -> None:
    """Deletes the roles that an app's identity has.

    They would outlive it, and a later app of the same name could not be given them: it has another identity.
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
    """A deployment's two containers. Waits until the role of whoever deploys is valid."""

    def put(key: str, file: Path) -> None:
        place = ("--container-name", ORIGINALS, "--name", key, "--content-type", "image/jpeg")
        _blobs(account, _PATIENCE, "upload", *place, "--file", str(file), "--overwrite")

    def remove(original: str, variant: str) -> None:
        # Unlike `delete`, it does not mind a blob that is not there.
        _blobs(account, _PATIENCE, "delete-batch", "--source", ORIGINALS, "--pattern", original)
        _blobs(account, _PATIENCE, "delete-batch", "--source", VARIANTS, "--pattern", variant)

    return Store(lambda: is_empty(account, ORIGINALS, _PATIENCE), put, remove)


def _blobs(account: str, patience: float, *words: str) -> Any:
    """Runs a command on blobs, again and again as long as it is refused for want of a role and there is patience."""
    began, told = time.monotonic(), False
    while True:
        try:
            return az("storage", "blob", *words, "--account-name", account, "--auth-mode", "login")
        except DeploymentError as error:
            if "required permissions" not in str(error) or time.monotonic() - began >= patience:
                raise
        if not told:
            print(f"    not yet, asking for up to {patience:.0f} s: Azure does not know the new role yet", flush=True)
            told = True
        time.sleep(_PAUSE)


def insights_id(component: Mapping[str, Any]) -> str:
    """By what Application Insights is asked for a component's log."""
    return str(az("resource", "show", "--ids", component["id"])["properties"]["AppId"])


def lines(application: str, since: datetime) -> list[Line]:
    """The lines of a log from a time on, and the errors that are in no line."""
    query = (
        f"union traces, exceptions | where timestamp >= datetime({since.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ})"
        " | project timestamp, itemId, text = coalesce(message, outerMessage) | order by timestamp asc"
    )
    asked = ("--url", f"{_INSIGHTS}/v1/apps/{application}/query", "--resource", _INSIGHTS)
    (table,) = az("rest", "--method", "post", *asked, "--body", json.dumps({"query": query}))["tables"]
    return [Line(datetime.fromisoformat(written), identity, text) for written, identity, text in table["rows"]]
