"""The S3 adapter under the contract, against moto's server, and the answers of S3 that moto can't give."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from core.errors import NotFound, SizewiseError, StorageRefused, StorageUnavailable
from core.storage import NewObject, Storage
from providers.aws.storage import S3Storage
from tests.contract.faults import DEADLINE, ArchiveContract, FaultContract
from tests.contract.suite import LIMIT, FailureContract, StorageContract, call
from tests.support.servers.canned import Answer, answering
from tests.support.servers.dialects.s3 import s3
from tests.support.servers.faults import FAULTS
from tests.support.servers.faulty import CAT_KEY, Faulty, faulty
from tests.support.servers.moto import REGION, Reach, moto_server, reaching
from tests.support.servers.processes import free_port

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    with moto_server() as address:
        yield address


@pytest.fixture
def reach(monkeypatch: pytest.MonkeyPatch) -> Reach:
    return reaching(monkeypatch)


class TestS3Faults(FaultContract, ArchiveContract):
    @pytest.fixture
    def store(self) -> Iterator[Faulty]:
        with faulty(s3) as store:
            yield store

    @pytest.fixture
    def standing(self, store: Faulty, reach: Reach) -> Storage:
        return S3Storage(reach(store.url), "images", DEADLINE)

    @pytest.fixture
    def patient(self, store: Faulty, reach: Reach) -> Storage:
        return S3Storage(reach(store.url), "images")

    @pytest.mark.parametrize("fault", sorted({*FAULTS} - {"corrupt"}))
    def test_the_first_byte_which_finding_asks_for_may_fail_too(
        self, store: Faulty, standing: Storage, fault: str
    ) -> None:
        """Headers without it are enough, and no error but the port's comes out."""
        store.fault = fault
        with suppress(StorageUnavailable):
            assert standing.find(CAT_KEY)


class TestS3(StorageContract, FailureContract):
    @pytest.fixture
    def name(self) -> str:
        return f"images-{uuid4()}"

    @pytest.fixture
    def client(self, moto: str, reach: Reach, name: str) -> "S3Client":
        client = reach(moto)
        client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        return client

    @pytest.fixture
    def bucket(self, client: "S3Client", name: str) -> Storage:
        return S3Storage(client, name)

    @pytest.fixture
    def absent(self, client: "S3Client", name: str) -> Storage:
        return S3Storage(client, f"{name}-mistyped")

    @pytest.fixture
    def unreachable(self, reach: Reach) -> Storage:
        return S3Storage(reach(f"http://127.0.0.1:{free_port()}"), "images")

    @pytest.fixture
    def overwrite(self, client: "S3Client", name: str) -> Callable[[str, bytes], None]:
        def write(key: str, data: bytes) -> None:
            client.put_object(Bucket=name, Key=key, Body=data)

        return write

    def test_what_is_created_is_tagged_as_a_variant(self, bucket: Storage, client: "S3Client", name: str) -> None:
        bucket.create("600x/cat.jpg", NewObject(b"cat"))
        tags = client.get_object_tagging(Bucket=name, Key="600x/cat.jpg")["TagSet"]
        assert tags == [{"Key": "sizewise", "Value": "variant"}]


def said(status: int, code: str, message: str) -> Answer:
    """An error as S3 says it."""
    body = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    return Answer(status, {"content-type": "application/xml"}, body.encode())


NOT_LISTED = (
    "User: arn:aws:sts::1:assumed-role/r/f is not authorized to perform: s3:ListBucket on resource: "
    '"arn:aws:s3:::images" because no identity-based policy allows the s3:ListBucket action'
)
OK = Answer()
DENIED = said(403, "AccessDenied", "Access Denied")
MAY_NOT_LIST = said(403, "AccessDenied", NOT_LISTED)
MAY_NOT_READ = said(403, "AccessDenied", NOT_LISTED.replace("ListBucket", "GetObject"))
MAY_NOT_DECRYPT = said(403, "AccessDenied", NOT_LISTED.replace("s3:ListBucket", "kms:Decrypt"))
KEY_OF_WORDS = "x is not authorized to perform: s3:ListBucket"
NAMED_ALIKE = said(
    403,
    "AccessDenied",
    NOT_LISTED.replace("s3:ListBucket", "s3:GetObject").replace(
        "images", "x is not authorized to perform: s3:ListBucket"
    ),
)
SLOW_DOWN = said(503, "SlowDown", "Please reduce your request rate.")
CONFLICT = said(409, "ConditionalRequestConflict", "A conflicting operation occurred.")
TAKEN = said(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")


def test_a_403_that_names_the_right_to_list_is_of_a_missing_key(reach: Reach) -> None:
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
        # Whoever may list the bucket is told 404 for a missing key, so that these are of objects that are there.
        ([DENIED, OK], StorageRefused, "AccessDenied"),
        ([MAY_NOT_READ, OK], StorageRefused, "s3:GetObject"),
        ([MAY_NOT_DECRYPT, OK], StorageRefused, "kms:Decrypt"),
        ([NAMED_ALIKE, OK], StorageRefused, "s3:GetObject"),
        ([said(403, "InvalidAccessKeyId", "unknown")], StorageRefused, "InvalidAccessKeyId"),
        ([said(400, "ExpiredToken", "expired")], StorageRefused, "ExpiredToken"),
        ([SLOW_DOWN], StorageUnavailable, "SlowDown"),
        ([said(500, "InternalError", "We encountered an internal error.")], StorageUnavailable, "InternalError"),
        ([said(400, "RequestTimeout", "Your socket connection was not read")], StorageUnavailable, "RequestTimeout"),
        ([said(400, "KMS.ThrottlingException", "You have exceeded the rate")], StorageUnavailable, "KMS.Throttling"),
        ([said(409, "OperationAborted", "A conflicting operation is in progress")], StorageUnavailable, "Aborted"),
    ],
    ids=lambda value: "" if isinstance(value, type | list) else value,
)
def test_an_answer_of_s3_is_our_error(
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
def test_a_redirect_to_nowhere_is_a_refusal_and_not_followed_again_and_again(
    reach: Reach, status: int, method: str
) -> None:
    with answering(said(status, "PermanentRedirect", "must be addressed using the specified endpoint")) as canned:
        with pytest.raises(StorageRefused):
            call(S3Storage(reach(canned.url), "images"), method)
        assert len(canned.asked) == 1


@pytest.mark.parametrize("status", [101, 201, 204, 206, 226])
def test_another_success_than_was_asked_for_is_none(reach: Reach, status: int) -> None:
    """Botocore takes each of them for one: a part of an original would be rendered, and stored."""
    headers = {"etag": '"1"', "content-range": "bytes 0-3/8", "last-modified": "Tue, 03 Nov 2026 10:00:00 GMT"}
    with answering(Answer(status, headers, b"half")) as canned:
        storage = S3Storage(reach(canned.url), "images", DEADLINE)
        for method in ("read", "create"):
            with pytest.raises(StorageUnavailable):
                call(storage, method)


@pytest.mark.parametrize("body", [b"<Error><Code><a/></Code></Error>", b"<a>" * 5000, b"<", b"\xff", b"{}"])
@pytest.mark.parametrize("method", ["find", "read", "create"])
def test_an_answer_that_is_not_s3_s_is_no_error_of_the_sdk(reach: Reach, method: str, body: bytes) -> None:
    answer = Answer(503, {"content-type": "application/xml", "x-amz-checksum-crc32": "!!!"}, body)
    with answering(answer) as canned, pytest.raises(StorageUnavailable):
        call(S3Storage(reach(canned.url), "images", DEADLINE), method)


def test_a_passing_failure_is_tried_again_once(reach: Reach) -> None:
    with answering(SLOW_DOWN, OK) as canned:
        assert S3Storage(reach(canned.url), "images").create("600x/cat.jpg", NewObject(b"cat")) is True
        assert len(canned.asked) == 2
    with answering(SLOW_DOWN) as canned:
        with pytest.raises(StorageUnavailable):
            S3Storage(reach(canned.url), "images").create("600x/cat.jpg", NewObject(b"cat"))
        assert len(canned.asked) == 2


@pytest.mark.parametrize(("last", "stored"), [(OK, True), (TAKEN, False)], ids=["free", "taken"])
def test_a_conflicting_write_is_tried_again(reach: Reach, last: Answer, stored: bool) -> None:
    with answering(CONFLICT, last) as canned:
        assert S3Storage(reach(canned.url), "images").create("600x/cat.jpg", NewObject(b"cat")) is stored
        assert canned.asked == ["PUT /images/600x/cat.jpg"] * 2


def test_conflicts_without_end_are_unavailable(reach: Reach) -> None:
    with answering(CONFLICT) as canned:
        with pytest.raises(StorageUnavailable):
            S3Storage(reach(canned.url), "images").create("600x/cat.jpg", NewObject(b"cat"))
        assert len(canned.asked) == 3
