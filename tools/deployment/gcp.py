"""A deployment on Google Cloud: a Cloud Run function and two buckets, created with gcloud."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from tools.deployment import cloud_run, gcloud, gcp_buckets, gcp_removal
from tools.deployment.cloud import own_settings
from tools.deployment.errors import DeploymentError, other_buckets
from tools.deployment.first_picture import try_first_picture
from tools.deployment.gcp_facts import GcpFacts
from tools.deployment.log import Line
from tools.deployment.steps import Step
from tools.deployment.version import VARIABLE, version_of
from tools.environments import ROOT
from tools.package import stage

_MANIFEST: Final = ROOT / "providers" / "gcp" / "function.yaml"
_ENVIRONMENT: Final = ROOT / "build" / "gcp-environment.json"
THREADS: Final = 8
"""Requests that an instance handles at the same time, each in a thread."""

_SERVICES: Final = ("artifactregistry", "cloudbuild", "cloudresourcemanager", "iam", "logging", "run", "storage")
_FIX_IT: Final = "Fix what gcloud names, or ask an owner of the project for it."


@dataclass(frozen=True, kw_only=True)
class Gcp(GcpFacts):
    """See `cloud.Deployment`."""

    def sign_in(self) -> str:
        gcloud.check_project(self.project)
        return gcloud.gcloud("config", "get-value", "account").strip() or "an account that gcloud does not name"

    def deploying(self) -> list[Step]:
        service = self._service_of_these_buckets()
        keys = Step(
            f"Look for signing keys in {self.signing_keys}, and make one if there is none",
            self._make_keys,
            "Correct the version in signing_keys.",
        )
        return [
            Step("Enable the services that Sizewise needs", self._enable, _FIX_IT),
            Step(f"Make the accounts {self.name} and {self.builder}", self._make_accounts, _FIX_IT),
            Step(
                f"Make the buckets {self.originals} and {self.variants}", lambda: self._make_buckets(service), _FIX_IT
            ),
            *([keys] if self.signing_keys else []),
            Step("Package the function", lambda: f"build/{stage('gcp').name}", "Check that the checkout is complete."),
            Step(
                f"Build and deploy the function {self.name}: some minutes",
                lambda: self._deploy_function(service),
                _FIX_IT,
            ),
            Step(
                "Try it with a sample picture, if there are no originals yet",
                self._try_it,
                "Look at the function's log with `logs`.",
            ),
        ]

    def removing(self) -> list[Step]:
        service = self._service_of_these_buckets()
        return [
            Step(f"Delete the function {self.name}", lambda: gcp_removal.delete_function(self, service), _FIX_IT),
            Step(
                f"Delete the buckets, if they are empty: {self.originals}, {self.variants}",
                lambda: gcp_removal.delete_empty_buckets(self),
                _FIX_IT,
            ),
            Step(
                f"Delete the accounts {self.name} and {self.builder}",
                lambda: gcp_removal.delete_accounts(self),
                _FIX_IT,
            ),
        ]

    def info(self) -> Mapping[str, str]:
        service = self._service()
        if not service:
            raise DeploymentError(f"{self.title}: nothing is deployed there")
        variables = cloud_run.variables(service)
        return {
            "address": service["status"].get("url", "none: it was never ready to serve"),
            "version": variables[VARIABLE],
            "originals": f"gs://{self.originals}",
            "variants": f"gs://{self.variants}",
            "limits": cloud_run.limits(service),
            **own_settings(variables, cloud_run.references(service)),
        }

    def log(self, since: datetime) -> list[Line]:
        asked = f'resource.type="cloud_run_revision" AND resource.labels.service_name="{self.name}"'
        written = f'{asked} AND timestamp>="{since.isoformat()}"'
        found = gcloud.gcloud("logging", "read", written, f"--project={self.project}", "--order=asc", "--format=json")
        return cloud_run.lines(json.loads(found))

    def _service(self) -> Any:
        """The deployed function, if any. Raises DeploymentError for a service that `deploy` did not make."""
        service = gcloud.described("run", "services", "describe", self.name, *self.place)
        if service and VARIABLE not in cloud_run.variables(service):
            raise DeploymentError(
                f"the Cloud Run service {self.name} exists, but it has no {VARIABLE}, so `deploy` did not make it: "
                "choose another name"
            )
        return service

    def _service_of_these_buckets(self) -> Any:
        """The function of `_service`. Also raises DeploymentError if its buckets differ from the file's."""
        service = self._service()
        deployed = cloud_run.variables(service) if service else {}
        variants, originals = deployed.get("BUCKET", self.variants), deployed.get("ORIGINALS_BUCKET", self.originals)
        if (variants, originals) != (self.variants, self.originals):
            raise other_buckets(variants, originals, "name")
        return service

    def _allow(self, kind: str, name: str, *where: str, member: str, role: str) -> None:
        gcloud.allow(kind, name, f"--project={self.project}", *where, member=member, role=f"roles/{role}")

    def _enable(self) -> str:
        services = [*_SERVICES, *(["secretmanager"] if self.signing_keys else [])]
        names = [f"{service}.googleapis.com" for service in services]
        gcloud.gcloud("services", "enable", *names, f"--project={self.project}")
        return "on"

    def _make_accounts(self) -> str:
        purposes = {self.email(self.name): "Sizewise", self.email(self.builder): "Sizewise, building"}
        gcloud.make_accounts(purposes, self.project)
        self._allow("projects", self.project, member=self.member(self.builder), role="run.builder")
        return "there"

    def _make_buckets(self, service: Any) -> str:
        where = (self.project, self.region, self.member(self.name))
        gcp_buckets.make_originals(self.originals, *where, is_deployed=bool(service))
        gcp_buckets.make_variants(self.variants, *where, is_deployed=bool(service))
        return "there: the function reads from the first and writes to the second"

    def _make_keys(self) -> str:
        made = gcloud.make_keys(self.secret, self.signing_keys.partition(":")[2], self.project)
        self._allow("secrets", self.secret, member=self.member(self.name), role="secretmanager.secretAccessor")
        return made

    def _deploy_function(self, service: Any) -> str:
        deployed = cloud_run.variables(service) if service else {}
        wanted = {
            **self.settings,
            "BUCKET": self.variants,
            "ORIGINALS_BUCKET": self.originals,
            "GOOGLE_CLOUD_PROJECT": self.project,
            "THREADS": str(THREADS),
            VARIABLE: version_of(ROOT / "build" / "gcp", [_MANIFEST], deployed.get(VARIABLE)),
        }
        keys = {"SIGNING_KEYS": self.signing_keys} if self.signing_keys else {}
        is_same = deployed == {**wanted, **keys} and cloud_run.most_instances(service) == self.max_instances
        if is_same and cloud_run.is_ready(service):
            self._open()
            return "unchanged"
        _ENVIRONMENT.write_text(json.dumps(wanted))
        gcloud.gcloud(
            *("run", "deploy", self.name, f"--flags-file={_MANIFEST}"),
            *self.place,
            f"--service-account={self.email(self.name)}",
            f"--build-service-account=projects/{self.project}/serviceAccounts/{self.email(self.builder)}",
            *(f"--concurrency={THREADS}", f"--max-instances={self.max_instances}"),
            f"--env-vars-file={_ENVIRONMENT}",
            f"--set-secrets=SIGNING_KEYS={self.signing_keys}" if self.signing_keys else "--clear-secrets",
            "--format=none",
        )
        self._open()
        return "deployed"

    def _open(self) -> None:
        """Lets everybody call the function. On failure `gcloud run deploy --allow-unauthenticated` would only warn."""
        self._allow("run services", self.name, f"--region={self.region}", member="allUsers", role="run.invoker")

    def _try_it(self) -> str:
        store = gcp_buckets.store(self.originals, self.variants, self.project)
        return try_first_picture(lambda: self.info()["address"], store, self.settings)


KIND: Final = Gcp
