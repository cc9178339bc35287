"""The Cloud Storage adapter under the contract, and what is true of Cloud Storage alone."""

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier
from typing import Protocol

import pytest
from google.cloud.storage import Bucket

from core.errors import StorageRefused, StorageUnavailable
from core.storage import NewObject, Storage
from providers.connections import CALL_SECONDS
from providers.gcp.client import SERVER_THREADS, authorized_session, connect
from providers.gcp.storage import GoogleStorage
from tests.contract.faults import DEADLINE, GRACE, FaultContract
from tests.contract.suite import LIMIT, MIB, PATIENCE, FailureContract, StorageContract, call
from tests.support.pictures.samples import CAT
from tests.support.servers.canned import SILENCE, Answer, answering
from tests.support.servers.dialects.gcs import gcs, transcoding
from tests.support.servers.faulty import PACKED, Faulty, faulty
from tests.support.servers.gcs import Emulator, emulated


class At(Protocol):
    """Makes the adapter for a bucket at an address."""

    def __call__(self, url: str, bucket: str, deadline: float = CALL_SECONDS) -> GoogleStorage: ...


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with emulated() as running:
        yield running


@pytest.fixture(scope="module")
def images(emulator: Emulator) -> Bucket:
    return emulator.bucket("images")


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Iterator[At]:
    """The adapter for a bucket at an endpoint, made as the function makes it."""
    with ExitStack() as clients:

        def make(url: str, bucket: str, deadline: float = CALL_SECONDS) -> GoogleStorage:
            monkeypatch.setenv("STORAGE_EMULATOR_HOST", url)
            session = authorized_session()
            return GoogleStorage(clients.enter_context(connect(session)).bucket(bucket), session, deadline)

        yield make


def asked(emulator: Emulator, since: int) -> list[str]:
    """Method and target of each request that the emulator logged after its first `since` lines."""
    return [line.split('\\"')[1].removesuffix(" HTTP/1.1") for line in emulator.log()[since:]]


def fault(status: int) -> Answer:
    """An answer as Google gives it."""
    body = b'{"error": {"message": "a fault", "code": %d}}' % status
    return Answer(status, {"content-type": "application/json"}, body)


class TestCloudStorageFaults(FaultContract):
    """None of its storage classes is an archive that has to be restored before it is read."""

    @pytest.fixture
    def store(self) -> Iterator[Faulty]:
        with faulty(gcs) as store:
            yield store

    @pytest.fixture
    def standing(self, store: Faulty, at: At) -> Storage:
        return at(store.url, "images", DEADLINE)

    @pytest.fixture
    def patient(self, store: Faulty, at: At) -> Storage:
        return at(store.url, "images")


def test_what_google_decompresses_has_no_checksum_to_compare(at: At) -> None:
    """The one that it states is of what is stored (Cloud Storage, "Transcoding of gzip-compressed files")."""
    with faulty(transcoding) as store:
        stored = at(store.url, "images").read(PACKED, LIMIT)
    assert (stored.data, stored.content_encoding) == (CAT, "")


class TestCloudStorage(StorageContract, FailureContract):
    @pytest.fixture
    def bucket(self, at: At, emulator: Emulator, images: Bucket) -> Storage:
        for blob in images.list_blobs():
            blob.delete()
        return at(emulator.url, images.name)

    @pytest.fixture
    def absent(self, at: At, emulator: Emulator) -> Storage:
        return at(emulator.url, "nobody-made-this")

    @pytest.fixture
    def unreachable(self, at: At) -> Iterator[Storage]:
        with socket.socket() as deaf:
            deaf.bind(("127.0.0.1", 0))
            yield at(f"http://127.0.0.1:{deaf.getsockname()[1]}", "images")

    @pytest.fixture
    def overwrite(self, images: Bucket) -> Callable[[str, bytes], None]:
        def write(key: str, data: bytes) -> None:
            images.blob(key).upload_from_string(data)

        return write


def test_a_creation_is_one_request_whatever_the_size(at: At, emulator: Emulator, images: Bucket) -> None:
    before = len(emulator.log())
    assert at(emulator.url, images.name).create("600x/one-request.png", NewObject(bytes(64 * MIB)))
    assert asked(emulator, before) == [
        f"POST /upload/storage/v1/b/{images.name}/o?uploadType=multipart&ifGenerationMatch=0"
    ]


@pytest.mark.parametrize("method", ["find", "read", "create"])
class TestFaults:
    """What Cloud Storage answers on a bad day, by status."""

    @pytest.mark.parametrize("status", [400, 403])
    def test_a_refusal_is_one_and_is_not_repeated(self, at: At, method: str, status: int) -> None:
        with answering(fault(status)) as faults, pytest.raises(StorageRefused) as raised:
            call(at(faults.url, "images"), method)
        assert f"{status}" in str(raised.value.__cause__)
        assert len(faults.asked) == 1

    def test_what_has_passed_does_no_harm(self, at: At, method: str) -> None:
        with answering(fault(429), fault(503), fault(200)) as faults:
            call(at(faults.url, "images"), method)
        assert len(faults.asked) == 3

    def test_silence_is_unavailable_soon(self, at: At, method: str) -> None:
        start = time.monotonic()
        with answering(SILENCE) as faults, pytest.raises(StorageUnavailable):
            call(at(faults.url, "images"), method)
        assert time.monotonic() - start < PATIENCE


@pytest.mark.parametrize(
    ("method", "status"),
    [*(("find", status) for status in (408, 429, 500, 502, 504)), ("read", 503), ("create", 503), ("create", 429)],
)
def test_what_may_pass_is_repeated_for_a_while(at: At, method: str, status: int) -> None:
    start = time.monotonic()
    with answering(fault(status)) as faults, pytest.raises(StorageUnavailable) as raised:
        call(at(faults.url, "images"), method)
    assert f"{status}" in str(raised.value.__cause__)
    assert len(faults.asked) > 2
    assert time.monotonic() - start < PATIENCE


@pytest.mark.parametrize("status", [201, 206, 226, 301, 307])
@pytest.mark.parametrize("method", ["find", "read"])
def test_another_answer_than_was_asked_for_is_none(at: At, method: str, status: int) -> None:
    headers = {"etag": '"1"', "content-range": "bytes 0-3/8", "location": "/elsewhere"}
    with answering(Answer(status, headers, b"half")) as canned, pytest.raises(StorageUnavailable):
        call(at(canned.url, "images", DEADLINE), method)


@pytest.mark.parametrize("body", [b'"a"', b'{"error": "x"}', b'{"error": {"details": 5}}', b"[" * 5000])
@pytest.mark.parametrize("method", ["find", "read", "create"])
def test_an_error_that_is_not_google_s_is_no_error_of_the_sdk(at: At, method: str, body: bytes) -> None:
    answer = Answer(503, {"content-type": "application/json"}, body)
    with answering(answer) as canned, pytest.raises(StorageUnavailable):
        call(at(canned.url, "images", DEADLINE), method)


@pytest.mark.parametrize("name", ["content-length", "x-goog-stored-content-length"])
def test_a_length_is_compared_where_no_checksum_is_stated(at: At, name: str) -> None:
    with answering(Answer(200, {"etag": '"1"', name: "8"}, b"half")) as canned, pytest.raises(StorageUnavailable):
        at(canned.url, "images", DEADLINE).read("albums/cat.jpg", LIMIT)


@pytest.mark.parametrize(("name", "value"), [("crc32c", "AAAAAA=="), ("MD5", "AAAA")])
@pytest.mark.parametrize("encoding", ["", "Identity", "identity"])
def test_a_checksum_is_compared_however_it_is_spelled(at: At, name: str, value: str, encoding: str) -> None:
    headers = {"etag": '"1"', "x-goog-hash": f"{name}={value}", "x-goog-stored-content-encoding": encoding}
    with answering(Answer(200, headers, b"data")) as canned, pytest.raises(StorageUnavailable) as raised:
        at(canned.url, "images", DEADLINE).read("albums/cat.jpg", LIMIT)
    assert name in str(raised.value.__cause__)


def test_a_proxy_keeps_to_the_deadline_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", "http://store.example")
    session = authorized_session()
    with faulty(gcs) as proxy, connect(session) as client:
        session.proxies = {"http": proxy.url}
        storage = GoogleStorage(client.bucket("images"), session, DEADLINE)
        proxy.fault = "trickles its headers"
        start = time.monotonic()
        with pytest.raises(StorageUnavailable):
            storage.find("albums/cat.jpg")
        assert proxy.asked
        assert time.monotonic() - start < DEADLINE + GRACE


def test_credentials_that_are_not_accepted_are_a_refusal(at: At) -> None:
    with answering(fault(401)) as faults, pytest.raises(StorageRefused):
        at(faults.url, "images").find("600x/cat.jpg")


def test_403_without_the_right_to_list_is_no_missing_key(at: At) -> None:
    """Google answers 403 for a missing object to whom may not list: that must not read as "not stored"."""
    with answering(fault(404), fault(403)) as faults, pytest.raises(StorageRefused):
        at(faults.url, "images").find("600x/cat.jpg")
    assert "/b/images/o" in faults.asked[1]


def test_the_bucket_is_asked_for_once(at: At, emulator: Emulator, images: Bucket) -> None:
    adapter = at(emulator.url, images.name)
    before = len(emulator.requests(f"/b/{images.name}/o?"))
    assert not any(adapter.find(f"600x/{number}.jpg") for number in range(5))
    assert len(emulator.requests(f"/b/{images.name}/o?")) == before + 1


def test_a_stored_key_costs_one_request(at: At, emulator: Emulator, images: Bucket) -> None:
    adapter = at(emulator.url, images.name)
    adapter.create("600x/counted.jpg", NewObject(b"bytes"))
    before = len(emulator.log())
    assert adapter.find("600x/counted.jpg")
    adapter.read("600x/counted.jpg", LIMIT)
    path = f"/{images.name}/600x/counted.jpg"
    assert asked(emulator, before) == [f"HEAD {path}", f"GET {path}"]


def test_every_thread_keeps_its_connection(
    at: At, emulator: Emulator, images: Bucket, caplog: pytest.LogCaptureFixture
) -> None:
    """A pool that is too small drops connections, and urllib3 says so."""
    adapter = at(emulator.url, images.name)
    threads = SERVER_THREADS
    together = Barrier(threads)

    def ask(_: int) -> bool:
        together.wait()
        return adapter.find("600x/nobody.jpg") is not None

    with ThreadPoolExecutor(threads) as pool:
        assert not any(pool.map(ask, range(threads)))
    assert not [record.getMessage() for record in caplog.records if "pool is full" in record.getMessage()]
