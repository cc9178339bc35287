"""A deployment's log: its last lines, then the new ones."""

from datetime import UTC, datetime, timedelta

import pytest

from tools.deployment import log
from tools.deployment.log import Line, follow

BEGAN = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


def lines(*numbers: int) -> list[Line]:
    return [Line(BEGAN + timedelta(seconds=number), str(number), f"line {number}\n") for number in numbers]


def followed(monkeypatch: pytest.MonkeyPatch, *polls: list[Line]) -> list[datetime]:
    """Follows a log with these lines at each poll, until Ctrl-C; returns the times since which lines were requested."""
    asked: list[datetime] = []
    left = list(polls)

    def since(time: datetime) -> list[Line]:
        asked.append(time)
        if not left:
            raise KeyboardInterrupt
        return left.pop(0)

    monkeypatch.setattr(log, "_POLL_SECONDS", 0)
    with pytest.raises(KeyboardInterrupt):
        follow(since)
    return asked


def test_the_last_lines_are_shown_then_each_new_one_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    followed(monkeypatch, lines(*range(30)), lines(*range(28, 31)), lines(31, 30))
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "12:00:10 line 10"
    assert [line.partition(" line ")[2] for line in printed] == [str(number) for number in range(10, 32)]


def test_a_late_line_is_shown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """It appears in the log after lines that were written later."""
    asked = followed(monkeypatch, lines(1, 3), lines(1, 2, 3))
    assert "line 2" in capsys.readouterr().out
    assert datetime.now(UTC) - asked[1] >= timedelta(minutes=10)


def test_a_line_that_several_polls_find_is_shown_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    followed(monkeypatch, lines(1), lines(1, 2), lines(1, 2), lines(2, 3))
    assert [line[-1] for line in capsys.readouterr().out.splitlines()] == ["1", "2", "3"]


def test_an_empty_log_shows_that_it_waits(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    followed(monkeypatch, [], [], lines(*range(25)))
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "No lines in the last hour. Waiting for new ones; Ctrl-C stops it."
    assert len(printed) == 26
