"""The conformance table shows the results of the runs."""

import subprocess
from pathlib import Path

import pytest

from tests.support.servers.processes import ROOT, python
from tests.support.table import main

CASE = '<testcase classname="tests.e2e.{}.test_conformance.TestIt" name="{}">{}</testcase>'


def write(folder: Path, provider: str, **cases: str) -> None:
    """Writes a junit file as pytest does, from the names of test cases and the XML inside each."""
    inside = "".join(CASE.format(provider, name, inner) for name, inner in cases.items())
    other = '<testcase classname="tests.contract.test_it.TestIt" name="test_another" />'
    (folder / f"{provider}.xml").write_text(f"<testsuites><testsuite>{inside}{other}</testsuite></testsuites>")


def test_a_row_is_a_tests_name_and_a_provider_that_was_not_run_has_a_dash(tmp_path: Path) -> None:
    write(tmp_path, "local", **{"test_a_hit_renders_nothing[\\u65e5 a]": ""})
    assert main(tmp_path, tmp_path / "docs/table.md") == 0
    page = (tmp_path / "docs/table.md").read_text()
    assert "| A hit renders nothing: `日 a` | passed | — | — | — |" in page
    assert "| **as expected** | 1 of 1 | — | — | — |" in page
    assert "another" not in page


@pytest.mark.parametrize("end", ["failure", "error", "skipped"])
def test_a_test_that_did_not_pass_is_shown_and_fails(tmp_path: Path, end: str) -> None:
    write(tmp_path, "local", test_one="", test_two="")
    write(tmp_path, "azure", test_one="", test_two=f"<{end} />")
    assert main(tmp_path, tmp_path / "table.md") == 1
    assert f"| Two | passed | — | — | {end} |" in (tmp_path / "table.md").read_text()


def test_a_test_that_one_provider_did_not_run_fails(tmp_path: Path) -> None:
    write(tmp_path, "local", test_one="", test_two="")
    write(tmp_path, "azure", test_one="")
    assert main(tmp_path, tmp_path / "table.md") == 1


def test_an_empty_folder_of_runs_fails(tmp_path: Path) -> None:
    assert main(tmp_path, tmp_path / "table.md") == 1


def test_a_platforms_own_answer_is_marked(tmp_path: Path) -> None:
    said = '<properties><property name="platform" value="414" /></properties>'
    write(tmp_path, "azure", test_one=said)
    assert main(tmp_path, tmp_path / "table.md") == 0
    assert "| One | — | — | — | platform: 414 |" in (tmp_path / "table.md").read_text()


def test_a_run_in_one_process_passes_and_can_be_read(tmp_path: Path) -> None:
    """Only there, pytest warns if the junit format has no place for a test's properties."""
    file = tmp_path / "test_conformance.py"
    file.write_text("class TestIt:\n    def test_one(self, record_property): record_property('platform', 414)\n")
    options = (f"--config-file={ROOT}/pyproject.toml", f"--rootdir={tmp_path}", "-p", "no:cacheprovider", "-n0")
    command = python("-m", "pytest", *options, f"--junitxml={tmp_path}/azure.xml", str(file))
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert main(tmp_path, tmp_path / "table.md") == 0
    assert "| One | — | — | — | platform: 414 |" in (tmp_path / "table.md").read_text()
