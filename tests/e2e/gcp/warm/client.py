"""Passes a call of gcloud to the server, with its arguments, environment, folder and open files.

`client.py SOCKET ARGUMENTS` ends with the call's exit code.
"""

import json
import os
import socket
import sys
from pathlib import Path


def main() -> int:
    """Returns the exit code; 1 if the call ended without one."""
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(sys.argv[1])
        call = {"arguments": sys.argv[2:], "environment": dict(os.environ), "folder": str(Path.cwd())}
        socket.send_fds(server, [json.dumps(call).encode()], [0, 1, 2])
        code = server.recv(1)
    return code[0] if code else 1


if __name__ == "__main__":
    sys.exit(main())
