"""The two buckets of a deployment on Google Cloud: private originals and public variants."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from tools.deployment.commands import CommandFailed
from tools.deployment.errors import DeploymentError
from tools.deployment.first_picture import Store
from tools.deployment.gcloud import allow, described, gcloud
from tools.deployment.steps import say_left
from tools.environments import ROOT

_CORS: Final = ROOT / "providers" / "gcp" / "cors.json"
_EVERYBODY_READS: Final = ("allUsers", "roles/storage.legacyObjectReader")
"""Everybody, with a role that reads an object by its name, but lists nothing."""

Grant = tuple[str, str]
"""A member and its role."""

# Below, `is_deployed` says whether the function and its account already exist. If the account is new, a grant in the
# bucket's policy can belong to an earlier account with the same name, so the role is granted again.


def make_originals(bucket: str, project: str, region: str, function: str, *, is_deployed: bool) -> None:
    """Makes the bucket of originals, if it does not exist, and lets the function read it.

    Raises DeploymentError if it exists and does not prevent public access.
    """
    there = _described(bucket, project)
    if there is None:
        _create(bucket, project, region, "--public-access-prevention")
    elif there.get("public_access_prevention") != "enforced":
        closing = f"gcloud storage buckets update gs://{bucket} --public-access-prevention"
        raise DeploymentError(
            f"gs://{bucket} exists, and it is not closed to the public, as originals must be: close it with "
            f"`{closing}`, or name another bucket in originals_bucket"
        )
    granted = _granted(bucket, project) if there and is_deployed else set()
    # objectViewer includes listing. Without it Cloud Storage answers 403, and not 404, for a missing object.
    _allow(bucket, project, granted, [(function, _role("objectViewer"))])


def make_variants(bucket: str, project: str, region: str, function: str, *, is_deployed: bool) -> None:
    """Makes the bucket of variants, if it does not exist. Everybody can read it, and the function can create in it.

    Raises DeploymentError if it is private and holds something, which would be published.
    """
    there = _described(bucket, project)
    granted = _granted(bucket, project) if there else set()
    if there is None:
        _create(bucket, project, region, "--no-public-access-prevention")
    elif _EVERYBODY_READS not in granted and _listed(bucket, project):
        member, role = _EVERYBODY_READS
        opening = f"gcloud storage buckets add-iam-policy-binding gs://{bucket} --member={member} --role={role}"
        raise DeploymentError(
            f"gs://{bucket} holds something that is not public, as variants are: "
            f"name another bucket in bucket, or make it public with `{opening}`"
        )
    if (there or {}).get("cors_config") != json.loads(_CORS.read_text()):
        gcloud("storage", "buckets", "update", f"gs://{bucket}", f"--project={project}", f"--cors-file={_CORS}")
    # The function can neither overwrite nor delete.
    own = [(function, _role("objectViewer")), (function, _role("objectCreator"))]
    _allow(bucket, project, granted if is_deployed else set(), [*own, _EVERYBODY_READS])


def delete_empty(buckets: Sequence[str], project: str) -> str:
    """Deletes the buckets that have no object, and names the others. Returns the outcome."""
    left = 0
    for bucket in buckets:
        listed = _listed(bucket, project)
        if listed:
            left += 1
            say_left(f"gs://{bucket}, because it holds pictures", f"gcloud storage rm -r gs://{bucket}")
        elif listed is not None:
            gcloud("storage", "buckets", "delete", f"gs://{bucket}", f"--project={project}")
    return f"{left} left"


def store(originals: str, variants: str, project: str) -> Store:
    """A deployment's two buckets."""

    def upload(key: str, file: Path) -> None:
        gcloud("storage", "cp", str(file), f"gs://{originals}/{key}", f"--project={project}")

    def delete(original: str, variant: str) -> None:
        both = (f"gs://{originals}/{original}", f"gs://{variants}/{variant}")
        try:
            gcloud("storage", "rm", *both, "--continue-on-error", f"--project={project}")
        except CommandFailed as error:
            if "matched no objects" not in error.said:
                raise

    return Store(lambda: not _listed(originals, project), upload, delete)


def _described(bucket: str, project: str) -> Any:
    return described("storage", "buckets", "describe", f"gs://{bucket}", f"--project={project}")


def _create(bucket: str, project: str, region: str, prevention: str) -> None:
    where = (f"--project={project}", f"--location={region}")
    gcloud("storage", "buckets", "create", f"gs://{bucket}", *where, "--uniform-bucket-level-access", prevention)


def _listed(bucket: str, project: str) -> Any:
    """A list of at most one object of a bucket; None if there is no such bucket."""
    return described("storage", "objects", "list", f"gs://{bucket}/**", "--limit=1", f"--project={project}")


def _role(name: str) -> str:
    return f"roles/storage.{name}"


def _granted(bucket: str, project: str) -> set[Grant]:
    """The roles that members have on the bucket without a condition."""
    policy = json.loads(
        gcloud("storage", "buckets", "get-iam-policy", f"gs://{bucket}", f"--project={project}", "--format=json")
    )
    return {
        (member, binding["role"])
        for binding in policy.get("bindings", [])
        if "condition" not in binding
        for member in binding["members"]
    }


def _allow(bucket: str, project: str, granted: set[Grant], wanted: Iterable[Grant]) -> None:
    for member, role in wanted:
        if (member, role) not in granted:
            allow("storage buckets", f"gs://{bucket}", f"--project={project}", member=member, role=role)
