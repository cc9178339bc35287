"""Calls to Google Cloud, through the user's gcloud."""

import json
import re
import secrets
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from tools.deployment.commands import CommandFailed, run
from tools.deployment.errors import DeploymentError

_PATIENCE: Final = 120.0
"""Seconds after which a new account should be known everywhere."""

_PAUSE: Final = 5.0
_NOT_THERE: Final = re.compile("NOT_FOUND: |not found: 404|Cannot find service|API has not been used in project")
"""Errors for a thing that does not exist. If an API was never enabled in the project, nothing exists in it."""


def gcloud(*words: str, given: str = "") -> str:
    """Runs a gcloud command, without questions, and returns its output."""
    return run("gcloud", *words, "--quiet", given=given)


def described(*words: str) -> Any:
    """The JSON that a gcloud command prints; None if what it describes does not exist."""
    try:
        return json.loads(gcloud(*words, "--format=json"))
    except CommandFailed as error:
        if _NOT_THERE.search(error.said):
            return None
        raise


def check_project(project: str) -> None:
    """Raises DeploymentError if gcloud is not logged in, or can't see the project."""
    try:
        gcloud("projects", "describe", project, "--format=none")
    except CommandFailed as error:
        if "gcloud auth login" in error.said:
            raise DeploymentError("gcloud is not logged in: run `gcloud auth login`") from error
        reason = (error.said.partition(") ")[2] or error.said).partition(". This command is")[0]
        raise DeploymentError(f"project = {project!r} can't be used: {' '.join(reason.split())}") from error


def make_accounts(purposes: Mapping[str, str], project: str) -> None:
    """Makes the service accounts that do not exist. `purposes` maps e-mail addresses to purposes."""
    there = _accounts(project)
    for email, purpose in purposes.items():
        if email not in there:
            name = email.partition("@")[0]
            gcloud("iam", "service-accounts", "create", name, f"--project={project}", f"--display-name={purpose}")


def delete_accounts(emails: Sequence[str], project: str) -> None:
    """Deletes the service accounts with these addresses, if they exist."""
    there = _accounts(project)
    for email in emails:
        if email in there:
            gcloud("iam", "service-accounts", "delete", email, f"--project={project}")


def _accounts(project: str) -> list[str]:
    return gcloud("iam", "service-accounts", "list", f"--project={project}", "--format=value(email)").split()


def allow(kind: str, name: str, *where: str, member: str, role: str) -> None:
    """Gives a member a role on a resource. Waits up to `_PATIENCE` seconds until a new member is known.

    `kind` is gcloud's word for the kind of resource, such as "storage buckets". `where` has flags.
    """
    # If the policy has conditions, as a project's policy can, gcloud requires --condition.
    given = (f"--member={member}", f"--role={role}", "--condition=None", "--format=none")
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            gcloud(*kind.split(), "add-iam-policy-binding", name, *where, *given)
        except CommandFailed as error:
            if "does not exist" not in error.said or time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE)
        else:
            return


def disallow(project: str, member: str, role: str) -> None:
    """Removes a member's role in a project, if the member has it."""
    policy = described("projects", "get-iam-policy", project)
    if any(binding["role"] == role and member in binding["members"] for binding in policy.get("bindings", [])):
        taken = (f"--member={member}", f"--role={role}", "--condition=None", "--format=none")
        gcloud("projects", "remove-iam-policy-binding", project, *taken)


def make_keys(secret: str, version: str, project: str) -> str:
    """Makes a secret with a random key, unless the named version exists. Returns the outcome."""
    if described("secrets", "versions", "describe", version, f"--secret={secret}", f"--project={project}"):
        return "there"
    if version != "1":
        raise DeploymentError(
            f"Secret Manager has no version {version} of {secret}: name an existing one in signing_keys."
        )
    # An earlier run may have stopped before the secret had a version.
    if described("secrets", "describe", secret, f"--project={project}") is None:
        gcloud("secrets", "create", secret, f"--project={project}")
    key = secrets.token_urlsafe(32)
    gcloud("secrets", "versions", "add", secret, f"--project={project}", "--data-file=-", given=key)
    return "made, with a random key"
