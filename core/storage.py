"""The storage port: what the core needs of a bucket, and what each adapter owes it.

An adapter is made for one bucket, from a ready client. The contract suite, tests/contract, holds
every adapter to this page.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from core.errors import NotFound, StorageRefused, TooLarge

ORIGINAL_ETAG: Final = "originaletag"
"""The metadata name under which a variant keeps its original's ETag: one word, as Azure wants it."""

INSTEAD_OF: Final = "insteadof"
"""The metadata name under which a variant keeps the format that it was made instead of, where the format was open."""


@dataclass(frozen=True)
class Description:
    """What a store says of an object without its bytes.

    `etag` is opaque text that changes whenever the bytes do. `metadata` has the names and values that are kept with
    the object. `content_encoding` is how the bytes that `read` gives are encoded, as the header of that name says it.
    """

    etag: str
    content_type: str
    cache_control: str
    metadata: Mapping[str, str]
    content_encoding: str = field(default="", kw_only=True)

    def with_data(self, data: bytes) -> "StoredObject":
        """The object that is described, with its bytes."""
        return StoredObject(**vars(self), data=data)


@dataclass(frozen=True)
class StoredObject(Description):
    """An object as it is read: its description and its bytes."""

    data: bytes


@dataclass(frozen=True)
class NewObject:
    """An object to be created. Names of metadata are lower-case ASCII letters, values printable ASCII."""

    data: bytes
    content_type: str = "application/octet-stream"
    cache_control: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)


class Storage(Protocol):
    """One bucket. Keys are text as the user knows them, never percent-encoded.

    Every method raises

    - StorageRefused where the store says no, or there is no identity to ask with, and where an object
      is archived: asking again is of no use;
    - StorageUnavailable where the store or its token service throttles, can't be reached or is silent,
      and where what it sends is cut, is longer or other than it says, or takes too long. What was not
      answered is tried once more before, on a new connection.

    No error of an SDK leaves an adapter: ours is raised `from` it. Whatever a store does, a call ends
    within a few seconds, and leaves no thread, connection or download behind. Every method may be called
    from any thread.
    """

    def find(self, key: str) -> Description | None:
        """What is stored under the key, in one round trip and without its bytes; None if nothing is.

        A bucket may be one that the public reads, as the variants' is. There, StorageRefused is also raised
        for an object that is stored but not served, as far as the store tells.
        """
        ...

    def read(self, key: str, max_bytes: int) -> StoredObject:
        """The object under the key, in one round trip.

        Its length is compared with the one that the store states, and so is its checksum if that is stated
        too and can be computed here. Raises NotFound, and TooLarge for an object over `max_bytes` without
        having read more than `max_bytes` and a buffer of it. A missing *bucket* is StorageRefused, not NotFound.
        """
        ...

    def create(self, key: str, new: NewObject) -> bool:
        """Stores an object unless the key is taken, in one atomic round trip.

        True if this call stored it, False if the key was taken: of any number of racing calls
        exactly one gets True, and nobody ever sees another's bytes or a part of them. A call whose
        first try was not answered may meet itself, and then gets False.
        """
        ...


def missing(key: str) -> NotFound:
    """What `read` raises for a key that is not stored."""
    return NotFound(f"There is no image {key!r}.")


def too_large(key: str, max_bytes: int) -> TooLarge:
    """What `read` raises for an object over `max_bytes`."""
    return TooLarge(f"The image {key!r} is larger than {max_bytes} bytes, which is what is read here.")


def archived(key: str) -> StorageRefused:
    """What is raised for an object that its store keeps, but does not hand out before it is restored."""
    return StorageRefused(f"The image {key!r} is archived: its operator has to restore it first.")
