"""The storage port: what the core needs of a bucket, and what each adapter owes it.

An adapter is made for one bucket, from a ready client. The contract suite, tests/contract, holds
every adapter to this page.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from core.errors import NotFound, TooLarge


@dataclass(frozen=True)
class StoredObject:
    """An object as it is stored.

    `etag` is opaque text that changes whenever the bytes do. `metadata` has the names and values it
    was created with; names are lower-case ASCII letters, values printable ASCII.
    """

    data: bytes
    etag: str = ""
    content_type: str = "application/octet-stream"
    cache_control: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)


class Storage(Protocol):
    """One bucket. Keys are text as the user knows them, never percent-encoded.

    Every method raises StorageRefused where the store says no (permissions, no such bucket) and
    StorageUnavailable where it throttles, times out or can't be reached, each `from` the SDK's own
    error; no error of an SDK leaves an adapter. Every method may be called from any thread.
    """

    def exists(self, key: str) -> bool:
        """Whether an object is stored under the key, in one round trip and without its bytes."""
        ...

    def read(self, key: str, max_bytes: int) -> StoredObject:
        """The object under the key, in one round trip.

        Raises NotFound, and TooLarge for an object over `max_bytes` without having read more than
        `max_bytes` and a buffer of it. A missing *bucket* is StorageRefused, not NotFound.
        """
        ...

    def create(self, key: str, new: StoredObject) -> bool:
        """Stores an object unless the key is taken, in one atomic round trip; `new.etag` is ignored.

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
