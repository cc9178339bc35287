"""The requests and replies of a faulty store."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Request:
    """A request. Header names are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Reply:
    """A correct reply. A reply to HEAD has no body, and its headers state the length."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def head(self, **changed: str | None) -> bytes:
        """The status line and the headers; `changed` replaces headers, or removes them if None."""
        headers: dict[str, str | None] = {"content-length": str(len(self.body)), **self.headers}
        headers |= {name.replace("_", "-"): value for name, value in changed.items()}
        lines = [f"HTTP/1.1 {self.status} Said", *(f"{name}: {value}" for name, value in headers.items() if value)]
        return "\r\n".join([*lines, "", ""]).encode()


Dialect = Callable[[Request], Reply]
"""A function that makes the reply of one cloud's storage to a request."""


def part(reply: Reply, of: str) -> Reply:
    """The part of a reply that the Range `of` names, or the whole reply if `of` is empty."""
    if not of:
        return reply
    first, _, last = of.removeprefix("bytes=").partition("-")
    body = reply.body[int(first) : int(last or len(reply.body)) + 1]
    stated = {"content-range": f"bytes {first}-{int(first) + len(body) - 1}/{len(reply.body)}"}
    return replace(reply, status=206, headers={**reply.headers, **stated}, body=body)
