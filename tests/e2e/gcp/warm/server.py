"""Runs calls of gcloud in forks of a process that has imported gcloud's modules.

`server.py SOCKET LIB` runs in gcloud's own Python; LIB is the folder that has gcloud.py. It prints `ready`.
"""

import importlib
import json
import os
import signal
import socket
import sys

MODULES = (
    "googlecloudsdk.gcloud_main",
    "googlecloudsdk.api_lib.storage.gcs_json.client",
    "googlecloudsdk.command_lib.run.serverless_operations",
    "googlecloudsdk.command_lib.storage.tasks.task_executor",
)
"""Modules that take long to import. A call imports the others."""


def answer(connection: socket.socket) -> None:
    """Runs a call in this process, sends its exit code, and ends the process."""
    data, files, _, _ = socket.recv_fds(connection, 2**20, 3)
    call = json.loads(data)
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(call["environment"])
    del os.environ["CLOUDSDK_PYTHON"]
    os.chdir(call["folder"])
    # gcloud's script may put options of Python first.
    sys.argv = call["arguments"][[word.endswith("gcloud.py") for word in call["arguments"]].index(True) :]
    code: object = 1
    try:
        importlib.import_module("gcloud").main()
    except SystemExit as error:
        code = error.code or 0
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        connection.sendall(bytes([code if isinstance(code, int) else 1]))
        os._exit(0)


def main() -> None:
    """Serves until it is ended."""
    path, lib = sys.argv[1:]
    sys.path.insert(0, lib)
    importlib.import_module("gcloud")  # It finds the modules that gcloud brings along.
    for name in MODULES:
        importlib.import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # Nobody waits for the forks.
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen()
        print("ready", flush=True)  # noqa: T201 -- to the test that started this
        while True:
            connection, _ = server.accept()
            with connection:
                if os.fork() == 0:
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    server.close()
                    answer(connection)


if __name__ == "__main__":
    main()
