"""The client of the storage account: its address, its credentials and its time limits."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from azure.core.pipeline.transport import RequestsTransport
from azure.storage.blob import BlobServiceClient, LinearRetry
from requests import Response, Session

from core.errors import SettingsError
from providers.azure.identity import Identity
from providers.connections import CONNECT_SECONDS, SILENCE_SECONDS
from providers.sessions import mount

ENDPOINT: Final = "BLOB_ENDPOINT"
EMULATOR: Final = "AZURITE_CONNECTION_STRING"

_MOST_PAUSE: Final = 0.5
"""The longest pause, in seconds, before the second try, even if the service asks for more.

If the second try fails, the client can try again later: the 503 carries Retry-After.
"""

_CONNECTIONS: Final = 32
"""The idle connections kept per host: more than the worker has threads."""

_LARGEST_PUT: Final = 5000 * 1024 * 1024
"""Bytes that the service accepts in one request (Put Blob), so that no variant is sent in pieces."""


def connect(environ: Mapping[str, str], max_original_bytes: int) -> BlobServiceClient:
    """The account's client. `connect` makes no request, so a missing identity shows only at the first request.

    Raises SettingsError, which names the variable and its valid form.
    """
    if emulator := environ.get(EMULATOR):
        return BlobServiceClient.from_connection_string(emulator, **limits(max_original_bytes))
    endpoint = environ.get(ENDPOINT, "").strip()
    if not endpoint.startswith("https://"):
        raise SettingsError(f"{ENDPOINT}={endpoint!r} is not https://ACCOUNT.blob.core.windows.net")
    return BlobServiceClient(endpoint, Identity(patience()), **limits(max_original_bytes))


def limits(max_original_bytes: int) -> dict[str, Any]:
    """A client's options: its time limits, and one request for any original or variant."""
    return {
        **patience(),
        "retry_policy": LinearRetry(0, retry_total=1, random_jitter_range=1),
        "max_single_put_size": _LARGEST_PUT,
        "max_single_get_size": max_original_bytes,
    }


def patience() -> dict[str, Any]:
    """A client's option for separate connections that keep to the time limits."""
    session = Session()
    session.hooks["response"].append(_check_part)
    mount(session, _CONNECTIONS)
    transport = _Transport(session=session, connection_timeout=CONNECT_SECONDS, read_timeout=SILENCE_SECONDS)
    return {"transport": transport}


def _check_part(response: Response, **_: object) -> None:
    """Raises ValueError unless the answer to a request for a part is that part, complete or up to the blob's end.

    After an incomplete part, the SDK would request the missing bytes, and join whatever arrives.
    """
    asked = re.fullmatch(r"bytes=(\d+)-(\d+)", response.request.headers.get("x-ms-range", ""))
    if asked and response.status_code == HTTPStatus.PARTIAL_CONTENT:
        stated = response.headers.get("Content-Range", "")
        sent = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", stated)
        if not sent or int(sent[1]) != int(asked[1]) or int(sent[2]) != min(int(asked[2]), int(sent[3]) - 1):
            raise ValueError(f"requested {asked[0]}, but received {stated}")


class _Transport(RequestsTransport):  # type: ignore[misc] # The SDK loads it in a way that hides its type.
    """The SDK's transport with short pauses."""

    def sleep(self, duration: float) -> None:
        """Waits before another try, for at most `_MOST_PAUSE` seconds."""
        super().sleep(min(duration, _MOST_PAUSE))
