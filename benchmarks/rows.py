"""The rows that `render` measures, as a table, means and JSON. Ratios are Sizewise's figure to sharp's."""

import json
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

OVER = 1.1
"""Rows with a larger ratio are named in the summary."""


@dataclass(frozen=True)
class Figures:
    """The figures of one renderer: milliseconds, bytes, peak MB of a fresh process, SSIMULACRA2 if measured."""

    ms: float
    bytes: int
    peak: float
    ssimulacra2: float | None


@dataclass(frozen=True)
class Row:
    """One original at one width in pixels and in one format, with the figures of each renderer that can render it."""

    kind: str
    name: str
    width: int
    target: str
    figures: dict[str, Figures]

    @property
    def case(self) -> str:
        """A name that no other row has."""
        return f"{self.name} to {self.width} {self.target}"

    def of(self, renderer: str, what: str) -> float | None:
        """One figure of a renderer, None if it has none."""
        return getattr(self.figures.get(renderer), what, None)

    def ratio(self, what: str) -> float | None:
        """Sizewise's figure divided by sharp's. None if one is missing, or not positive, as SSIMULACRA2 can be."""
        ours, theirs = self.of("sizewise", what), self.of("sharp", what)
        return None if ours is None or theirs is None or min(ours, theirs) <= 0 else ours / theirs


COLUMNS: tuple[tuple[str, str, Callable[[Row], float | str | None]], ...] = (
    ("kind", "", lambda row: row.kind),
    ("case", "", lambda row: row.case),
    ("Sizewise ms", ".1f", lambda row: row.of("sizewise", "ms")),
    ("sharp ms", ".1f", lambda row: row.of("sharp", "ms")),
    ("pyvips ms", ".1f", lambda row: row.of("pyvips", "ms")),
    ("time ratio", ".2f", lambda row: row.ratio("ms")),
    ("bytes", "d", lambda row: row.of("sizewise", "bytes")),
    ("bytes ratio", ".2f", lambda row: row.ratio("bytes")),
    ("SSIMULACRA2", ".1f", lambda row: row.of("sizewise", "ssimulacra2")),
    ("sharp's", ".1f", lambda row: row.of("sharp", "ssimulacra2")),
    ("ratio", ".2f", lambda row: row.ratio("ssimulacra2")),
    ("peak MB", ".0f", lambda row: row.of("sizewise", "peak")),
    ("sharp's peak", ".0f", lambda row: row.of("sharp", "peak")),
)


def heading() -> str:
    """The table's first two lines."""
    return "| " + " | ".join(name for name, _, _ in COLUMNS) + " |\n|" + "---|" * len(COLUMNS)


def line(row: Row) -> str:
    """A row of the table, with a dash for a missing value."""
    values = ((form, value(row)) for _, form, value in COLUMNS)
    return "| " + " | ".join("–" if value is None else format(value, form) for form, value in values) + " |"


def quoted(rows: Sequence[Row]) -> list[Row]:
    """The rows for means over several formats: all except AVIF, whose speed would decide them."""
    return [row for row in rows if row.target != "avif"]


def apart(rows: Sequence[Row], by: Literal["kind", "target"]) -> dict[str, list[Row]]:
    """The rows by kind of original, or by format."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(getattr(row, by), []).append(row)
    return found


def means(rows: Sequence[Row]) -> dict[str, float | None]:
    """The geometric means of the ratios; None if there are none."""
    found: dict[str, float | None] = {}
    for name, what in (("time", "ms"), ("bytes", "bytes"), ("ssimulacra2", "ssimulacra2")):
        ratios = [ratio for row in rows if (ratio := row.ratio(what)) is not None]
        found[name] = rounded(statistics.geometric_mean(ratios) if ratios else None, 3)
    return found


def summary(rows: Sequence[Row]) -> list[str]:
    """Geometric means of all rows except AVIF, by kind and by format; the slowest row; the rows over 1.1."""
    chosen = {
        "all, AVIF left out": quoted(rows),
        **{f"from {kind}, AVIF left out": some for kind, some in apart(quoted(rows), "kind").items()},
        **{f"to {target}": some for target, some in apart(rows, "target").items()},
    }
    lines = []
    for name, some in chosen.items():
        ratios = ", ".join(f"{what} {mean:.2f}" for what, mean in means(some).items() if mean is not None)
        lines.append(f"geometric mean, {name}: {ratios or 'sharp does not render these'}")
    compared = [row for row in quoted(rows) if row.ratio("ms") is not None]
    if compared:
        slowest = max(compared, key=lambda row: row.ratio("ms") or 0)
        lines.append(f"slowest row, AVIF left out: {slowest.case}, {slowest.ratio('ms'):.2f} of sharp's time")
        lines += [over(compared, what, unit) for what, unit in (("ms", "time"), ("bytes", "bytes"))]
    return lines


def over(rows: Sequence[Row], what: str, unit: str) -> str:
    """The number of rows with a ratio over 1.1, and their names."""
    named = [f"{row.case} {ratio:.2f}" for row in rows if (ratio := row.ratio(what) or 0) > OVER]
    count = f"over {OVER} of sharp's {unit}, AVIF left out: {len(named)} of {len(rows)} rows"
    return f"{count} ({'; '.join(named)})" if named else count


def as_json(rows: Sequence[Row]) -> str:
    """The rows and means as JSON: times in milliseconds, peaks in MB, null for a missing figure."""
    kinds, targets = apart(quoted(rows), "kind"), apart(rows, "target")
    geomean = {
        **means(quoted(rows)),
        "kinds": {kind: means(some) for kind, some in kinds.items()},
        "targets": {target: means(some) for target, some in targets.items()},
    }
    return json.dumps({"rows": [entry(row) for row in rows], "geomean": geomean}, indent=1)


def entry(row: Row) -> dict[str, Any]:
    """A row of the JSON."""
    return {
        "case": row.case,
        "kind": row.kind,
        "target": row.target,
        "width": row.width,
        "time_ratio": rounded(row.ratio("ms"), 3),
        "bytes_ratio": rounded(row.ratio("bytes"), 3),
        "ssimulacra2_ratio": rounded(row.ratio("ssimulacra2"), 3),
        "ssimulacra2": rounded(row.of("sizewise", "ssimulacra2"), 2),
        "sharp_ssimulacra2": rounded(row.of("sharp", "ssimulacra2"), 2),
        "bytes": row.of("sizewise", "bytes"),
        "sharp_bytes": row.of("sharp", "bytes"),
        "ms": rounded(row.of("sizewise", "ms"), 2),
        "sharp_ms": rounded(row.of("sharp", "ms"), 2),
        "peak_mb": rounded(row.of("sizewise", "peak"), 1),
        "sharp_peak_mb": rounded(row.of("sharp", "peak"), 1),
    }


def rounded(value: float | None, digits: int) -> float | None:
    """A value for the JSON, None if it is missing."""
    return None if value is None else round(value, digits)
