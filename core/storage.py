"""The storage port: what the core needs of a bucket, and what each adapter owes it.

An adapter is made for one bucket, from a ready client. The contract suite, tests/contract, holds
every adapter to this page.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from core.errors import NotFound, TooLarge


@dataclass(frozen=True)
class Description:
    """What a store says of an object without its bytes.

    `etag` is opaque text that changes whenever the bytes do. `metadata` has the names and values that are kept with
    the object.
    """

    etag: str
    content_type: str
    cache_control: str
    metadata: Mapping[str, str]

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

    Every method raises StorageRefused where the store says no (permissions, no such bucket) and
    StorageUnavailable where it throttles, times out or can't be reached, each `from` the SDK's own
    error; no error of an SDK leaves an adapter. Every method may be called from any thread.
    """

    def find(self, key: str) -> Description | None:
        """What is stored under the key, in one round trip and without its bytes; None if nothing is."""
        ...

    def read(self, key: str, max_bytes: int) -> StoredObject:
        """The object under the key, in one round trip.

        Raises NotFound, and TooLarge for an object over `max_bytes` without having read more than
        `max_bytes` and a buffer of it. A missing *bucket* is StorageRefused, not NotFound.
        """
        ...

    def create(self, key: str, new: NewObject) -> bool:
        """Stores an object unless the key is taken, in one atomic round trip.

        True if this call stored it, False if the key was taken: of any number of racing calls
        exactly one gets True, and nobody ever sees another's bytes or a part of them.
        """
        ...


def missing(key: str) -> NotFound:
    """What `read` raises for a key that is not stored."""
    return NotFound(f"There is no image {key!r}.")


def too_large(key: str, max_bytes: int) -> TooLarge:
    """What `read` raises for an object over `max_bytes`."""
    return TooLarge(f"The image {key!r} is larger than {max_bytes} bytes, which is what is read here.")
