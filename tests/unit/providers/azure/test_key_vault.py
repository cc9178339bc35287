"""An unresolved reference to Key Vault is not accepted as a key."""

import pytest

from core.errors import SettingsError
from providers.azure.key_vault import check_resolved

REFERENCE = "@Microsoft.KeyVault(SecretUri=https://keys1.vault.azure.net/secrets/signing-keys/0123)"
KEY = "an-example-key-of-32-bytes-only!"


@pytest.mark.parametrize("text", [REFERENCE, REFERENCE.lower(), f" {REFERENCE}", f"{KEY},{REFERENCE}"])
def test_an_unresolved_reference_stops_the_start_and_is_not_shown(text: str) -> None:
    with pytest.raises(SettingsError, match=r"^SIGNING_KEYS .* Key Vault Secrets User") as caught:
        check_resolved({"SIGNING_KEYS": text})
    assert "vault.azure.net" not in str(caught.value)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("environ", [{}, {"SIGNING_KEYS": ""}, {"SIGNING_KEYS": KEY}, {"BUCKET": REFERENCE}], ids=str)
def test_any_other_value_is_accepted_here(environ: dict[str, str]) -> None:
    check_resolved(environ)
