"""The Blob Storage adapter under the contract, against Azurite, and what is true of Azure alone."""

import gc
import os
import socket
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import pytest
from azure.storage.blob import BlobServiceClient, ContainerClient, PublicAccess

from core.errors import SettingsError, SizewiseError, StorageRefused, StorageUnavailable
from core.storage import NewObject, Storage
from providers.azure import account
from providers.azure.account import EMULATOR, ENDPOINT, connect
from providers.azure.storage import BlobStorage
from tests.contract.faults import DEADLINE, ArchiveContract, FaultContract
from tests.contract.suite import LIMIT, PATIENCE, FailureContract, StorageContract, call
from tests.support.servers.azurite import ACCOUNT, azurite, connection_string, container
from tests.support.servers.canned import SILENCE, Answer, Canned, answering
from tests.support.servers.dialects.blob import blob
from tests.support.servers.faulty import Faulty, faulty

# The SDK leaves the answer to a failed try, and its connection, to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


@pytest.fixture(scope="session")
def service() -> Iterator[BlobServiceClient]:
    """Azurite, through the client that the function app makes."""
    with azurite() as endpoint, connect({EMULATOR: connection_string(endpoint)}, LIMIT) as client:
        yield client


@pytest.fixture(scope="module", autouse=True)
def collected() -> Iterator[None]:
    yield
    gc.collect()


@pytest.fixture
def blobs(service: BlobServiceClient) -> ContainerClient:
    return container(service, f"images-{uuid.uuid4()}")


class TestBlobStorageFaults(FaultContract, ArchiveContract):
    @pytest.fixture
    def store(self) -> Iterator[Faulty]:
        with faulty(blob) as store:
            yield store

    @pytest.fixture
    def standing(self, store: Faulty) -> Iterator[Storage]:
        with connect({EMULATOR: connection_string(f"{store.url}/{ACCOUNT}")}, LIMIT) as service:
            yield BlobStorage(service.get_container_client("images"), deadline=DEADLINE)

    @pytest.fixture
    def patient(self, store: Faulty) -> Iterator[Storage]:
        with storage_at({EMULATOR: connection_string(f"{store.url}/{ACCOUNT}")}) as storage:
            yield storage


class TestBlobStorage(StorageContract, FailureContract):
    @pytest.fixture
    def bucket(self, blobs: ContainerClient) -> Storage:
        return BlobStorage(blobs)

    @pytest.fixture
    def absent(self, service: BlobServiceClient) -> Storage:
        return BlobStorage(service.get_container_client("nowhere"))

    @pytest.fixture
    def unreachable(self) -> Iterator[Storage]:
        """A port that is bound and not listened on, so that nobody else can take it."""
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            endpoint = f"http://127.0.0.1:{closed.getsockname()[1]}/devstoreaccount1"
            with storage_at({EMULATOR: connection_string(endpoint)}) as storage:
                yield storage

    @pytest.fixture
    def overwrite(self, blobs: ContainerClient) -> Callable[[str, bytes], None]:
        def write(key: str, data: bytes) -> None:
            blobs.upload_blob(key, data, overwrite=True)

        return write


REFUSALS = {
    "no role on the container": (403, "AuthorizationPermissionMismatch"),
    "a network rule": (403, "AuthorizationFailure"),
    "a wrong key": (403, "AuthenticationFailed"),
    "a disabled account": (403, "AccountIsDisabled"),
    "a container that is being deleted": (409, "ContainerBeingDeleted"),
    "a 404 from something that is no storage": (404, ""),
}
OUTAGES = {
    "throttled": (503, "ServerBusy"),
    "throttled by a front": (429, ""),
    "a fault of the service": (500, "InternalError"),
    "too slow for the service itself": (500, "OperationTimedOut"),
}


@contextmanager
def storage_at(environ: Mapping[str, str]) -> Iterator[Storage]:
    with connect(environ, LIMIT) as service:
        yield BlobStorage(service.get_container_client("images"))


@contextmanager
def storage_answering(answer: Answer) -> Iterator[tuple[Storage, Canned]]:
    """Storage that answers everything so, and what it was asked."""
    with answering(answer) as canned, storage_at({EMULATOR: connection_string(f"{canned.url}/{ACCOUNT}")}) as storage:
        yield storage, canned


@pytest.mark.parametrize("method", ["find", "read", "create"])
@pytest.mark.parametrize("fault", REFUSALS)
def test_a_no_is_a_refusal_and_not_asked_twice(fault: str, method: str) -> None:
    status, code = REFUSALS[fault]
    answer = Answer(status, {"x-ms-error-code": code})
    with storage_answering(answer) as (storage, canned), pytest.raises(StorageRefused) as raised:
        call(storage, method)
    assert raised.value.__cause__ is not None
    assert len(canned.asked) == 1


@pytest.mark.parametrize("method", ["find", "read", "create"])
@pytest.mark.parametrize("fault", OUTAGES)
def test_an_outage_is_unavailable(fault: str, method: str) -> None:
    status, code = OUTAGES[fault]
    answer = Answer(status, {"x-ms-error-code": code})
    with storage_answering(answer) as (storage, canned), pytest.raises(StorageUnavailable) as raised:
        call(storage, method)
    assert raised.value.__cause__ is not None
    # The SDK itself does not repeat a 429.
    assert len(canned.asked) == (1 if status == 429 else 2)


def test_a_whole_answer_to_a_request_for_a_part_is_not_believed() -> None:
    """The SDK reads on without a bound, or fails, where it finds no Content-Range."""
    headers = {"etag": '"1"', "content-type": "image/png"}
    with storage_answering(Answer(200, headers, b"data")) as (storage, _), pytest.raises(StorageUnavailable):
        storage.read("albums/cat.jpg", LIMIT)


@pytest.mark.parametrize(
    "stated", ["bytes 0-3/8", "bytes 4-7/8", "bytes 4-7/4", "bytes 0-3/*", "bytes 0-3", "none", ""]
)
def test_a_part_that_is_not_all_that_was_asked_for_is_not_put_together_with_others(stated: str) -> None:
    """The SDK would ask for the rest, of whatever the blob is by then, and append what comes."""
    headers = {"etag": '"1"', "content-type": "image/png", "content-range": stated}
    with storage_answering(Answer(206, headers, b"half")) as (storage, canned):
        with pytest.raises(StorageUnavailable):
            storage.read("albums/cat.jpg", LIMIT)
        assert len(canned.asked) == 1


@pytest.mark.parametrize("body", [b"<Error><Code>ServerBusy</Code></Error>", b"1", b"[" * 5000])
@pytest.mark.parametrize("method", ["find", "read", "create"])
def test_an_error_that_is_not_the_service_s_is_no_error_of_the_sdk(method: str, body: bytes) -> None:
    kind = "application/xml" if body.startswith(b"<") else "application/json"
    with (
        storage_answering(Answer(503, {"content-type": kind}, body)) as (storage, _),
        pytest.raises(StorageUnavailable),
    ):
        call(storage, method)


def test_losing_a_race_to_a_blob_that_comes_meanwhile_is_losing() -> None:
    """Azurite says 409 even then; the service says 412 (Put Blob with If-None-Match)."""
    with storage_answering(Answer(412, {"x-ms-error-code": "ConditionNotMet"})) as (storage, _):
        assert storage.create("600x/cat.jpg", NewObject(b"cat")) is False


def test_a_large_original_is_read_and_a_large_variant_written_in_one_request(blobs: ContainerClient) -> None:
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


def test_a_container_that_redirects_lead_to_has_to_be_public(service: BlobServiceClient) -> None:
    """Else each hit, and each miss, ends in a 403 of the container's."""
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


def test_the_container_is_looked_at_once(service: BlobServiceClient) -> None:
    requests: list[str] = []
    opened = container(service, f"images-{uuid.uuid4()}", public=True)
    client = ContainerClient.from_container_url(
        opened.url, opened.credential, raw_request_hook=lambda request: requests.append(request.http_request.url)
    )
    storage = BlobStorage(client, served=True)
    for _ in range(3):
        storage.find("600x/nobody.jpg")
    assert len([url for url in requests if "restype=container" in url]) == 1


def test_a_role_that_may_not_look_at_the_container_is_enough() -> None:
    with storage_answering(Answer(403, {"x-ms-error-code": "AuthorizationPermissionMismatch"})) as (_, canned):
        service = connect({EMULATOR: connection_string(f"{canned.url}/{ACCOUNT}")}, LIMIT)
        with service, pytest.raises(StorageRefused) as raised:
            BlobStorage(service.get_container_client("images"), served=True).find("600x/cat.jpg")
    assert len(canned.asked) == 2, "the blob was asked for too"
    assert "AuthorizationPermissionMismatch" in str(raised.value.__cause__)


class TestCredentials:
    """No account key is anywhere but in Azurite's connection string: the app's identity asks."""

    @pytest.fixture(autouse=True)
    def deployed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in [name for name in os.environ if name.startswith(("AZURE_", "IDENTITY_", "MSI_"))]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "prod")

    @pytest.mark.parametrize("method", ["find", "read", "create"])
    def test_an_app_without_an_identity_is_refused_at_once(self, method: str, monkeypatch: pytest.MonkeyPatch) -> None:
        with answering(SILENCE) as virtual_machine:
            monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", virtual_machine.url)
            with storage_at({ENDPOINT: "https://127.0.0.1:1"}) as storage, pytest.raises(StorageRefused) as raised:
                call(storage, method)
        assert virtual_machine.asked == [], "this would wait for as long as nothing answers"
        assert "DefaultAzureCredential failed" in str(raised.value.__cause__)

    @pytest.mark.parametrize(
        ("status", "error"),
        [
            (400, StorageRefused),
            *((status, StorageUnavailable) for status in (404, 408, 410, 429, 500, 502, 503, 504)),
        ],
    )
    def test_no_token_for_the_moment_is_no_refusal(
        self, status: int, error: type[SizewiseError], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The endpoint may ask for a long pause: the client is told to come again instead."""
        headers = {"content-type": "application/json", "retry-after": "60"}
        start = time.monotonic()
        with answering(Answer(status, headers, b'{"message": "no"}')) as canned:
            monkeypatch.setenv("IDENTITY_ENDPOINT", f"{canned.url}/msi/token")
            monkeypatch.setenv("IDENTITY_HEADER", "secret")
            with storage_at({ENDPOINT: "https://127.0.0.1:1"}) as storage, pytest.raises(error):
                storage.find("albums/cat.jpg")
        assert all("storage.azure.com" in asked for asked in canned.asked)
        assert len(canned.asked) >= (1 if error is StorageRefused else 2), "it is asked once more"
        assert time.monotonic() - start < PATIENCE

    @pytest.mark.parametrize("body", [b"", b"{}", b"<html>", b"{", b"[]"])
    def test_an_answer_that_is_no_token_is_none_for_the_moment(
        self, body: bytes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with answering(Answer(200, {"content-type": "application/json"}, body)) as canned:
            monkeypatch.setenv("IDENTITY_ENDPOINT", f"{canned.url}/msi/token")
            monkeypatch.setenv("IDENTITY_HEADER", "secret")
            with storage_at({ENDPOINT: "https://127.0.0.1:1"}) as storage, pytest.raises(StorageUnavailable):
                storage.find("albums/cat.jpg")

    def test_an_identity_endpoint_that_is_away_is_no_refusal(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("IDENTITY_ENDPOINT", "http://127.0.0.1:1/msi/token")
        monkeypatch.setenv("IDENTITY_HEADER", "secret")
        with storage_at({ENDPOINT: "https://127.0.0.1:1"}) as storage, pytest.raises(StorageUnavailable):
            storage.find("albums/cat.jpg")

    @pytest.mark.parametrize("endpoint", ["", "http://account.blob.core.windows.net", "account"])
    def test_an_endpoint_that_no_token_may_be_sent_to_is_refused_at_start(self, endpoint: str) -> None:
        with pytest.raises(SettingsError, match="BLOB_ENDPOINT"):
            connect({ENDPOINT: endpoint}, LIMIT)
