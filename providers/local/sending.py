"""Answers with a file, or with a problem if the request's headers do not fit the file."""

import time
from collections.abc import Iterator
from typing import Final

import flask
from werkzeug.datastructures import Headers

from core.errors import SizewiseError
from core.problems import problem
from providers.local.conditional import RangeNotSatisfiable, Validators, select
from providers.local.storage import OpenFile
from providers.wsgi import to_answer

_CHUNK: Final = 64 * 1024
"""Bytes that are read and sent at a time."""


def send(opened: OpenFile, method: str, headers: Headers) -> flask.Response:
    """The answer with the file, or with the part that the request's headers select.

    Closing the answer closes the file. Raises the errors of `select`, after closing the file.
    """
    described = opened.description
    # Last-Modified must not be later than the answer (RFC 9110, section 8.8.2.1), but a file's time can be.
    validators = Validators(described.etag, min(int(opened.modified), int(time.time())))
    try:
        selected = select(method, headers, validators, opened.length)
    except SizewiseError:
        opened.file.close()
        raise
    part = selected.part
    answer = flask.Response(_chunks(opened, part), selected.status)
    answer.call_on_close(opened.file.close)
    answer.headers["Cache-Control"] = described.cache_control or "no-cache"
    answer.headers["ETag"] = described.etag
    if selected.status == 304:
        return answer
    answer.headers["Last-Modified"] = validators.last_modified
    answer.headers["Content-Type"] = described.content_type
    answer.headers["Content-Length"] = str(len(part))
    answer.headers["Accept-Ranges"] = "bytes"
    if selected.status == 206:
        answer.headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{opened.length}"
    return answer


def refuse(error: SizewiseError, accept: str) -> flask.Response:
    """The problem for an error; `accept` is the request's header. See `core.problems.problem`."""
    answer = to_answer(problem(error, accept))
    if isinstance(error, RangeNotSatisfiable):
        answer.headers["Content-Range"] = f"bytes */{error.length}"
    return answer


def _chunks(opened: OpenFile, part: range) -> Iterator[bytes]:
    """The bytes of a part, in the pieces that the server sends."""
    opened.file.seek(part.start)
    left = len(part)
    while left:
        data = opened.file.read(min(left, _CHUNK))
        if not data:
            # The server then closes the connection, so the client can tell that the body is incomplete.
            raise EOFError("The file was cut short while it was sent.")
        left -= len(data)
        yield data
