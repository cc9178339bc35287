"""The facts of a deployment on Azure, and the rules between them."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from core.settings import load
from tools.deployment.facts import choice, fact, number, text


@dataclass(frozen=True, kw_only=True)
class AzureFacts:
    """The facts of Azure, and the rules between them."""

    settings: Mapping[str, str]
    region: str = fact("a region of Azure, such as westeurope", text(r"[a-z]+\d?"))
    resource_group: str = fact("a resource group's name, such as sizewise", text(r"\w([\w().-]{0,88}[\w()-])?"))
    max_instances: int = fact("a whole number from 1 to 1000", number(1, 1000), 40)
    memory: int = fact("512, 2048 or 4096 MB", choice(512, 2048, 4096), 2048)
    signing_keys: str = fact("the name of a secret, such as signing-keys", text(r"[a-zA-Z0-9-]{1,127}"), "")

    @property
    def title(self) -> str:
        """See `cloud.Deployment`."""
        return f"Azure, {self.region}, resource group {self.resource_group}"

    @property
    def given_keys(self) -> str:
        """The keys in the user's environment; empty if there are none, or if sizes are not signed."""
        return os.environ.get("SIGNING_KEYS", "") if self.signing_keys else ""

    def check(self) -> None:
        """See `cloud.Deployment`."""
        load({**self.settings, "BUCKET": "any", "SIGNING_KEYS": self.given_keys})
