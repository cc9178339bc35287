"""The oracle's report: a row for each kind of file. The smallest file for each kind of difference is kept."""

import re
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

from core.errors import UnsupportedFormat
from tests.oracle.peers import PeerError, PeersEnded
from tests.oracle.pictures import Case


class Table:
    """Counts the results of files, and keeps the smallest ones that differ in a folder."""

    def __init__(self, folder: Path) -> None:
        self.tried: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.unjudged: Counter[str] = Counter()
        self.differing: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._folder = folder
        self._smallest: dict[tuple[str, str], int] = {}

    @property
    def differs(self) -> bool:
        """Whether any file differs."""
        return bool(self.differing)

    def note(self, case: Case, number: int, judge: Callable[[], dict[str, str]]) -> None:
        """Judges a file, and prints a difference at once."""
        self.tried[case.kind] += 1
        try:
            found = judge()
        except UnsupportedFormat:
            self.refused[case.kind] += 1
            return
        except PeerError:
            self.unjudged[case.kind] += 1
            return
        except PeersEnded:
            raise
        except Exception:
            found = {"judge, crashed": traceback.format_exc()}
        for name, wrong in found.items():
            self.differing[case.kind][name] += 1
            way = (case.kind, name)
            if len(case.data) < self._smallest.get(way, len(case.data) + 1):
                self._smallest[way] = len(case.data)
                self._folder.mkdir(parents=True, exist_ok=True)
                (self._folder / re.sub(r"\W+", "_", f"{case.kind} {name}")).write_bytes(case.data)
                print(f"  {case.kind} {number}: {name}: {wrong}", flush=True)

    def text(self) -> str:
        """The table in Markdown."""
        lines = ["| kind | tried | refused with 415 | not shown by the judge | differing |", "|---|---|---|---|---|"]
        for kind, tried in sorted(self.tried.items()):
            ways = ", ".join(f"{count} ({name})" for name, count in sorted(self.differing[kind].items())) or "0"
            lines.append(f"| {kind} | {tried} | {self.refused[kind]} | {self.unjudged[kind]} | {ways} |")
        self.differing = defaultdict(Counter, {kind: ways for kind, ways in self.differing.items() if ways})
        return "\n".join([*lines, f"{sum(self.tried.values())} files in all"])
