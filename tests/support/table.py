"""The table of docs/conformance.md, from the junit files that the providers' test runs wrote.

`python -m tests.support.table FOLDER OUTPUT`; fails if a conformance test did not pass somewhere.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

PROVIDERS = ("local", "aws", "gcp", "azure")
HEAD = """# Conformance

One suite, the same requests and the same expected answers, over HTTP against each provider's own deployment:
[tests/e2e/conformance.py](../tests/e2e/conformance.py). `./noxw -s conformance` ran it and wrote this page; nothing in
it is written by hand. A dash: the provider was not run. Where a platform answers by itself, the provider's own test
module says so and why: `tests/e2e/PROVIDER/test_conformance.py`.
"""


def results(junit: Path) -> Iterator[tuple[str, str]]:
    """Each conformance test of a run, as its row's text, and how it ended."""
    for case in ET.parse(junit).iter("testcase"):  # noqa: S314 -- pytest wrote it
        if case.get("classname", "").split(".")[-2] == "test_conformance":
            name, bracket, parameter = case.get("name", "").partition("[")
            words = name.removeprefix("test_").replace("_", " ").capitalize()
            shown = parameter.removesuffix("]").encode("ascii", "backslashreplace").decode("unicode_escape")
            ends = [end for end in ("failure", "error", "skipped") if case.find(end) is not None]
            yield words + (f": `{shown}`" if bracket else ""), ends[0] if ends else "passed"


def main(folder: Path, output: Path) -> int:
    """Writes the page; 1 if anything but "passed" is in it."""
    runs = {name: dict(results(folder / f"{name}.xml")) for name in PROVIDERS if (folder / f"{name}.xml").exists()}
    rows = sorted({row for run in runs.values() for row in run})
    lines = [f"| | {' | '.join(PROVIDERS)} |", "|---" * (len(PROVIDERS) + 1) + "|"]
    lines += [f"| {row} | {' | '.join(runs.get(name, {}).get(row, '—') for name in PROVIDERS)} |" for row in rows]
    passed = {name: f"{list(run.values()).count('passed')} of {len(rows)}" for name, run in runs.items()}
    lines.append(f"| **passed** | {' | '.join(passed.get(name, '—') for name in PROVIDERS)} |")
    output.parent.mkdir(exist_ok=True)
    output.write_text(HEAD + "\n" + "\n".join(lines) + "\n")
    return int(any(run.get(row) != "passed" for run in runs.values() for row in rows))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
