"""The app's identity authorizes each request. Only Azurite's connection string has an account key."""

import os
import time

import pytest

from core.errors import SettingsError, SizewiseError, StorageRefused, StorageUnavailable
from providers.azure.account import ENDPOINT, connect
from tests.contract.azure.conftest import UNCLOSED, storage_at
from tests.contract.suite import LIMIT, PATIENCE, call
from tests.support.servers.canned import SILENCE, Answer, answering

pytestmark = UNCLOSED


@pytest.fixture(autouse=True)
def deployed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("AZURE_", "IDENTITY_", "MSI_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "prod")


@pytest.mark.parametrize("method", ["find", "read", "create"])
def test_an_app_without_an_identity_is_refused_at_once(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(SILENCE) as virtual_machine:
        monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", virtual_machine.url)
        with storage_at({ENDPOINT: "https://127.0.0.1:1"}) as storage, pytest.raises(StorageRefused) as raised:
            call(storage, method)
    assert virtual_machine.asked == [], "without a metadata server, this request would wait for its timeout"
    assert "DefaultAzureCredential failed" in str(raised.value.__cause__)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, StorageRefused),
        *((status, StorageUnavailable) for status in (404, 408, 410, 429, 500, 502, 503, 504)),
    ],
)
def test_a_failing_token_service_is_unavailable_unless_it_answers_400(
    status: int, error: type[SizewiseError], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The endpoint can ask for a long pause: the caller gets a 503 instead."""
    headers = {"content-type": "application/json", "retry-after": "60"}
    start = time.monotonic()
    with answering(Answer(status, headers, b'{"message": "no"}')) as canned:
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"{canned.url}/msi/token")
        monkeypatch.setenv("IDENTITY_HEADER", "secret")
        with storage_at({ENDPOINT: "https://127.0.0.1:1"}) as storage, pytest.raises(error):
            storage.find("albums/cat.jpg")
    assert all("storage.azure.com" in asked for asked in canned.asked)
    assert len(canned.asked) >= (1 if error is StorageRefused else 2), "the token is requested once more"
    assert time.monotonic() - start < PATIENCE


@pytest.mark.parametrize("body", [b"", b"{}", b"<html>", b"{", b"[]"])
def test_an_answer_without_a_token_is_unavailable(body: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(Answer(200, {"content-type": "application/json"}, body)) as canned:
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"{canned.url}/msi/token")
        monkeypatch.setenv("IDENTITY_HEADER", "secret")
        with storage_at({ENDPOINT: "https://127.0.0.1:1"}) as storage, pytest.raises(StorageUnavailable):
            storage.find("albums/cat.jpg")


def test_an_unreachable_identity_endpoint_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDENTITY_ENDPOINT", "http://127.0.0.1:1/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", "secret")
    with storage_at({ENDPOINT: "https://127.0.0.1:1"}) as storage, pytest.raises(StorageUnavailable):
        storage.find("albums/cat.jpg")


@pytest.mark.parametrize("endpoint", ["", "http://account.blob.core.windows.net", "account"])
def test_an_endpoint_that_is_no_https_url_is_refused_at_start(endpoint: str) -> None:
    with pytest.raises(SettingsError, match="BLOB_ENDPOINT"):
        connect({ENDPOINT: endpoint}, LIMIT)
