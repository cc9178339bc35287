"""An S3 bucket as storage."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, cast

from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004 -- botocore's own, for what was not answered
    FlexibleChecksumError,
    HTTPClientError,
    IncompleteReadError,
)
from botocore.session import get_session

from core.errors import StorageRefused, StorageUnavailable
from core.storage import Description, NewObject, StoredObject, missing, too_large

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_s3.type_defs import GetObjectOutputTypeDef, HeadObjectOutputTypeDef

_TAG: Final = "sizewise=variant"
"""On every object that is created here: by it the bucket's policy and lifecycle tell variants from originals."""

_CONFLICTS: Final = 3
"""Times that a conditional write is tried while others of the same key are under way."""

_CONFIG: Final = Config(
    # A silent S3 costs at most two attempts of 2 + 4 seconds and a pause of 1: a miss, whose read
    # and write come one after the other, is answered within API Gateway's 29 seconds.
    connect_timeout=2,
    read_timeout=4,
    retries={"mode": "standard", "total_max_attempts": 2},
)
_PASSING: Final = ("RequestTimeout", "SlowDown", "Throttling", "ThrottlingException", "RequestLimitExceeded")


def connect(region: str) -> "S3Client":
    """The client of a process, with credentials from the environment; it may be used from any thread.

    It is botocore's, which boto3's only wraps: importing boto3 too would make each cold start longer.
    """
    return cast("S3Client", get_session().create_client("s3", region_name=region, config=_CONFIG))


class S3Storage:
    """The storage port over one bucket; see `core.storage.Storage`."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def find(self, key: str) -> Description | None:
        """What is stored under the key; see the port.

        It asks for the first byte: HEAD costs the same and can't tell a missing bucket from a missing key.
        """
        with _our_errors():
            try:
                answer = self._client.get_object(Bucket=self._bucket, Key=key, Range="bytes=0-0")
            except ClientError as error:
                if _code(error) == "InvalidRange":  # There, and empty, which no variant is: one more request.
                    return _description(self._client.head_object(Bucket=self._bucket, Key=key))
                if self._says_missing(error):
                    return None
                raise
            answer["Body"].read()  # A body that is not read costs the next request a new connection.
            return _description(answer)

    def read(self, key: str, max_bytes: int) -> StoredObject:
        """The object under the key; see the port."""
        with _our_errors():
            try:
                answer = self._client.get_object(Bucket=self._bucket, Key=key)
            except ClientError as error:
                if self._says_missing(error):
                    raise missing(key) from error
                raise
            with answer["Body"] as body:
                if answer["ContentLength"] > max_bytes:
                    raise too_large(key, max_bytes)
                data = body.read()
        return _description(answer).with_data(data)

    def create(self, key: str, new: NewObject) -> bool:
        """Stores an object unless the key is taken; see the port.

        412 says that it is taken; 409 that another write is under way, which may fail yet, so that S3's
        documentation of PutObject asks to try again.
        """
        conflict: ClientError | None = None
        with _our_errors():
            for _ in range(_CONFLICTS):
                try:
                    self._put(key, new)
                except ClientError as error:
                    if _code(error) == "PreconditionFailed":
                        return False
                    if _code(error) != "ConditionalRequestConflict":
                        raise
                    conflict = error
                else:
                    return True
        raise StorageUnavailable from conflict

    def _put(self, key: str, new: NewObject) -> None:
        self._client.put_object(
            Bucket=self._bucket,
            Key=key,
            Body=new.data,
            ContentType=new.content_type,
            CacheControl=new.cache_control,
            Metadata=dict(new.metadata),
            Tagging=_TAG,
            IfNoneMatch="*",
        )

    def _says_missing(self, error: ClientError) -> bool:
        """Whether an answer means that the key, and no more than the key, is not there.

        Who may not list the bucket is told 403 for a missing key. Newer answers name the action that was
        refused: ListBucket, where the object could have been read had it been there. Older ones say only
        "Access Denied": then a bucket that can be read is taken to lack the key.
        """
        code = _code(error)
        if code != "AccessDenied":
            return code == "NoSuchKey"
        if "s3:ListBucket" in error.response["Error"].get("Message", ""):
            return True
        try:
            self._client.head_bucket(Bucket=self._bucket)
        except ClientError:
            return False
        return True


def _description(answer: "GetObjectOutputTypeDef | HeadObjectOutputTypeDef") -> Description:
    # Some stores that speak S3 leave out what they do not keep.
    kept = (answer.get("ContentType", ""), answer.get("CacheControl", ""), answer.get("Metadata", {}))
    return Description(answer["ETag"], *kept)


def _code(error: ClientError) -> str:
    return error.response["Error"].get("Code", "")


@contextmanager
def _our_errors() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        passing = status >= 500 or status == 429 or _code(error) in _PASSING
        raise (StorageUnavailable if passing else StorageRefused)() from error
    except (ConnectionError, HTTPClientError, IncompleteReadError, FlexibleChecksumError) as error:
        raise StorageUnavailable from error
    except BotoCoreError as error:
        raise StorageRefused from error
