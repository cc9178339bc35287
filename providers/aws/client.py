"""The S3 client: its credentials and its time limits."""

from typing import TYPE_CHECKING, cast

from botocore import UNSIGNED
from botocore.awsrequest import (
    AWSHTTPConnection,
    AWSHTTPConnectionPool,
    AWSHTTPSConnection,
    AWSHTTPSConnectionPool,
)
from botocore.config import Config
from botocore.session import Session

from core.errors import StorageRefused
from providers.connections import CONNECT_SECONDS, SILENCE_SECONDS, PlainConnection, TlsConnection

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


# mypy objects because botocore's `request` names its arguments differently. Each class passes them all on.
class _Connection(PlainConnection, AWSHTTPConnection):  # type: ignore[misc]
    """A connection of botocore that keeps to a deadline."""


class _TlsConnection(TlsConnection, AWSHTTPSConnection):  # type: ignore[misc]
    """A TLS connection of botocore that keeps to a deadline."""


# botocore has no option for its connections' class. Without a deadline, these classes act as botocore's.
AWSHTTPConnectionPool.ConnectionCls = _Connection
AWSHTTPSConnectionPool.ConnectionCls = _TlsConnection


def connect(session: Session, region: str, *, anonymous: bool = False) -> "S3Client":
    """The client of a process, with the session's credentials. Any thread can use the client, but not the session.

    An anonymous client has only the public's access. The client is botocore's: importing boto3, which only wraps it,
    would make each cold start longer.
    """
    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=SILENCE_SECONDS,
        # After many failures, the standard mode would stop retrying for a while.
        retries={"mode": "legacy", "total_max_attempts": 2},
        # Only `read` requests a checksum. S3 states none for the one byte that `find` reads.
        response_checksum_validation="when_required",
        signature_version=UNSIGNED if anonymous else None,
    )
    client = cast("S3Client", session.create_client("s3", region_name=region, config=config))
    client.meta.events.register("before-call.s3.HeadBucket", _refuse)
    return client


def _refuse(**_: object) -> None:
    """Raises StorageRefused where botocore would repeatedly look for the region of a redirected bucket."""
    raise StorageRefused from LookupError("S3 redirects, and does not say to which region")
