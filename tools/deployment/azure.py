"""A deployment on Azure: the resources of providers/azure/infra, in a resource group."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from tools.deployment import azure_cli, azure_removal
from tools.deployment.azure_cli import NAME, ORIGINALS, VARIANTS, az
from tools.deployment.azure_facts import AzureFacts
from tools.deployment.cloud import own_settings
from tools.deployment.errors import DeploymentError
from tools.deployment.first_picture import try_first_picture
from tools.deployment.log import Line
from tools.deployment.steps import Step
from tools.deployment.version import VARIABLE, version_of
from tools.environments import ROOT
from tools.package import stage, zip_folder

_INFRA: Final = ROOT / "providers" / "azure" / "infra"
_PACKAGE: Final = ROOT / "build" / "azure"


@dataclass(frozen=True, kw_only=True)
class Azure(AzureFacts):
    """See `cloud.Deployment`."""

    def sign_in(self) -> str:
        return azure_cli.caller()

    def deploying(self) -> list[Step]:
        keys = f", the vault with the secret {self.signing_keys}" if self.signing_keys else ""
        given = ", and replace the signing keys with those in SIGNING_KEYS" if self.given_keys else ""
        return [
            Step(
                f"Make the resource group {self.resource_group}, if it is not there",
                self._make_group,
                "Get the role Owner, or Contributor and User Access Administrator, on the subscription.",
            ),
            Step("Package the function", self._package, "Fix what the message names."),
            Step(
                f"Deploy the accounts, app, log{keys}, and your right to upload{given}: some minutes",
                self._deploy_around,
                "Fix what Azure names; docs/deploying.md explains its most frequent errors. If it says "
                "DeploymentActive, an earlier deployment is still under way: wait until it has ended.",
            ),
            Step(
                "Upload the function if it has changed, and have Azure install what it needs: some minutes",
                self._upload,
                "Wait some minutes, which the app's own roles can take at first, or look at the log with `logs`.",
            ),
            Step(
                "Try it with a sample picture, if there are no originals yet",
                self._try_it,
                "Look at the function's log with `logs`.",
            ),
        ]

    def removing(self) -> list[Step]:
        found = self._made()
        return [
            Step(
                "Delete the app, its plan and log, and the host's account",
                lambda: azure_removal.delete_around(found),
                "Fix what Azure names.",
            ),
            Step(
                "Delete the account of the pictures, if it is empty",
                lambda: azure_removal.delete_images(found),
                "Get the role Storage Blob Data Contributor, to look inside. `deploy` gives it to its user.",
            ),
            Step(
                f"List what is left in the resource group {self.resource_group}",
                lambda: azure_removal.name_rest(found, self.resource_group),
                "Fix what Azure names.",
            ),
        ]

    def info(self) -> Mapping[str, str]:
        app = self._app()
        properties, variables = azure_cli.properties(app), azure_cli.settings(app)
        scale = properties["functionAppConfig"]["scaleAndConcurrency"]
        storage = variables["BLOB_ENDPOINT"].rstrip("/")
        references = {name: text for name, text in variables.items() if text.startswith("@Microsoft.KeyVault(")}
        return {
            "address": f"https://{properties['defaultHostName']}",
            "version": variables.get(VARIABLE, "none: the function is not uploaded"),
            "state": properties["state"],
            "originals": f"{storage}/{ORIGINALS}",
            "variants": f"{storage}/{VARIANTS}",
            "limits": f"{scale['maximumInstanceCount']} at once, {scale['instanceMemoryMB']} MB each",
            **own_settings(variables, references),
        }

    def log(self, since: datetime) -> list[Line]:
        return azure_cli.lines(self._insights_id, since)

    @cached_property
    def _insights_id(self) -> str:
        return azure_cli.insights_id(self._made()["insights"])

    def _made(self) -> dict[str, dict[str, Any]]:
        found = azure_cli.made(azure_cli.resources(self.resource_group))
        if not found:
            raise DeploymentError(f"{self.title}: nothing is deployed there")
        return found

    def _app(self) -> dict[str, Any]:
        found = self._made()
        if "app" not in found:
            raise DeploymentError(f"{self.title}: there is no function app: run `deploy` again")
        return found["app"]

    def _make_group(self) -> str:
        there = azure_cli.location(self.resource_group)
        if there and there != self.region:
            raise DeploymentError(
                f"{self.resource_group} is in {there}, not in {self.region}: change region or resource_group."
            )
        if not there:
            az("group", "create", "--name", self.resource_group, "--location", self.region)
        return "there" if there else "made"

    def _package(self) -> str:
        return str(zip_folder(stage("azure")).relative_to(ROOT))

    def _deploy_around(self) -> str:
        found = azure_cli.made(azure_cli.resources(self.resource_group))
        deployed = azure_cli.settings(found["app"]) if "app" in found else {}
        keys = self._new_keys(deployed)
        environ = {
            "SIZEWISE_SETTINGS": json.dumps(self.settings),
            "SIZEWISE_MAX_INSTANCES": str(self.max_instances),
            "SIZEWISE_MEMORY": str(self.memory),
            "SIZEWISE_SIGNING_SECRET": self.signing_keys,
            "SIGNING_KEYS": keys,
            # The version of the running package. It changes when another package is uploaded.
            VARIABLE: deployed.get(VARIABLE, ""),
        }
        place = ("--resource-group", self.resource_group, "--name", NAME)
        az("deployment", "group", "create", *place, "--parameters", str(_INFRA / "main.bicepparam"), env=environ)
        return "deployed, with new keys" if keys else "deployed"

    def _new_keys(self, deployed: Mapping[str, str]) -> str:
        """The keys to store in the secret: the environment's keys, or a random key. Empty if the secret stays.

        New keys break every signed address, so a random key is made only if there cannot be any keys yet.
        """
        if self.given_keys or not self.signing_keys:
            return self.given_keys
        if azure_cli.has_secret(self.resource_group, self.signing_keys):
            return ""
        if deployed.get("SIGNING_KEYS"):
            raise DeploymentError(
                f"The app has keys, and the vault has no secret {self.signing_keys}. New keys would break all signed "
                "addresses: put the app's keys into the variable SIGNING_KEYS, or new ones if these are lost."
            )
        return secrets.token_urlsafe(32)

    @cached_property
    def _outputs(self) -> dict[str, str]:
        """The outputs of the deployment that has just ended. The group's list of resources can still be incomplete."""
        place = ("--resource-group", self.resource_group, "--name", NAME)
        found = az("deployment", "group", "show", *place)["properties"]["outputs"]
        return {name: output["value"] for name, output in found.items()}

    def _upload(self) -> str:
        app = {"resourceGroup": self.resource_group, "name": self._outputs["appName"]}
        deployed = azure_cli.settings(app).get(VARIABLE)
        version = version_of(_PACKAGE, [_INFRA / "main.bicep"], deployed)
        if version == deployed and azure_cli.properties(app)["state"] == "Running":
            return "unchanged"
        azure_cli.upload(app, _PACKAGE.with_suffix(".zip"))
        azure_cli.set_setting(app, VARIABLE, version)
        return f"uploaded {version}"

    def _try_it(self) -> str:
        outputs = self._outputs
        return try_first_picture(lambda: outputs["appUrl"], azure_cli.store(outputs["imagesAccount"]), self.settings)


KIND: Final = Azure
