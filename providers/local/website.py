"""The website half: what is stored in the folder, served as a bucket's website serves it."""

import flask
from werkzeug.datastructures import Headers

from core.errors import SizewiseError
from core.http import EVERY_ANSWER, METHODS, Request
from core.keys import check, from_path
from core.logs import Trace, log_request
from providers.local.sending import refuse, send
from providers.local.storage import FolderStorage, OpenFile


def serve(folder: FolderStorage, request: Request, headers: Headers) -> flask.Response | None:
    """The stored image that the request's path names, or the part of it that the headers ask for.

    None on a miss, and where storage fails: the resizer meets the same failure and answers it.
    """
    if request.method not in METHODS:
        return None
    trace = Trace(request.trace_id, hit=True)
    with trace.step("total"):
        opened = _open(folder, request.path, trace)
        if opened is None:
            return None
        try:
            response = send(opened, request.method, headers)
            trace.bytes_out = (response.content_length or 0) if request.method == "GET" else 0
        except SizewiseError as error:
            trace.error = error
            response = refuse(error, request.accept)
    response.headers.update({**EVERY_ANSWER, "X-Sizewise": trace.outcome, "Server-Timing": trace.server_timing()})
    log_request(request.method, request.path, response.status_code, trace)
    return response


def _open(folder: FolderStorage, path: str, trace: Trace) -> OpenFile | None:
    try:
        trace.key = from_path(path).removeprefix("/")
        check(trace.key)
        return folder.open(trace.key)
    except SizewiseError:
        return None
