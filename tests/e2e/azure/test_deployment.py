"""`deploy`, `info`, `logs` and `remove` on a simulated subscription; az.py says what of it is real."""

import re
from pathlib import Path

from azure.storage.blob import BlobServiceClient

from tests.e2e.azure.az_lines import refused
from tests.e2e.azure.conftest import deployed
from tests.e2e.azure.snapshots import one
from tests.e2e.azure.subscription import Subscription
from tests.support.vectors import KEY


def test_deploy_serves_a_first_picture_and_uses_only_command_lines_that_the_azure_cli_accepts(
    empty: Subscription, tmp_path: Path, service: BlobServiceClient
) -> None:
    checkout, file = empty.checkout, empty.name
    empty.write('signing_keys = "signing-keys"')
    with deployed(service, empty.settings) as site:
        empty.stands_for(site, service.url.rstrip("/"))
        empty.change(refused=1)
        printed = checkout.done("deploy", file, "--yes")
        assert site.keys() == set()
        picture = rf"301 from {site.server.match[1]}/\d+x/sizewise-check/sunset\.jpg\n"
        assert re.search(rf"    miss: {picture}    hit: {picture}", printed)
        assert re.search(rf"^address +https://{site.server.match[1].partition('://')[2]}$", printed, re.MULTILINE)
        assert "as ann@example.com, subscription Pictures\n" in printed
        assert "not yet, retrying for up to 600 s: Azure does not know the new role yet" in printed
        assert re.search(r"^version +0\.1\.0\+\S*[0-9a-f]{12}$", printed, re.MULTILINE)
        assert empty.now["groups"] == {"sizewise": "westeurope"}
        assert empty.purposes() == {"images", "host", "log", "insights", "plan", "app", "keys"}

        empty.change(log=[["2026-11-29T05:00:01.1234567Z", "id-1", '{"message": "request", "status": 301}']])
        with checkout.following(file) as log:
            assert log.printed(1, '05:00:01 {"message": "request", "status": 301}')
        checkout.done("remove", file, "--yes")
        assert empty.purposes() == {"keys"}

    for start in ("functionapp deployment", "storage blob upload", "role assignment delete", "rest --method post"):
        assert empty.calls(*start.split())
    wrong = [["group", "lisst"], ["group", "list", "--nonsense"], ["group", "create"]]
    different = [list(line) for line in dict.fromkeys(map(tuple, empty.calls()))]
    assert refused([*different, *wrong], tmp_path) == wrong


def test_without_yes_it_lists_its_steps_and_does_nothing(subscription: Subscription) -> None:
    done = subscription.run("deploy")
    assert done.returncode == 1
    assert "  1. Make the resource group sizewise, if it is not there\n" in done.stdout
    assert "SIGNING_KEYS" not in done.stdout
    subscription.write('signing_keys = "signing-keys"')
    replacing = subscription.run("deploy", SIGNING_KEYS=KEY)
    assert "and replace the signing keys with those in SIGNING_KEYS: some minutes\n" in replacing.stdout
    assert subscription.calls() == subscription.calls("account")


def test_the_app_gets_the_settings_of_the_file_and_a_changed_setting_needs_no_upload(
    subscription: Subscription,
) -> None:
    subscription.write("max_instances = 3\nmemory = 512", 'FORMAT = "webp"')
    assert "not tried: there are originals already" in subscription.deploy()
    settings = subscription.app_settings()
    assert (settings["WIDTHS"], settings["FORMAT"], settings["BUCKET"]) == ("250,600,1200", "webp", "variants")
    scale = one(subscription.now["snapshot"], "Web/sites")["properties"]["functionAppConfig"]["scaleAndConcurrency"]
    assert (scale["maximumInstanceCount"], scale["instanceMemoryMB"]) == (3, 512)

    version = subscription.now["settings"]["SIZEWISE_VERSION"]
    subscription.file.write_text(subscription.file.read_text().replace("[250, 600, 1200]", "[250, 600]"))
    subscription.forget()
    # Such variables in the user's shell are ignored.
    assert "\n    unchanged, " in subscription.deploy(SIZEWISE_SETTINGS="{}", SIZEWISE_MEMORY="4096")
    settings = subscription.app_settings()
    assert (settings["WIDTHS"], settings["FORMAT"], settings["SIZEWISE_VERSION"]) == ("250,600", "webp", version)
    assert subscription.environment()["SIZEWISE_MEMORY"] == "512"
    assert subscription.calls("functionapp", "deployment") == []
    assert subscription.calls("group", "create") == []


def test_changed_code_is_uploaded_after_an_upload_that_failed(subscription: Subscription) -> None:
    subscription.deploy()
    old = subscription.now["settings"]["SIZEWISE_VERSION"]
    with (subscription.checkout.folder / "core" / "size.py").open("a") as code:
        code.write("# A change.\n")
    subscription.change(fails={"functionapp deployment": "ERROR: Deployment failed."})
    assert "Step 4 of 5 failed" in subscription.run("deploy", "--yes").stderr
    assert subscription.now["settings"]["SIZEWISE_VERSION"] == old
    subscription.change(fails={})
    assert "\n    uploaded 0.1.0+" in subscription.deploy()
    assert subscription.now["settings"]["SIZEWISE_VERSION"] != old


def test_info_shows_the_addresses_and_settings_and_no_key(subscription: Subscription) -> None:
    subscription.deploy()
    settings = {**subscription.now["settings"], "SIGNING_KEYS": KEY}
    subscription.change(settings=settings)
    checkout, file = subscription.checkout, subscription.name
    shown = checkout.done("info", file)
    images = next(name for name in (row["name"] for row in subscription.now["resources"]) if name.startswith("images"))
    rows = dict(re.findall(r"^(\S+)  +(.+)$", shown, re.MULTILINE))
    assert rows == {
        "address": "https://app.example",
        "version": settings["SIZEWISE_VERSION"],
        "state": "Running",
        "originals": f"https://{images}.blob.core.windows.net/originals",
        "variants": f"https://{images}.blob.core.windows.net/variants",
        "limits": "40 at once, 2048 MB each",
        "BUCKET": "variants",
        "ORIGINALS_BUCKET": "originals",
        "SIGNING_KEYS": "set by hand, and not shown",
        "WIDTHS": "250,600,1200",
    }


def test_remove_leaves_pictures_and_keys_and_the_next_deployment_uses_them(
    subscription: Subscription, service: BlobServiceClient
) -> None:
    subscription.write('signing_keys = "signing-keys"')
    subscription.deploy()
    signed = subscription.now["settings"]["SIGNING_KEYS"]
    printed = subscription.checkout.done("remove", subscription.name, "--yes")
    assert subscription.purposes() == {"images", "keys"}
    assert subscription.now["roles"] == []
    (images,) = (row for row in subscription.now["resources"] if row["tags"]["sizewise"] == "images")
    assert "because it still holds the container originals. " in printed
    assert f" To delete: `az storage account delete --ids {images['id']}`\n" in printed
    vault = r"left: the vault (keys\w+), .* `az keyvault delete --name \1 && az keyvault purge --name \1`\n"
    assert re.search(vault, printed)
    assert "az group delete" not in printed

    subscription.deploy()
    assert subscription.environment()["SIGNING_KEYS"] == ""
    assert subscription.now["settings"]["SIGNING_KEYS"] == signed
    assert service.get_blob_client(subscription.now["containers"]["originals"], "cat.jpg").exists()


def test_remove_leaves_the_resources_and_containers_of_others(
    subscription: Subscription, service: BlobServiceClient
) -> None:
    subscription.deploy()
    service.get_blob_client(subscription.now["containers"]["originals"], "cat.jpg").delete_blob()
    other = {"id": "/others/database", "name": "database", "type": "Some/database", "tags": None}
    inside = subscription.now["inside"]
    mixed = {"blobServices": [*inside["blobServices"], "backups"], "fileServices": ["office"]}
    subscription.change(resources=[*subscription.now["resources"], other], inside=mixed)
    printed = subscription.checkout.done("remove", subscription.name, "--yes")
    assert "because it still holds the container backups, the share office. To delete: `az storage " in printed
    assert "left: database, which is not part of this deployment. To delete: `az resource delete --ids " in printed
    assert "\n    resources of others: 1, " in printed
    (images,) = (row for row in subscription.now["resources"] if row != other)
    assert images["tags"]["sizewise"] == "images"

    subscription.change(resources=[images], inside=inside)
    again = subscription.checkout.done("remove", subscription.name, "--yes")
    assert subscription.now["resources"] == []
    assert "left: the resource group sizewise, which is empty. To delete: `az group delete --name sizewise`" in again
    assert subscription.calls("group", "delete") == []
    nothing = subscription.run("remove", "--yes")
    assert nothing.stderr.endswith("Azure, westeurope, resource group sizewise: nothing is deployed there\n")
