"""The storage port: what the core needs of a bucket, and the obligations of each adapter.

An adapter is made for one bucket, from a ready client. The contract suite, tests/contract, checks
every adapter against this page.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from core.errors import NotFound, StorageRefused, TooLarge

ORIGINAL_ETAG: Final = "originaletag"
"""The metadata name under which a variant keeps its original's ETag: one word, as Azure requires."""

INSTEAD_OF: Final = "insteadof"
"""The metadata name under which a variant keeps the format that it replaces, if the request left the format open."""


@dataclass(frozen=True)
class Description:
    """What a store states about an object, without the object's bytes.

    `etag` is opaque text that changes whenever the bytes do. `metadata` has the names and values that are kept with
    the object. `content_encoding` is the Content-Encoding of the bytes that `read` returns.
    """

    etag: str
    content_type: str
    cache_control: str
    metadata: Mapping[str, str]
    content_encoding: str = field(default="", kw_only=True)

    def with_data(self, data: bytes) -> "StoredObject":
        """The described object, with its bytes."""
        return StoredObject(**vars(self), data=data)


@dataclass(frozen=True)
class StoredObject(Description):
    """A stored object: its description and its bytes."""

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

    - StorageRefused if the store refuses, if there are no credentials, or if an object is archived:
      another try would not help;
    - StorageUnavailable if the store or its token service throttles, can't be reached or does not answer,
      if its data is truncated, or differs in length or checksum from what the store states, or if it takes
      too long. A request without an answer is first tried once more, on a new connection.

    An adapter never lets an SDK's error through: it raises one of Sizewise's `from` it. Whatever a store does,
    a call ends within a few seconds, and leaves no thread, connection or download open. Every method can be
    called from any thread.
    """

    def find(self, key: str) -> Description | None:
        """The description of the object under the key, in one round trip; None if there is no object.

        In a public bucket, such as that of the variants, it also raises StorageRefused for an object that is
        stored but not served, as far as the store tells.
        """
        ...

    def read(self, key: str, max_bytes: int) -> StoredObject:
        """The object under the key, in one round trip.

        Its length is compared with the one that the store states. So is its checksum, if the store states one
        that can be computed here. Raises NotFound. Raises TooLarge for an object over `max_bytes`, after reading at
        most `max_bytes` and a buffer. A missing *bucket* is StorageRefused, not NotFound.
        """
        ...

    def create(self, key: str, new: NewObject) -> bool:
        """Stores an object unless the key is taken, in one atomic round trip.

        True if this call stored it, False if the key was taken. Of any number of racing calls, exactly one
        returns True, and no reader ever sees mixed or partial bytes. If the first try stored the object but got
        no answer, the second one finds the key taken, and the call returns False.
        """
        ...


def missing(key: str) -> NotFound:
    """The error that `read` raises for a key that is not stored."""
    return NotFound(f"There is no image {key!r}.")


def too_large(key: str, max_bytes: int) -> TooLarge:
    """The error that `read` raises for an object over `max_bytes`."""
    return TooLarge(f"The image {key!r} is larger than {max_bytes} bytes: this deployment reads no more.")


def archived(key: str) -> StorageRefused:
    """The error for an archived object, which the store returns only after it is restored."""
    return StorageRefused(f"The image {key!r} is archived: the operator has to restore it first.")
