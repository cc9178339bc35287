"""The website half: what is stored in the folder, served as a bucket's website serves it."""

import flask

from core.errors import SizewiseError
from core.http import EVERY_ANSWER, METHODS, Request
from core.keys import check, from_path
from core.logs import Trace, log_request
from providers.local.storage import FolderStorage


def serve(folder: FolderStorage, request: Request) -> flask.Response | None:
    """The stored image that the request's path names, with ETag, Range and 304.

    None on a miss, and where anything fails: the resizer meets the same failure and answers it.
    """
    if request.method not in METHODS:
        return None
    trace = Trace(request.trace_id, hit=True)
    try:
        with trace.step("total"):
            trace.key = from_path(request.path).removeprefix("/")
            check(trace.key)
            path = folder.locate(trace.key)
            if path is None:
                return None
            stored = folder.describe(path)
            response = flask.send_file(path, stored.content_type, etag=stored.etag.strip('"'))
    except SizewiseError:
        return None
    if stored.cache_control:
        response.headers["Cache-Control"] = stored.cache_control
    response.headers.update({**EVERY_ANSWER, "X-Sizewise": "hit", "Server-Timing": trace.server_timing()})
    trace.bytes_out = response.content_length or 0
    log_request(request.method, request.path, response.status_code, trace)
    return response
