"""moto's server, an S3 on loopback, and the adapter's client for it or for another address."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pytest
from botocore.session import get_session

from providers.aws.client import connect
from tests.support.servers.processes import python, running

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

REGION: Final = "eu-central-1"

Reach = Callable[[str], "S3Client"]


@contextmanager
def moto_server() -> Iterator[str]:
    """Runs a moto server until the block ends, and yields its address."""
    with running(python("-m", "moto.server", "-p", "0"), r"Running on (http://\S+)", {}) as server:
        yield server.match[1]


def reaching(monkeypatch: pytest.MonkeyPatch) -> Reach:
    """A function that connects to an S3 at an address as Lambda connects to AWS: with environment variables only."""

    def client(address: str) -> "S3Client":
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", address)
        return connect(get_session(), REGION)

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    return client
