"""What the commands need of a cloud, and which one a deployment's file names."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from importlib import import_module
from typing import Final, Protocol

from cli.deployment_file import DeploymentFile
from core.settings import Settings
from tools.deployment import facts
from tools.deployment.errors import DeploymentError
from tools.deployment.log import Line
from tools.deployment.steps import Step


class Deployment(Protocol):
    """A deployment, by the facts of its file. Every method raises DeploymentError for what stops it."""

    @property
    def title(self) -> str:
        """What it is and where, such as "AWS, eu-central-1, stack sizewise-prod"."""
        ...

    def check(self) -> None:
        """Refuses facts and settings that do not go together, before anything is asked of the cloud."""
        ...

    def sign_in(self) -> str:
        """Who acts, by the credentials that are there."""
        ...

    def deploying(self) -> list[Step]:
        """What makes it, or brings it in line with its file."""
        ...

    def removing(self) -> list[Step]:
        """What takes it away, but for pictures and keys."""
        ...

    def info(self) -> Mapping[str, str]:
        """What is deployed: addresses, version, limits and settings, in the order in which they are shown."""
        ...

    def log(self, since: datetime) -> list[Line]:
        """The lines of the function's log from a time on."""
        ...


def own_settings(variables: Mapping[str, str], references: Mapping[str, str]) -> dict[str, str]:
    """Those of a function's variables that are Sizewise's settings and are set, by name.

    A secret is not shown, but for its reference, which names what has it.
    """
    rows = {row.name.upper(): row.metadata["secret"] for row in fields(Settings)}
    shown = {name: references.get(name) or _shown(variables.get(name, ""), secret) for name, secret in rows.items()}
    return {name: shown[name] for name in sorted(shown) if shown[name]}


def _shown(text: str, secret: bool) -> str:
    return "set by hand, and not shown" if text and secret else text


CLOUDS: Final = ("aws", "gcp", "azure")
"""Each has a module here, whose KIND is its `Deployment`."""


def cloud_of(file: DeploymentFile) -> str:
    """The cloud that a file names. Raises DeploymentError if it names none that is known."""
    cloud = file.facts.get("cloud")
    if cloud not in CLOUDS:
        known = ", ".join(f'"{name}"' for name in CLOUDS)
        raise DeploymentError(f"{file.path}: cloud takes one of {known}" + (f", not {cloud!r}" if cloud else ""))
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
