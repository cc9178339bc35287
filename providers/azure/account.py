"""The storage account: where it is, who asks, and how long an answer may take."""

import os
from collections.abc import Mapping
from typing import Any, Final

from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient, LinearRetry

from core.errors import SettingsError

ENDPOINT: Final = "BLOB_ENDPOINT"
EMULATOR: Final = "AZURITE_CONNECTION_STRING"

_CONNECT_SECONDS: Final = 3
_READ_SECONDS: Final = 5
_RETRIES: Final = 1
_BACKOFF_SECONDS: Final = 1
"""At most, and at random. An account out of reach is given up after 3 + 1 + 3 seconds at the latest, one that
accepts a request and says nothing after 5 + 1 + 5. Later retries are the caller's; the 503 carries Retry-After."""

_LARGEST_PUT: Final = 5000 * 1024 * 1024
"""Bytes that the service takes in one request (Put Blob): no variant is sent in pieces."""


def connect(environ: Mapping[str, str], max_original_bytes: int) -> BlobServiceClient:
    """The account's client. It asks for nothing yet, so that a missing identity shows at the first request.

    Raises SettingsError, naming the variable and what it takes.
    """
    if emulator := environ.get(EMULATOR):
        return BlobServiceClient.from_connection_string(emulator, **limits(max_original_bytes))
    endpoint = environ.get(ENDPOINT, "").strip()
    if not endpoint.startswith("https://"):
        raise SettingsError(f"{ENDPOINT}={endpoint!r} is not https://ACCOUNT.blob.core.windows.net")
    return BlobServiceClient(endpoint, credential(), **limits(max_original_bytes))


def limits(max_original_bytes: int) -> dict[str, Any]:
    """A client's options: how long it waits, and that any original and any variant takes one request."""
    return {
        "connection_timeout": _CONNECT_SECONDS,
        "read_timeout": _READ_SECONDS,
        "retry_policy": LinearRetry(0, retry_total=_RETRIES, random_jitter_range=_BACKOFF_SECONDS),
        "max_single_put_size": _LARGEST_PUT,
        "max_single_get_size": max_original_bytes,
    }


def credential() -> DefaultAzureCredential:
    """The function app's own identity, or on a developer's machine whoever is signed in.

    An app without an identity has no IDENTITY_ENDPOINT. The SDK would then look for a virtual
    machine's, which a function never runs on, for as long as nothing answers. The deployment sets
    AZURE_TOKEN_CREDENTIALS=prod, which leaves developers' tools out.
    """
    return DefaultAzureCredential(
        exclude_managed_identity_credential=not os.environ.get("IDENTITY_ENDPOINT"),
        connection_timeout=_CONNECT_SECONDS,
        read_timeout=_READ_SECONDS,
        retry_total=_RETRIES,
    )
