"""Signed sizes: the keys are in Key Vault, and the deployment lets only the app read them."""

import json
import subprocess
from typing import Any

import pytest
from azure.storage.blob import BlobServiceClient

from tests.e2e.answers import assert_problem
from tests.e2e.azure.conftest import deployed
from tests.e2e.azure.snapshots import evaluated, of_type, one
from tests.e2e.deployment import LADDER
from tests.support.bicep import Bicep
from tests.support.pictures.samples import CAT
from tests.support.vectors import KEY, SIGNED

CAT_SIGNED = SIGNED[KEY, "613x409", "albums/cat.jpg"]
REFERENCE = "@Microsoft.KeyVault(SecretUri=https://keys1.vault.azure.net/secrets/signing-keys/0123)"

SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
"""https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/security"""

NAME = "signing-keys"


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The snapshot of a deployment with new keys."""
    return evaluated(Bicep.copy(tmp_path_factory.mktemp("infra")), SIZEWISE_SIGNING_SECRET=NAME, SIGNING_KEYS=KEY)


def template(infra: Bicep) -> dict[str, Any]:
    """The template that the compiler makes from main.bicep, which Azure evaluates."""
    command = [str(infra.compiler), "build", "main.bicep", "--stdout"]
    done = subprocess.run(command, cwd=infra.folder, capture_output=True, text=True, timeout=60, check=True)
    compiled: dict[str, Any] = json.loads(done.stdout)
    return compiled


def test_the_keys_are_only_in_the_value_of_a_secret(snapshot: dict[str, Any]) -> None:
    assert one(snapshot, "KeyVault/vaults/secrets")["properties"] == {"value": KEY}
    assert json.dumps(snapshot).count(KEY) == 1
    vault = one(snapshot, "KeyVault/vaults")["properties"]
    assert (vault["sku"]["name"], vault["enableRbacAuthorization"]) == ("standard", True)


def test_the_keys_are_not_in_a_deployments_history(infra: Bicep, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither Azure nor the compiler shows a secure parameter."""
    monkeypatch.setenv("SIGNING_KEYS", KEY)
    monkeypatch.setenv("SIZEWISE_SIGNING_SECRET", NAME)
    compiled = template(infra)
    assert compiled["parameters"]["signingKeys"]["type"] == "securestring"
    assert KEY not in json.dumps(compiled)
    assert KEY not in json.dumps(infra.snapshot())


def test_the_app_may_read_only_that_secret_in_the_vault(snapshot: dict[str, Any]) -> None:
    (role,) = (r for r in of_type(snapshot, "Authorization/roleAssignments") if "/Microsoft.KeyVault/" in r["id"])
    secret = one(snapshot, "KeyVault/vaults/secrets")
    assert role["id"].partition("/providers/Microsoft.Authorization/")[0] == secret["id"]
    assert role["properties"]["roleDefinitionId"].rpartition("/")[2] == SECRETS_USER
    app = one(snapshot, "Web/sites")
    assert role["properties"]["principalId"] == (
        f"[reference('{app['id']}', '{app['apiVersion']}', 'full').identity.principalId]"
    )


def setting(snapshot: dict[str, Any]) -> str:
    return str(one(snapshot, "Web/sites/config", "appsettings")["properties"]["SIGNING_KEYS"])


def test_the_setting_is_a_reference_to_the_secrets_version(snapshot: dict[str, Any]) -> None:
    secret = one(snapshot, "KeyVault/vaults/secrets")
    version = f"reference('{secret['id']}', '{secret['apiVersion']}').secretUriWithVersion"
    assert setting(snapshot) == f"[format('@Microsoft.KeyVault(SecretUri={{0}})', {version})]"


def test_without_new_keys_the_secret_its_role_and_the_setting_stay(snapshot: dict[str, Any], infra: Bicep) -> None:
    later = evaluated(infra, SIZEWISE_SIGNING_SECRET=NAME)
    assert of_type(later, "KeyVault/vaults/secrets") == []
    assert setting(later) == setting(snapshot)
    for kind in ("KeyVault/vaults", "Authorization/roleAssignments"):
        assert of_type(later, kind) == of_type(snapshot, kind)


def test_the_app_gets_the_reference_after_the_right_to_read_the_secret(infra: Bicep) -> None:
    (settings,) = (r for r in template(infra)["resources"] if r["type"] == "Microsoft.Web/sites/config")
    roles = [text for text in settings["dependsOn"] if "Microsoft.Authorization/roleAssignments" in text]
    assert any("Microsoft.KeyVault/vaults/secrets" in role for role in roles)
    assert "[resourceId('Microsoft.KeyVault/vaults/secrets'" in "".join(settings["dependsOn"])


def test_without_a_name_of_a_secret_there_is_no_vault_and_no_setting(infra: Bicep) -> None:
    without = json.dumps(evaluated(infra, SIGNING_KEYS=KEY))
    assert "KeyVault" not in without
    assert "SIGNING_KEYS" not in without
    assert KEY not in without


def test_keys_among_the_settings_stop_the_deployment(infra: Bicep) -> None:
    with pytest.raises(AssertionError, match="SIGNING_KEYS is a secret") as caught:
        evaluated(infra, SIZEWISE_SETTINGS=json.dumps({"SIGNING_KEYS": KEY}))
    assert KEY not in str(caught.value)


def test_a_signed_size_is_rendered_and_a_wrong_signature_refused(service: BlobServiceClient) -> None:
    with deployed(service, {**LADDER, "SIGNING_KEYS": KEY}) as site:
        site.put("albums/cat.jpg", CAT)
        answer = site.ask(CAT_SIGNED)
        assert (answer.status_code, answer.headers["location"]) == (301, site.location(CAT_SIGNED.removeprefix("/")))
        assert site.follow(answer).headers["content-type"] == "image/jpeg"
        assert_problem(site.ask(CAT_SIGNED.replace("-sk", "-sa")), 403, "signature")
        assert site.server.printed(2, '"message": "request"')
        assert '"signing_keys": 1' in site.log()
        assert KEY not in site.log()


def test_an_unresolved_reference_stops_the_start_and_is_not_logged(service: BlobServiceClient) -> None:
    with (
        pytest.raises(RuntimeError, match=r"SettingsError: SIGNING_KEYS .* Key Vault Secrets User") as caught,
        deployed(service, {**LADDER, "SIGNING_KEYS": REFERENCE}),
    ):
        pass
    assert "vault.azure.net" not in str(caught.value)
