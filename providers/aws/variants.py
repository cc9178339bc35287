"""The variants' bucket, which a website or CloudFront serves."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from core.errors import StorageRefused
from core.storage import ORIGINAL_ETAG, Description
from providers.aws.storage import TAG, TAG_VALUE, S3Storage, description, says_missing, storage_errors
from providers.connections import CALL_SECONDS, calling

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_s3.type_defs import TaggingTypeDef

    from providers.aws.storage import Found

_RACE: Final = timedelta(seconds=60)
"""For this time after a variant is stored, requests can arrive that the front passed on before."""


class NotServed(Exception):
    """The reason why Sizewise does not redirect to a stored object."""


class VariantsBucket(S3Storage):
    """The storage interface (port) for a bucket with a front: a website or CloudFront. See `core.storage.Storage`.

    The front calls the function only if it can't serve an object. So a variant that is found here contradicts the
    front, unless another viewer's request has just created it. A redirect to it would lead back here, again and again.
    """

    def __init__(
        self, client: "S3Client", bucket: str, public: "Callable[[], S3Client] | None", deadline: float = CALL_SECONDS
    ) -> None:
        """`public` returns an anonymous client. `public` is None if only CloudFront can read the bucket."""
        super().__init__(client, bucket, deadline)
        self._public = public

    def find(self, key: str) -> Description | None:
        """What is stored under the key and served; see the port. A variant that has lost its tag gets the tag again."""
        with storage_errors(), calling(self._deadline):
            answer = self._found(key)
            if answer is None:
                return None
            found = description(answer)
            try:
                if not self._tags_again(key, found):
                    self._require_served(key, answer)
            except ClientError as error:
                if says_missing(key, error):  # The object has been deleted in the meantime.
                    return None
                raise
            return found

    def _tags_again(self, key: str, found: Description) -> bool:
        """Gives an object the variants' tag if the object has lost the tag; returns False if it has not.

        Raises StorageRefused for an object that can be a private original: the function did not write the object, or
        somebody gave the tag another value.
        """
        tags = self._client.get_object_tagging(Bucket=self._bucket, Key=key)["TagSet"]
        own = [tag["Value"] for tag in tags if tag["Key"] == TAG]
        if own == [TAG_VALUE]:
            return False
        if own:
            raise StorageRefused from NotServed(f"its tag {TAG} is {own[0]}")
        if ORIGINAL_ETAG not in found.metadata:
            raise StorageRefused from NotServed(f"it has no {ORIGINAL_ETAG}: Sizewise did not write it")
        tagging: TaggingTypeDef = {"TagSet": [*tags, {"Key": TAG, "Value": TAG_VALUE}]}
        self._client.put_object_tagging(Bucket=self._bucket, Key=key, Tagging=tagging)
        return True

    def _require_served(self, key: str, answer: "Found") -> None:
        """Raises StorageRefused for a tagged object that is older than `_RACE`, or not public."""
        if datetime.now(UTC) - answer["LastModified"] > _RACE:
            raise StorageRefused from NotServed("it has the tag of a variant, but the website or CloudFront refuses it")
        if self._public:
            self._require_public(key, answer, self._public())

    def _require_public(self, key: str, answer: "Found", public: "S3Client") -> None:
        """Raises StorageRefused unless the public, and so the bucket's website, can read the object."""
        # S3's user guide, "Protecting data with SSE-KMS": S3 refuses anonymous requests for objects with a KMS key.
        if answer.get("ServerSideEncryption", "").startswith("aws:kms"):
            raise StorageRefused from NotServed("it is encrypted with a KMS key, which the public can't use")
        try:
            # Not HEAD: its errors have no message, and after a 400 botocore would look for another region.
            public.get_object(Bucket=self._bucket, Key=key, Range="bytes=0-0")["Body"].read()
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
                raise
            raise StorageRefused from NotServed(f"the public can't read it: {error}")
