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
"""The time after a variant is stored in which requests can arrive that its front refused before."""


class NotServed(Exception):
    """The reason why Sizewise does not redirect to a stored object."""


class VariantsBucket(S3Storage):
    """The storage port over a bucket whose front calls the function only if the front can't serve an object.

    So a variant that is found here contradicts the front, unless another viewer's miss has just made it. A redirect to
    it would lead back here, again and again.
    """

    def __init__(
        self, client: "S3Client", bucket: str, public: "Callable[[], S3Client] | None", deadline: float = CALL_SECONDS
    ) -> None:
        """`public` returns an anonymous client; it is None if only CloudFront can read the bucket."""
        super().__init__(client, bucket, deadline)
        self._public = public

    def find(self, key: str) -> Description | None:
        """What is stored under the key and served; see the port. Tags a variant again that has lost its tag."""
        with storage_errors(), calling(self._deadline):
            answer = self._found(key)
            if answer is None:
                return None
            found = description(answer)
            try:
                if not self._tags_again(key, found):
                    self._require_served(key, answer)
            except ClientError as error:
                if says_missing(key, error):  # It has been deleted in the meantime.
                    return None
                raise
            return found

    def _tags_again(self, key: str, found: Description) -> bool:
        """Gives an object the variants' tag if it has lost it; False if it has it.

        Raises StorageRefused for an object that can be a private original, because the function did not write it, or
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
        """Raises StorageRefused for a tagged object that is too old for a race, or not public."""
        if datetime.now(UTC) - answer["LastModified"] > _RACE:
            raise StorageRefused from NotServed("it has the tag of a variant, but the website or CloudFront refuses it")
        if self._public:
            self._require_public(key, answer, self._public())

    def _require_public(self, key: str, answer: "Found", public: "S3Client") -> None:
        """Raises StorageRefused unless everybody can read the object, as the bucket's website does."""
        # S3's user guide, "Protecting data with SSE-KMS": anonymous requests for such an object are refused.
        if answer.get("ServerSideEncryption", "").startswith("aws:kms"):
            raise StorageRefused from NotServed("it is encrypted with a KMS key, which the public can't use")
        try:
            # An error of HEAD has no message, and after its 400 botocore would look for another region.
            public.get_object(Bucket=self._bucket, Key=key, Range="bytes=0-0")["Body"].read()
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
                raise
            raise StorageRefused from NotServed(f"the public can't read it: {error}")
