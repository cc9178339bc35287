"""What the commands need from a cloud, and the choice of the cloud that a deployment's file names."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from importlib import import_module
from typing import Protocol

from cli.deployment_file import DeploymentFile
from core.settings import Settings
from tools.deployment import facts
from tools.deployment.errors import DeploymentError
from tools.deployment.facts import CLOUDS
from tools.deployment.log import Line
from tools.deployment.steps import Step


class Deployment(Protocol):
    """A deployment, described by its file. Every method raises DeploymentError if it can't do its work."""

    @property
    def title(self) -> str:
        """The deployment's cloud, place and name, such as "AWS, eu-central-1, stack sizewise-prod"."""
        ...

    def check(self) -> None:
        """Refuses facts and settings that do not go together, before any request to the cloud."""
        ...

    def sign_in(self) -> str:
        """Checks the credentials. Returns their owner."""
        ...

    def deploying(self) -> list[Step]:
        """The steps that create the deployment, or update it as its file says."""
        ...

    def removing(self) -> list[Step]:
        """The steps that remove the deployment, except for pictures and keys."""
        ...

    def info(self) -> Mapping[str, str]:
        """The deployment's addresses, version, limits and settings, in the order in which they are shown."""
        ...

    def log(self, since: datetime) -> list[Line]:
        """The lines of the function's log since a time."""
        ...


def own_settings(variables: Mapping[str, str], references: Mapping[str, str]) -> dict[str, str]:
    """A function's variables that are settings of Sizewise and are set, by name.

    A secret's value is not shown. The secret's reference is shown: it names where the secret is kept.
    """
    rows = {row.name.upper(): row.metadata["secret"] for row in fields(Settings)}
    shown = {name: references.get(name) or _shown(variables.get(name, ""), secret) for name, secret in rows.items()}
    return {name: shown[name] for name in sorted(shown) if shown[name]}


def _shown(text: str, secret: bool) -> str:
    return "set by hand, and not shown" if text and secret else text


def cloud_of(file: DeploymentFile) -> str:
    """The cloud that a file names. Raises DeploymentError if that cloud is not in CLOUDS."""
    cloud = file.facts.get("cloud")
    if cloud not in CLOUDS:
        known = ", ".join(f'"{name}"' for name in CLOUDS)
        wrong = f"cloud = {cloud!r} is not one of {known}" if cloud else f"cloud is missing: it takes one of {known}"
        raise DeploymentError(f"{file.path}: {wrong}")
    return str(cloud)


def deployment_of(file: DeploymentFile) -> Deployment:
    """The deployment that a file describes, checked by the rules of its cloud. Raises DeploymentError."""
    cloud = cloud_of(file)
    table = {name: value for name, value in file.facts.items() if name != "cloud"}
    try:
        deployment: Deployment = facts.read(import_module(f"tools.deployment.{cloud}").KIND, table, file.settings)
        deployment.check()
    except DeploymentError as error:
        raise DeploymentError(f"{file.path}: {error}") from error
    return deployment
