"""Tries a deployment that has no originals yet: uploads a picture, requests a variant twice, deletes both."""

import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import Message
from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

from core.ladder import first_rendered
from core.settings import load
from tools.deployment.errors import DeploymentError
from tools.environments import ROOT

PICTURE: Final = ROOT / "samples" / "albums" / "2026" / "sunset.jpg"
ORIGINAL: Final = "sizewise-check/sunset.jpg"

_PATIENCE: Final = 300.0
"""Seconds to wait until a name resolves and a role is valid. Azure states up to ten minutes, and needs one minute."""

_PAUSE: Final = 5.0
_TIMEOUT: Final = 60.0
_MOST_HOPS: Final = 4


@dataclass(frozen=True)
class Answer:
    """The status and headers that a URL answers with."""

    url: str
    status: int
    headers: Message

    @property
    def is_made(self) -> bool:
        """Whether the function has just rendered and stored the variant."""
        return self.status in (301, 302, 307, 308) and self.headers["X-Sizewise"] == "miss"

    @property
    def is_stored(self) -> bool:
        """Whether the variant was already stored: storage sent it, or the function found it."""
        return self.status == 200 or self.headers["X-Sizewise"] == "hit"

    def __str__(self) -> str:
        return f"{self.status} from {self.url}"


@dataclass(frozen=True)
class Store:
    """Where a deployment keeps its images: whether it has originals, how to upload one, how to delete images."""

    is_empty: Callable[[], bool]
    upload: Callable[[str, Path], None]
    delete: Callable[[str, str], None]
    """Deletes an original and its variant, given their keys. Either may be missing."""


def try_first_picture(address: Callable[[], str], store: Store, settings: Mapping[str, str]) -> str:
    """Uploads a sample, requests one size of it twice at the address, and deletes both. Returns the outcome.

    If there are originals already, it does nothing and does not call `address`. Raises DeploymentError if no picture
    came.
    """
    if not store.is_empty():
        return "not tried: there are originals already"
    effective = load({**settings, "BUCKET": "any"})
    size = first_rendered((*effective.sizes, "300x"), effective)
    variant = f"{size}/{ORIGINAL}"
    store.upload(ORIGINAL, PICTURE)
    try:
        return _ask_twice(f"{address()}/{variant}")
    finally:
        store.delete(ORIGINAL, variant)


def _ask_twice(url: str) -> str:
    began = time.monotonic()
    missed, said = _first(url), ""
    if missed.status == HTTPStatus.OK:
        # The CDN still has the variant of an earlier try, but not under another spelling of its name.
        url = _respelled(url)
        missed = _first(url)
    while not missed.is_made:
        if time.monotonic() - began > _PATIENCE:
            raise DeploymentError(f"The check received no picture: {missed}")
        if str(missed) != said:
            said = str(missed)
            print(f"    not yet, retrying for up to {_PATIENCE:.0f} s: {said}", flush=True)
        time.sleep(_PAUSE)
        missed = _first(url)
    print(f"    miss: {missed}", flush=True)
    again = _first(url)
    if not again.is_stored:
        raise DeploymentError(f"The variant was stored, but the next request did not find it: {again}")
    print(f"    hit: {again}", flush=True)
    return "the picture came twice, and was deleted"


def _respelled(url: str) -> str:
    """An address of the same object in another spelling, which was most probably never requested before."""
    folder, slash, name = url.rpartition("/")
    return folder + slash + "".join(secrets.choice((letter, f"%{ord(letter):02X}")) for letter in name)


def _first(url: str) -> Answer:
    """The first answer that is not the website's redirect to the function."""
    for _ in range(_MOST_HOPS):
        answer = _get(url)
        if answer.status != 307 or answer.headers["X-Sizewise"]:
            return answer
        url = urljoin(url, answer.headers["Location"])
    raise DeploymentError(f"Too many redirects: the last one leads to {url}")


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Leaves every redirect to the caller."""


_OPENER: Final = urllib.request.build_opener(_NoRedirects)


def _get(url: str) -> Answer:
    try:
        with _OPENER.open(url, timeout=_TIMEOUT) as response:
            return Answer(url, response.status, response.headers)
    except urllib.error.HTTPError as error:
        with error:
            return Answer(url, error.code, error.headers)
    except (OSError, HTTPException) as error:
        return Answer(f"{url} ({error})", 0, Message())
