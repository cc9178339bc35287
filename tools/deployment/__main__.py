"""`deploy`, `info`, `logs` and `remove` for the deployment that a file describes."""

import argparse
import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli.deployment_file import read
from core.errors import SettingsError
from tools.deployment import log
from tools.deployment.cloud import Deployment, deployment_of
from tools.deployment.errors import DeploymentError
from tools.deployment.steps import agree, perform
from tools.environments import ROOT


def deploy(deployment: Deployment, *, unasked: bool) -> None:
    """Creates or updates a deployment as its file describes it, and shows the result."""
    steps = deployment.deploying()
    agree(steps, unasked=unasked)
    with alone():
        perform(steps)
    show(deployment)


def remove(deployment: Deployment, *, unasked: bool) -> None:
    """Removes a deployment, except for pictures and keys."""
    steps = deployment.removing()
    agree(steps, unasked=unasked)
    with alone():
        perform(steps)


@contextmanager
def alone() -> Iterator[None]:
    """Raises DeploymentError if another command of this checkout changes a deployment now: each writes to build/."""
    (ROOT / "build").mkdir(exist_ok=True)
    with (ROOT / "build" / ".deploying").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DeploymentError("Another deployment from this checkout is under way: wait until it ends.") from error
        yield


def show(deployment: Deployment) -> None:
    """Prints what is deployed."""
    found = deployment.info()
    width = max(map(len, found))
    for name, value in found.items():
        print(f"{name:{width}}  {value}")


def main(command: str, arguments: list[str]) -> None:
    """Runs one of the commands. An error's message says what to do."""
    parser = argparse.ArgumentParser(prog=f"./noxw -s {command} --")
    parser.add_argument("file", type=Path, metavar="FILE", help="the deployment's file: deployments/prod.toml")
    if command in CHANGING:
        parser.add_argument("--yes", action="store_true", help="do not ask")
    given = parser.parse_args(arguments)
    deployment = deployment_of(read(given.file))
    print(f"{given.file}: {deployment.title}, as {deployment.sign_in()}", flush=True)
    if command in CHANGING:
        CHANGING[command](deployment, unasked=given.yes)
    elif command == "info":
        show(deployment)
    else:
        deployment.info()  # Raises if nothing is deployed.
        log.follow(deployment.log)


CHANGING = {"deploy": deploy, "remove": remove}

if __name__ == "__main__":
    try:
        main(sys.argv[1], sys.argv[2:])
    except (DeploymentError, SettingsError) as problem:
        sys.exit(f"Error: {problem}")
    except KeyboardInterrupt:
        if sys.argv[1] in CHANGING:
            print("\nStopped. Run the same command again to continue.", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:  # Caused by `logs | head`, for example. The rest of the output is discarded.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
