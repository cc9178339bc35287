"""gunicorn, with the settings that functions-framework gives it in production."""

import os
from collections.abc import Callable
from typing import Any

import flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter


class Server(BaseApplication):
    """A web application under gunicorn, with these of gunicorn's settings."""

    def __init__(self, app: flask.Flask, bind: str, when_ready: Callable[[Arbiter], None]) -> None:
        self._app = app
        self._options = {
            "bind": bind,
            "workers": int(os.environ.get("WORKERS", "1")),
            "threads": int(os.environ.get("THREADS", 4 * (os.cpu_count() or 1))),
            "timeout": 0,
            "limit_request_line": 0,
            "loglevel": os.environ.get("GUNICORN_LOG_LEVEL", "error"),
            "when_ready": when_ready,
        }
        super().__init__()

    def load_config(self) -> None:
        """Called by gunicorn."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        """Called by gunicorn, in each worker."""
        return self._app
