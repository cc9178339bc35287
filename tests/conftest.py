"""Prints the redirect chains that end-to-end tests recorded, hop by hop, below pytest's own report."""

import pytest

CHAINS = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[CHAINS] = []
    config.pluginmanager.register(Chains(config.stash[CHAINS]), "chains")


class Chains:
    """Collects what tests gave to `record_property("chain", ...)`, from every worker."""

    def __init__(self, chains: list[str]) -> None:
        self._chains = chains

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call":
            self._chains.extend(str(value) for name, value in report.user_properties if name == "chain")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._chains:
            terminalreporter.section("redirect chains, hop by hop")
            terminalreporter.line("\n".join(sorted(self._chains)))
