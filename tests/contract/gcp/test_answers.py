"""Answers of Cloud Storage that its emulator can't give, and the error that the adapter raises for each."""

import time

import pytest

from core.errors import StorageRefused, StorageUnavailable
from providers.gcp.client import authorized_session, connect
from providers.gcp.storage import GoogleStorage
from tests.contract.faults import DEADLINE, GRACE
from tests.contract.gcp.conftest import At
from tests.contract.suite import PATIENCE, call
from tests.support.servers.canned import SILENCE, Answer, answering
from tests.support.servers.dialects.gcs import gcs
from tests.support.servers.faulty import faulty


def fault(status: int) -> Answer:
    """Google's answer for a status."""
    body = b'{"error": {"message": "a fault", "code": %d}}' % status
    return Answer(status, {"content-type": "application/json"}, body)


@pytest.mark.parametrize("method", ["find", "read", "create"])
class TestFaults:
    """Error statuses and silence, for each method."""

    @pytest.mark.parametrize("status", [400, 403])
    def test_a_refusal_is_not_retried(self, at: At, method: str, status: int) -> None:
        with answering(fault(status)) as faults, pytest.raises(StorageRefused) as raised:
            call(at(faults.url, "images"), method)
        assert f"{status}" in str(raised.value.__cause__)
        assert len(faults.asked) == 1

    def test_a_call_succeeds_after_temporary_failures(self, at: At, method: str) -> None:
        with answering(fault(429), fault(503), fault(200)) as faults:
            call(at(faults.url, "images"), method)
        assert len(faults.asked) == 3

    def test_silence_is_unavailable_within_20_seconds(self, at: At, method: str) -> None:
        start = time.monotonic()
        with answering(SILENCE) as faults, pytest.raises(StorageUnavailable):
            call(at(faults.url, "images"), method)
        assert time.monotonic() - start < PATIENCE


@pytest.mark.parametrize(
    ("method", "status"),
    [*(("find", status) for status in (408, 429, 500, 502, 504)), ("read", 503), ("create", 503), ("create", 429)],
)
def test_a_temporary_failure_is_retried_for_up_to_20_seconds(at: At, method: str, status: int) -> None:
    start = time.monotonic()
    with answering(fault(status)) as faults, pytest.raises(StorageUnavailable) as raised:
        call(at(faults.url, "images"), method)
    assert f"{status}" in str(raised.value.__cause__)
    assert len(faults.asked) > 2
    assert time.monotonic() - start < PATIENCE


@pytest.mark.parametrize("status", [201, 206, 226, 301, 307])
@pytest.mark.parametrize("method", ["find", "read"])
def test_an_unexpected_status_is_unavailable(at: At, method: str, status: int) -> None:
    headers = {"etag": '"1"', "content-range": "bytes 0-3/8", "location": "/elsewhere"}
    with answering(Answer(status, headers, b"half")) as canned, pytest.raises(StorageUnavailable):
        call(at(canned.url, "images", DEADLINE), method)


@pytest.mark.parametrize("body", [b'"a"', b'{"error": "x"}', b'{"error": {"details": 5}}', b"[" * 5000])
@pytest.mark.parametrize("method", ["find", "read", "create"])
def test_a_body_that_google_would_not_send_raises_no_error_of_the_sdk(at: At, method: str, body: bytes) -> None:
    answer = Answer(503, {"content-type": "application/json"}, body)
    with answering(answer) as canned, pytest.raises(StorageUnavailable):
        call(at(canned.url, "images", DEADLINE), method)


def test_the_deadline_holds_behind_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_rejected_credentials_are_a_refusal(at: At) -> None:
    with answering(fault(401)) as faults, pytest.raises(StorageRefused):
        at(faults.url, "images").find("600x/cat.jpg")


def test_a_403_without_the_right_to_list_is_a_refusal(at: At) -> None:
    """Without the right to list, Google answers 403 for a missing object, which must not mean "not stored"."""
    with answering(fault(404), fault(403)) as faults, pytest.raises(StorageRefused):
        at(faults.url, "images").find("600x/cat.jpg")
    assert "/b/images/o" in faults.asked[1]
