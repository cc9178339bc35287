"""The interface to a running deployment that the conformance suite uses; each provider implements it once."""

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Protocol

import httpx

from core.storage import StoredObject
from tests.support.vectors import KEY, OLD


class Deployment(Protocol):
    """A running deployment and its storage."""

    def ask(self, target: str, method: str = "GET", headers: Mapping[str, str] | None = None) -> httpx.Response:
        """Sends one request to the address that pages use. `target` is sent as it is; redirects are not followed."""
        ...

    def follow(self, response: httpx.Response) -> httpx.Response:
        """The answer to a GET of the redirect's Location; one hop."""
        ...

    def location(self, path: str) -> str:
        """The Location of the variant whose percent-encoded key is `path`."""
        ...

    def put(self, key: str, data: bytes, focal: str = "") -> None:
        """Uploads or replaces an original, with a focal point as metadata unless `focal` is empty."""
        ...

    def stored(self, key: str) -> StoredObject | None:
        """The variant stored under the key."""
        ...

    def delete(self, key: str) -> None:
        """Deletes a variant."""
        ...

    def keys(self) -> set[str]:
        """The keys of all stored originals and variants."""
        ...

    def log(self) -> str:
        """The function's log so far."""
        ...


def logged(site: Deployment, words: str) -> bool:
    """Whether the log contains the words within 5 seconds: a line can arrive after the answer that it describes."""
    deadline = time.monotonic() + 5
    while words not in site.log() and time.monotonic() < deadline:
        time.sleep(0.01)
    return words in site.log()


RecordProperty = Callable[[str, object], None]
"""The type of pytest's fixture `record_property`; tests/conftest.py prints the recorded values."""

Deploy = Callable[[Mapping[str, str]], AbstractContextManager[Deployment]]
"""Starts a deployment with empty storage; the given settings are added to the provider's own."""

SIGNING_KEYS = f"{KEY},{OLD}"
"""The first two keys of docs/signing-vectors.json."""

LADDER = {"WIDTHS": "250,600", "RATIOS": "1:1,3:2", "SIZES": "320x200-f30x70", "SIGNING_KEYS": SIGNING_KEYS}
"""Settings that limit sizes to a ladder and allow signed sizes."""

LIMITS = {"MAX_ORIGINAL_BYTES": "2000000", "MAX_ORIGINAL_PIXELS": "20000000", "MAX_SIDE": "3000"}
"""The settings of the conformance suite: limits so low that small files exceed them."""
