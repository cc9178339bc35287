"""Checks the secrets that App Service puts into the environment in place of references to Key Vault."""

from collections.abc import Mapping

from core.errors import SettingsError


def check_resolved(environ: Mapping[str, str]) -> None:
    """Raises SettingsError if SIGNING_KEYS is the text of a reference. Anyone who guesses the text could sign any size.

    App Service leaves that text if it can't resolve a reference, and still starts the app:
    https://learn.microsoft.com/azure/app-service/app-service-key-vault-references#troubleshoot-key-vault-references
    """
    if "@microsoft.keyvault(" in environ.get("SIGNING_KEYS", "").lower():
        raise SettingsError(
            "SIGNING_KEYS is a reference to Key Vault that App Service could not resolve: check that the vault has the"
            " secret, and that the app's identity has the role Key Vault Secrets User on it"
        )
