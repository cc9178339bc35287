"""An S3 bucket as storage."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004 -- botocore's own: there was no answer
    CredentialRetrievalError,
    FlexibleChecksumError,
    HTTPClientError,
    IncompleteReadError,
    MetadataRetrievalError,
)

from core.errors import SizewiseError, StorageRefused, StorageUnavailable
from core.storage import Description, NewObject, StoredObject, archived, missing, too_large
from providers.connections import CALL_SECONDS, calling

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_s3.type_defs import GetObjectOutputTypeDef, HeadObjectOutputTypeDef, PutObjectOutputTypeDef

    Found = GetObjectOutputTypeDef | HeadObjectOutputTypeDef

TAG: Final = "sizewise"
"""The tag of every object that is created here. The bucket's policy and lifecycle select variants by it."""

TAG_VALUE: Final = "variant"

_CONFLICTS: Final = 3
"""Tries of a conditional write while other writes of the same key are under way."""

_THROTTLED: Final = (408, 429)
_TRANSIENT: Final = (
    *("RequestTimeout", "SlowDown", "Throttling", "ThrottlingException", "RequestLimitExceeded"),
    "OperationAborted",
)
"""The endings of the codes of transient errors: another try can succeed. KMS puts its name in front of its codes."""

_MAY_NOT_LIST: Final = "is not authorized to perform: s3:ListBucket"


class S3Storage:
    """The storage interface (port) for one bucket; see `core.storage.Storage`. A call has `deadline` seconds."""

    def __init__(self, client: "S3Client", bucket: str, deadline: float = CALL_SECONDS) -> None:
        self._client = client
        self._bucket = bucket
        self._deadline = deadline

    def find(self, key: str) -> Description | None:
        """What is stored under the key; see the port."""
        with storage_errors(), calling(self._deadline):
            answer = self._found(key)
            return description(answer) if answer else None

    def read(self, key: str, max_bytes: int) -> StoredObject:
        """The object under the key; see the port."""
        with storage_errors(), calling(self._deadline, max_bytes):
            try:
                answer = self._client.get_object(Bucket=self._bucket, Key=key, ChecksumMode="ENABLED")
            except ClientError as error:
                if says_missing(key, error):
                    raise missing(key) from error
                raise
            _require(answer, HTTPStatus.OK)
            # `with` would give the raw stream, which compares neither length nor checksum.
            body = answer["Body"]
            try:
                if answer["ContentLength"] > max_bytes:
                    raise too_large(key, max_bytes)
                data = body.read()
            finally:
                body.close()
        return description(answer).with_data(data)

    def create(self, key: str, new: NewObject) -> bool:
        """Stores an object unless the key is taken; see the port.

        412 means that it is taken. 409 means that another write is under way, which can still fail, so S3's
        documentation of PutObject says to try again.
        """
        conflict: ClientError | None = None
        with storage_errors(), calling(self._deadline):
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

    def _found(self, key: str) -> "Found | None":
        """S3's answer about the key, None if there is no such object.

        It requests the first byte. HEAD costs the same, but can't tell a missing bucket from a missing key.
        """
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=key, Range="bytes=0-0")
        except ClientError as error:
            if _code(error) == "InvalidRange":  # The object is empty. Variants never are, so the extra request is rare.
                return self._client.head_object(Bucket=self._bucket, Key=key)
            if says_missing(key, error):
                return None
            raise
        _require(answer, HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT)
        answer["Body"].read()  # Otherwise the next request would need a new connection.
        return answer

    def _put(self, key: str, new: NewObject) -> None:
        answer = self._client.put_object(
            Bucket=self._bucket,
            Key=key,
            Body=new.data,
            ContentType=new.content_type,
            CacheControl=new.cache_control,
            Metadata=dict(new.metadata),
            Tagging=f"{TAG}={TAG_VALUE}",
            IfNoneMatch="*",
        )
        _require(answer, HTTPStatus.OK)


def _require(answer: "Found | PutObjectOutputTypeDef", *statuses: int) -> None:
    """Raises StorageUnavailable for any other status, because botocore accepts every 2xx as a success."""
    status = answer["ResponseMetadata"]["HTTPStatusCode"]
    if status not in statuses:
        raise StorageUnavailable from ValueError(f"the answer has the status {status}")


def says_missing(key: str, error: ClientError) -> bool:
    """Whether an answer means that only the key is missing. Raises StorageRefused if the object is archived.

    Without the right to list the bucket, a missing key is a 403 whose message names that right. With it, a missing key
    is a 404, so any other 403 is about an existing object. Source: S3 API reference, GetObject, "Permissions".
    """
    if _code(error) == "InvalidObjectState":
        raise archived(key) from error
    return _code(error) == "NoSuchKey" or (_code(error) == "AccessDenied" and _MAY_NOT_LIST in _refused_action(error))


def _refused_action(error: ClientError) -> str:
    """The message before the resource's name: that name can contain any text."""
    return error.response["Error"].get("Message", "").partition(" on resource")[0]


def description(answer: "Found") -> Description:
    """The description of an object in S3's answer."""
    # Some S3-compatible stores leave out headers that they do not store.
    kept = (answer.get("ETag", ""), answer.get("ContentType", ""), answer.get("CacheControl", ""))
    return Description(*kept, answer.get("Metadata", {}), content_encoding=answer.get("ContentEncoding", ""))


def _code(error: ClientError) -> str:
    return error.response["Error"].get("Code", "")


@contextmanager
def storage_errors() -> Iterator[None]:
    """Turns the SDK's errors into the storage port's."""
    try:
        yield
    except SizewiseError:
        raise
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        passing = status >= 500 or status in _THROTTLED or _code(error).endswith(_TRANSIENT)
        raise (StorageUnavailable if passing else StorageRefused)() from error
    except (ConnectionError, HTTPClientError, IncompleteReadError, FlexibleChecksumError) as error:
        raise StorageUnavailable from error
    except (CredentialRetrievalError, MetadataRetrievalError) as error:  # The token service fails for the moment.
        raise StorageUnavailable from error
    except BotoCoreError as error:
        raise StorageRefused from error
    except Exception as error:  # On an answer that is not S3's, botocore can fail in any way.
        raise StorageUnavailable from error
