"""For the providers on functions-framework: converts Flask's requests to the core's, and responses to Flask's."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import flask

from core.http import Request, Response


def to_request(request: flask.Request) -> Request:
    """The request, with its path percent-encoded as it was on the wire."""
    return Request.of(request.method, wire_path(request.environ), dict(request.headers))


def to_answer(response: Response) -> flask.Response:
    """A response in Flask's form."""
    answer = flask.Response(response.body, response.status, dict(response.headers))
    if not response.body:
        del answer.headers["Content-Type"]  # Flask sets one even without a body.
    return answer


def answer_every_path(view: Callable[[flask.Request], Any]) -> None:
    """Lets the view answer the paths that the framework would answer with 404: /favicon.ico, and any with a line break.

    Call it while functions-framework loads the function.
    """
    flask.current_app.register_error_handler(404, lambda _: view(flask.request))


def wire_path(environ: Mapping[str, object]) -> str:
    """The percent-encoded path of a WSGI request.

    PATH_INFO is decoded, including `%2F` (PEP 3333). So this uses RAW_URI, the request target that
    gunicorn and werkzeug provide, decoded as Latin-1.
    """
    target = str(environ.get("RAW_URI") or quote(str(environ["PATH_INFO"]).encode("latin-1")))
    path = target.partition("?")[0]
    if not path.startswith("/"):  # The absolute form (RFC 9112, section 3.2.2).
        path = "/" + path.partition("://")[2].partition("/")[2]
    return quote(path.encode("latin-1", "replace"), safe="%/!#$&'()*+,:;=@[]~\"<>\\^`{|} ")
