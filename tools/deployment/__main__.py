"""`deploy`, `info`, `logs` and `remove`, of the deployment that a file describes."""

import argparse
import sys
from pathlib import Path

from cli.deployment_file import read
from core.errors import SettingsError
from tools.deployment import log
from tools.deployment.cloud import Deployment, deployment_of
from tools.deployment.errors import DeploymentError
from tools.deployment.steps import agree, perform


def deploy(deployment: Deployment, *, unasked: bool) -> None:
    """Makes a deployment, or brings it in line with its file, and shows what is there then."""
    steps = deployment.deploying()
    agree(steps, unasked=unasked)
    perform(steps)
    show(deployment)


def show(deployment: Deployment) -> None:
    """Prints what is deployed."""
    found = deployment.info()
    width = max(map(len, found))
    for name, value in found.items():
        print(f"{name:{width}}  {value}")


def remove(deployment: Deployment, *, unasked: bool) -> None:
    """Takes a deployment away, but for pictures."""
    steps = deployment.removing()
    agree(steps, unasked=unasked)
    perform(steps)


def main(arguments: list[str]) -> None:
    """Runs one of the commands. Whatever stops it is a line that says what to do."""
    parser = argparse.ArgumentParser(prog="./noxw -s", usage="%(prog)s {deploy,info,logs,remove} -- FILE [--yes]")
    parser.add_argument("command", choices=("deploy", "info", "logs", "remove"))
    parser.add_argument("file", type=Path, help="the deployment's file, such as deployments/prod.toml")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    given = parser.parse_args(arguments)
    deployment = deployment_of(read(given.file))
    who = deployment.sign_in()
    print(f"{given.file}: {deployment.title}, as {who}")
    if given.command == "deploy":
        deploy(deployment, unasked=given.yes)
    elif given.command == "remove":
        remove(deployment, unasked=given.yes)
    elif given.command == "info":
        show(deployment)
    else:
        log.follow(deployment.log)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (DeploymentError, SettingsError) as problem:
        sys.exit(f"Error: {problem}")
    except KeyboardInterrupt:
        if sys.argv[1] in ("deploy", "remove"):
            print("\nStopped. The same command goes on from there.", file=sys.stderr)
        sys.exit(130)
