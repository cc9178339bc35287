"""The manifests: Bicep against Microsoft's models, and what host.json, azure.yaml and the package agree on."""

import json
import re
from typing import Any

import pytest
import yaml
from pycep import BicepParser

from core.settings import load
from providers.azure.account import EMULATOR, ENDPOINT
from tests.support.bicep import complaints
from tests.support.servers.processes import ROOT

PROVIDER = ROOT / "providers/azure"
BICEP = (PROVIDER / "infra/main.bicep").read_text()

MISTAKES = {
    "a property misspelled": ("allowSharedKeyAccess: false", "allowSharedKeysAccess: false", "does not exist"),
    "a nested property misspelled": ("instanceMemoryMB: instanceMemoryMB", "memoryMB: instanceMemoryMB", "memoryMB"),
    "an older model's property misspelled": ("roleDefinitionId:", "roleDefinition:", "roleDefinition does not exist"),
    "a property in another letter case": ("Application_Type:", "application_Type:", "does not exist"),
    "an enum's value misspelled": ("publicAccess: 'Blob'", "publicAccess: 'Blobs'", "takes"),
    "an enum's value in a deep place": ("type: 'blobContainer'", "type: 'container'", "blobContainer"),
    "an enum's value in a list": ("['GET', 'HEAD']", "['GET', 'HEADS']", "corsRules[0].allowedMethods[1]"),
    "a text for a truth": ("reserved: true", "reserved: 'true'", "takes bool"),
    "a text for a number": ("perInstanceConcurrency: 4", "perInstanceConcurrency: '4'", "takes int"),
    "a parameter of another type": ("instanceMemoryMB: instanceMemoryMB", "instanceMemoryMB: location", "takes int"),
    "a property left out": ("  kind: 'StorageV2'\n", "", "kind is missing"),
    "a property that can only be read": (
        "    reserved: true",
        "    reserved: true\n    status: 'Ready'",
        "only be read",
    ),
    "a name that nothing declares": ("serverFarmId: plan.id", "serverFarmId: plans.id", "plans is not declared"),
    "a bare word": ("BUCKET: variantsName", "BUCKET: variantName", "variantName is not declared"),
    "a property read that is not there": ("identity.principalId", "identity.principal", "does not exist"),
    "one read inside a text": ("{app.properties.defaultHostName}", "{app.properties.hostName}", "does not exist"),
    "a type nobody knows": ("Microsoft.Web/serverfarms@", "Microsoft.Web/serverfarm@", "no model"),
}


def test_the_bicep_fits_microsofts_models() -> None:
    assert complaints(BICEP) == []


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_seeded_mistake_is_found(mistake: str) -> None:
    right, wrong, words = MISTAKES[mistake]
    assert right in BICEP
    found = complaints(BICEP.replace(right, wrong))
    assert found
    assert words in "\n".join(found)


def test_a_broken_syntax_is_found() -> None:
    with pytest.raises(Exception, match="Unexpected"):
        complaints(BICEP.replace("properties: {", "properties {", 1))


@pytest.fixture(scope="module")
def resources() -> dict[str, Any]:
    parsed: Any = BicepParser().parse(text=BICEP)["resources"]
    return {name: resource["config"] for name, resource in parsed.items()}


def test_the_identity_may_read_originals_and_write_variants_and_no_more(resources: dict[str, Any]) -> None:
    roles = {
        config["scope"]: config["properties"]["roleDefinitionId"]
        for config in resources.values()
        if "roleDefinitionId" in config.get("properties", {})
    }
    assert roles == {"originals": "blobDataReader", "variants": "blobDataContributor", "host": "blobDataOwner"}
    assert "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1" in re.search(r"var blobDataReader = .*", BICEP)[0]  # type: ignore[index]


def test_no_account_takes_a_key_and_only_variants_are_public(resources: dict[str, Any]) -> None:
    accounts = [config["properties"] for config in resources.values() if config.get("kind") == "StorageV2"]
    assert [account["allowSharedKeyAccess"] for account in accounts] == [False, False]
    assert resources["host"]["properties"]["allowBlobPublicAccess"] is False
    public = {name: c["properties"]["publicAccess"] for name, c in resources.items() if "publicAccess" in str(c)}
    assert public == {"originals": "None", "variants": "Blob", "package": "None"}


def test_no_setting_holds_a_secret_and_the_app_starts_with_them(resources: dict[str, Any]) -> None:
    settings = resources["appSettings"]["properties"]["function"]["parameters"]["arg_2"]
    assert EMULATOR not in settings
    assert ENDPOINT in settings
    assert not re.search(r"listKeys|AccountKey|SharedAccessSignature", BICEP, re.IGNORECASE)
    assert load({name: value for name, value in settings.items() if isinstance(value, str)}).bucket == "variantsName"


def test_pages_of_other_origins_may_use_what_storage_serves(resources: dict[str, Any]) -> None:
    """The second hop: storage sends Access-Control-Allow-Origin by these rules only."""
    (rule,) = resources["imageBlobs"]["properties"]["cors"]["corsRules"]
    assert (rule["allowedOrigins"], rule["allowedMethods"]) == (["*"], ["GET", "HEAD"])


def test_instances_are_limited(resources: dict[str, Any]) -> None:
    scale = resources["app"]["properties"]["functionAppConfig"]["scaleAndConcurrency"]
    assert scale["maximumInstanceCount"] == "maximumInstanceCount"


def test_the_parameters_file_names_parameters_that_there_are() -> None:
    named = re.findall(r"^param (\w+)", (PROVIDER / "infra/main.bicepparam").read_text(), re.MULTILINE)
    assert named
    assert set(named) <= set(BicepParser().parse(text=BICEP)["parameters"])


def test_azd_deploys_what_is_staged_to_the_app_that_bicep_tags(resources: dict[str, Any]) -> None:
    manifest = yaml.safe_load((PROVIDER / "azure.yaml").read_text())
    (name,) = manifest["services"]
    assert resources["app"]["tags"] == {"'azd-service-name'": name}
    assert (PROVIDER / manifest["services"][name]["project"]).resolve() == ROOT / "build/azure"
    assert (PROVIDER / manifest["infra"]["path"] / f"{manifest['infra']['module']}.bicep").exists()


def test_host_json_has_no_route_prefix_and_keeps_the_functions_log() -> None:
    host = json.loads((PROVIDER / "host.json").read_text())
    assert host["extensions"]["http"]["routePrefix"] == ""
    assert host["logging"]["logLevel"]["Function"] == "Information"
