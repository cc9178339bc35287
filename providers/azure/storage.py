"""A container of Blob Storage as a bucket."""

from collections.abc import Iterator
from contextlib import contextmanager
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
from azure.storage.blob import BlobProperties, ContainerClient, ContentSettings, StorageErrorCode

from core.errors import StorageRefused, StorageUnavailable
from core.storage import Description, NewObject, StoredObject, missing, too_large

_THROTTLED: Final = (408, 429)


class BlobStorage:
    """The storage port over one container; see `core.storage.Storage`.

    How long a call may take, and how much one round trip carries, is the client's: see
    `providers.azure.account.connect`.
    """

    def __init__(self, container: ContainerClient) -> None:
        self._container = container

    def find(self, key: str) -> Description | None:
        """What is stored under the key; see the port."""
        with _our_errors():
            # Not BlobClient.exists, which takes a missing container for a missing blob.
            try:
                return _description(self._container.get_blob_client(key).get_blob_properties())
            except ResourceNotFoundError as error:
                if _code(error) != StorageErrorCode.BLOB_NOT_FOUND:
                    raise
                return None

    def read(self, key: str, max_bytes: int) -> StoredObject:
        """The blob under the key; see the port."""

        def measure(response: PipelineResponse[object, HttpResponse]) -> None:
            # Before the SDK reads the body: it takes eight times a body's size in memory.
            size = response.http_response.headers.get("Content-Range", "").rpartition("/")[2]
            if size.isdecimal() and int(size) > max_bytes:
                response.http_response.close()
                raise too_large(key, max_bytes)

        with _our_errors():
            try:
                found = self._container.download_blob(key, raw_response_hook=measure)
            except ResourceNotFoundError as error:
                if _code(error) != StorageErrorCode.BLOB_NOT_FOUND:
                    raise
                raise missing(key) from error
            data = found.readall()
        return _description(found.properties).with_data(data)

    def create(self, key: str, new: NewObject) -> bool:
        """Stores a blob unless the key is taken; see the port."""
        settings = ContentSettings(content_type=new.content_type, cache_control=new.cache_control or None)
        with _our_errors():
            try:
                # overwrite=False sends If-None-Match: *.
                self._container.upload_blob(
                    key, new.data, overwrite=False, content_settings=settings, metadata=dict(new.metadata)
                )
            except ResourceExistsError as error:
                # The SDK's name, too, for the 412 of a blob that came while this one was sent.
                if _code(error) != StorageErrorCode.BLOB_ALREADY_EXISTS:
                    raise
                return False
        return True


def _description(blob: BlobProperties) -> Description:
    settings = blob.content_settings
    return Description(
        str(blob.etag), str(settings.content_type), str(settings.cache_control or ""), dict(blob.metadata)
    )


def _code(error: HttpResponseError) -> str:
    """The service's own name for the error, empty where something else answered."""
    return getattr(error, "error_code", None) or ""


@contextmanager
def _our_errors() -> Iterator[None]:
    try:
        yield
    except AzureError as error:
        raise (StorageRefused if _is_refusal(error) else StorageUnavailable)() from error


def _is_refusal(error: AzureError) -> bool:
    """Whether asking again is of no use: no credentials, or an answer that says no."""
    if isinstance(error, ClientAuthenticationError):
        return True
    # Without a status there was no answer, or its body was cut short.
    status = error.status_code if isinstance(error, HttpResponseError) else None
    return status is not None and status < 500 and status not in _THROTTLED
