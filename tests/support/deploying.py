"""The commands that deploy, run as a user runs them: in a separate checkout, with a file made from the example."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli.deployment_file import read
from core.errors import SettingsError
from tests.support.servers.processes import ROOT, Server, running
from tools.deployment.cloud import deployment_of
from tools.deployment.errors import DeploymentError

_FOLDERS = ("core", "providers", "cli", "tools", "deployments", "samples")
_FILES = ("noxw", "noxfile.py", "pyproject.toml", "constraints.txt", "LICENSE")
EXAMPLE = ROOT / "deployments" / "example.toml"
UV = shutil.which("uv") or str(ROOT / ".nox" / ".noxw" / "bin" / "uv")


def written(cloud: str, facts: str = "", settings: str = "") -> str:
    """A deployment's file: the cloud's block of the example, with these lines added."""
    blocks, table = EXAMPLE.read_text().split("# Sizewise's own settings")
    (block,) = re.findall(rf'^(?:# )?cloud = "{cloud}"\n(?:(?:# )?\w+ = .*\n)*', blocks, re.MULTILINE)
    lines = re.sub(r"^# ", "", block, flags=re.MULTILINE)
    return f"{lines}{facts}\n#{table}{settings}\n"


def refusal(folder: Path, text: str) -> str:
    """The message of one line that refuses a file with this text, before any call to its cloud."""
    file = folder / "mine.toml"
    file.write_text(text)
    with pytest.raises((DeploymentError, SettingsError)) as raised:
        deployment_of(read(file))
    named, colon, said = str(raised.value).partition(": ")
    assert (named, colon) == (str(file), ": ")
    assert "\n" not in said
    return said


@dataclass(frozen=True)
class Checkout:
    """A copy of what the commands need, so that they do not change the packages that other tests use meanwhile."""

    folder: Path
    env: Mapping[str, str]

    @classmethod
    def make(cls, folder: Path, env: Mapping[str, str]) -> "Checkout":
        """A checkout in an existing folder. `env` is the commands' whole environment, except for uv's variables."""
        nothing = shutil.ignore_patterns("__pycache__", "*.pyc", "node_modules", ".serverless", "*x*-smart")
        for name in _FOLDERS:
            shutil.copytree(ROOT / name, folder / name, ignore=nothing)
        for name in _FILES:
            shutil.copy(ROOT / name, folder / name)
        # The copy uses the nox of the original, and for each session the current environment: nothing is installed.
        (folder / ".nox").mkdir()
        (folder / ".nox" / ".noxw").symlink_to(ROOT / ".nox" / ".noxw")
        for session in ("deploy", "info", "logs", "remove"):
            (folder / ".nox" / session).symlink_to(sys.prefix)
        cache = subprocess.run([UV, "cache", "dir"], capture_output=True, text=True, check=True).stdout.strip()
        # The packages were fetched when the session was set up.
        return cls(folder, {**env, "UV_OFFLINE": "1", "UV_CACHE_DIR": cache})

    def write(self, cloud: str, facts: str = "", settings: str = "") -> str:
        """Makes a deployment's file from the example and returns its name."""
        (self.folder / "deployments" / "mine.toml").write_text(written(cloud, facts, settings))
        return "deployments/mine.toml"

    def command(self, session: str, *words: str) -> list[str]:
        """The command `./noxw -s SESSION -- WORDS`; it installs nothing."""
        return [str(self.folder / "noxw"), "-R", "-s", session, "--", *words]

    def run(self, session: str, *words: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Runs a command."""
        return subprocess.run(
            self.command(session, *words),
            cwd=self.folder,
            env={**self.env, **(env or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def path_without(self, program: str) -> str:
        """A PATH with all programs of the current one, except for one program."""
        folder = self.folder / f"without-{program}"
        folder.mkdir()
        for place in reversed(self.env["PATH"].split(os.pathsep)):
            for found in Path(place).glob("*"):
                (folder / found.name).unlink(missing_ok=True)
                (folder / found.name).symlink_to(found)
        (folder / program).unlink(missing_ok=True)
        return str(folder)

    def done(self, session: str, *words: str, **env: str) -> str:
        """The output of a command that has to succeed."""
        result = self.run(session, *words, env=env)
        assert result.returncode == 0, result.stdout + result.stderr
        assert result.stderr == ""
        return result.stdout

    def refused(self, session: str, *words: str, env: Mapping[str, str] | None = None) -> str:
        """The only line that a command printed as its error."""
        result = self.run(session, *words, env=env)
        assert result.returncode == 1, result.stdout + result.stderr
        (line,) = result.stderr.splitlines()
        return line

    @contextmanager
    def following(self, *words: str) -> Iterator[Server]:
        """Runs `logs` until the block ends, and then ends it with Ctrl-C."""
        ready = r"^\d\d:\d\d:\d\d |No line"
        with running(self.command("logs", *words), ready, self.env, cwd=self.folder) as server:
            yield server
            server.process.send_signal(signal.SIGINT)
            assert server.process.wait(10) == 130
        assert not any("Traceback" in line for line in server.lines)


def shown(info: str, name: str) -> str:
    """A value that `info` prints."""
    (value,) = re.findall(rf"^{name} +(.*)$", info, re.MULTILINE)
    return str(value)
