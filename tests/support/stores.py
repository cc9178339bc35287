"""The table of what a store can do in docs/operations.md, from the junit files that the providers' test runs wrote.

`python -m tests.support.stores FOLDER PAGE`; fails if a row is missing for a provider that was run.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

START, END = "<!-- What follows is written by ./noxw -s conformance. -->", "<!-- Here it ends. -->"

PROVIDERS = ("aws", "gcp", "azure", "local")

ROWS = {
    "cut": "cuts an answer short",
    "cut, in chunks": "cuts an answer short that comes in chunks",
    "cut, length unsaid": "cuts an answer short, whose length it had not said",
    "changed": "changes an object while it is read",
    "corrupt": "sends other bytes than its checksum is of",
    "endless": "sends without end",
    "silent": "says nothing",
    "silent in its body": "says nothing more in the middle of an answer",
    "trickles its headers": "sends headers byte by byte",
    "trickles its body": "sends a body byte by byte",
    "trickles its chunks": "sends the sizes of chunks byte by byte",
    "no HTTP": "says what is no HTTP",
    "all connections dead": "has let all open connections die",
    "archived": "has archived the object",
    "gone": "can't be reached",
}

DO_NOT_APPLY = {
    "local": {*ROWS} - {"changed", "gone"},
    "gcp": {"archived", "changed"},
    "aws": {"changed"},
    "azure": {"changed"},
}
"""A folder speaks no HTTP and has no tiers. All of Google's storage classes are read at once."""


def results(junit: Path) -> Iterator[tuple[str, str, str]]:
    """What each fault of a run came to: its name, the port's method, and the answer with its seconds."""
    for case in ET.parse(junit).iter("testcase"):  # noqa: S314 -- pytest wrote it
        for found in case.iterfind("properties/property[@name='store']"):
            fault, method, status, seconds = str(found.get("value")).split("\t")
            yield fault, method, f"{status}, {seconds} s"


def cell(answers: dict[str, str]) -> str:
    """What the methods answer, which is often the same."""
    return "<br>".join(f"`{method}` {answer}" for method, answer in sorted(answers.items()))


def main(folder: Path, page: Path) -> int:
    """Writes the table into the page; 1 if a row is missing for a provider that was run."""
    table: dict[str, dict[str, dict[str, str]]] = {}
    for provider in PROVIDERS:
        junit = folder / f"{provider}.xml"
        if junit.exists():
            runs = table[provider] = {}
            for fault, method, answer in results(junit):
                runs.setdefault(fault, {})[method] = answer
    lines = [f"| the store | {' | '.join(PROVIDERS)} |", "|---" * (len(PROVIDERS) + 1) + "|"]
    complete = bool(table)
    for fault, words in ROWS.items():
        cells = []
        for provider in PROVIDERS:
            answers = table.get(provider, {}).get(fault)
            applies = fault not in DO_NOT_APPLY[provider]
            complete = complete and (provider not in table or applies == bool(answers))
            cells.append(cell(answers) if answers else "—" if applies else "does not apply")
        lines.append(f"| {words} | {' | '.join(cells)} |")
    head, _, rest = page.read_text().partition(START)
    _, _, tail = rest.partition(END)
    page.write_text(f"{head}{START}\n\n" + "\n".join(lines) + f"\n\n{END}{tail}")
    return int(not complete)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
