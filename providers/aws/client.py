"""S3's client: who asks, and how long an answer may take."""

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


# The types differ because botocore's `request` names its arguments otherwise; all of them pass them on.
class _Connection(PlainConnection, AWSHTTPConnection):  # type: ignore[misc]
    """S3's connection that keeps to a deadline."""


class _TlsConnection(TlsConnection, AWSHTTPSConnection):  # type: ignore[misc]
    """The same over TLS."""


# botocore has no way to be given connections. Where no deadline is set, these are what its own are.
AWSHTTPConnectionPool.ConnectionCls = _Connection
AWSHTTPSConnectionPool.ConnectionCls = _TlsConnection


def connect(session: Session, region: str, *, anonymous: bool = False) -> "S3Client":
    """The client of a process, with the session's credentials; it may be used from any thread, the session may not.

    An anonymous one asks as the public does. It is botocore's client, which boto3's only wraps: importing boto3 too
    would make each cold start longer.
    """
    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=SILENCE_SECONDS,
        # The standard mode would stop trying again for a while after many failures.
        retries={"mode": "legacy", "total_max_attempts": 2},
        # Where it is wanted it is asked for: S3 states no checksum of the one byte that `find` reads.
        response_checksum_validation="when_required",
        signature_version=UNSIGNED if anonymous else None,
    )
    client = cast("S3Client", session.create_client("s3", region_name=region, config=config))
    client.meta.events.register("before-call.s3.HeadBucket", _refuse)
    return client


def _refuse(**_: object) -> None:
    """Raises StorageRefused where botocore wants to find out a redirected bucket's region, again and again."""
    raise StorageRefused from LookupError("S3 redirects, and does not say to which region")
