"""Sizewise's log, read back."""

import json
from io import StringIO
from typing import Any


def entries(log: StringIO) -> list[dict[str, Any]]:
    """The entries logged; each is one line to every reader, also to one that ends lines at U+2028."""
    text = log.getvalue()
    assert len(text.splitlines()) == text.count("\n")
    return [json.loads(line) for line in text.splitlines()]
