"""A stand-in for `az`: it answers from a state that it keeps in a file, and records its calls.

Real: the Bicep compiler, which predicts the resources of a deployment from this program's environment; and Azurite,
which executes the commands on blobs. Simulated: the subscription, its resource groups and their lists, roles, the
upload, and Application Insights. tests/e2e/azure/az_lines.py has the Azure CLI itself parse the command lines.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

SNAPSHOTS = "AZ_SNAPSHOTS"
"""The environment variable with the folder of snapshots that the compiler has already made."""

VAULT = "Microsoft.KeyVault/vaults"

STATE = "AZ_STATE"
"""The environment variable with the file of the state."""

TENANT = "11111111-1111-1111-1111-111111111111"
LOGGED_IN = {
    "id": "00000000-0000-0000-0000-000000000000",
    "tenantId": TENANT,
    "name": "Pictures",
    "isDefault": True,
    "user": {"name": "ann@example.com", "type": "user"},
}
NEW: dict[str, Any] = {
    "calls": [],
    "accounts": [LOGGED_IN],
    "groups": {},
    "resources": [],
    "settings": {},
    "secrets": {},
    "deleted": [],
    "inside": {"blobServices": ["originals", "variants"]},
    "roles": [],
    "log": [],
    "refused": 0,
    "fails": {},
}
"""A new subscription. Tests add the `url`, `azurite` and `containers` of the function that acts as the app."""

NOT_YET = "ERROR: \nYou do not have the required permissions needed to perform this operation.\nDepending on ..."


def fail(text: str) -> NoReturn:
    """Ends as `az` does when Azure refuses."""
    sys.stderr.write(f"{text}\n")
    sys.exit(1)


def option(words: list[str], name: str) -> str:
    """The value of an option."""
    return words[words.index(name) + 1]


def create(state: dict[str, Any], words: list[str]) -> None:
    """Deploys main.bicepparam with this program's environment, as far as the compiler can predict the resources."""
    from tests.e2e.azure.snapshots import VARIABLES, evaluated_once, of_type, one

    given = {name: os.environ[name] for name in VARIABLES if name in os.environ}
    state["calls"][-1]["environ"] = given
    snapshot = evaluated_once(Path(option(words, "--parameters")).parent, given, Path(os.environ[SNAPSHOTS]))
    state["snapshot"] = snapshot
    group = option(words, "--resource-group")
    tagged = [resource for resource in snapshot["predictedResources"] if "sizewise" in resource.get("tags", {})]
    if any(resource["id"] in state["deleted"] for resource in tagged):
        fail("ERROR: (ConflictError) A vault with the same name already exists in deleted state.")
    kept = [resource for resource in state["resources"] if resource["id"] not in {new["id"] for new in tagged}]
    state["resources"] = kept + [
        {name: resource[name] for name in ("id", "name", "type", "tags")} | {"resourceGroup": group}
        for resource in tagged
    ]
    for secret in of_type(snapshot, "KeyVault/vaults/secrets"):
        name = secret["name"].rpartition("/")[2]
        state["secrets"][name] = state["secrets"].get(name, 0) + 1
    scale = one(snapshot, "Web/sites")["properties"]["functionAppConfig"]["scaleAndConcurrency"]
    state["scale"] = scale
    state["settings"] = {**one(snapshot, "Web/sites/config", "appsettings")["properties"]}
    images = one(snapshot, "Storage/storageAccounts", "images")["name"]
    state["settings"]["BLOB_ENDPOINT"] = f"https://{images}.blob.core.windows.net/"
    if "SIGNING_KEYS" in state["settings"]:
        named = given["SIZEWISE_SIGNING_SECRET"]
        uri = f"https://keys.vault.azure.net/secrets/{named}/{state['secrets'][named]}"
        state["settings"]["SIGNING_KEYS"] = f"@Microsoft.KeyVault(SecretUri={uri})"
    app = one(snapshot, "Web/sites")["name"]
    state["roles"] = [{"id": f"/roles/{app}/{number}"} for number in range(3)]
    state["outputs"] = {"appName": app, "appUrl": state["url"], "imagesAccount": images}


def blobs(state: dict[str, Any], words: list[str]) -> Any:
    """Executes a command on the pictures' account in Azurite."""
    from azure.storage.blob import BlobServiceClient, ContentSettings

    if state["refused"]:
        state["refused"] -= 1
        fail(NOT_YET)
    assert option(words, "--auth-mode") == "login"
    named = option(words, "--source" if words[2] == "delete-batch" else "--container-name")
    with BlobServiceClient.from_connection_string(state["azurite"]) as service:
        container = service.get_container_client(state["containers"][named])
        if words[2] == "list":
            return [{"name": name} for name in container.list_blob_names()][: int(option(words, "--num-results"))]
        if words[2] == "upload":
            kind = ContentSettings(content_type=option(words, "--content-type"))
            data = Path(option(words, "--file")).read_bytes()
            container.upload_blob(
                option(words, "--name"), data, overwrite="--overwrite" in words, content_settings=kind
            )
            return {}
        found = [name for name in container.list_blob_names() if name == option(words, "--pattern")]
        for name in found:
            container.delete_blob(name)
        return [{"deleted": name} for name in found]


def listed(state: dict[str, Any], url: str) -> dict[str, Any]:
    """A page of what Azure Resource Manager lists for a resource, with one name per page."""
    place, _, page = url.partition("&page=")
    if "/secrets?" in place:
        names = list(state["secrets"])
    else:
        service = place.partition("/default/")[0].rpartition("/")[2]
        names = state["inside"].get(service, [])
    rest = names[int(page or 0) :]
    more = {"nextLink": f"{place}&page={int(page or 0) + 1}"} if len(rest) > 1 else {}
    return {"value": [{"name": name} for name in rest[:1]], **more}


def answer(state: dict[str, Any], words: list[str]) -> Any:  # noqa: C901 -- a table of commands
    """The JSON that a command prints. Changes the state."""
    match words:
        case ["account", "get-access-token", *_]:
            return "2026-11-29 08:00:00.000000"
        case ["account", "list", *_]:
            return state["accounts"]
        case ["group", "list", *_]:
            return [{"name": name, "location": place} for name, place in state["groups"].items()]
        case ["group", "create", *_]:
            state["groups"][option(words, "--name")] = option(words, "--location")
        case ["resource", "list", *_]:
            return state["resources"]
        case ["resource", "show", *_]:
            return {"identity": {"principalId": "the-app"}, "properties": {"AppId": "insights-1"}}
        case ["resource", "delete", *_]:
            gone = option(words, "--ids")
            (found,) = (resource for resource in state["resources"] if resource["id"] == gone)
            state["resources"].remove(found)
            if found["type"] == VAULT:
                state["deleted"].append(gone)
        case ["role", "assignment", "list", *_]:
            return state["roles"]
        case ["role", "assignment", "delete", *_]:
            state["roles"] = []
        case ["deployment", "group", "create", *_]:
            create(state, words)
        case ["deployment", "group", "show", *_]:
            return {"properties": {"outputs": {name: {"value": value} for name, value in state["outputs"].items()}}}
        case ["functionapp", "show", *_]:
            host = state["url"].partition("://")[2]
            config = {"scaleAndConcurrency": state["scale"]}
            return {"properties": {"state": "Running", "defaultHostName": host, "functionAppConfig": config}}
        case ["functionapp", "config", "appsettings", "list", *_]:
            return [{"name": name, "value": value} for name, value in state["settings"].items()]
        case ["functionapp", "config", "appsettings", "set", *_]:
            name, value = option(words, "--settings").split("=", 1)
            state["settings"][name] = value
        case ["functionapp", "deployment", "source", "config-zip", *_]:
            assert Path(option(words, "--src")).is_file()
        case ["storage", "blob", *_]:
            return blobs(state, words)
        case ["keyvault", "list", *_]:
            return [resource for resource in state["resources"] if resource["type"] == VAULT]
        case ["rest", "--method", "get", "--url", url, *_]:
            return listed(state, url)
        case ["rest", *_]:
            return {"tables": [{"name": "PrimaryResult", "rows": state["log"]}]}
        case _:
            fail(f"ERROR: '{' '.join(words)}' is misspelled or not recognized by the system.")
    return None


def main() -> None:
    """Executes a command, unless the state says that it fails."""
    file, words = Path(os.environ[STATE]), sys.argv[1:]
    state = json.loads(file.read_text())
    state["calls"].append({"words": words})
    try:
        for start, said in state["fails"].items():
            if " ".join(words).startswith(start):
                fail(said)
        print(json.dumps(answer(state, words)))  # noqa: T201 -- what `az` prints
    finally:
        file.write_text(json.dumps(state))
