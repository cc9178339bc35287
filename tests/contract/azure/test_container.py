"""The requests that calls of the Blob Storage adapter need, and the container's public access."""

import uuid

import pytest
from azure.storage.blob import BlobServiceClient, ContainerClient, PublicAccess

from core.errors import StorageRefused
from core.storage import NewObject
from providers.azure import account
from providers.azure.account import EMULATOR, connect
from providers.azure.storage import BlobStorage
from tests.contract.azure.conftest import UNCLOSED, storage_answering
from tests.contract.suite import LIMIT
from tests.support.servers.azurite import ACCOUNT, connection_string, container
from tests.support.servers.canned import Answer

pytestmark = UNCLOSED


def test_reading_and_creating_a_blob_of_64_mib_are_one_request_each(blobs: ContainerClient) -> None:
    requests: list[str] = []
    storage = BlobStorage(
        ContainerClient.from_container_url(
            blobs.url,
            blobs.credential,
            raw_request_hook=lambda request: requests.append(request.http_request.method),
            **account.limits(LIMIT),
        )
    )
    storage.create("large", NewObject(bytes(LIMIT)))
    storage.read("large", LIMIT)
    storage.find("large")
    assert requests == ["PUT", "GET", "HEAD"]


def test_a_container_of_variants_has_to_be_public(service: BlobServiceClient) -> None:
    """Otherwise each hit and each miss would end in a 403 of the container."""
    closed = container(service, f"images-{uuid.uuid4()}")
    storage = BlobStorage(closed, served=True)
    closed.upload_blob("600x/cat.jpg", b"cat")
    for key in ("600x/cat.jpg", "600x/nobody.jpg"):
        with pytest.raises(StorageRefused) as raised:
            storage.find(key)
        assert "not public" in str(raised.value.__cause__)
    closed.set_container_access_policy({}, public_access=PublicAccess.BLOB)
    assert storage.find("600x/cat.jpg")
    assert BlobStorage(container(service, f"images-{uuid.uuid4()}")).find("600x/cat.jpg") is None


def test_the_container_is_checked_once(service: BlobServiceClient) -> None:
    requests: list[str] = []
    opened = container(service, f"images-{uuid.uuid4()}", public=True)
    client = ContainerClient.from_container_url(
        opened.url, opened.credential, raw_request_hook=lambda request: requests.append(request.http_request.url)
    )
    storage = BlobStorage(client, served=True)
    for _ in range(3):
        storage.find("600x/nobody.jpg")
    assert len([url for url in requests if "restype=container" in url]) == 1


def test_the_blob_is_requested_though_the_role_can_not_read_the_containers_properties() -> None:
    with storage_answering(Answer(403, {"x-ms-error-code": "AuthorizationPermissionMismatch"})) as (_, canned):
        service = connect({EMULATOR: connection_string(f"{canned.url}/{ACCOUNT}")}, LIMIT)
        with service, pytest.raises(StorageRefused) as raised:
            BlobStorage(service.get_container_client("images"), served=True).find("600x/cat.jpg")
    assert len(canned.asked) == 2, "one for the blob, one for the container"
    assert "AuthorizationPermissionMismatch" in str(raised.value.__cause__)
