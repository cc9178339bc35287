"""What a child and its parent say to each other: a message is a head, a text in UTF-8, and data.

The parent trusts nothing that comes from a child: its bytes are a message, or they raise ValueError.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, cast, get_args

Kind = Literal["ready", "render", "frame", "rendering", "framing", "refused", "failed"]
"""A child says that it is `ready`. A job is to `render` a size, which a rival format may follow, or to `frame` one.
The answer is a `rendering` or a `framing`, the reason why the original is `refused`, or the traceback of a bug:
`failed`."""

_KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
_HEAD: Final = struct.Struct(">8sB?LQ")
_MOST_TEXT: Final = 64 * 1024
"""Bytes."""

_AT_ONCE: Final = 64 * 1024
"""Bytes of what nobody vouches for."""

Read = Callable[[int], bytes]
"""Reads up to so many bytes, none at the end."""


@dataclass(frozen=True)
class Message:
    """A job of a parent, or a child's answer to it.

    The answer has the job's `number`, 8 bytes that can't be guessed, so that no other answer is accepted. `last` says
    that the child must not be given another job.
    """

    number: bytes
    kind: Kind
    text: str = ""
    data: bytes = b""
    last: bool = False

    def pieces(self) -> tuple[bytes, bytes]:
        """The bytes to send, in two pieces, so that the data need not be copied."""
        text = self.text.encode(errors="backslashreplace")[-_MOST_TEXT:]
        head = _HEAD.pack(self.number, _KINDS.index(self.kind), self.last, len(text), len(self.data))
        return head + text, self.data


def received(read: Read, most: int, at_once: int = _AT_ONCE) -> Message:
    """The next message, with up to `most` bytes of data, which are read up to `at_once` bytes at a time.

    Raises EOFError, and ValueError for an invalid message.
    """
    number, kind, last, characters, size = _HEAD.unpack(_whole(read, _HEAD.size, at_once))
    if kind >= len(_KINDS) or characters > _MOST_TEXT or size > most:
        raise ValueError("no message")
    text = _whole(read, characters, at_once).decode(errors="replace")
    return Message(number, cast(Kind, _KINDS[kind]), text, _whole(read, size, at_once), last)


def _whole(read: Read, size: int, at_once: int) -> bytes:
    # They grow as bytes arrive: a child may state any size.
    pieces: list[bytes] = []
    left = size
    while left:
        piece = read(min(left, at_once))
        if not piece:
            raise EOFError
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)
