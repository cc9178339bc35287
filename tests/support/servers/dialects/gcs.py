"""Cloud Storage's HTTP, as far as the adapter uses it. Source: Cloud Storage's XML and JSON API references."""

import gzip
import json
from base64 import b64encode
from dataclasses import replace
from hashlib import md5
from urllib.parse import unquote

from tests.support.servers.faulty import OBJECTS
from tests.support.servers.messages import Reply, Request


def gcs(request: Request) -> Reply:
    """GET and HEAD of an object at `/BUCKET/KEY`, an upload, and an empty list."""
    if request.target.startswith(("/upload/", "/storage/")):
        return Reply(200, {"content-type": "application/json"}, json.dumps({"name": "x", "bucket": "images"}).encode())
    stored = OBJECTS.get(unquote(request.target.partition("?")[0]).split("/", 2)[2])
    if stored is None:
        return Reply(404, {"content-type": "application/xml"}, b"<Error><Code>NoSuchKey</Code></Error>")
    headers = {"etag": '"1"', "content-type": "image/jpeg", "x-goog-hash": f"md5={digest(stored.data)}"}
    headers["x-goog-stored-content-encoding"] = stored.encoding or "identity"
    headers["x-goog-stored-content-length"] = str(len(stored.data))
    if stored.encoding:
        headers["content-encoding"] = stored.encoding
    if request.method == "HEAD":
        return Reply(200, {**headers, "content-length": str(len(stored.data))})
    return Reply(200, headers, stored.data)


def transcoding(request: Request) -> Reply:
    """Cloud Storage that decompresses: checksum and stored length are still those of the stored bytes."""
    reply = gcs(request)
    if reply.headers.get("content-encoding") != "gzip":
        return reply
    headers = {name: value for name, value in reply.headers.items() if name != "content-encoding"}
    return replace(reply, headers=headers, body=gzip.decompress(reply.body) if reply.body else b"")


def digest(data: bytes) -> str:
    """MD5 in Base64, as in HTTP headers."""
    return b64encode(md5(data, usedforsecurity=False).digest()).decode()
