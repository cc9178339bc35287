"""A deployment on Google Cloud: a Cloud Run function in front of two buckets, made with gcloud."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from tools.deployment import cloud_run, gcloud
from tools.deployment.errors import DeploymentError
from tools.deployment.facts import fact, number, text
from tools.deployment.first_picture import try_first_picture
from tools.deployment.log import Line
from tools.deployment.steps import Step
from tools.deployment.version import VARIABLE, version_of
from tools.environments import ROOT
from tools.package import stage

_MANIFEST: Final = ROOT / "providers" / "gcp" / "function.yaml"
_ENVIRONMENT: Final = ROOT / "build" / "gcp-environment.json"
_BUCKET: Final = text(r"[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]")
_THREADS: Final = 8
"""Requests that an instance works on at once."""

_SERVICES: Final = ("artifactregistry", "cloudbuild", "cloudresourcemanager", "iam", "logging", "run", "storage")


@dataclass(frozen=True, kw_only=True)
class Gcp:
    """See `cloud.Deployment`."""

    settings: Mapping[str, str]
    region: str = fact("a region of Google Cloud, such as europe-west1", text(r"[a-z]+-[a-z]+\d+"))
    project: str = fact("a project's ID, such as my-project", text(r"[a-z][a-z0-9-]{4,28}[a-z0-9]"))
    # The account that builds is NAME-build, and an account's name has 30 characters at most.
    name: str = fact("6 to 24 small letters, digits and hyphens", text(r"[a-z][a-z0-9-]{4,22}[a-z0-9]"), "sizewise")
    bucket: str = fact("a bucket's name", _BUCKET, "")
    originals_bucket: str = fact("a bucket's name", _BUCKET, "")
    max_instances: int = fact("a whole number from 1 to 1000", number(1, 1000), 20)
    signing_keys: str = fact(
        "the name and version of a secret, such as sizewise-signing-keys:1", text(r"[\w-]+:[1-9]\d*"), ""
    )

    @property
    def title(self) -> str:
        return f"Google Cloud, {self.region}, project {self.project}, function {self.name}"

    @property
    def variants(self) -> str:
        """The bucket of the variants."""
        return self.bucket or f"{self.project}-{self.name}-variants"

    @property
    def originals(self) -> str:
        """The bucket of the originals."""
        return self.originals_bucket or f"{self.project}-{self.name}-originals"

    def check(self) -> None:
        if self.originals == self.variants:
            raise DeploymentError("originals_bucket is the same as bucket: originals would be public as variants are")
        longest = 63  # https://cloud.google.com/storage/docs/buckets#naming
        if max(map(len, (self.variants, self.originals))) > longest:
            raise DeploymentError(f"bucket and originals_bucket are needed: {self.originals} is too long for a name")

    def sign_in(self) -> str:
        gcloud.project_number(self.project)
        return gcloud.gcloud("config", "get-value", "account").strip() or "nobody, as gcloud is told"

    def deploying(self) -> list[Step]:
        keys = Step(
            f"Look for the keys that sign sizes in {self.signing_keys}, and make one if there is none",
            self._make_keys,
            "Add the version as docs/signing.md says.",
        )
        again = "Mend what gcloud names, or ask an owner of the project for it."
        return [
            Step("Switch on the services that are needed", self._enable, again),
            Step(f"Make the accounts {self.name} and {self.name}-build", self._make_accounts, again),
            Step(f"Make the buckets {self.originals} and {self.variants}", self._make_buckets, again),
            *([keys] if self.signing_keys else []),
            Step("Package the function", lambda: f"build/{stage('gcp').name}", again),
            Step(f"Build and deploy the function {self.name}: some minutes", self._deploy_function, again),
            Step(
                "Try it with a sample picture, if there are no originals yet",
                self._try_it,
                "`logs` shows what the function says.",
            ),
        ]

    def removing(self) -> list[Step]:
        again = "Mend what gcloud names, or ask an owner of the project for it."
        return [
            Step(f"Delete the function {self.name}", self._delete_function, again),
            Step(
                f"Delete what is empty of the buckets {self.originals} and {self.variants}", self._delete_empty, again
            ),
            Step(f"Delete the accounts {self.name} and {self.name}-build", self._delete_accounts, again),
        ]

    def info(self) -> Mapping[str, str]:
        service = self._service()
        if not service:
            raise DeploymentError(f"{self.title}: nothing is deployed there")
        variables = cloud_run.variables(service)
        own = (VARIABLE, "THREADS", "GOOGLE_CLOUD_PROJECT")
        return {
            "address": service["status"]["url"],
            "version": variables.get(VARIABLE, "not known"),
            "originals": f"gs://{self.originals}",
            "variants": f"gs://{self.variants}",
            "limits": f"{cloud_run.most_instances(service)} instances at once, {cloud_run.memory(service)} each",
            **{name: variables[name] for name in sorted(variables) if name not in own},
        }

    def log(self, since: datetime) -> list[Line]:
        asked = f'resource.type="cloud_run_revision" AND resource.labels.service_name="{self.name}"'
        written = f'{asked} AND timestamp>="{since.isoformat()}"'
        found = gcloud.gcloud("logging", "read", written, f"--project={self.project}", "--order=asc", "--format=json")
        return [
            Line(
                datetime.fromisoformat(entry["timestamp"]),
                entry["insertId"],
                entry.get("textPayload") or json.dumps(entry.get("jsonPayload", {}), ensure_ascii=False),
            )
            for entry in json.loads(found)
        ]

    def _account(self) -> str:
        return f"{self.name}@{self.project}.iam.gserviceaccount.com"

    def _builder(self) -> str:
        return f"{self.name}-build@{self.project}.iam.gserviceaccount.com"

    def _service(self) -> Any:
        where = (f"--project={self.project}", f"--region={self.region}")
        return gcloud.described("run", "services", "describe", self.name, *where)

    def _enable(self) -> str:
        services = [*_SERVICES, *(["secretmanager"] if self.signing_keys else [])]
        names = [f"{service}.googleapis.com" for service in services]
        gcloud.gcloud("services", "enable", *names, f"--project={self.project}")
        return "on"

    def _make_accounts(self) -> str:
        gcloud.make_account(self.name, self.project, "Sizewise")
        builder = gcloud.make_account(f"{self.name}-build", self.project, "Sizewise, building")
        member, role = f"serviceAccount:{builder}", "roles/run.builder"
        gcloud.allow("projects", self.project, member=member, role=role, project=self.project)
        return "there"

    def _make_buckets(self) -> str:
        gcloud.make_bucket(self.originals, self.project, self.region, public=False)
        gcloud.make_bucket(self.variants, self.project, self.region, public=True)
        # The function can neither overwrite nor delete any object, and has no role in the project. Listing, which
        # objectViewer brings, is what makes Cloud Storage answer 404 and not 403 for an object that is not there.
        # Everybody reads variants, and cannot list them.
        function = f"serviceAccount:{self._account()}"
        for bucket, member, role in (
            (self.originals, function, "objectViewer"),
            (self.variants, function, "objectViewer"),
            (self.variants, function, "objectCreator"),
            (self.variants, "allUsers", "legacyObjectReader"),
        ):
            granted = {"member": member, "role": f"roles/storage.{role}", "project": self.project}
            gcloud.allow("storage", "buckets", f"gs://{bucket}", **granted)
        return "there, the function reads the first and creates in the second"

    def _make_keys(self) -> str:
        secret, version = self.signing_keys.split(":")
        made = gcloud.make_keys(secret, version, self.project)
        member, role = f"serviceAccount:{self._account()}", "roles/secretmanager.secretAccessor"
        gcloud.allow("secrets", secret, member=member, role=role, project=self.project)
        return made

    def _deploy_function(self) -> str:
        service = self._service()
        deployed = cloud_run.variables(service) if service else {}
        wanted = {
            **self.settings,
            "BUCKET": self.variants,
            "ORIGINALS_BUCKET": self.originals,
            "GOOGLE_CLOUD_PROJECT": self.project,
            "THREADS": str(_THREADS),
            VARIABLE: version_of(ROOT / "build" / "gcp", [_MANIFEST], deployed.get(VARIABLE)),
        }
        keys = {"SIGNING_KEYS": self.signing_keys} if self.signing_keys else {}
        is_same = deployed == {**wanted, **keys} and cloud_run.most_instances(service) == self.max_instances
        if is_same and cloud_run.is_ready(service):
            return "unchanged"
        _ENVIRONMENT.write_text(json.dumps(wanted))
        gcloud.gcloud(
            *("run", "deploy", self.name, f"--flags-file={_MANIFEST}"),
            *(f"--project={self.project}", f"--region={self.region}"),
            f"--service-account={self._account()}",
            f"--build-service-account=projects/{self.project}/serviceAccounts/{self._builder()}",
            *(f"--concurrency={_THREADS}", f"--max-instances={self.max_instances}"),
            f"--env-vars-file={_ENVIRONMENT}",
            f"--set-secrets=SIGNING_KEYS={self.signing_keys}" if self.signing_keys else "--clear-secrets",
            "--format=none",
        )
        return "deployed"

    def _try_it(self) -> str:
        store = gcloud.store(self.originals, self.variants, self.project)
        return try_first_picture(self.info()["address"], store, self.settings)

    def _delete_function(self) -> str:
        if not self._service():
            return "not there"
        gcloud.gcloud("run", "services", "delete", self.name, f"--project={self.project}", f"--region={self.region}")
        return "deleted"

    def _delete_empty(self) -> str:
        if self.signing_keys:
            secret, project = self.signing_keys.split(":")[0], f"--project={self.project}"
            print(f"    left: the secret {secret}. `gcloud secrets delete {secret} {project}` deletes it")
        return gcloud.delete_empty((self.originals, self.variants), self.project)

    def _delete_accounts(self) -> str:
        gcloud.disallow(self.project, f"serviceAccount:{self._builder()}", "roles/run.builder")
        for name in (self.name, f"{self.name}-build"):
            gcloud.delete_account(name, self.project)
        return "deleted"


KIND: Final = Gcp
