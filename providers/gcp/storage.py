"""Cloud Storage as a bucket of images.

Objects are found and read through the XML API, at their public addresses. One answer has both bytes
and metadata, unlike a download through the JSON API.
"""

import hashlib
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import google_crc32c
import requests
from google.api_core.exceptions import (
    GoogleAPICallError,
    NotFound,
    PreconditionFailed,
    RetryError,
    ServerError,
    TooManyRequests,
    from_http_response,
)
from google.auth.exceptions import GoogleAuthError, TransportError
from google.auth.transport.requests import AuthorizedSession
from google.cloud.storage import Bucket
from google.cloud.storage.retry import DEFAULT_RETRY

from core.errors import SizewiseError, StorageRefused, StorageUnavailable
from core.keys import to_path
from core.storage import Description, NewObject, StoredObject, missing, too_large
from providers.connections import CALL_SECONDS, CONNECT_SECONDS, SILENCE_SECONDS, calling, is_over

_TIMEOUT: Final = (CONNECT_SECONDS, SILENCE_SECONDS)

_RETRY: Final = DEFAULT_RETRY.with_delay(initial=0.2, maximum=1.0, multiplier=2.0).with_predicate(
    # The predicate of the SDK has no public name.
    lambda error: not is_over() and DEFAULT_RETRY._predicate(error)  # noqa: SLF001
)
"""Retries after transient errors, while there is time."""

_TRYING: Final = 2 / 3
"""The share of a call's time in which a try can begin. It allows two tries if the store is silent."""

_METADATA: Final = "x-goog-meta-"

_CHECKSUMS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "crc32c": lambda data: google_crc32c.value(data).to_bytes(4, "big"),
    "md5": lambda data: hashlib.md5(data, usedforsecurity=False).digest(),
}
"""The functions that compute the checksums that Google states."""


class GoogleStorage:
    """The storage port over one bucket; see `core.storage.Storage`.

    A missing bucket and a missing object get the same answer. So at the first missing object, the
    bucket is checked once. If the bucket is deleted later, it reads as empty until the process ends,
    while `create` is refused at once.
    """

    def __init__(self, bucket: Bucket, session: AuthorizedSession, deadline: float = CALL_SECONDS) -> None:
        """No call takes longer than `deadline` seconds."""
        self.url = f"{bucket.client.api_endpoint}/{bucket.name}"
        """The public URL of the bucket, without a slash at its end."""
        self._bucket = bucket
        self._session = session
        self._deadline = deadline
        self._retry = _RETRY.with_timeout(deadline * _TRYING)
        self._is_there = False

    def find(self, key: str) -> Description | None:
        """What is stored under the key; see the port."""
        with _storage_errors(), calling(self._deadline):
            try:
                return _description(self._retry(self._ask)("HEAD", key))
            except NotFound:
                self._require_bucket()
                return None

    def read(self, key: str, max_bytes: int) -> StoredObject:
        """The object under the key; see the port."""
        with _storage_errors(), calling(self._deadline, max_bytes):
            try:
                stored: StoredObject = self._retry(self._read)(key, max_bytes)
            except NotFound as error:
                self._require_bucket()
                raise missing(key) from error
            return stored

    def create(self, key: str, new: NewObject) -> bool:
        """Stores an object unless the key is taken; see the port.

        If the answer to a creation is lost, the creation is repeated, finds its own object and returns False.
        """
        blob = self._bucket.blob(key)
        blob.cache_control = new.cache_control
        blob.metadata = dict(new.metadata)
        with _storage_errors(), calling(self._deadline):
            try:
                blob.upload_from_string(
                    new.data, new.content_type, if_generation_match=0, timeout=_TIMEOUT, retry=self._retry
                )
            except PreconditionFailed:
                return False
            return True

    def _ask(self, method: str, key: str) -> requests.Response:
        """The answer; the body of a GET is not read yet. Raises the SDK's error for every status except 200."""
        response: requests.Response = self._session.request(
            method,
            f"{self.url}/{to_path(key)}",
            # An object that is stored compressed must arrive as stored, because its checksums are of those bytes.
            headers={"Accept-Encoding": "gzip"},
            timeout=_TIMEOUT,
            stream=method == "GET",
            allow_redirects=False,
        )
        if response.status_code != requests.codes.ok:
            with response:
                if response.status_code < requests.codes.bad_request:
                    raise requests.ConnectionError(f"the answer has the status {response.status_code}")
                raise from_http_response(response)
        return response

    def _read(self, key: str, max_bytes: int) -> StoredObject:
        with self._ask("GET", key) as response:
            length = _length(response.headers)
            if length is not None and length > max_bytes:
                raise too_large(key, max_bytes)
            data = response.raw.read(max_bytes + 1)
        if len(data) > max_bytes:
            raise too_large(key, max_bytes)
        if length is not None and length != len(data):
            raise requests.ConnectionError(f"received {len(data)} bytes of {length}")
        if _is_as_stored(response.headers):
            _compare_checksum(data, response.headers)
        return _description(response).with_data(data)

    def _require_bucket(self) -> None:
        if not self._is_there:
            # This lists objects: the role that reads objects allows that, but not reading the bucket's metadata.
            listed = self._bucket.list_blobs(max_results=1, fields="items(name)", timeout=_TIMEOUT, retry=self._retry)
            next(iter(listed), None)
            self._is_there = True


def _description(response: requests.Response) -> Description:
    named = {name.lower(): value for name, value in response.headers.items()}
    metadata = {name.removeprefix(_METADATA): value for name, value in named.items() if name.startswith(_METADATA)}
    kept = (named.get("etag", ""), named.get("content-type", ""), named.get("cache-control", ""))
    return Description(*kept, metadata, content_encoding=named.get("content-encoding", ""))


def _is_as_stored(headers: Mapping[str, str]) -> bool:
    """Whether an answer has the stored bytes. Google's lengths and checksums do not apply to decompressed answers.

    Source: Cloud Storage's documentation, "Transcoding of gzip-compressed files".
    """
    encoding = headers.get("Content-Encoding") or "identity"
    stored = headers.get("X-Goog-Stored-Content-Encoding") or encoding
    return stored.lower() == encoding.lower()


def _length(headers: Mapping[str, str]) -> int | None:
    """The number of bytes that an answer states; None if it states none. Raises ValueError."""
    own = ("X-Goog-Stored-Content-Length",) if _is_as_stored(headers) else ()
    stated = next((headers[name] for name in (*own, "Content-Length") if name in headers), None)
    if stated is None:
        return None
    # int() also accepts 1_0 and +10, as http.client does.
    if not (stated.isascii() and stated.isdecimal()):
        raise ValueError(f"not a length: {stated}")
    return int(stated)


def _compare_checksum(data: bytes, headers: Mapping[str, str]) -> None:
    """Raises requests.ConnectionError if the bytes do not have a checksum that Google states.

    Source: Cloud Storage's documentation, "Data validation and change detection".
    """
    stated = [part.strip().partition("=")[::2] for part in headers.get("X-Goog-Hash", "").split(",")]
    for name, value in stated:
        compute = _CHECKSUMS.get(name.lower())
        if compute and b64encode(compute(data)).decode() != value:
            raise requests.ConnectionError(f"the received bytes do not have the stated {name}")


@contextmanager
def _storage_errors() -> Iterator[None]:
    try:
        yield
    except SizewiseError:
        raise
    except (RetryError, TooManyRequests, ServerError, TransportError) as error:
        raise StorageUnavailable from error
    except (GoogleAPICallError, GoogleAuthError) as error:
        raise StorageRefused from error
    except Exception as error:  # From requests or urllib3, or from an answer that is not Google's.
        raise StorageUnavailable from error
