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


# The types differ because botocore's `request` has other argument names. All of them pass the arguments on.
class _Connection(PlainConnection, AWSHTTPConnection):  # type: ignore[misc]
    """A connection of botocore that keeps to a deadline."""


class _TlsConnection(TlsConnection, AWSHTTPSConnection):  # type: ignore[misc]
    """The same over TLS."""


# botocore has no option for this. Without a deadline these connections behave as its own.
AWSHTTPConnectionPool.ConnectionCls = _Connection
AWSHTTPSConnectionPool.ConnectionCls = _TlsConnection


def connect(session: Session, region: str, *, anonymous: bool = False) -> "S3Client":
    """The client of a process, with the session's credentials. Any thread can use it, but not the session.

    An anonymous client has the access of the public. It is botocore's client, which boto3 only wraps: importing boto3
    would make each cold start longer.
    """
    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=SILENCE_SECONDS,
        # After many failures, the standard mode would stop retrying for a while.
        retries={"mode": "legacy", "total_max_attempts": 2},
        # `read` requests it. S3 states no checksum of the one byte that `find` reads.
        response_checksum_validation="when_required",
        signature_version=UNSIGNED if anonymous else None,
    )
    client = cast("S3Client", session.create_client("s3", region_name=region, config=config))
    client.meta.events.register("before-call.s3.HeadBucket", _refuse)
    return client


def _refuse(**_: object) -> None:
    """Raises StorageRefused where botocore would ask repeatedly for the region of a redirected bucket."""
    raise StorageRefused from LookupError("S3 redirects, and does not say to which region")
