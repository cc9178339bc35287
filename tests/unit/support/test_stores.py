"""The table of stores' faults shows the results that the runs recorded."""

from pathlib import Path

import pytest

from tests.support.servers.faults import FAULTS
from tests.support.stores import DO_NOT_APPLY, END, ROWS, START, main
from tests.support.table import PROVIDERS

CASE = '<testcase><properties><property name="store" value="{0}&#9;read&#9;503&#9;1.2" /></properties></testcase>'


def write(folder: Path, provider: str, faults: set[str]) -> None:
    """Writes a junit file as pytest does."""
    cases = "".join(map(CASE.format, sorted(faults)))
    (folder / f"{provider}.xml").write_text(f"<testsuites><testsuite>{cases}</testsuite></testsuites>")


@pytest.fixture
def page(tmp_path: Path) -> Path:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{START}\nold\n{END}\nafter\n")
    return page


def test_a_row_has_the_answer_of_each_provider(tmp_path: Path, page: Path) -> None:
    for provider in PROVIDERS:
        write(tmp_path, provider, {*ROWS} - DO_NOT_APPLY[provider])
    assert main(tmp_path, page) == 0
    text = page.read_text()
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert "old" not in text
    answered = "`read` 503, 1.2 s"
    assert f"| an answer is cut short | does not apply | {answered} | {answered} | {answered} |" in text
    main(tmp_path, page)
    assert page.read_text() == text


def test_a_provider_that_was_not_run_has_dashes(tmp_path: Path, page: Path) -> None:
    write(tmp_path, "gcp", {*ROWS} - DO_NOT_APPLY["gcp"])
    assert main(tmp_path, page) == 0
    assert "| there is no answer | does not apply | — | `read` 503, 1.2 s | — |" in page.read_text()


@pytest.mark.parametrize("change", [{"silent"}, {"archived"}], ids=["one less", "one more"])
def test_a_row_that_is_missing_or_does_not_apply_fails(tmp_path: Path, page: Path, change: set[str]) -> None:
    write(tmp_path, "gcp", ({*ROWS} - DO_NOT_APPLY["gcp"]) ^ change)
    assert main(tmp_path, page) == 1


def test_an_empty_folder_of_runs_fails(tmp_path: Path, page: Path) -> None:
    assert main(tmp_path, page) == 1


def test_every_fault_of_the_stand_in_has_a_row() -> None:
    assert {*FAULTS} <= {*ROWS}
