"""The requests and connections that calls of the Cloud Storage adapter need."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from google.cloud.storage import Bucket

from core.storage import NewObject
from providers.gcp.client import SERVER_THREADS
from tests.contract.gcp.conftest import At
from tests.contract.suite import LIMIT, MIB
from tests.support.servers.gcs import Emulator


def asked(emulator: Emulator, since: int) -> list[str]:
    """Method and target of each request that the emulator logged after its first `since` lines."""
    return [line.split('\\"')[1].removesuffix(" HTTP/1.1") for line in emulator.log()[since:]]


def test_creating_an_object_of_64_mib_is_one_request(at: At, emulator: Emulator, images: Bucket) -> None:
    before = len(emulator.log())
    assert at(emulator.url, images.name).create("600x/one-request.png", NewObject(bytes(64 * MIB)))
    assert asked(emulator, before) == [
        f"POST /upload/storage/v1/b/{images.name}/o?uploadType=multipart&ifGenerationMatch=0"
    ]


def test_the_bucket_is_checked_once(at: At, emulator: Emulator, images: Bucket) -> None:
    adapter = at(emulator.url, images.name)
    before = len(emulator.requests(f"/b/{images.name}/o?"))
    assert not any(adapter.find(f"600x/{number}.jpg") for number in range(5))
    assert len(emulator.requests(f"/b/{images.name}/o?")) == before + 1


def test_finding_or_reading_a_stored_key_is_one_request(at: At, emulator: Emulator, images: Bucket) -> None:
    adapter = at(emulator.url, images.name)
    adapter.create("600x/counted.jpg", NewObject(b"bytes"))
    before = len(emulator.log())
    assert adapter.find("600x/counted.jpg")
    adapter.read("600x/counted.jpg", LIMIT)
    path = f"/{images.name}/600x/counted.jpg"
    assert asked(emulator, before) == [f"HEAD {path}", f"GET {path}"]


def test_the_pool_has_a_connection_for_every_thread(
    at: At, emulator: Emulator, images: Bucket, caplog: pytest.LogCaptureFixture
) -> None:
    """urllib3 logs a warning when a pool is too small and drops a connection."""
    adapter = at(emulator.url, images.name)
    threads = SERVER_THREADS
    together = Barrier(threads)

    def ask(_: int) -> bool:
        together.wait()
        return adapter.find("600x/nobody.jpg") is not None

    with ThreadPoolExecutor(threads) as pool:
        assert not any(pool.map(ask, range(threads)))
    assert not [record.getMessage() for record in caplog.records if "pool is full" in record.getMessage()]
