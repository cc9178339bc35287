"""The sessions of the commands on a deployment: they install what tools.deployment needs, and run it."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cli.deployment_file import read
from core.errors import SettingsError
from tools.deployment.cloud import cloud_of
from tools.deployment.errors import DeploymentError
from tools.environments import become_python, install_azure_cli, install_once, npm_install

if TYPE_CHECKING:  # The unit tests' environment has no nox.
    import nox


def manage(session: "nox.Session", command: str, *, tools: bool = False) -> None:
    """Installs the dependencies of the cloud that the file names, and continues as tools.deployment.

    `tools` installs osls too, if the cloud is AWS.
    """
    try:
        with session.chdir(session.invoked_from):
            clouds = {cloud_of(read(Path(word))) for word in session.posargs if not word.startswith("-")}
    except (DeploymentError, SettingsError) as error:
        sys.exit(f"Error: {error}")
    groups = ("node",) if "aws" in clouds and tools else ()
    install_once(session, *groups, extras=("aws",) if "aws" in clouds else ())
    programs = [session.bin]
    if groups:
        programs.append(str(npm_install(session, "providers/aws") / "node_modules" / ".bin"))
    if "azure" in clouds:
        programs += install_azure_cli(session)
    session.env["PATH"] = os.pathsep.join([*programs, os.environ["PATH"]])
    become_python(session, "-m", "tools.deployment", command, *session.posargs)
