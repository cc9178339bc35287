"""The keys that sign sizes: `deploy` makes them once and replaces them only by keys in SIGNING_KEYS."""

import json
import re

from tests.e2e.azure.subscription import Subscription
from tests.support.vectors import KEY


def test_keys_are_made_once_kept_without_the_vaults_tag_and_replaced_by_given_ones(
    subscription: Subscription,
) -> None:
    subscription.write('signing_keys = "signing-keys"')
    printed = subscription.deploy()
    made = subscription.environment()["SIGNING_KEYS"]
    assert len(made) >= 43
    assert subscription.app_settings()["SIGNING_KEYS"].startswith("[format('@Microsoft.KeyVault(SecretUri={0})', ")
    first = subscription.now["settings"]["SIGNING_KEYS"]

    untagged = [{**resource, "tags": None} for resource in subscription.now["resources"]]
    others = {"another": 1, "and-another": 1}
    subscription.change(resources=untagged, secrets={**others, **subscription.now["secrets"]})
    printed += subscription.deploy()
    assert subscription.environment()["SIGNING_KEYS"] == ""
    assert subscription.now["settings"]["SIGNING_KEYS"] == first

    printed += subscription.deploy(SIGNING_KEYS=KEY)
    assert subscription.environment()["SIGNING_KEYS"] == KEY
    assert subscription.now["settings"]["SIGNING_KEYS"] != first
    shown = printed + json.dumps(subscription.calls())
    assert made not in shown
    assert KEY not in shown
    assert re.search(r"^SIGNING_KEYS +@Microsoft\.KeyVault\(", printed, re.MULTILINE)


def test_keys_that_are_in_the_app_but_in_no_vault_are_not_replaced(subscription: Subscription) -> None:
    subscription.deploy()
    subscription.change(settings={**subscription.now["settings"], "SIGNING_KEYS": KEY})
    subscription.write('signing_keys = "signing-keys"')
    subscription.forget()
    done = subscription.run("deploy", "--yes")
    assert "The app has keys, and the vault has no secret signing-keys." in done.stderr
    assert KEY not in done.stdout + done.stderr
    assert subscription.calls("deployment") == []
