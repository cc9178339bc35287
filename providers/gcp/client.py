"""The Cloud Storage client: its credentials and its connections."""

import os
from typing import Any, Final

import google.auth
import google.cloud.storage.blob
import requests
from google.api_core.exceptions import ServiceUnavailable
from google.auth.credentials import AnonymousCredentials, Credentials
from google.auth.exceptions import DefaultCredentialsError, RefreshError, TransportError
from google.auth.transport import Request, Response
from google.auth.transport import requests as google_requests
from google.auth.transport.requests import AuthorizedSession
from google.cloud.storage import Client

from providers.sessions import mount

SERVER_THREADS: Final = 96
"""More threads than functions-framework's server has here. An unused slot in the connection pool costs nothing."""

_SCOPE: Final = "https://www.googleapis.com/auth/devstorage.read_write"

_PASSING: Final = (404, 408, 410, 429)
"""The metadata server's transient errors, besides 500 and above (google-auth-library-python, #211, #814)."""

_TRIES: Final = 2
"""The most failed requests for one token. Google's library would continue for 15 seconds."""


class _DeferredCredentials(Credentials):
    """The application's default credentials, looked up when the first request needs them.

    Without credentials the process still starts, and its requests report the problem.
    """

    def refresh(self, request: Request) -> None:
        """Gets a token from the credentials that are found now.

        Raises ServiceUnavailable, which is retried, if there are credentials but no token for the moment.
        """
        asked = _TokenRequest(request)
        try:
            found, _ = google.auth.default(scopes=[_SCOPE], request=asked)
            found.refresh(asked)
        except (DefaultCredentialsError, RefreshError, TransportError) as error:
            if asked.has_identity or getattr(error, "retryable", False):
                raise ServiceUnavailable("no token for the moment") from error
            raise
        self.token, self.expiry = found.token, found.expiry


class _TokenRequest(Request):
    """Calls a token service, until it has failed `_TRIES` times. Records whether there is an identity."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._failures = 0
        self.has_identity = "K_SERVICE" in os.environ
        """Whether there is an identity. Every Cloud Run service has an identity (Cloud Run's container contract)."""

    def __call__(self, *args: Any, **named: Any) -> Response:
        """Sends a request; see google.auth. Raises ServiceUnavailable after the last try."""
        try:
            answer: Response = self._request(*args, **named)
        except TransportError as error:
            self._count(error)
            raise
        if answer.headers.get("Metadata-Flavor") == "Google":
            self.has_identity = True
        if answer.status in _PASSING or answer.status >= requests.codes.server_error:
            self.has_identity = True
            self._count(None)
        return answer

    def _count(self, cause: Exception | None) -> None:
        self._failures += 1
        if self.has_identity and self._failures >= _TRIES:
            raise ServiceUnavailable("the token service does not answer") from cause


def authorized_session() -> AuthorizedSession:
    """The connections of a process, for all its threads. Creating them needs no network and no credentials.

    STORAGE_EMULATOR_HOST, which the SDK reads too, names an emulator that needs no credentials.
    """
    emulated = os.environ.get("STORAGE_EMULATOR_HOST")
    credentials = AnonymousCredentials() if emulated else _DeferredCredentials()  # type: ignore[no-untyped-call]
    tokens = requests.Session()
    session = AuthorizedSession(credentials, auth_request=google_requests.Request(tokens))
    for each in (tokens, session):
        # Ignores .netrc, which would replace the token, and proxies: looking for both is a fifth of a hit's own cost.
        each.trust_env = False
        each.max_redirects = 0  # Google's storage and token services do not redirect.
        mount(each, SERVER_THREADS)
    return session


def connect(session: AuthorizedSession) -> Client:
    """The SDK's client over the session, for all threads of a process."""
    # For traces, which are not recorded here, the SDK would request the bucket's description in a separate
    # thread. The function has no right to read the description.
    os.environ.setdefault("DISABLE_GCS_PYTHON_CLIENT_OTEL_BUCKET_METADATA", "true")
    # Above this limit, by default 8 MiB, the SDK would use several requests, which are not atomic. The limit has no
    # public name.
    google.cloud.storage.blob._MAX_MULTIPART_SIZE = 2**31  # noqa: SLF001
    # The SDK has no public way to set a session. Its own session keeps ten connections.
    return Client(project=None, credentials=session.credentials, _http=session)
