"""What the conformance suite needs of a running deployment; each provider writes one harness."""

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Protocol

import httpx

from core.storage import StoredObject
from tests.support.vectors import KEY, OLD


class Deployment(Protocol):
    """A deployment with its storage, seen from outside."""

    def ask(self, target: str, method: str = "GET", headers: Mapping[str, str] | None = None) -> httpx.Response:
        """One request to the address that pages use; `target` goes on the wire as it is, no redirect is followed."""
        ...

    def follow(self, response: httpx.Response) -> httpx.Response:
        """The answer to a GET of where a redirect leads; one hop."""
        ...

    def location(self, path: str) -> str:
        """The Location of the variant with the percent-encoded key `path`."""
        ...

    def put(self, key: str, data: bytes, focal: str = "") -> None:
        """Uploads an original, over any that is there, with a focal point as its metadata unless that is empty."""
        ...

    def stored(self, key: str) -> StoredObject | None:
        """What is stored under the key among the variants."""
        ...

    def delete(self, key: str) -> None:
        """Deletes a variant."""
        ...

    def keys(self) -> set[str]:
        """All keys that are stored, of originals and variants."""
        ...

    def log(self) -> str:
        """What the function has logged so far."""
        ...


def logged(site: Deployment, words: str) -> bool:
    """Whether the log has the words, or has them soon: a line may come later than the answer that it is about."""
    deadline = time.monotonic() + 5
    while words not in site.log() and time.monotonic() < deadline:
        time.sleep(0.01)
    return words in site.log()


RecordProperty = Callable[[str, object], None]
"""What pytest's fixture `record_property` is: tests/conftest.py prints what is recorded."""

Deploy = Callable[[Mapping[str, str]], AbstractContextManager[Deployment]]
"""Starts a deployment with these settings on top of the provider's own, and its own empty storage."""

SIGNING_KEYS = f"{KEY},{OLD}"
"""The first two keys of docs/signing-vectors.json."""

LADDER = {"WIDTHS": "250,600", "RATIOS": "1:1,3:2", "SIZES": "320x200-f30x70", "SIGNING_KEYS": SIGNING_KEYS}
"""The settings under which sizes are bounded, and signed ones allowed."""

LIMITS = {"MAX_ORIGINAL_BYTES": "2000000", "MAX_ORIGINAL_PIXELS": "20000000", "MAX_SIDE": "3000"}
"""The settings under which the conformance suite runs, so that each limit can be met with a small file."""
