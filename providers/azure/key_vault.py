"""Secrets that App Service puts into the environment in place of their references to Key Vault."""

from collections.abc import Mapping

from core.errors import SettingsError


def check_resolved(environ: Mapping[str, str]) -> None:
    """Raises SettingsError if SIGNING_KEYS has the text of a reference: who guesses it could sign any size.

    App Service leaves that text where it can't resolve a reference, and starts the app all the same:
    https://learn.microsoft.com/azure/app-service/app-service-key-vault-references#troubleshoot-key-vault-references
    """
    if "@microsoft.keyvault(" in environ.get("SIGNING_KEYS", "").lower():
        raise SettingsError(
            "SIGNING_KEYS is a reference to Key Vault that App Service could not resolve: it takes a vault that has the"
            " secret, and the role Key Vault Secrets User on it for the app's identity"
        )
