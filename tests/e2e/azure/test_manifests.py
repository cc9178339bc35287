"""The manifests: Bicep held to Microsoft's compiler, and what host.json, azure.yaml and the package agree on."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.settings import load
from providers.azure.account import EMULATOR, ENDPOINT
from tests.e2e.azure.snapshots import evaluated, of_type, one
from tests.support import bicep
from tests.support.bicep import Bicep
from tests.support.servers.processes import ROOT

PROVIDER = ROOT / "providers/azure"

READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
OWNER = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b"
"""Storage Blob Data Reader, Contributor and Owner:
https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/storage"""

DEPLOYMENT_STORAGE = ["blobContainer"]
"""https://learn.microsoft.com/python/api/azure-mgmt-web/azure.mgmt.web.models.functionsdeploymentstorage"""
CORS_METHODS = ["CONNECT", "DELETE", "GET", "HEAD", "MERGE", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"]
"""https://learn.microsoft.com/dotnet/api/azure.resourcemanager.storage.models.corsruleallowedmethod"""

MISTAKES = {
    "a property misspelled": ("allowSharedKeyAccess: false", "allowSharedKeysAccess: false", "BCP089"),
    "a nested property misspelled": ("instanceMemoryMB: instanceMemoryMB", "memoryMB: instanceMemoryMB", "BCP037"),
    "a required property misspelled": ("roleDefinitionId:", "roleDefinition:", "BCP035"),
    "a vault's property misspelled": ("enableRbacAuthorization:", "enableRbacAuthorisation:", "BCP089"),
    "a property in another letter case": ("Application_Type:", "application_Type:", "BCP089"),
    "an enum's value misspelled": ("publicAccess: 'Blob'", "publicAccess: 'Blobs'", "BCP036"),
    "an open enum's value": ("type: 'blobContainer'", "type: 'container'", "container is not one of blobContainer"),
    "an open enum's value in a list": ("['GET', 'HEAD']", "['GET', 'HEADS']", "HEADS is not one of CONNECT"),
    "a text for a truth": ("reserved: true", "reserved: 'true'", "BCP036"),
    "a text for a number": ("perInstanceConcurrency: 4", "perInstanceConcurrency: '4'", "BCP036"),
    "a parameter of another type": ("instanceMemoryMB: instanceMemoryMB", "instanceMemoryMB: location", "BCP036"),
    "a property left out": ("  kind: 'StorageV2'\n", "", "BCP035"),
    "a property that can only be read": ("    reserved: true", "    reserved: true\n    status: 'Ready'", "BCP073"),
    "a name that nothing declares": ("serverFarmId: plan.id", "serverFarmId: plans.id", "BCP057"),
    "a bare word": ("BUCKET: variantsName", "BUCKET: variantName", "BCP057"),
    "a property read that is not there": ("identity.principalId", "identity.principal", "BCP083"),
    "one read inside a text": ("{app.properties.defaultHostName}", "{app.properties.hostName}", "BCP083"),
    "a type nobody knows": ("Microsoft.Web/serverfarms@", "Microsoft.Web/serverfarm@", "BCP081"),
    "a broken syntax": ("properties: {", "properties {", "BCP018"),
    # The rules that bicepconfig.json turns on.
    "an old API version": ("serverfarms@2025-03-01", "serverfarms@2022-03-01", "use-recent-api-versions"),
    "a location written out": ("location: location", "location: 'westeurope'", "no-hardcoded-location"),
    "a location of its own": ("location: location", "location: resourceGroup().location", "no-loc-expr-outside-params"),
}


@pytest.fixture
def infra(tmp_path: Path) -> Bicep:
    return Bicep.copy(tmp_path)


@pytest.fixture(scope="module")
def said_of_mistakes(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What the compiler says of each mistake, in a file named by its number; one run, as the start takes longest."""
    infra = Bicep.copy(tmp_path_factory.mktemp("mistakes"))
    text = (infra.folder / "main.bicep").read_text()
    for number, (right, wrong, _) in enumerate(MISTAKES.values()):
        assert right in text
        (infra.folder / f"{number}.bicep").write_text(text.replace(right, wrong))
    return infra.complaints("--pattern", "*.bicep")


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What is deployed when nobody changes the parameters."""
    return evaluated(Bicep.copy(tmp_path_factory.mktemp("infra")))


def blob_endpoint(account: dict[str, Any]) -> str:
    """The expression with which a template reads an account's endpoint; it ends in a slash."""
    return f"reference('{account['id']}', '{account['apiVersion']}').primaryEndpoints.blob"


def unknown_values(snapshot: dict[str, Any]) -> Iterator[str]:
    """Values that Azure doesn't know. Its types leave these enums open, so the compiler lets any text pass."""
    storage = one(snapshot, "Web/sites")["properties"]["functionAppConfig"]["deployment"]["storage"]
    if storage["type"] not in DEPLOYMENT_STORAGE:
        yield f"{storage['type']} is not one of {', '.join(DEPLOYMENT_STORAGE)}"
    for service in of_type(snapshot, "Storage/storageAccounts/blobServices"):
        for rule in service.get("properties", {}).get("cors", {}).get("corsRules", []):
            for method in rule["allowedMethods"]:
                if method not in CORS_METHODS:
                    yield f"{method} is not one of {', '.join(CORS_METHODS)}"


@pytest.mark.parametrize("name", ["main.bicep", "main.bicepparam"])
def test_the_compiler_finds_nothing_wrong(infra: Bicep, name: str) -> None:
    assert infra.complaints(name) == []


def test_no_value_is_unknown_to_azure(snapshot: dict[str, Any]) -> None:
    assert list(unknown_values(snapshot)) == []
    assert snapshot["diagnostics"] == []


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_seeded_mistake_is_found(infra: Bicep, said_of_mistakes: list[str], mistake: str) -> None:
    right, wrong, words = MISTAKES[mistake]
    found = [line for line in said_of_mistakes if f"/{list(MISTAKES).index(mistake)}.bicep(" in line]
    if not found:
        infra.replace(right, wrong)
        found = list(unknown_values(infra.snapshot()))
    assert words in "\n".join(found)


def test_a_parameter_that_does_not_exist_is_found(infra: Bicep) -> None:
    infra.replace("param maximumInstanceCount", "param maximumInstances", "main.bicepparam")
    assert "BCP259" in "\n".join(infra.complaints("main.bicepparam"))


@pytest.mark.parametrize("name", ["main.bicep", "main.bicepparam"])
def test_the_files_are_as_the_compiler_formats_them(infra: Bicep, name: str) -> None:
    assert infra.formatted(name) == (bicep.INFRA / name).read_text()


@pytest.mark.parametrize(
    ("ci", "outcome"), [("", pytest.skip.Exception), ("false", pytest.skip.Exception), ("true", pytest.fail.Exception)]
)
def test_without_a_compiler_tests_skip_and_in_ci_they_fail(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ci: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setattr(bicep, "ROOT", tmp_path / "checkout")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="az bicep install"):
        bicep.require()


@pytest.mark.parametrize("place", ["path/bicep", ".azure/bin/bicep", "shared/bicep/bicep"])
def test_the_compiler_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: str) -> None:
    compiler = tmp_path / place
    compiler.parent.mkdir(parents=True)
    compiler.touch(0o755)
    monkeypatch.setattr(bicep, "ROOT", tmp_path / "checkout")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    assert bicep.find() == compiler


def test_the_identity_may_read_originals_and_write_variants_and_no_more(snapshot: dict[str, Any]) -> None:
    assigned = of_type(snapshot, "Authorization/roleAssignments")
    roles = {
        resource["id"].partition("/providers/Microsoft.Authorization/")[0]: (
            resource["properties"]["roleDefinitionId"].rpartition("/")[2]
        )
        for resource in assigned
    }
    containers = "Storage/storageAccounts/blobServices/containers"
    assert roles == {
        one(snapshot, containers, "originals")["id"]: READER,
        one(snapshot, containers, "variants")["id"]: CONTRIBUTOR,
        one(snapshot, "Storage/storageAccounts", "host")["id"]: OWNER,
    }
    assert len(assigned) == len(roles)
    app = one(snapshot, "Web/sites")
    assert app["identity"] == {"type": "SystemAssigned"}
    identity = f"[reference('{app['id']}', '{app['apiVersion']}', 'full').identity.principalId]"
    for resource in assigned:
        properties = resource["properties"]
        assert (properties["principalId"], properties["principalType"]) == (identity, "ServicePrincipal")


def test_no_account_takes_a_key_and_only_variants_are_public(snapshot: dict[str, Any]) -> None:
    accounts = of_type(snapshot, "Storage/storageAccounts")
    assert [account["properties"]["allowSharedKeyAccess"] for account in accounts] == [False, False]
    host = one(snapshot, "Storage/storageAccounts", "host")
    assert host["properties"]["allowBlobPublicAccess"] is False
    containers = of_type(snapshot, "Storage/storageAccounts/blobServices/containers")
    public = {resource["id"].rpartition("/")[2]: resource["properties"]["publicAccess"] for resource in containers}
    assert public == {"originals": "None", "variants": "Blob", "package": "None"}


def test_everything_is_https(snapshot: dict[str, Any]) -> None:
    for account in of_type(snapshot, "Storage/storageAccounts"):
        properties = account["properties"]
        assert (properties["supportsHttpsTrafficOnly"], properties["minimumTlsVersion"]) == (True, "TLS1_2")
    app = one(snapshot, "Web/sites")["properties"]
    assert (app["httpsOnly"], app["siteConfig"]["minTlsVersion"]) == (True, "1.2")


def test_no_setting_holds_a_secret_and_the_app_starts_with_them(snapshot: dict[str, Any]) -> None:
    settings = one(snapshot, "Web/sites/config", "appsettings")["properties"]
    assert EMULATOR not in settings
    assert settings[ENDPOINT] == f"[{blob_endpoint(one(snapshot, 'Storage/storageAccounts', 'images'))}]"
    assert not re.search(r"\blist\w*\(|AccountKey|SharedAccessSignature", json.dumps(snapshot), re.IGNORECASE)
    started = load(settings)
    assert (started.bucket, started.originals_bucket) == ("variants", "originals")


def test_the_host_keeps_its_own_in_the_other_account_by_its_identity(snapshot: dict[str, Any]) -> None:
    host = one(snapshot, "Storage/storageAccounts", "host")
    settings = one(snapshot, "Web/sites/config", "appsettings")["properties"]
    assert settings["AzureWebJobsStorage__accountName"] == host["name"]
    assert settings["AzureWebJobsStorage__credential"] == "managedidentity"
    assert one(snapshot, "Web/sites")["properties"]["functionAppConfig"]["deployment"]["storage"] == {
        "type": "blobContainer",
        "value": f"[format('{{0}}{{1}}', {blob_endpoint(host)}, 'package')]",
        "authentication": {"type": "SystemAssignedIdentity"},
    }


def test_a_users_settings_are_the_apps_but_for_those_of_the_deployment(infra: Bicep) -> None:
    infra.replace("param settings = {}", "param settings = { WIDTHS: '250,600', BUCKET: 'mine' }", "main.bicepparam")
    assert infra.complaints("main.bicepparam") == []
    settings = one(evaluated(infra), "Web/sites/config", "appsettings")["properties"]
    assert (settings["WIDTHS"], settings["BUCKET"]) == ("250,600", "variants")


def test_pages_of_other_origins_may_use_what_storage_serves(snapshot: dict[str, Any]) -> None:
    """The second hop: storage sends Access-Control-Allow-Origin by these rules only."""
    (rule,) = one(snapshot, "Storage/storageAccounts/blobServices", "images")["properties"]["cors"]["corsRules"]
    assert (rule["allowedOrigins"], rule["allowedMethods"]) == (["*"], ["GET", "HEAD"])


def test_instances_are_limited_by_the_parameter(snapshot: dict[str, Any], infra: Bicep) -> None:
    def limit(deployed: dict[str, Any]) -> int:
        config = one(deployed, "Web/sites")["properties"]["functionAppConfig"]
        return int(config["scaleAndConcurrency"]["maximumInstanceCount"])

    assert limit(snapshot) == 40
    infra.replace("param maximumInstanceCount = 40", "param maximumInstanceCount = 3", "main.bicepparam")
    assert limit(infra.snapshot()) == 3


def test_a_page_of_a_hundred_pictures_that_nobody_has_asked_for_needs_no_queue(snapshot: dict[str, Any]) -> None:
    """A browser asks for all of them at once: RFC 9113 recommends that a server takes 100 HTTP/2 streams or more."""
    scale = one(snapshot, "Web/sites")["properties"]["functionAppConfig"]["scaleAndConcurrency"]
    assert scale["maximumInstanceCount"] * scale["triggers"]["http"]["perInstanceConcurrency"] >= 100


def test_azd_deploys_what_is_staged_to_the_app_that_bicep_tags(snapshot: dict[str, Any]) -> None:
    manifest = yaml.safe_load((PROVIDER / "azure.yaml").read_text())
    (name,) = manifest["services"]
    assert one(snapshot, "Web/sites")["tags"] == {"azd-service-name": name}
    assert (PROVIDER / manifest["services"][name]["project"]).resolve() == ROOT / "build/azure"
    assert (PROVIDER / manifest["infra"]["path"] / f"{manifest['infra']['module']}.bicep").exists()


def test_host_json_has_no_route_prefix_and_keeps_the_functions_log() -> None:
    host = json.loads((PROVIDER / "host.json").read_text())
    assert host["extensions"]["http"]["routePrefix"] == ""
    assert host["logging"]["logLevel"]["Function"] == "Information"
