"""The commands of the README that read a deployment's file, through noxw, without a call to a cloud."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.servers.processes import ROOT


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "prod.toml"


def noxw(file: Path, session: str, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Runs `./noxw -s SESSION -- WORDS` from the file's folder, in this session's environment."""
    environments = file.parent / "e"
    environments.mkdir(exist_ok=True)
    (environments / session).symlink_to(sys.prefix)
    command = [str(ROOT / "noxw"), "-R", "--envdir", str(environments), "-s", session, "--", *words]
    path = {"PATH": f"{sys.prefix}/bin:/usr/bin:/bin", "HOME": str(file.parent)}
    return subprocess.run(command, cwd=file.parent, env=path | env, capture_output=True, text=True, check=False)


def test_a_size_is_signed_with_the_settings_of_a_deployments_file(file: Path) -> None:
    file.write_text('cloud = "aws"\n[settings]\nWIDTHS = [250, 600]\n')
    keys = {"SIGNING_KEYS": "an-example-key-of-32-bytes-only!"}
    done = noxw(file, "sign", "--deployment", "prod.toml", "613x409", "albums/cat.jpg", **keys)
    assert (done.returncode, done.stdout, done.stderr) == (0, "/613x409-skymmdmfm4df54acf/albums/cat.jpg\n", "")


@pytest.mark.parametrize("session", ["deploy", "info", "logs", "remove"])
def test_a_missing_file_is_named_in_one_line(file: Path, session: str) -> None:
    done = noxw(file, session, file.name)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Error: prod.toml is not there: make it from deployments/example.toml\n"


def test_an_unknown_cloud_is_named(file: Path) -> None:
    file.write_text('cloud = "asw"\n')
    done = noxw(file, "deploy", file.name)
    assert done.stderr == 'Error: prod.toml: cloud = \'asw\' is not one of "aws", "gcp", "azure"\n'


def test_without_a_file_the_usage_is_shown(file: Path) -> None:
    done = noxw(file, "deploy")
    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == "usage: ./noxw -s deploy -- [-h] [--yes] FILE"
    assert "the following arguments are required: FILE" in done.stderr
