"""Microsoft's compiler accepts the Bicep files and finds seeded mistakes in them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.azure.snapshots import of_type, one
from tests.support import bicep
from tests.support.bicep import Bicep

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
    "a string for a boolean": ("reserved: true", "reserved: 'true'", "BCP036"),
    "a string for a number": ("perInstanceConcurrency: 4", "perInstanceConcurrency: '4'", "BCP036"),
    "a parameter of another type": ("instanceMemoryMB: instanceMemoryMB", "instanceMemoryMB: location", "BCP036"),
    "a property left out": ("  kind: 'StorageV2'\n", "", "BCP035"),
    "a property that can only be read": ("    reserved: true", "    reserved: true\n    status: 'Ready'", "BCP073"),
    "an undeclared resource": ("serverFarmId: plan.id", "serverFarmId: plans.id", "BCP057"),
    "an undeclared variable": ("BUCKET: variantsName", "BUCKET: variantName", "BCP057"),
    "an unknown property in an expression": ("identity.principalId", "identity.principal", "BCP083"),
    "an unknown property in a string": ("{app.properties.defaultHostName}", "{app.properties.hostName}", "BCP083"),
    "an unknown resource type": ("Microsoft.Web/serverfarms@", "Microsoft.Web/serverfarm@", "BCP081"),
    "a syntax error": ("properties: {", "properties {", "BCP018"),
    # Rules that bicepconfig.json turns on.
    "an old API version": ("serverfarms@2025-03-01", "serverfarms@2022-03-01", "use-recent-api-versions"),
    "a hard-coded location": ("location: location", "location: 'westeurope'", "no-hardcoded-location"),
    "another location": (
        "location: location",
        "location: resourceGroup().location",
        "no-loc-expr-outside-params",
    ),
}


@pytest.fixture(scope="module")
def said_of_mistakes(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The compiler's messages for all mistakes, in files named by number; one run, since its start is the slow part."""
    infra = Bicep.copy(tmp_path_factory.mktemp("mistakes"))
    text = (infra.folder / "main.bicep").read_text()
    for number, (right, wrong, _) in enumerate(MISTAKES.values()):
        assert right in text
        (infra.folder / f"{number}.bicep").write_text(text.replace(right, wrong))
    return infra.complaints("--pattern", "*.bicep")


def unknown_values(snapshot: dict[str, Any]) -> Iterator[str]:
    """Values that Azure doesn't know. These enums are open in Azure's types, so the compiler accepts any string."""
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


def test_no_value_is_unknown_to_azure(infra: Bicep) -> None:
    snapshot = infra.snapshot()
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
def test_the_files_are_formatted_as_by_the_compiler(infra: Bicep, name: str) -> None:
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
