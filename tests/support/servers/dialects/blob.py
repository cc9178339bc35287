"""Blob Storage's HTTP, as far as the adapter uses it. Source: Azure Storage's REST API reference."""

from urllib.parse import unquote

from tests.support.servers.dialects.gcs import digest
from tests.support.servers.faulty import OBJECTS
from tests.support.servers.messages import Reply, Request, part

DATES = {"etag": '"0x1"', "last-modified": "Tue, 03 Nov 2026 10:00:00 GMT"}


def blob(request: Request) -> Reply:
    """Get Blob, Get Blob Properties and Put Blob of `/ACCOUNT/CONTAINER/KEY`."""
    if request.method == "PUT":
        return Reply(201, DATES)
    stored = OBJECTS.get(unquote(request.target.partition("?")[0]).split("/", 3)[3])
    if stored is None:
        return Reply(404, {"x-ms-error-code": "BlobNotFound"})
    headers = {**DATES, "content-type": "image/jpeg", "x-ms-blob-type": "BlockBlob"}
    headers["x-ms-access-tier"] = "Archive" if stored.archived else "Hot"
    if stored.encoding:
        headers["content-encoding"] = stored.encoding
    if request.method == "HEAD":
        return Reply(200, {**headers, "content-length": str(len(stored.data))})
    if stored.archived:
        return Reply(409, {"x-ms-error-code": "BlobArchived"})
    part_range = request.headers.get("x-ms-range", "")
    headers["x-ms-blob-content-md5" if part_range else "content-md5"] = digest(stored.data)
    return part(Reply(200, headers, stored.data), part_range)
