"""The commands, with a deployment that exists only in memory."""

import fcntl
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest

from tools.deployment import __main__ as commands
from tools.deployment.errors import DeploymentError
from tools.deployment.log import Line
from tools.deployment.steps import Step


class Nowhere:
    """A deployment of two facts, which records its steps."""

    title = "Nowhere"

    def __init__(self) -> None:
        self.done: list[str] = []

    def check(self) -> None:
        """Nothing."""

    def sign_in(self) -> str:
        return "nobody"

    def deploying(self) -> list[Step]:
        return [Step("Make it", lambda: self._note("made"), "Mend it.")]

    def removing(self) -> list[Step]:
        return [Step("Take it away", lambda: self._note("gone"), "Mend it.")]

    def info(self) -> Mapping[str, str]:
        if "made" not in self.done:
            raise DeploymentError("nothing is deployed there")
        return {"address": "https://example.com", "QUALITY": "70"}

    def _note(self, what: str) -> str:
        self.done.append(what)
        return what

    def log(self, _: datetime) -> list[Line]:
        raise KeyboardInterrupt


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Nowhere:
    deployment = Nowhere()
    monkeypatch.setattr(commands, "deployment_of", lambda _: deployment)
    monkeypatch.setattr(commands, "ROOT", tmp_path)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "prod.toml").write_text('cloud = "aws"\n')
    return deployment


def test_the_deployment_is_shown_at_the_end(nowhere: Nowhere, capsys: pytest.CaptureFixture[str]) -> None:
    commands.main("deploy", ["prod.toml", "--yes"])
    assert capsys.readouterr().out.splitlines() == [
        "prod.toml: Nowhere, as nobody",
        "  1. Make it",
        "1/1 Make it ...",
        "    made, 0 s",
        "address  https://example.com",
        "QUALITY  70",
    ]
    commands.main("remove", ["--yes", "prod.toml"])
    assert nowhere.done == ["made", "gone"]


def test_two_deployments_at_once_from_one_checkout_are_refused(nowhere: Nowhere, tmp_path: Path) -> None:
    (tmp_path / "build").mkdir()
    with (tmp_path / "build" / ".deploying").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(DeploymentError, match="Another deployment from this checkout is under way"):
            commands.main("deploy", ["prod.toml", "--yes"])
    assert not nowhere.done
    commands.main("deploy", ["prod.toml", "--yes"])


def test_the_log_of_a_missing_deployment_is_an_error(nowhere: Nowhere) -> None:
    with pytest.raises(DeploymentError, match="nothing is deployed there"):
        commands.main("logs", ["prod.toml"])
    nowhere.done.append("made")
    with pytest.raises(KeyboardInterrupt):
        commands.main("logs", ["prod.toml"])


@pytest.mark.usefixtures("nowhere")
def test_the_usage_shows_the_command_that_a_user_types(capsys: pytest.CaptureFixture[str]) -> None:
    for command, usage in (("deploy", "[-h] [--yes] FILE"), ("info", "[-h] FILE")):
        with pytest.raises(SystemExit):
            commands.main(command, [])
        assert capsys.readouterr().err.startswith(f"usage: ./noxw -s {command} -- {usage}\n")
