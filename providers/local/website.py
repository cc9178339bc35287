"""The website: serves stored files of the folder as a bucket's website does."""

import flask
from werkzeug.datastructures import Headers

from core.errors import BadKey, SizewiseError
from core.http import EVERY_ANSWER, METHODS, Request
from core.keys import check, from_path
from core.logs import Trace, log_request
from providers.local.sending import refuse, send
from providers.local.storage import FolderStorage


def serve(folder: FolderStorage, request: Request, headers: Headers) -> flask.Response | None:
    """Answers with the stored image that the path names, or with the range of it that the headers select.

    On failure, answers with a problem (`core.problems`).

    None if nothing is stored there, or the request can't be for a stored image. Then the resizer answers.
    """
    if request.method not in METHODS:
        return None
    trace = Trace(request.trace_id)
    with trace.step("total"):
        try:
            trace.key = from_path(request.path).removeprefix("/")
            check(trace.key)
            opened = folder.open(trace.key)
            if opened is None:
                return None
            trace.hit = True
            response = send(opened, request.method, headers)
            trace.bytes_out = response.content_length or 0
        except BadKey:
            return None
        except SizewiseError as error:
            trace.error = error
            response = refuse(error, request.accept)
    response.headers.update({**EVERY_ANSWER, "X-Sizewise": trace.outcome, "Server-Timing": trace.server_timing()})
    log_request(request.method, request.path, response.status_code, trace)
    return response
