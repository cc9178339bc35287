"""The facts of a deployment on Google Cloud, and the names that follow from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tools.deployment.errors import DeploymentError
from tools.deployment.facts import fact, number, text

_BUCKET: Final = text(r"[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]")
_NAME: Final = "a bucket's name, of 3 to 63 lower-case letters, digits, dots, hyphens and underscores"


@dataclass(frozen=True, kw_only=True)
class GcpFacts:
    """The facts of Google Cloud, and the rules between them."""

    settings: Mapping[str, str]
    region: str = fact("a region of Google Cloud, such as europe-west1", text(r"[a-z]+-[a-z]+\d+"))
    project: str = fact("a project's ID, such as my-project", text(r"[a-z][a-z0-9-]{4,28}[a-z0-9]"))
    # The building account is NAME-build, and an account's name has at most 30 characters.
    name: str = fact(
        "6 to 24 lower-case letters, digits and hyphens", text(r"[a-z][a-z0-9-]{4,22}[a-z0-9]"), "sizewise"
    )
    bucket: str = fact(_NAME, _BUCKET, "")
    originals_bucket: str = fact(_NAME, _BUCKET, "")
    max_instances: int = fact("a whole number from 1 to 1000", number(1, 1000), 20)
    signing_keys: str = fact(
        "the name and version of a secret, such as sizewise-signing-keys:1", text(r"[\w-]+:[1-9]\d*"), ""
    )

    @property
    def title(self) -> str:
        """See `cloud.Deployment`."""
        return f"Google Cloud, {self.region}, project {self.project}, function {self.name}"

    @property
    def variants(self) -> str:
        """The bucket of the variants."""
        return self.bucket or f"{self.project}-{self.name}-variants"

    @property
    def originals(self) -> str:
        """The bucket of the originals."""
        return self.originals_bucket or f"{self.project}-{self.name}-originals"

    @property
    def builder(self) -> str:
        """The name of the account that builds. The function's own account has the function's name."""
        return f"{self.name}-build"

    @property
    def secret(self) -> str:
        """The name of the secret with the signing keys; empty if sizes are not signed."""
        return self.signing_keys.partition(":")[0]

    @property
    def place(self) -> tuple[str, str]:
        """The flags of gcloud for the project and the region."""
        return f"--project={self.project}", f"--region={self.region}"

    def email(self, account: str) -> str:
        """An account's address."""
        return f"{account}@{self.project}.iam.gserviceaccount.com"

    def member(self, account: str) -> str:
        """An account's name in policies."""
        return f"serviceAccount:{self.email(account)}"

    def check(self) -> None:
        """See `cloud.Deployment`."""
        if self.originals == self.variants:
            raise DeploymentError(
                "originals_bucket is the same as bucket: originals would be public, as variants are. Name "
                "another bucket"
            )
        longest = 63  # https://cloud.google.com/storage/docs/buckets#naming
        if max(map(len, (self.variants, self.originals))) > longest:
            raise DeploymentError(
                f"bucket and originals_bucket are needed: {self.originals} is too long for a bucket's name"
            )
