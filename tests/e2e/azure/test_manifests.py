"""The manifests: the resources that Bicep deploys, and host.json."""

import json
import re
from typing import Any

import pytest

from core.settings import load
from providers.azure.account import EMULATOR, ENDPOINT
from tests.e2e.azure.snapshots import evaluated, of_type, one
from tests.support.bicep import Bicep
from tests.support.servers.processes import ROOT

PROVIDER = ROOT / "providers/azure"

READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
OWNER = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b"
"""Storage Blob Data Reader, Contributor and Owner:
https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/storage"""

DEPLOYER = "[deployer().objectId]"


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The snapshot of a deployment's file that has only the required lines."""
    return evaluated(Bicep.copy(tmp_path_factory.mktemp("infra")))


def blob_endpoint(account: dict[str, Any]) -> str:
    """The template's expression for an account's endpoint; its value ends in a slash."""
    return f"reference('{account['id']}', '{account['apiVersion']}').primaryEndpoints.blob"


def test_the_identity_may_only_read_originals_and_write_variants(snapshot: dict[str, Any]) -> None:
    every = of_type(snapshot, "Authorization/roleAssignments")
    assigned = [role for role in every if role["properties"]["principalId"] != DEPLOYER]
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


def test_the_deploying_user_gets_only_the_right_to_write_pictures(snapshot: dict[str, Any]) -> None:
    every = of_type(snapshot, "Authorization/roleAssignments")
    (role,) = (role for role in every if role["properties"]["principalId"] == DEPLOYER)
    assert role["properties"]["roleDefinitionId"].rpartition("/")[2] == CONTRIBUTOR
    images = one(snapshot, "Storage/storageAccounts", "images")["id"]
    assert role["id"].startswith(f"[extensionResourceId('{images}', 'Microsoft.Authorization/roleAssignments', ")


def test_no_account_accepts_a_key_and_only_variants_are_public(snapshot: dict[str, Any]) -> None:
    accounts = of_type(snapshot, "Storage/storageAccounts")
    assert [account["properties"]["allowSharedKeyAccess"] for account in accounts] == [False, False]
    host = one(snapshot, "Storage/storageAccounts", "host")
    assert host["properties"]["allowBlobPublicAccess"] is False
    containers = of_type(snapshot, "Storage/storageAccounts/blobServices/containers")
    public = {resource["id"].rpartition("/")[2]: resource["properties"]["publicAccess"] for resource in containers}
    assert public == {"originals": "None", "variants": "Blob", "package": "None"}


def test_everything_uses_https(snapshot: dict[str, Any]) -> None:
    for account in of_type(snapshot, "Storage/storageAccounts"):
        properties = account["properties"]
        assert (properties["supportsHttpsTrafficOnly"], properties["minimumTlsVersion"]) == (True, "TLS1_2")
    app = one(snapshot, "Web/sites")["properties"]
    assert (app["httpsOnly"], app["siteConfig"]["minTlsVersion"]) == (True, "1.2")


def test_the_settings_contain_no_secret_and_the_app_starts_with_them(snapshot: dict[str, Any]) -> None:
    settings = one(snapshot, "Web/sites/config", "appsettings")["properties"]
    assert EMULATOR not in settings
    assert settings[ENDPOINT] == f"[{blob_endpoint(one(snapshot, 'Storage/storageAccounts', 'images'))}]"
    assert not re.search(r"\blist\w*\(|AccountKey|SharedAccessSignature", json.dumps(snapshot), re.IGNORECASE)
    started = load(settings)
    assert (started.bucket, started.originals_bucket) == ("variants", "originals")


def test_the_host_uses_the_other_account_with_its_identity(snapshot: dict[str, Any]) -> None:
    host = one(snapshot, "Storage/storageAccounts", "host")
    settings = one(snapshot, "Web/sites/config", "appsettings")["properties"]
    assert settings["AzureWebJobsStorage__accountName"] == host["name"]
    assert settings["AzureWebJobsStorage__credential"] == "managedidentity"
    assert one(snapshot, "Web/sites")["properties"]["functionAppConfig"]["deployment"]["storage"] == {
        "type": "blobContainer",
        "value": f"[format('{{0}}{{1}}', {blob_endpoint(host)}, 'package')]",
        "authentication": {"type": "SystemAssignedIdentity"},
    }


def test_a_users_settings_reach_the_app_but_can_not_replace_the_deployments_own(infra: Bicep) -> None:
    deployed = evaluated(infra, SIZEWISE_SETTINGS='{"WIDTHS": "250,600", "BUCKET": "mine"}')
    settings = one(deployed, "Web/sites/config", "appsettings")["properties"]
    assert (settings["WIDTHS"], settings["BUCKET"]) == ("250,600", "variants")


def test_pages_of_other_origins_may_use_variants_from_storage(snapshot: dict[str, Any]) -> None:
    """The second hop: storage sends Access-Control-Allow-Origin only if these rules allow it."""
    (rule,) = one(snapshot, "Storage/storageAccounts/blobServices", "images")["properties"]["cors"]["corsRules"]
    assert (rule["allowedOrigins"], rule["allowedMethods"]) == (["*"], ["GET", "HEAD"])


def test_instances_and_their_memory_are_limited_by_the_file(snapshot: dict[str, Any], infra: Bicep) -> None:
    def limits(deployed: dict[str, Any]) -> tuple[int, int]:
        scale = one(deployed, "Web/sites")["properties"]["functionAppConfig"]["scaleAndConcurrency"]
        return scale["maximumInstanceCount"], scale["instanceMemoryMB"]

    assert limits(snapshot) == (40, 2048)
    assert limits(evaluated(infra, SIZEWISE_MAX_INSTANCES="3", SIZEWISE_MEMORY="512")) == (3, 512)


def test_a_page_of_a_hundred_new_pictures_needs_no_queue(snapshot: dict[str, Any]) -> None:
    """A browser requests all of them at once: RFC 9113 recommends a limit of at least 100 HTTP/2 streams."""
    scale = one(snapshot, "Web/sites")["properties"]["functionAppConfig"]["scaleAndConcurrency"]
    assert scale["maximumInstanceCount"] * scale["triggers"]["http"]["perInstanceConcurrency"] >= 100


def test_host_json_has_no_route_prefix_and_enables_the_functions_log() -> None:
    host = json.loads((PROVIDER / "host.json").read_text())
    assert host["extensions"]["http"]["routePrefix"] == ""
    assert host["logging"]["logLevel"]["Function"] == "Information"
