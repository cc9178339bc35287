"""The app as deployed, without any account key: the token of its identity gives access to storage.

Simulated: the identity endpoint that App Service provides. Azurite checks the token's issuer, audience and
age, but not its signature, and has no roles.
"""

import datetime as dt
import json
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import jwt
import pytest
from azure.storage.blob import BlobServiceClient

from providers.azure.account import EMULATOR, ENDPOINT
from tests.e2e.azure.conftest import deployed
from tests.support.pictures.samples import CAT
from tests.support.servers.azurite import azurite, connection_string
from tests.support.servers.canned import Answer, answering
from tests.support.servers.certificates import certified

NOW = dt.datetime.now(dt.UTC)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1, with its key in the same folder: tokens are sent over HTTPS only."""
    return certified(tmp_path_factory.mktemp("certificate"), ["127.0.0.1"])[0]


@pytest.fixture(scope="module")
def secure(certificate: Path) -> Iterator[BlobServiceClient]:
    """An Azurite that accepts tokens."""
    options = ("--oauth", "basic", "--cert", str(certificate), "--key", str(certificate.parent / "key.pem"))
    with (
        azurite(options) as url,
        BlobServiceClient.from_connection_string(connection_string(url), connection_verify=str(certificate)) as client,
    ):
        yield client


def token(audience: str) -> bytes:
    """The identity endpoint's answer (App Service, api-version 2019-08-01)."""
    hour = dt.timedelta(hours=1)
    claims = {
        "iss": "https://sts.windows.net/tenant/",
        "aud": audience,
        "iat": NOW,
        "nbf": NOW - hour,
        "exp": NOW + hour,
    }
    made = jwt.encode(claims, "a key that nobody checks, long enough", "HS256")
    expires = str(int((NOW + hour).timestamp()))
    return json.dumps(
        {"access_token": made, "expires_on": expires, "resource": audience, "token_type": "Bearer"}
    ).encode()


@pytest.mark.parametrize(("audience", "status"), [("https://storage.azure.com", 301), ("https://vault.azure.net", 502)])
def test_only_a_token_for_storage_gives_access_to_storage(
    secure: BlobServiceClient, certificate: Path, audience: str, status: int
) -> None:
    with answering(Answer(200, {"content-type": "application/json"}, token(audience))) as identity:
        settings = {
            EMULATOR: "",
            ENDPOINT: secure.url,
            "AZURE_TOKEN_CREDENTIALS": "prod",
            "IDENTITY_ENDPOINT": f"{identity.url}/msi/token",
            "IDENTITY_HEADER": "secret",
            "REQUESTS_CA_BUNDLE": str(certificate),
        }
        with deployed(secure, settings) as site:
            site.put("albums/cat.jpg", CAT)
            answer = site.ask("/200x/albums/cat.jpg")
            assert answer.status_code == status
            if status == 301:
                trusted = ssl.create_default_context(cafile=str(certificate))
                assert httpx.get(answer.headers["location"], verify=trusted).headers["content-type"] == "image/jpeg"
    # One token is used for both containers and all later requests; the first two calls may fetch one each.
    assert 1 <= len(identity.asked) <= 2
    assert identity.asked[0].endswith("resource=https://storage.azure.com")
