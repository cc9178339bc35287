"""S3's HTTP, as far as the adapter uses it. Source: Amazon S3's API reference."""

import zlib
from base64 import b64encode
from urllib.parse import unquote

from tests.support.servers.faulty import OBJECTS
from tests.support.servers.messages import Reply, Request, part

MODIFIED = "Tue, 03 Nov 2026 10:00:00 GMT"


def said(status: int, code: str, message: str = "") -> Reply:
    """An error in S3's format."""
    body = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    return Reply(status, {"content-type": "application/xml"}, body.encode())


def s3(request: Request) -> Reply:
    """GetObject, HeadObject and PutObject of `/BUCKET/KEY`."""
    if request.method == "PUT":
        return Reply(200, {"etag": '"1"'})
    stored = OBJECTS.get(unquote(request.target.partition("?")[0]).split("/", 2)[2])
    if stored is None:
        return said(404, "NoSuchKey")
    if stored.archived:
        return said(403, "InvalidObjectState", "The operation is not valid for the object's storage class")
    headers = {"etag": '"1"', "last-modified": MODIFIED, "content-type": "image/jpeg"}
    if stored.encoding:
        headers["content-encoding"] = stored.encoding
    if "range" not in request.headers and request.headers.get("x-amz-checksum-mode", "").upper() == "ENABLED":
        headers["x-amz-checksum-crc32"] = b64encode(zlib.crc32(stored.data).to_bytes(4, "big")).decode()
        headers["x-amz-checksum-type"] = "FULL_OBJECT"
    return part(Reply(200, headers, stored.data), request.headers.get("range", ""))
