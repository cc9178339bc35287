"""The table of docs/conformance.md, from the junit files of the providers' test runs.

`python -m tests.support.table FOLDER OUTPUT` fails if a conformance test did not pass on a provider that was run.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

from tools.deployment.facts import CLOUDS

PROVIDERS = ("local", *CLOUDS)
WRONG = ("failure", "error", "skipped")
HEAD = """# Conformance

One suite sends the same requests to each provider's own deployment over HTTP, and expects the same answers:
[tests/e2e/conformance/suite.py](../tests/e2e/conformance/suite.py). `./noxw -s conformance` runs it and writes this
page; do not edit it by hand. A dash means that the provider's tests were not run. "Platform" and a status mean that the
platform refuses the request before it reaches Sizewise; `tests/e2e/PROVIDER/test_conformance.py` says why and tests it.
"""


def results(junit: Path) -> Iterator[tuple[str, str]]:
    """The row's text and the result of each conformance test of a run."""
    for case in ET.parse(junit).iter("testcase"):  # noqa: S314 -- pytest wrote it
        if case.get("classname", "").split(".")[-2] == "test_conformance":
            name, bracket, parameter = case.get("name", "").partition("[")
            words = name.removeprefix("test_").replace("_", " ").capitalize()
            shown = parameter.removesuffix("]").encode("ascii", "backslashreplace").decode("unicode_escape")
            ends = [end for end in WRONG if case.find(end) is not None]
            platform = case.find("properties/property[@name='platform']")
            ended = "passed" if platform is None else f"platform: {platform.get('value')}"
            yield words + (f": `{shown}`" if bracket else ""), ends[0] if ends else ended


def main(folder: Path, output: Path) -> int:
    """Writes the page. Returns 1 if a test is missing or did not pass for a provider that was run."""
    runs = {name: dict(results(folder / f"{name}.xml")) for name in PROVIDERS if (folder / f"{name}.xml").exists()}
    rows = sorted({row for run in runs.values() for row in run})
    lines = [f"| | {' | '.join(PROVIDERS)} |", "|---" * (len(PROVIDERS) + 1) + "|"]
    lines += [f"| {row} | {' | '.join(runs.get(name, {}).get(row, '—') for name in PROVIDERS)} |" for row in rows]
    right = {name: sum(end not in WRONG for end in run.values()) for name, run in runs.items()}
    counts = [f"{right[name]} of {len(rows)}" if name in runs else "—" for name in PROVIDERS]
    lines.append(f"| **as expected** | {' | '.join(counts)} |")
    output.parent.mkdir(exist_ok=True)
    output.write_text(HEAD + "\n" + "\n".join(lines) + "\n")
    return int(not rows or any(count != len(rows) for count in right.values()))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
