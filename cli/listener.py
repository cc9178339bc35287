"""The socket that a server listens on, bound before anything else starts."""

import errno
import socket
from ipaddress import ip_address
from typing import Final

_BACKLOG: Final = 2048
"""Connections that can wait, gunicorn's default."""

_WILDCARDS: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 -- nothing is bound to it here
"""Hosts that mean every address of the machine, each with the address for a browser on this machine."""

_NO_ADDRESS: Final = "{host!r} is not an address of this machine: choose one with --host, such as 127.0.0.1 or 0.0.0.0."


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 means any free port. Raises OSError, also if the host is not an address."""
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except UnicodeError as error:  # The name is too long, or has an empty part.
        raise OSError(errno.EADDRNOTAVAIL, "no such host") from error
    # IPv4 comes first: `localhost` has an address of each family.
    family, _, _, _, address = min(found)
    return socket.create_server(address, family=family, backlog=_BACKLOG)


def address(listening: socket.socket) -> str:
    """The URL of a listening socket for this machine's browser, without a slash at its end."""
    host, port = listening.getsockname()[:2]
    host = _WILDCARDS.get(host, host)
    return f"http://[{host}]:{port}" if listening.family == socket.AF_INET6 else f"http://{host}:{port}"


def is_loopback(listening: socket.socket) -> bool:
    """Whether only this machine can reach a listening socket."""
    return ip_address(listening.getsockname()[0]).is_loopback


def explain(error: OSError, host: str, port: int) -> str:
    """What to do about an error of `bind`, in one line."""
    # A failed look-up has its own error numbers, which on some systems mean other errors.
    if isinstance(error, socket.gaierror):
        return _NO_ADDRESS.format(host=host)
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use at {host}: choose another with --port, or any free one with --port 0."
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"Port {port} is reserved for administrators: choose one from 1024 to 65535 with --port."
    return _NO_ADDRESS.format(host=host)
