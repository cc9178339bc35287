"""Cloud Storage as a bucket of images.

Objects are found and read through the XML API, at the address at which the public reads them: one
request brings bytes and metadata together, which no download of the JSON API does.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import google.auth
import google.cloud.storage.blob
import requests
import urllib3
from google.api_core.exceptions import (
    GoogleAPICallError,
    NotFound,
    PreconditionFailed,
    RetryError,
    ServerError,
    TooManyRequests,
    from_http_response,
)
from google.auth.credentials import AnonymousCredentials, Credentials
from google.auth.exceptions import GoogleAuthError, TransportError
from google.auth.transport import Request
from google.auth.transport.requests import AuthorizedSession
from google.cloud.storage import Bucket, Client
from google.cloud.storage.retry import DEFAULT_RETRY
from requests.adapters import HTTPAdapter

from core.errors import StorageRefused, StorageUnavailable
from core.keys import to_path
from core.storage import Description, NewObject, StoredObject, missing, too_large

SERVER_THREADS: Final = 96
"""More than a server of functions-framework has here: a spare place in the pool costs nothing."""

_SCOPE: Final = "https://www.googleapis.com/auth/devstorage.read_write"

_TIMEOUT: Final = (3.0, 6.0)
"""Seconds to connect, and to wait for the next bytes of an answer."""

_RETRY: Final = DEFAULT_RETRY.with_delay(initial=0.2, maximum=1.0, multiplier=2.0).with_timeout(3.0)
"""Repeats what is transient for 3 seconds: a store that is down is a 503 then, one that is silent after 6.

The worst, an attempt that starts at the last moment and is silent, takes 12.
"""

_METADATA: Final = "x-goog-meta-"


class GoogleStorage:
    """The storage port over one bucket; see `core.storage.Storage`.

    A missing bucket answers as a missing object does. So the first object that is missing is the
    occasion to ask, once, whether the bucket is there; a bucket that goes away later reads as
    empty until the process ends, and is a refusal to `create` at once.
    """

    def __init__(self, bucket: Bucket, session: AuthorizedSession) -> None:
        self.url = f"{bucket.client.api_endpoint}/{bucket.name}"
        """Where the public reads the bucket, without a slash at its end."""
        self._bucket = bucket
        self._session = session
        self._is_there = False

    def find(self, key: str) -> Description | None:
        """What is stored under the key; see the port."""
        with _our_errors():
            try:
                return _description(_RETRY(self._ask)("HEAD", key))
            except NotFound:
                self._require_bucket()
                return None

    def read(self, key: str, max_bytes: int) -> StoredObject:
        """The object under the key; see the port."""
        with _our_errors():
            try:
                stored: StoredObject = _RETRY(self._read)(key, max_bytes)
            except NotFound as error:
                self._require_bucket()
                raise missing(key) from error
            return stored

    def create(self, key: str, new: NewObject) -> bool:
        """Stores an object unless the key is taken; see the port.

        A creation whose answer is lost is repeated, and then meets itself: it returns False.
        """
        blob = self._bucket.blob(key)
        blob.cache_control = new.cache_control
        blob.metadata = dict(new.metadata)
        with _our_errors():
            try:
                blob.upload_from_string(
                    new.data, new.content_type, if_generation_match=0, timeout=_TIMEOUT, retry=_RETRY
                )
            except PreconditionFailed:
                return False
            return True

    def _ask(self, method: str, key: str) -> requests.Response:
        """The answer, of which a GET's body is not read yet. Raises the SDK's error for any status but success."""
        response: requests.Response = self._session.request(
            method,
            f"{self.url}/{to_path(key)}",
            # An object that is stored compressed is to arrive decompressed.
            headers={"Accept-Encoding": "identity"},
            timeout=_TIMEOUT,
            stream=method == "GET",
            allow_redirects=False,
        )
        if response.status_code != requests.codes.ok:
            with response:
                raise from_http_response(response)
        return response

    def _read(self, key: str, max_bytes: int) -> StoredObject:
        with self._ask("GET", key) as response:
            if int(response.headers.get("Content-Length", 0)) > max_bytes:
                raise too_large(key, max_bytes)
            data = response.raw.read(max_bytes + 1)
        if len(data) > max_bytes:
            raise too_large(key, max_bytes)
        return _description(response).with_data(data)

    def _require_bucket(self) -> None:
        if not self._is_there:
            # Listing, because who may read objects may list them, but not ask for the bucket itself.
            next(
                iter(self._bucket.list_blobs(max_results=1, fields="items(name)", timeout=_TIMEOUT, retry=_RETRY)), None
            )
            self._is_there = True


class _DeferredCredentials(Credentials):
    """The application's default credentials, looked up when the first request needs them.

    Where there are none a process starts all the same, and its requests say what is wrong.
    """

    def refresh(self, request: Request) -> None:
        """Takes a token from whatever credentials there are now."""
        found, _ = google.auth.default(scopes=[_SCOPE], request=request)
        found.refresh(request)
        self.token, self.expiry = found.token, found.expiry


def authorized_session() -> AuthorizedSession:
    """The connections of a process, for all of its threads; it needs nothing yet, no network and no credentials.

    STORAGE_EMULATOR_HOST, which the SDK reads too, names an emulator to talk to without credentials.
    """
    emulated = os.environ.get("STORAGE_EMULATOR_HOST")
    credentials = AnonymousCredentials() if emulated else _DeferredCredentials()  # type: ignore[no-untyped-call]
    session = AuthorizedSession(credentials)
    # No .netrc that would take the token's place, no proxies: looking for them is a fifth of a hit's own cost.
    session.trust_env = False
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(pool_maxsize=SERVER_THREADS))
    return session


def connect(session: AuthorizedSession) -> Client:
    """The SDK's client over the session, for all threads of a process."""
    # For traces that nobody records here the SDK would ask, in a thread of its own, for the bucket's
    # description: a request too many, and one that the function has no right to.
    os.environ.setdefault("DISABLE_GCS_PYTHON_CLIENT_OTEL_BUCKET_METADATA", "true")
    # Above its 8 MiB the SDK would turn to several requests, of which none is the atomic one. There is no public name.
    google.cloud.storage.blob._MAX_MULTIPART_SIZE = 2**31  # noqa: SLF001
    # The SDK has no public way to use a session of one's own: its own keeps ten connections.
    return Client(project=None, credentials=session.credentials, _http=session)


def _description(response: requests.Response) -> Description:
    named = {name.lower(): value for name, value in response.headers.items()}
    metadata = {name.removeprefix(_METADATA): value for name, value in named.items() if name.startswith(_METADATA)}
    return Description(named.get("etag", ""), named.get("content-type", ""), named.get("cache-control", ""), metadata)


@contextmanager
def _our_errors() -> Iterator[None]:
    try:
        yield
    except (RetryError, TooManyRequests, ServerError, TransportError) as error:
        raise StorageUnavailable from error
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        raise StorageUnavailable from error
    except (GoogleAPICallError, GoogleAuthError) as error:
        raise StorageRefused from error
