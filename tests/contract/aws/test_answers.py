"""Answers of S3 that moto can't give, and the error that the adapter raises for each."""

from typing import TYPE_CHECKING

import pytest

from core.errors import NotFound, SizewiseError, StorageRefused, StorageUnavailable
from core.storage import NewObject
from providers.aws.storage import S3Storage
from tests.contract.faults import DEADLINE
from tests.contract.suite import LIMIT, call
from tests.support.servers.canned import Answer, answering
from tests.support.servers.moto import Reach

if TYPE_CHECKING:
    pass


def s3_error(status: int, code: str, message: str) -> Answer:
    """S3's answer for an error."""
    body = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    return Answer(status, {"content-type": "application/xml"}, body.encode())


NOT_LISTED = (
    "User: arn:aws:sts::1:assumed-role/r/f is not authorized to perform: s3:ListBucket on resource: "
    '"arn:aws:s3:::images" because no identity-based policy allows the s3:ListBucket action'
)
OK = Answer()
DENIED = s3_error(403, "AccessDenied", "Access Denied")
MAY_NOT_LIST = s3_error(403, "AccessDenied", NOT_LISTED)
MAY_NOT_READ = s3_error(403, "AccessDenied", NOT_LISTED.replace("ListBucket", "GetObject"))
MAY_NOT_DECRYPT = s3_error(403, "AccessDenied", NOT_LISTED.replace("s3:ListBucket", "kms:Decrypt"))
MISLEADING_KEY = "x is not authorized to perform: s3:ListBucket"
DENIED_MISLEADING_KEY = s3_error(
    403, "AccessDenied", NOT_LISTED.replace("s3:ListBucket", "s3:GetObject").replace("images", MISLEADING_KEY)
)
SLOW_DOWN = s3_error(503, "SlowDown", "Please reduce your request rate.")
CONFLICT = s3_error(409, "ConditionalRequestConflict", "A conflicting operation occurred.")
TAKEN = s3_error(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")


def test_a_403_that_names_the_right_to_list_means_a_missing_key(reach: Reach) -> None:
    with answering(MAY_NOT_LIST) as canned:
        storage = S3Storage(reach(canned.url), "images")
        with pytest.raises(NotFound) as raised:
            storage.read("nobody.jpg", LIMIT)
        assert "AccessDenied" in str(raised.value.__cause__)
        assert storage.find("600x/nobody.jpg") is None
        assert canned.asked == ["GET /images/nobody.jpg", "GET /images/600x/nobody.jpg"]


@pytest.mark.parametrize("method", ["find", "read", "create"])
@pytest.mark.parametrize(
    ("answers", "error", "reason"),
    [
        # With the right to list the bucket, a missing key is a 404, so these objects exist.
        ([DENIED, OK], StorageRefused, "AccessDenied"),
        ([MAY_NOT_READ, OK], StorageRefused, "s3:GetObject"),
        ([MAY_NOT_DECRYPT, OK], StorageRefused, "kms:Decrypt"),
        ([DENIED_MISLEADING_KEY, OK], StorageRefused, "s3:GetObject"),
        ([s3_error(403, "InvalidAccessKeyId", "unknown")], StorageRefused, "InvalidAccessKeyId"),
        ([s3_error(400, "ExpiredToken", "expired")], StorageRefused, "ExpiredToken"),
        ([SLOW_DOWN], StorageUnavailable, "SlowDown"),
        ([s3_error(500, "InternalError", "We encountered an internal error.")], StorageUnavailable, "InternalError"),
        (
            [s3_error(400, "RequestTimeout", "Your socket connection was not read")],
            StorageUnavailable,
            "RequestTimeout",
        ),
        (
            [s3_error(400, "KMS.ThrottlingException", "You have exceeded the rate")],
            StorageUnavailable,
            "KMS.Throttling",
        ),
        ([s3_error(409, "OperationAborted", "A conflicting operation is in progress")], StorageUnavailable, "Aborted"),
    ],
    ids=lambda value: "" if isinstance(value, type | list) else value,
)
def test_an_error_of_s3_becomes_the_ports_error(
    reach: Reach,
    method: str,
    answers: list[Answer],
    error: type[SizewiseError],
    reason: str,
) -> None:
    with answering(*answers) as canned, pytest.raises(error) as raised:
        call(S3Storage(reach(canned.url), "images"), method)
    assert reason in str(raised.value.__cause__)


@pytest.mark.parametrize("status", [301, 302, 307])
@pytest.mark.parametrize("method", ["find", "read", "create"])
def test_a_redirect_without_a_target_is_refused_and_not_retried(reach: Reach, status: int, method: str) -> None:
    with answering(s3_error(status, "PermanentRedirect", "must be addressed using the specified endpoint")) as canned:
        with pytest.raises(StorageRefused):
            call(S3Storage(reach(canned.url), "images"), method)
        assert len(canned.asked) == 1


@pytest.mark.parametrize("status", [101, 201, 204, 206, 226])
def test_an_unexpected_success_status_is_unavailable(reach: Reach, status: int) -> None:
    """Botocore accepts each of them: a part of an original would be rendered and stored."""
    headers = {"etag": '"1"', "content-range": "bytes 0-3/8", "last-modified": "Tue, 03 Nov 2026 10:00:00 GMT"}
    with answering(Answer(status, headers, b"half")) as canned:
        storage = S3Storage(reach(canned.url), "images", DEADLINE)
        for method in ("read", "create"):
            with pytest.raises(StorageUnavailable):
                call(storage, method)


@pytest.mark.parametrize("body", [b"<Error><Code><a/></Code></Error>", b"<a>" * 5000, b"<", b"\xff", b"{}"])
@pytest.mark.parametrize("method", ["find", "read", "create"])
def test_a_body_that_s3_would_not_send_raises_no_error_of_the_sdk(reach: Reach, method: str, body: bytes) -> None:
    answer = Answer(503, {"content-type": "application/xml", "x-amz-checksum-crc32": "!!!"}, body)
    with answering(answer) as canned, pytest.raises(StorageUnavailable):
        call(S3Storage(reach(canned.url), "images", DEADLINE), method)


def test_a_temporary_failure_is_retried_once(reach: Reach) -> None:
    with answering(SLOW_DOWN, OK) as canned:
        assert S3Storage(reach(canned.url), "images").create("600x/cat.jpg", NewObject(b"cat")) is True
        assert len(canned.asked) == 2
    with answering(SLOW_DOWN) as canned:
        with pytest.raises(StorageUnavailable):
            S3Storage(reach(canned.url), "images").create("600x/cat.jpg", NewObject(b"cat"))
        assert len(canned.asked) == 2


@pytest.mark.parametrize(("last", "stored"), [(OK, True), (TAKEN, False)], ids=["free", "taken"])
def test_a_conflicting_write_is_retried(reach: Reach, last: Answer, stored: bool) -> None:
    with answering(CONFLICT, last) as canned:
        assert S3Storage(reach(canned.url), "images").create("600x/cat.jpg", NewObject(b"cat")) is stored
        assert canned.asked == ["PUT /images/600x/cat.jpg"] * 2


def test_endless_conflicts_are_unavailable(reach: Reach) -> None:
    with answering(CONFLICT) as canned:
        with pytest.raises(StorageUnavailable):
            S3Storage(reach(canned.url), "images").create("600x/cat.jpg", NewObject(b"cat"))
        assert len(canned.asked) == 3
