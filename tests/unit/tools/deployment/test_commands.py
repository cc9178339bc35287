"""Runs of the clouds' command-line tools."""

import sys

import pytest

from tools.deployment import commands
from tools.deployment.commands import CommandFailed, run
from tools.deployment.errors import DeploymentError


def python(program: str, **options: str) -> str:
    return run(sys.executable, "-c", program, **options)  # type: ignore[arg-type]


def test_the_output_of_a_tool_is_returned_without_its_progress() -> None:
    assert python("import sys; print('{}'); print('working', file=sys.stderr)") == "{}\n"


def test_a_secret_is_passed_on_standard_input() -> None:
    assert python("print(input()[::-1])", given="abc") == "cba\n"


def test_a_slow_tool_shows_that_it_still_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(commands, "_REPORT_SECONDS", 0.05)
    program = "import sys, time; print('one\\ntwo', file=sys.stderr, flush=True); time.sleep(0.5); print(input())"
    assert python(program, given="x") == "x\n"
    assert "    still running after 0 s: two\n" in capsys.readouterr().out


def test_a_failed_tool_shows_the_end_of_its_output() -> None:
    program = "import sys; print(*range(30), sep='\\n'); print('denied', file=sys.stderr); sys.exit(3)"
    with pytest.raises(CommandFailed) as raised:
        python(program)
    said = str(raised.value).splitlines()
    assert said[0] == f"{sys.executable} said:"
    assert said[1:] == [f"    {line}" for line in (*range(11, 30), "denied")]


def test_a_missing_tool_is_named_with_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(DeploymentError, match="gcloud is not installed: install the Google Cloud CLI"):
        run("gcloud", "version")
