"""`deploy` stops on Azure: a mistake in the file, a missing or expired login, a wrong region, a step that fails."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.e2e.azure.subscription import Subscription
from tests.support.deploying import refusal, written

NOT_ALLOWED = "ERROR: (AuthorizationFailed) The client 'ann@example.com' does not have authorization."


def test_a_failed_step_is_named_with_azures_answer_and_what_to_do(subscription: Subscription) -> None:
    subscription.change(fails={"deployment group create": NOT_ALLOWED})
    done = subscription.run("deploy", "--yes")
    assert done.returncode == 1
    said = done.stderr.splitlines()
    assert re.fullmatch(r"Error: Step 3 of 5 failed after \d+ s: Deploy the accounts, .*", said[0])
    assert said[1:3] == ["az said:", f"    {NOT_ALLOWED}"]
    assert "If it says DeploymentActive, an earlier deployment is still under way: wait until it has ended." in said[3]
    assert said[3].endswith("Then run the same command again: it continues from there.")


TAKES = "It takes a region of Azure, such as westeurope."
FILES = {
    "an unknown key": (
        "regoin = 'westeurope'",
        f"regoin is not known here. Did you mean region? {TAKES}",
    ),
    "a wrong type": ("max_instances = '40'", "max_instances = '40' is not a whole number from 1 to 1000"),
    "a memory that Azure does not have": ("memory = 1024", "memory = 1024 is not 512, 2048 or 4096 MB"),
}


@pytest.mark.parametrize("case", FILES)
def test_a_mistake_in_the_file_is_reported_in_one_line(tmp_path: Path, case: str) -> None:
    wrong, said = FILES[case]
    assert refusal(tmp_path, written("azure", wrong)) == said


def one_line(done: subprocess.CompletedProcess[str], said: str) -> None:
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"Error: {said}\n")


def test_a_short_key_is_reported_in_one_line_before_the_first_call(empty: Subscription) -> None:
    empty.write('signing_keys = "signing-keys"')
    done = empty.run("deploy", "--yes", SIGNING_KEYS="short")
    one_line(done, "SIGNING_KEYS is not a list of keys of 16 bytes or more, separated by commas")
    assert empty.calls() == []


def test_a_user_who_is_not_logged_in_is_told_to_log_in(empty: Subscription) -> None:
    empty.change(accounts=[])
    one_line(empty.run("deploy", "--yes"), "No Azure subscription is chosen: log in with `az login`.")


def test_a_user_whose_login_has_ended_is_told_to_log_in_before_the_first_step(empty: Subscription) -> None:
    empty.change(fails={"account get-access-token": "ERROR: AADSTS700082: The refresh token has expired\nTrace ID: 1"})
    one_line(
        empty.run("deploy", "--yes"),
        "The Azure login of ann@example.com has expired: log in with `az login`.",
    )
    assert empty.calls() == empty.calls("account")


def test_a_tenant_without_a_subscription_counts_as_not_logged_in(empty: Subscription) -> None:
    (account,) = empty.now["accounts"]
    empty.change(accounts=[{**account, "id": account["tenantId"]}])
    assert "log in with `az login`" in empty.run("info").stderr


def test_a_resource_group_in_another_region_stops_before_anything_is_made(subscription: Subscription) -> None:
    subscription.change(groups={"sizewise": "northeurope"})
    said = subscription.run("deploy", "--yes").stderr
    assert "sizewise is in northeurope, not in westeurope: change region or resource_group." in said
    assert subscription.calls("deployment") == []
