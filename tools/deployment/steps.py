"""Steps that take a while: listed before they are taken, timed, and each with what to do if it fails."""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tools.deployment.errors import DeploymentError


@dataclass(frozen=True)
class Step:
    """`take` does it and returns what came of it, in a few words. `remedy` is a sentence: what to do if it fails."""

    title: str
    take: Callable[[], str]
    remedy: str


def agree(steps: Sequence[Step], *, unasked: bool) -> None:
    """Lists the steps and asks whether to take them, unless it is `unasked`. Raises DeploymentError for a no."""
    for number, step in enumerate(steps, start=1):
        print(f"  {number}. {step.title}")
    if unasked:
        return
    if not sys.stdin.isatty():
        raise DeploymentError("Nothing was done: nobody is there to be asked. Add --yes to go on.")
    try:
        answer = input("Go on? [y/N] ")
    except (EOFError, KeyboardInterrupt):
        print()
        answer = ""
    if answer.strip().lower() not in ("y", "yes"):
        raise DeploymentError("Nothing was done.")


def perform(steps: Sequence[Step]) -> None:
    """Takes the steps in turn, and says how long each took.

    Raises DeploymentError for one that fails: which, what the cloud answered, and what to do.
    """
    for number, step in enumerate(steps, start=1):
        print(f"{number}/{len(steps)} {step.title} ...", flush=True)
        began = time.monotonic()
        try:
            outcome = step.take()
        except DeploymentError as error:
            seconds = time.monotonic() - began
            raise DeploymentError(
                f"Step {number} of {len(steps)} failed after {seconds:.0f} s: {step.title}\n{error}\n"
                f"{step.remedy} Then give the same command again: it goes on from there."
            ) from error
        print(f"    {outcome}, {time.monotonic() - began:.0f} s", flush=True)


def say_left(what: str, command: str) -> None:
    """Says what a step of a removal leaves in place, and which command deletes it."""
    print(f"    left: {what}. To delete: `{command}`", flush=True)
