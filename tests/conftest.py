"""Prints the redirect chains and measurements that end-to-end tests recorded, below pytest's own report."""

import pytest

RECORDED = {"chain": "redirect chains, hop by hop", "measured": "measured"}
"""The heading of each property that is printed."""


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Recorded(), "recorded")


class Recorded:
    """Collects the values that tests gave to `record_property`, from every worker."""

    def __init__(self) -> None:
        self._texts: dict[str, list[str]] = {name: [] for name in RECORDED}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call":
            for name, value in report.user_properties:
                if name in self._texts:
                    self._texts[name].append(str(value))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for name, texts in self._texts.items():
            if texts:
                terminalreporter.section(RECORDED[name])
                terminalreporter.line("\n".join(sorted(texts)))
