"""`deploy`, `info`, `logs` and `remove`, of the deployment that a file describes."""

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
    """Makes a deployment, or brings it in line with its file, and shows what is there then."""
    steps = deployment.deploying()
    agree(steps, unasked=unasked)
    with alone():
        perform(steps)
    show(deployment)


def remove(deployment: Deployment, *, unasked: bool) -> None:
    """Takes a deployment away, but for pictures and keys."""
    steps = deployment.removing()
    agree(steps, unasked=unasked)
    with alone():
        perform(steps)


@contextmanager
def alone() -> Iterator[None]:
    """Raises DeploymentError while another deployment of this checkout is changed: all of them write into build/."""
    (ROOT / "build").mkdir(exist_ok=True)
    with (ROOT / "build" / ".deploying").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DeploymentError("Another deployment from this checkout is under way: wait for its end.") from error
        yield


def show(deployment: Deployment) -> None:
    """Prints what is deployed."""
    found = deployment.info()
    width = max(map(len, found))
    for name, value in found.items():
        print(f"{name:{width}}  {value}")


def main(command: str, arguments: list[str]) -> None:
    """Runs one of the commands. Whatever stops it is a line that says what to do."""
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
        deployment.info()  # Where nothing is deployed it says so.
        log.follow(deployment.log)


CHANGING = {"deploy": deploy, "remove": remove}

if __name__ == "__main__":
    try:
        main(sys.argv[1], sys.argv[2:])
    except (DeploymentError, SettingsError) as problem:
        sys.exit(f"Error: {problem}")
    except KeyboardInterrupt:
        if sys.argv[1] in CHANGING:
            print("\nStopped. The same command goes on from there.", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:  # As of `logs | head`. What is still to be written goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
