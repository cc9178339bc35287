"""An original's length and checksums are compared where Cloud Storage states them."""

import pytest

from core.errors import StorageUnavailable
from tests.contract.faults import DEADLINE
from tests.contract.gcp.conftest import At
from tests.contract.suite import LIMIT
from tests.support.pictures.samples import CAT
from tests.support.servers.canned import Answer, answering
from tests.support.servers.dialects.gcs import transcoding
from tests.support.servers.faulty import PACKED, faulty


def test_an_object_that_google_decompresses_is_read_without_a_checksum(at: At) -> None:
    """The stated checksum is that of the stored bytes (Cloud Storage, "Transcoding of gzip-compressed files")."""
    with faulty(transcoding) as store:
        stored = at(store.url, "images").read(PACKED, LIMIT)
    assert (stored.data, stored.content_encoding) == (CAT, "")


@pytest.mark.parametrize("name", ["content-length", "x-goog-stored-content-length"])
def test_a_wrong_length_is_found_without_a_checksum(at: At, name: str) -> None:
    with answering(Answer(200, {"etag": '"1"', name: "8"}, b"half")) as canned, pytest.raises(StorageUnavailable):
        at(canned.url, "images", DEADLINE).read("albums/cat.jpg", LIMIT)


@pytest.mark.parametrize(("name", "value"), [("crc32c", "AAAAAA=="), ("MD5", "AAAA")])
@pytest.mark.parametrize("encoding", ["", "Identity", "identity"])
def test_a_wrong_checksum_is_found_in_every_spelling(at: At, name: str, value: str, encoding: str) -> None:
    headers = {"etag": '"1"', "x-goog-hash": f"{name}={value}", "x-goog-stored-content-encoding": encoding}
    with answering(Answer(200, headers, b"data")) as canned, pytest.raises(StorageUnavailable) as raised:
        at(canned.url, "images", DEADLINE).read("albums/cat.jpg", LIMIT)
    assert name in str(raised.value.__cause__)
