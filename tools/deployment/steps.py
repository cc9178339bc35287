"""The steps of a deployment or removal: listed before they start, timed, each with a remedy if it fails."""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tools.deployment.errors import DeploymentError


@dataclass(frozen=True)
class Step:
    """`take` performs the step and returns the outcome in a few words. `remedy` says what to do if the step fails."""

    title: str
    take: Callable[[], str]
    remedy: str


def agree(steps: Sequence[Step], *, unasked: bool) -> None:
    """Lists the steps and asks whether to continue, unless `unasked`. Raises DeploymentError if the answer is no."""
    for number, step in enumerate(steps, start=1):
        print(f"  {number}. {step.title}")
    if unasked:
        return
    if not sys.stdin.isatty():
        raise DeploymentError(
            "Nothing was done: there is no terminal to ask on. Add --yes to continue without a question."
        )
    try:
        answer = input("Continue? [y/N] ")
    except (EOFError, KeyboardInterrupt):
        print()
        answer = ""
    if answer.strip().lower() not in ("y", "yes"):
        raise DeploymentError("Nothing was done.")


def perform(steps: Sequence[Step]) -> None:
    """Performs the steps in turn, and prints how long each took.

    Raises DeploymentError if a step fails. The message names the step, the cloud's answer and what to do.
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
                f"{step.remedy} Then run the same command again: it continues from there."
            ) from error
        print(f"    {outcome}, {time.monotonic() - began:.0f} s", flush=True)


def say_left(what: str, command: str) -> None:
    """Says what a step of a removal leaves in place, and which command deletes it."""
    print(f"    left: {what}. To delete: `{command}`", flush=True)
