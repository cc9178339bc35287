"""Requests and replies, as a stand-in for a store reads and writes them. A dialect is the replies of one cloud."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Request:
    """A request. The names of headers are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Reply:
    """What an honest store says. Without a body it is to HEAD, and the headers tell the length."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def head(self, **changed: str | None) -> bytes:
        """The status line and the headers, some of which are changed or, with None, left out."""
        headers: dict[str, str | None] = {"content-length": str(len(self.body)), **self.headers}
        headers |= {name.replace("_", "-"): value for name, value in changed.items()}
        lines = [f"HTTP/1.1 {self.status} Said", *(f"{name}: {value}" for name, value in headers.items() if value)]
        return "\r\n".join([*lines, "", ""]).encode()


Dialect = Callable[[Request], Reply]


def part(reply: Reply, of: str) -> Reply:
    """The part of a whole answer that a Range asks for, or all of it if it asks for none."""
    if not of:
        return reply
    first, _, last = of.removeprefix("bytes=").partition("-")
    body = reply.body[int(first) : int(last or len(reply.body)) + 1]
    stated = {"content-range": f"bytes {first}-{int(first) + len(body) - 1}/{len(reply.body)}"}
    return replace(reply, status=206, headers={**reply.headers, **stated}, body=body)
