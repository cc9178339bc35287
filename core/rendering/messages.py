"""The messages between a child process and its parent. Each has a head, a text in UTF-8, and data.

The parent does not trust a child: if its bytes are not a valid message, reading them raises ValueError.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, cast, get_args

Kind = Literal["ready", "render", "frame", "rendering", "framing", "refused", "failed"]
"""A child announces that it is `ready`. A job is to `render` a variant, optionally with a rival, another format that
may be smaller; or to `frame` the variant, to find the part of the original that it shows. The answer is a `rendering`
or a `framing`, the reason why the original is `refused`, or the traceback of a bug: `failed`."""

_KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
_HEAD: Final = struct.Struct(">8sB?LQ")
_MOST_TEXT: Final = 64 * 1024
"""The most bytes of a message's text."""

_AT_ONCE: Final = 64 * 1024
"""The most bytes that are read at once from a process that is not trusted."""

Read = Callable[[int], bytes]
"""A function that reads up to that many bytes, and none at the end."""


@dataclass(frozen=True)
class Message:
    """A parent's job, or a child's answer to it.

    The answer has the job's `number`, 8 bytes that can't be guessed, so that no other answer is accepted. After an
    answer that is `last`, the child must not get another job.
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
    """The next message, with up to `most` bytes of data. At most `at_once` bytes are read at a time.

    Raises EOFError if the message is cut short, and ValueError if it is invalid.
    """
    number, kind, last, characters, size = _HEAD.unpack(_whole(read, _HEAD.size, at_once))
    if kind >= len(_KINDS) or characters > _MOST_TEXT or size > most:
        raise ValueError("not a message")
    text = _whole(read, characters, at_once).decode(errors="replace")
    return Message(number, cast(Kind, _KINDS[kind]), text, _whole(read, size, at_once), last)


def _whole(read: Read, size: int, at_once: int) -> bytes:
    # Memory is allocated only as bytes arrive: a child can state any size.
    pieces: list[bytes] = []
    left = size
    while left:
        piece = read(min(left, at_once))
        if not piece:
            raise EOFError
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)
