"""A container of Blob Storage as a bucket."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import md5
from http import HTTPStatus
from typing import Final

from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    HttpResponseError,
    ResourceExistsError,
    ResourceNotFoundError,
)
from azure.core.pipeline import PipelineResponse
from azure.core.rest import HttpResponse
from azure.storage.blob import (
    BlobProperties,
    ContainerClient,
    ContentSettings,
    StandardBlobTier,
    StorageErrorCode,
    StorageStreamDownloader,
)

from core.errors import SizewiseError, StorageRefused, StorageUnavailable
from core.storage import Description, NewObject, StoredObject, archived, missing, too_large
from providers.connections import CALL_SECONDS, calling

_THROTTLED: Final = (408, 429)

_ARCHIVED: Final = (StorageErrorCode.BLOB_ARCHIVED, StorageErrorCode.BLOB_BEING_REHYDRATED)


class BlobStorage:
    """The storage interface (port) for one container; see `core.storage.Storage`.

    The client decides how much one round trip carries: see `providers.azure.account.connect`.
    """

    def __init__(self, container: ContainerClient, *, served: bool = False, deadline: float = CALL_SECONDS) -> None:
        """`served` means that redirects lead to the container itself. No call takes longer than `deadline` seconds."""
        self._container = container
        self._must_be_public = served
        self._deadline = deadline

    def find(self, key: str) -> Description | None:
        """What is stored under the key; see the port."""
        with _storage_errors(), calling(self._deadline):
            self._check_public()
            # Not BlobClient.exists, which treats a missing container like a missing blob.
            try:
                blob = self._container.get_blob_client(key).get_blob_properties()
            except ResourceNotFoundError as error:
                if _code(error) != StorageErrorCode.BLOB_NOT_FOUND:
                    raise
                return None
            if str(blob.blob_tier).lower() == StandardBlobTier.ARCHIVE.lower():
                raise archived(key)
            return _description(blob)

    def read(self, key: str, max_bytes: int) -> StoredObject:
        """The blob under the key; see the port."""

        def measure(response: PipelineResponse[object, HttpResponse]) -> None:
            # Checks the size before the SDK reads the body, which needs eight times the body's size in memory. The SDK
            # does not call this hook at its second try.
            size = response.http_response.headers.get("Content-Range", "").rpartition("/")[2]
            if size.isdecimal() and int(size) > max_bytes:
                response.http_response.close()
                raise too_large(key, max_bytes)

        with _storage_errors(), calling(self._deadline, max_bytes):
            try:
                found = self._container.download_blob(key, raw_response_hook=measure, decompress=False)
                if found.size > max_bytes:
                    raise too_large(key, max_bytes)
                data = found.readall()
            except ResourceNotFoundError as error:
                if _code(error) != StorageErrorCode.BLOB_NOT_FOUND:
                    raise
                raise missing(key) from error
            except HttpResponseError as error:
                if _code(error) in _ARCHIVED:
                    raise archived(key) from error
                raise
            _compare(data, found)
        return _description(found.properties).with_data(data)

    def create(self, key: str, new: NewObject) -> bool:
        """Stores a blob unless the key is taken; see the port."""
        settings = ContentSettings(content_type=new.content_type, cache_control=new.cache_control or None)
        with _storage_errors(), calling(self._deadline):
            try:
                # overwrite=False sends If-None-Match: *.
                self._container.upload_blob(
                    key, new.data, overwrite=False, content_settings=settings, metadata=dict(new.metadata)
                )
            except ResourceExistsError as error:
                # The SDK also raises this error for the 412 if another blob was stored while this one was sent.
                if _code(error) not in (StorageErrorCode.BLOB_ALREADY_EXISTS, *_ARCHIVED):
                    raise
                return False
        return True

    def _check_public(self) -> None:
        """Raises StorageRefused if redirects lead to this container and it is private. Checks until it is public."""
        if not self._must_be_public:
            return
        try:
            access = self._container.get_container_properties().public_access
        except HttpResponseError as error:
            if error.status_code != HTTPStatus.FORBIDDEN:
                raise
            access = "unknown"  # The role can read and write blobs, but not the container's properties.
        if not access:
            raise StorageRefused from PermissionError("the variants' container is not public: its access is private")
        self._must_be_public = False


def _description(blob: BlobProperties) -> Description:
    settings = blob.content_settings
    kept = (str(blob.etag), str(settings.content_type), str(settings.cache_control or ""))
    return Description(*kept, dict(blob.metadata), content_encoding=str(settings.content_encoding or ""))


def _compare(data: bytes, found: StorageStreamDownloader[bytes]) -> None:
    """Raises StorageUnavailable unless the bytes have the length and the MD5 that the service states for the blob."""
    if len(data) != found.size:
        raise StorageUnavailable from EOFError(f"received {len(data)} bytes of {found.size}")
    stated = found.properties.content_settings.content_md5
    if stated and md5(data, usedforsecurity=False).digest() != stated:
        raise StorageUnavailable from ValueError("the received bytes do not have the stated MD5")


def _code(error: HttpResponseError) -> str:
    """The service's code for the error; empty if the answer is not the service's."""
    return getattr(error, "error_code", None) or ""


@contextmanager
def _storage_errors() -> Iterator[None]:
    try:
        yield
    except SizewiseError:
        raise
    except AzureError as error:
        raise (StorageRefused if _is_refusal(error) else StorageUnavailable)() from error
    except Exception as error:  # From requests or urllib3, or from an answer that is not the service's.
        raise StorageUnavailable from error


def _is_refusal(error: AzureError) -> bool:
    """Whether another try is pointless: there are no credentials, or the answer is a refusal."""
    if isinstance(error, ClientAuthenticationError):
        return True
    # Without a status there was no answer, or its body was cut short.
    status = error.status_code if isinstance(error, HttpResponseError) else None
    return status is not None and 400 <= status < 500 and status not in _THROTTLED
