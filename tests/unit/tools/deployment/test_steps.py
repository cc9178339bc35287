"""Steps: they are listed, confirmed and timed, and a failed one is named."""

import io
from collections.abc import Callable

import pytest

from tools.deployment.errors import DeploymentError
from tools.deployment.steps import Step, agree, perform


def step(title: str, take: Callable[[], str] = lambda: "done") -> Step:
    return Step(title, take, f"Mend the {title}.")


class Terminal(io.StringIO):
    """A standard input that is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("typed", ["y\n", "Yes\n"])
def test_the_steps_are_shown_before_the_question(
    typed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(typed))
    agree([step("bucket"), step("function")], unasked=False)
    assert capsys.readouterr().out == "  1. bucket\n  2. function\nContinue? [y/N] "


@pytest.mark.parametrize("typed", ["\n", "n\n", "what?\n", ""])
def test_any_answer_but_yes_is_a_no(typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(typed))
    with pytest.raises(DeploymentError, match="Nothing was done"):
        agree([step("bucket")], unasked=False)


def test_without_a_terminal_yes_is_required_on_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    with pytest.raises(DeploymentError, match="Add --yes to continue"):
        agree([step("bucket")], unasked=False)
    agree([step("bucket")], unasked=True)


def test_steps_are_performed_in_order_and_each_result_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    perform([step("bucket", lambda: "unchanged"), step("function")])
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["1/2 bucket ...", "    unchanged, 0 s", "2/2 function ...", "    done, 0 s"]


def test_a_failed_step_is_reported_with_its_reason_and_advice_and_ends_the_run(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail() -> str:
        raise DeploymentError("gcloud said:\n    403")

    with pytest.raises(DeploymentError) as raised:
        perform([step("bucket"), step("function", fail), step("picture")])
    assert str(raised.value) == (
        "Step 2 of 3 failed after 0 s: function\ngcloud said:\n    403\n"
        "Mend the function. Then run the same command again: it continues from there."
    )
    assert "picture" not in capsys.readouterr().out
