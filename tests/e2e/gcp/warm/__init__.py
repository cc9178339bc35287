"""gcloud with a Python that stays loaded: its start takes a second of CPU time, and a deployment calls it thirty times.

gcloud's own script starts the program that CLOUDSDK_PYTHON names. Here that is `client.py`, which passes the call to
`server.py`. The server has imported gcloud's modules, and runs each call in a fork.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.servers.processes import running

HERE = Path(__file__).parent


@contextmanager
def warm_python(folder: Path) -> Iterator[Path]:
    """The program for CLOUDSDK_PYTHON, until the block ends."""
    places = "value[separator='\n'](basic.python_location,installation.sdk_root)"
    told = subprocess.run(["gcloud", "info", f"--format={places}"], capture_output=True, text=True, check=True)
    python, root = told.stdout.split("\n")[:2]
    socket = folder / "gcloud.sock"
    client = folder / "python"
    client.write_text(f'#!/bin/sh\nexec {sys.executable} -I -S {HERE / "client.py"} {socket} "$@"\n')
    client.chmod(0o755)
    command = (python, "-S", str(HERE / "server.py"), str(socket), f"{root}/lib")
    with running(command, "ready", {"CLOUDSDK_CONFIG": str(folder)}):
        yield client
