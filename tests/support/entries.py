"""Reads Sizewise's log."""

import json
from io import StringIO
from typing import Any


def entries(log: StringIO) -> list[dict[str, Any]]:
    """The entries of a log. Each has to be one line, also for a reader that treats U+2028 as the end of a line."""
    text = log.getvalue()
    assert len(text.splitlines()) == text.count("\n")
    return [json.loads(line) for line in text.splitlines()]
