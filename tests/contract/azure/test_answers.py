"""Answers of Blob Storage that Azurite can't give, and the error that the adapter raises for each."""

import pytest

from core.errors import SizewiseError, StorageRefused, StorageUnavailable
from core.storage import NewObject
from tests.contract.azure.conftest import UNCLOSED, storage_answering
from tests.contract.suite import LIMIT, call
from tests.support.servers.canned import Answer

REFUSALS = {
    "no role on the container": (403, "AuthorizationPermissionMismatch"),
    "a network rule": (403, "AuthorizationFailure"),
    "a wrong key": (403, "AuthenticationFailed"),
    "a disabled account": (403, "AccountIsDisabled"),
    "a container that is being deleted": (409, "ContainerBeingDeleted"),
    "a 404 from a server that is no storage": (404, ""),
}
OUTAGES = {
    "throttled": (503, "ServerBusy"),
    "throttled by a proxy": (429, ""),
    "a fault of the service": (500, "InternalError"),
    "a timeout inside the service": (500, "OperationTimedOut"),
}

pytestmark = UNCLOSED


def requests(error: type[SizewiseError], status: int, code: str, method: str) -> int:
    """The number of requests that a call makes before it raises the error."""
    with storage_answering(Answer(status, {"x-ms-error-code": code})) as (storage, canned):
        with pytest.raises(error) as raised:
            call(storage, method)
        assert raised.value.__cause__ is not None
        return len(canned.asked)


@pytest.mark.parametrize("method", ["find", "read", "create"])
@pytest.mark.parametrize(("status", "code"), REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_is_not_retried(status: int, code: str, method: str) -> None:
    assert requests(StorageRefused, status, code, method) == 1


@pytest.mark.parametrize("method", ["find", "read", "create"])
@pytest.mark.parametrize(("status", "code"), OUTAGES.values(), ids=OUTAGES)
def test_an_outage_is_retried_once(status: int, code: str, method: str) -> None:
    # The SDK itself does not retry a 429.
    assert requests(StorageUnavailable, status, code, method) == (1 if status == 429 else 2)


def test_an_answer_of_200_to_a_range_request_is_unavailable() -> None:
    """Without a Content-Range, the SDK reads without a limit, or fails."""
    headers = {"etag": '"1"', "content-type": "image/png"}
    with storage_answering(Answer(200, headers, b"data")) as (storage, _), pytest.raises(StorageUnavailable):
        storage.read("albums/cat.jpg", LIMIT)


@pytest.mark.parametrize(
    "stated", ["bytes 0-3/8", "bytes 4-7/8", "bytes 4-7/4", "bytes 0-3/*", "bytes 0-3", "none", ""]
)
def test_a_range_other_than_the_requested_one_is_unavailable_and_no_more_is_requested(stated: str) -> None:
    """The SDK would request the rest, although the blob may have changed, and append it."""
    headers = {"etag": '"1"', "content-type": "image/png", "content-range": stated}
    with storage_answering(Answer(206, headers, b"half")) as (storage, canned):
        with pytest.raises(StorageUnavailable):
            storage.read("albums/cat.jpg", LIMIT)
        assert len(canned.asked) == 1


@pytest.mark.parametrize("body", [b"<Error><Code>ServerBusy</Code></Error>", b"1", b"[" * 5000])
@pytest.mark.parametrize("method", ["find", "read", "create"])
def test_a_body_that_the_service_would_not_send_raises_no_error_of_the_sdk(method: str, body: bytes) -> None:
    kind = "application/xml" if body.startswith(b"<") else "application/json"
    with (
        storage_answering(Answer(503, {"content-type": kind}, body)) as (storage, _),
        pytest.raises(StorageUnavailable),
    ):
        call(storage, method)


def test_a_blob_that_is_created_meanwhile_wins_the_race() -> None:
    """For this race Azurite answers 409; the service answers 412 (Put Blob with If-None-Match)."""
    with storage_answering(Answer(412, {"x-ms-error-code": "ConditionNotMet"})) as (storage, _):
        assert storage.create("600x/cat.jpg", NewObject(b"cat")) is False
