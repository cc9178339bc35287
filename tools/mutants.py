"""Mutation tests: Cosmic Ray changes a module in one place at a time, and the module's own tests must fail.

A change is a mutant. If a test fails, the mutant is killed, otherwise it survives. Mutants are made in copies, never in
the working tree. `tests/unit/mutants.toml` explains the mutants that no test can kill, and names the operators that are
left out.
"""

import os
import shlex
import shutil
import subprocess
import sys
import tomllib
from argparse import Namespace
from collections import Counter
from compileall import compile_dir
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from time import monotonic

from attrs import evolve
from cosmic_ray.commands import init
from cosmic_ray.mutating import mutate_and_test
from cosmic_ray.tools.filters.operators_filter import OperatorsFilter
from cosmic_ray.work_db import use_db
from cosmic_ray.work_item import MutationSpec, TestOutcome, WorkResult

MODULES = [Path("core", f"{name}.py") for name in ("size", "ladder", "imaging/fit", "http", "keys", "flight")]
CONFIG = Path("tests", "unit", "mutants.toml")
PYTEST = "-m pytest -x -q --tb=no --assert=plain -p no:cacheprovider -p no:xdist -m 'not hypothesis'"
"""Property tests are left out: what they kill depends on chance."""
KILOBYTES = 4_000_000
"""The address space of a test run, as `ulimit -v` counts it: a mutant can request any amount."""

Copies = SimpleQueue[Path]
"""The copies of the code in which no tests run at present."""


def main(modules: list[Path]) -> str | None:
    """Tests the mutants of each module, and prints the survivors. Returns what is wrong, or None."""
    processes = os.cpu_count() or 1
    wrong = 0
    with TemporaryDirectory() as folder, ThreadPoolExecutor(processes) as pool:
        copies = Copies()
        for number in range(processes):
            copies.put(copied(Path(folder, str(number))))
        for module in modules:
            command = tests_of(module)
            timeout = 10 + 10 * seconds_unchanged(command, Path(folder, "0"))
            results = pool.map(partial(tested, copies, command, timeout), mutants(module, folder))
            wrong += report(module, list(results))
    return f"{wrong} mutants differ from {CONFIG}: write a test or an explanation." if wrong else None


def copied(copy: Path) -> Path:
    """A new copy of the code and its tests, with bytecode, because test runs of mutants write none."""
    for name in ("core", "tests"):
        shutil.copytree(name, copy / name)
    shutil.copy("pyproject.toml", copy)
    compile_dir(copy, quiet=1)
    return copy


def tests_of(module: Path) -> str:
    """The command that runs the tests of a module."""
    tests = sorted(Path("tests", "unit", *module.parts[1:-1]).glob(f"test_{module.stem}*.py"))
    if not tests:
        raise SystemExit(f"{module} has no tests with its name.")
    return f"{shlex.quote(sys.executable)} {PYTEST} {shlex.join(map(str, tests))}"


def seconds_unchanged(command: str, copy: Path) -> float:
    """The time that the tests of a module need without a mutant, in seconds. They must pass."""
    start = monotonic()
    run = subprocess.run(shlex.split(command), cwd=copy, capture_output=True, text=True, check=False)
    if run.returncode:
        raise SystemExit(f"Without a mutant, these tests fail: {command}\n{run.stdout}")
    return monotonic() - start


def mutants(module: Path, folder: str) -> list[tuple[MutationSpec, ...]]:
    """All mutants of a module, except those of the operators that are left out."""
    with use_db(Path(folder, "session")) as session:
        init([module], session, {})
        OperatorsFilter().filter(session, Namespace(config=CONFIG))
        return [item.mutations for item in session.pending_work_items]


def tested(copies: Copies, command: str, timeout: float, mutant: tuple[MutationSpec, ...]) -> WorkResult:
    """The outcome of tests with a mutant. Tests that run for more than `timeout` seconds have failed."""
    copy = copies.get()
    try:
        limited = f"cd {shlex.quote(str(copy))} && ulimit -v {KILOBYTES}; exec {command}"
        placed = [evolve(mutation, module_path=copy / mutation.module_path) for mutation in mutant]
        result = mutate_and_test(placed, shlex.join(["sh", "-c", limited]), timeout)
    finally:
        copies.put(copy)
    if result.test_outcome not in (TestOutcome.KILLED, TestOutcome.SURVIVED):
        raise RuntimeError(result.output)
    return result


def report(module: Path, results: list[WorkResult]) -> int:
    """Prints the score of a module and its survivors. Returns how many explanations are missing or wrong."""
    survivors = [result.diff for result in results if not result.is_killed]
    killed = len(results) - len(survivors)
    slow = sum(result.output == "timeout" for result in results)
    print(f"{module}: {killed} of {len(results)} mutants killed ({killed / len(results):.1%}), {slow} by timeout")
    explained = tomllib.loads(CONFIG.read_text()).get(str(module), [])
    reasons = {(entry["line"], entry["becomes"]): entry["because"] for entry in explained}
    for diff in survivors:
        print(f"\n@@{diff.partition('@@')[2]}\n{reasons.get(changed(diff), 'Not explained.')}\n")
    found = Counter(map(changed, survivors))
    expected = Counter((entry["line"], entry["becomes"]) for entry in explained)
    for line, becomes in expected - found:
        print(f"Explained, but killed: {line} -> {becomes}\n")
    return (found - expected).total() + (expected - found).total()


def changed(diff: str) -> tuple[str, str]:
    """The text that a diff removes, and the text that it adds."""
    lines = diff.partition("\n@@")[2].splitlines()[1:]
    removed, added = (" ".join(line[1:] for line in lines if line.startswith(sign)) for sign in "-+")
    return " ".join(removed.split()), " ".join(added.split())


if __name__ == "__main__":
    sys.exit(main([Path(name) for name in sys.argv[1:]] or MODULES))
