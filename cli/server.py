"""Runs the local provider's entry point in gunicorn, as functions-framework does in production."""

import os
import signal
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import flask
import functions_framework
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

import providers.local

_SOURCE: Final = Path(providers.local.__file__).with_name("main.py")


class _Server(BaseApplication):
    """A Flask app under gunicorn, with these gunicorn settings."""

    def __init__(self, app: flask.Flask, options: Mapping[str, object]) -> None:
        self._app = app
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Called by gunicorn."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        """Called by gunicorn, in each worker."""
        return self._app


def run(listening: socket.socket, workers: int, threads: int, ready: Callable[[], None]) -> None:
    """Serves on the socket until a signal stops it. The settings are those of the environment.

    The first worker calls `ready` once, before it answers any request.
    """
    nohup = signal.getsignal(signal.SIGHUP) == signal.SIG_IGN

    def terminate(*_: object) -> None:
        signal.raise_signal(signal.SIGTERM)

    def when_ready(_: Arbiter) -> None:
        # On SIGHUP gunicorn would reload, and so outlive its terminal.
        signal.signal(signal.SIGHUP, signal.SIG_IGN if nohup else terminate)
        signal.signal(signal.SIGINT, terminate)

    def post_worker_init(worker: Worker) -> None:
        # The terminal sends SIGINT to every process. A worker that handles it can wait 30 seconds for its own lock.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        # Not in the parent: `ready` can render, and the child that renders must belong to the worker.
        if worker.age == 1:
            ready()

    options = {
        "bind": f"fd://{listening.detach()}",
        "workers": workers,
        "threads": threads,
        # No timeout: rendering has its own limits.
        "timeout": 0,
        "limit_request_line": 0,
        "loglevel": os.environ.get("GUNICORN_LOG_LEVEL", "error"),
        # gunicorn would create its control socket in the user's home.
        "control_socket_disable": True,
        "when_ready": when_ready,
        "post_worker_init": post_worker_init,
    }
    _Server(functions_framework.create_app("resize", str(_SOURCE)), options).run()
