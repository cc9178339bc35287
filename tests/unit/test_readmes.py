"""The clouds' READMEs: the same headings, few lines, and each command is run by a test or listed as not run."""

import re

import pytest

from tests.support.servers.processes import ROOT
from tools.deployment.facts import CLOUDS

READMES = {cloud: (ROOT / "providers" / cloud / "README.md").read_text() for cloud in CLOUDS}
LONGEST = 110
"""Lines."""

RUN = {
    r"cp deployments/example\.toml deployments/prod\.toml": ".write(",
    r"gcloud storage cp .*": 'readme_command("gcloud storage cp")',
    r"\./noxw -s (deploy|info|remove) -- deployments/prod\.toml": 'checkout.done("{0}", file',
    r"\./noxw -s logs -- deployments/prod\.toml": "checkout.following(file)",
}
"""Commands that tests/e2e/CLOUD/test_deployment.py runs, and the code there that runs them."""

RUN_ELSEWHERE = {
    "./noxw -s sign -- --deployment deployments/prod.toml": ("local/test_noxw.py", 'noxw(file, "sign", "--deployment"'),
    "export SIGNING_KEYS=$(gcloud": ("gcp/test_signing.py", "readme_command('export SIGNING_KEYS=')"),
    'printf %s "$SIGNING_KEYS" | STEP | gcloud': ("gcp/test_signing.py", "readme_command('printf %s"),
}
"""Commands that other tests in tests/e2e run, by their beginning, with the file and the code that runs them."""

OWN_SESSIONS = tuple(f"./noxw -s {cloud}" for cloud in CLOUDS)
"""Sessions that run the tests of a cloud."""

PROGRAMS = r"(\./noxw|cp|curl|aws|gcloud|\S*\baz|export|unset|printf|git|npm|npx|openssl|curl|sh|python\S*|uv\S*) "
NOT_RUN = (ROOT / "docs" / "deploying.md").read_text().partition("## What was not run")[2].replace(r"\|", "|")


def commands(readme: str) -> list[str]:
    """The commands of a README: indented lines, or texts in backticks, that begin with a program's name."""
    blocks = re.findall(r"(?:^    .*\n)+", readme, re.MULTILINE)
    joined = [re.sub(r"\\\n +|(?<=\|)\n +", " ", block) for block in blocks]
    lines = [line for block in joined for line in block.splitlines()]
    lines += re.findall(r"`([^`]+)`", re.sub(r"^    .*$", "", readme, flags=re.MULTILINE))
    return [line for line in (" ".join(line.split()) for line in lines) if re.match(PROGRAMS, line)]


def test_the_readmes_have_the_same_headings_in_the_same_order() -> None:
    headings = {cloud: re.findall(r"^## (.*)$", readme, re.MULTILINE) for cloud, readme in READMES.items()}
    assert headings["aws"] == headings["gcp"] == headings["azure"]
    assert headings["aws"][0] == "From an account to the first picture"


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_readmes_are_short(cloud: str) -> None:
    assert len(READMES[cloud].splitlines()) < LONGEST


@pytest.mark.parametrize("cloud", CLOUDS)
def test_two_commands_lead_from_an_account_to_the_first_picture(cloud: str) -> None:
    section = READMES[cloud].partition("## From an account to the first picture")[2].partition("\n## ")[0]
    assert commands(section)[:2] == [
        "cp deployments/example.toml deployments/prod.toml",
        "./noxw -s deploy -- deployments/prod.toml",
    ]


@pytest.mark.parametrize(
    ("cloud", "command"), [(cloud, command) for cloud in CLOUDS for command in dict.fromkeys(commands(READMES[cloud]))]
)
def test_every_command_is_run_by_a_test_or_listed_as_not_run(cloud: str, command: str) -> None:
    test = (ROOT / "tests" / "e2e" / cloud / "test_deployment.py").read_text()
    for pattern, words in RUN.items():
        if match := re.fullmatch(pattern, command):
            assert words.format(*match.groups()) in test
            return
    for start, (file, words) in RUN_ELSEWHERE.items():
        if command.startswith(start):
            assert words in (ROOT / "tests" / "e2e" / file).read_text()
            return
    if command in OWN_SESSIONS:
        return
    listed = [entry for entry in re.findall(r"`([^`]+)`", NOT_RUN) if command.startswith(entry)]
    assert listed, f"no test runs it, and the table does not list it: {command}"


def test_every_command_that_is_listed_as_not_run_is_in_a_readme() -> None:
    known = [command for readme in READMES.values() for command in commands(readme)]
    rows = re.findall(r"^\| `([^`]+)`", NOT_RUN, re.MULTILINE)
    assert rows
    assert [row for row in rows if not any(command.startswith(row) for command in known)] == []
