"""What is asked of Google Cloud, by the gcloud that the user has."""

import json
import secrets
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from tools.deployment.commands import CommandFailed, run
from tools.deployment.errors import DeploymentError
from tools.deployment.first_picture import Store
from tools.environments import ROOT

_PATIENCE: Final = 120.0
"""Seconds after which an account that was just made should be known everywhere."""

_PAUSE: Final = 5.0
_CORS: Final = ROOT / "providers" / "gcp" / "cors.json"


def gcloud(*words: str, given: str = "") -> str:
    """What a gcloud command prints. It asks nothing."""
    return run("gcloud", *words, "--quiet", given=given)


def described(*words: str) -> Any:
    """What a gcloud command describes; None where it fails, as it does for what is not there."""
    try:
        return json.loads(gcloud(*words, "--format=json"))
    except CommandFailed:
        return None


def project_number(project: str) -> str:
    """The number of a project. Raises DeploymentError if gcloud is not logged in, or may not see the project."""
    try:
        return gcloud("projects", "describe", project, "--format=value(projectNumber)").strip()
    except CommandFailed as error:
        if "gcloud auth login" in error.said:
            raise DeploymentError("gcloud is not logged in: run `gcloud auth login`") from error
        reason = error.said.partition(") ")[2].partition(". This command is")[0]
        raise DeploymentError(f"project = {project!r} can't be used: {reason}") from error


def make_account(name: str, project: str, purpose: str) -> str:
    """Makes a service account, if it is not there; its e-mail address."""
    email = f"{name}@{project}.iam.gserviceaccount.com"
    if described("iam", "service-accounts", "describe", email, f"--project={project}") is None:
        gcloud("iam", "service-accounts", "create", name, f"--project={project}", f"--display-name={purpose}")
    return email


def delete_account(name: str, project: str) -> None:
    """Deletes a service account, if it is there."""
    email = f"{name}@{project}.iam.gserviceaccount.com"
    if described("iam", "service-accounts", "describe", email, f"--project={project}") is not None:
        gcloud("iam", "service-accounts", "delete", email, f"--project={project}")


def make_bucket(bucket: str, project: str, region: str, *, public: bool) -> None:
    """Makes a bucket, if it is not there. A public one may be read by everybody who is given the right."""
    if described("storage", "buckets", "describe", f"gs://{bucket}", f"--project={project}") is None:
        prevention = "--no-public-access-prevention" if public else "--public-access-prevention"
        where = (f"--project={project}", f"--location={region}")
        gcloud("storage", "buckets", "create", f"gs://{bucket}", *where, "--uniform-bucket-level-access", prevention)
    if public:
        gcloud("storage", "buckets", "update", f"gs://{bucket}", f"--project={project}", f"--cors-file={_CORS}")


def allow(*resource: str, member: str, role: str, project: str) -> None:
    """Gives a member a role on a resource, once the member is known: a new account is not known at once."""
    given = (f"--member={member}", f"--role={role}", f"--project={project}", "--format=none")
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            gcloud(*resource[:-1], "add-iam-policy-binding", resource[-1], *given)
        except CommandFailed as error:
            if "does not exist" not in error.said or time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE)
        else:
            return


def disallow(project: str, member: str, role: str) -> None:
    """Takes a role in a project from a member, if it has it."""
    policy = described("projects", "get-iam-policy", project) or {}
    if any(binding["role"] == role and member in binding["members"] for binding in policy.get("bindings", [])):
        taken = (f"--member={member}", f"--role={role}", "--format=none")
        gcloud("projects", "remove-iam-policy-binding", project, *taken)


def make_keys(secret: str, version: str, project: str) -> str:
    """Makes a secret with a random key, where there is none; what came of it."""
    if described("secrets", "describe", secret, f"--project={project}") is None:
        gcloud("secrets", "create", secret, f"--project={project}")
    # An earlier run may have ended before the secret had a version.
    if described("secrets", "versions", "describe", version, f"--secret={secret}", f"--project={project}"):
        return "there"
    if version != "1":
        raise DeploymentError(f"Secret Manager has no version {version} of {secret}.")
    key = secrets.token_urlsafe(32)
    gcloud("secrets", "versions", "add", secret, f"--project={project}", "--data-file=-", given=key)
    return "made, with a random key"


def is_empty(bucket: str, project: str) -> bool:
    """Whether a bucket has no object."""
    listing = ("storage", "objects", "list", f"gs://{bucket}/**", "--limit=1", "--format=value(name)")
    return not gcloud(*listing, f"--project={project}").strip()


def delete_empty(buckets: Sequence[str], project: str) -> str:
    """Deletes the buckets that have no object, and names the others; what came of it."""
    left = 0
    for bucket in buckets:
        if described("storage", "buckets", "describe", f"gs://{bucket}", f"--project={project}") is None:
            continue
        if is_empty(bucket, project):
            gcloud("storage", "buckets", "delete", f"gs://{bucket}", f"--project={project}")
        else:
            left += 1
            print(f"    left, as it holds pictures: gs://{bucket}. `gcloud storage rm -r gs://{bucket}` deletes it")
    return f"{left} left"


def store(originals: str, variants: str, project: str) -> Store:
    """A deployment's two buckets."""

    def upload(key: str, file: Path) -> None:
        gcloud("storage", "cp", str(file), f"gs://{originals}/{key}", f"--project={project}")

    def delete(original: str, variant: str) -> None:
        for address in (f"gs://{originals}/{original}", f"gs://{variants}/{variant}"):
            if described("storage", "objects", "describe", address, f"--project={project}") is not None:
                gcloud("storage", "rm", address, f"--project={project}")

    return Store(lambda: is_empty(originals, project), upload, delete)
