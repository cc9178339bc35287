"""The oracle's table counts crashes, refusals and variants that are not shown, and still judges the other formats."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from core.errors import BrokenOriginal
from tests.oracle import bars, judge
from tests.oracle.judge import judged
from tests.oracle.peers import PeerError, Pictures, Shown
from tests.oracle.pictures import Case
from tests.oracle.report import Table

PICTURE = Shown(np.full((8, 12, 4), (10, 50, 50, 255), np.uint8), 0)


class Programs:
    """Chromium and sharp, which show the same picture for every file."""

    def __init__(self, unread: bytes = b"none") -> None:
        self._unread = unread

    def chromium(self, data: bytes, format: str) -> Pictures:  # noqa: A002, ARG002
        if data == self._unread:
            raise PeerError("no such picture")
        return Pictures([PICTURE], 1)

    def sharp(self, data: bytes) -> Pictures:
        return self.chromium(data, "")

    def rendered(self, data: bytes, format: str, quality: int) -> bytes:  # noqa: A002, ARG002
        return data


def noted(monkeypatch: pytest.MonkeyPatch, folder: Path, render: Callable[[bytes, str], bytes], peers: Programs) -> str:
    """The table's row for one PNG that `render` renders."""
    monkeypatch.setattr(judge, "rendered", render)
    monkeypatch.setattr(bars, "by_sharp", lambda *_: [PICTURE.pixels])
    case, table = Case("PNG", b"original"), Table(folder)
    table.note(case, 0, lambda: judged(peers, case))
    return table.text().splitlines()[2]


def test_a_crash_is_counted_and_the_other_formats_are_judged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def crashing(_: bytes, target: str) -> bytes:
        raise BrokenOriginal("damaged") if target == "avif" else ZeroDivisionError

    row = noted(monkeypatch, tmp_path, crashing, Programs())
    assert row.endswith("| 1 (avif, refused), 1 (gif, crashed), 1 (png, crashed), 1 (webp, crashed) |")


def test_a_variant_that_is_not_shown_is_counted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    row = noted(monkeypatch, tmp_path, lambda _, target: target.encode(), Programs(unread=b"avif"))
    assert row == "| PNG | 1 | 0 | 0 | 1 (avif, not shown) |"


def test_an_original_that_is_not_shown_is_not_judged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    row = noted(monkeypatch, tmp_path, lambda data, _: data, Programs(unread=b"original"))
    assert row == "| PNG | 1 | 0 | 1 | 0 |"


def test_a_crash_of_the_judge_is_counted(tmp_path: Path) -> None:
    table = Table(tmp_path)
    table.note(Case("PNG", b"original"), 0, lambda: {"png": str(1 // 0)})
    assert table.differs
    assert "1 (judge, crashed)" in table.text()
