"""Originals that were compressed before they were stored."""

import gzip
import time
import tracemalloc

import pytest

from core.encodings import decoded
from core.errors import BrokenOriginal, TooLarge, UnsupportedFormat
from core.storage import StoredObject
from tests.support.memory import Site, assert_problem
from tests.support.pictures.samples import CAT

LIMIT = 1_000_000
PROMISED = 5
"""Seconds of CPU time for any original."""


def stored(data: bytes, encoding: str) -> StoredObject:
    return StoredObject('"1"', "image/jpeg", "", {}, data, content_encoding=encoding)


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "x-gzip", " gzip ", "gzip, identity"])
@pytest.mark.parametrize("level", [0, 9])
def test_gzip_is_decoded(encoding: str, level: int) -> None:
    assert decoded("cat.jpg", stored(gzip.compress(CAT, level), encoding), LIMIT) == CAT


@pytest.mark.parametrize("encoding", ["", "identity", ",", " "])
def test_an_original_without_an_encoding_is_returned_unchanged(encoding: str) -> None:
    assert decoded("cat.jpg", stored(CAT, encoding), LIMIT) is CAT


def test_all_members_of_a_gzip_file_are_decoded() -> None:
    parts = gzip.compress(CAT[:9000]) + gzip.compress(b"") + gzip.compress(CAT[9000:]) + bytes(512)
    assert decoded("cat.jpg", stored(parts, "gzip"), LIMIT) == CAT


@pytest.mark.parametrize("encoding", ["br", "zstd", "deflate", "compress", "gzip, gzip", "gzip, br", "aws-chunked"])
def test_an_unsupported_coding_is_named(encoding: str) -> None:
    with pytest.raises(UnsupportedFormat, match=encoding):
        decoded("cat.jpg", stored(CAT, encoding), LIMIT)


@pytest.mark.parametrize(
    "data",
    [CAT, gzip.compress(CAT)[:-9], gzip.compress(CAT)[:-4], gzip.compress(CAT)[:5], gzip.compress(CAT) + b"junk"],
    ids=["not encoded", "cut", "without its length", "cut in its header", "with a tail"],
)
def test_a_file_that_is_no_complete_gzip_file_is_damaged(data: bytes) -> None:
    with pytest.raises(BrokenOriginal, match="gzip"):
        decoded("cat.jpg", stored(data, "gzip"), LIMIT)


def test_a_wrong_checksum_is_damage() -> None:
    data = bytearray(gzip.compress(CAT))
    data[-8] ^= 1
    with pytest.raises(BrokenOriginal):
        decoded("cat.jpg", stored(bytes(data), "gzip"), LIMIT)


def test_a_bomb_is_decoded_no_further_than_the_limit() -> None:
    bomb = gzip.compress(bytes(1_000_000_000), 1)
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge, match=str(LIMIT)):
            decoded("cat.jpg", stored(bomb, "gzip"), LIMIT)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4 * LIMIT


def test_too_many_members_are_refused() -> None:
    with pytest.raises(TooLarge, match="members"):
        decoded("cat.jpg", stored(gzip.compress(b"") * 20_000, "gzip"), LIMIT)


def named(size: int) -> bytes:
    """A member whose header has a name of `size` bytes (RFC 1952, section 2.3.1)."""
    packed = gzip.compress(b"")
    return packed[:3] + b"\x08" + packed[4:10] + b"n" * size + b"\0" + packed[10:]


@pytest.mark.parametrize(("size", "members"), [(60_000_000, 1), (6600, 9000)])
def test_a_hostile_header_is_read_within_five_seconds(size: int, members: int) -> None:
    """docs/operations.md, "Limits": the standard library reads such headers in Python, in the server's own process."""
    original = stored(named(size) * members, "gzip")
    start = time.process_time()
    assert decoded("cat.jpg", original, LIMIT) == b""
    assert time.process_time() - start < PROMISED


def test_the_limit_itself_is_allowed() -> None:
    assert len(decoded("a", stored(gzip.compress(bytes(LIMIT)), "gzip"), LIMIT)) == LIMIT


def test_a_request_for_a_compressed_original_is_redirected_to_its_variant() -> None:
    site = Site()
    site.originals.objects["cat.jpg"] = stored(gzip.compress(CAT), "gzip")
    site.originals.objects["cat.br"] = stored(CAT, "br")
    assert site.ask("/60x/cat.jpg").status == 301
    assert_problem(site.ask("/60x/cat.br"), 415)
