"""`deploy` stops on AWS: a mistake in the file, missing credentials, no confirmation, a step that fails."""

import re
from pathlib import Path

import pytest

from cli.deployment_file import read
from tests.e2e.aws.emulator import Aws
from tests.support.deploying import Checkout, refusal, written
from tools.deployment.cloud import deployment_of

REGION = "eu-central-1"
"""The region in the example."""


def test_nothing_is_done_if_nobody_can_confirm_it(aws: Aws, checkout: Checkout) -> None:
    file = checkout.write("aws", 'bucket = "nobody-agreed"')
    assert (
        checkout.refused("deploy", file)
        == "Error: Nothing was done: there is no terminal to ask on. Add --yes to continue without a question."
    )
    assert "nobody-agreed" not in {bucket["Name"] for bucket in aws.s3.list_buckets()["Buckets"]}


def test_a_failed_step_is_named_with_awss_answer_and_what_to_do(aws: Aws, checkout: Checkout) -> None:
    """The bucket belongs to somebody else."""
    aws.s3.create_bucket(Bucket="already-taken")
    file = checkout.write("aws", 'https = false\nbucket = "already-taken"')
    done = checkout.run("deploy", file, "--yes")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "Error: Step 2 of 3 failed after" in done.stderr
    said = done.stderr.partition("osls said:")[2]
    assert re.search(r"\nVariants: .*'already-taken' already exists", said)
    assert "Then run the same command again: it continues from there." in done.stderr
    again = checkout.run("deploy", file, "--yes")
    assert re.search(r"\nVariants: .*'already-taken' already exists", again.stderr), (
        "the failed step was skipped as unchanged"
    )
    assert "removed" in checkout.done("remove", file, "--yes"), "the partial stack was not removed"
    aws.s3.head_bucket(Bucket="already-taken")


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ("regoin = 1", "regoin is not known here. Did you mean region? It takes a region of AWS, such as "),
        ("memory = 64", "memory = 64 is not a whole number of MB from 128 to 10240"),
        ('memory = "2048"', "memory = '2048' is not a whole number of MB from 128 to 10240"),
        ("https = 1", "https = 1 is not true or false"),
        ("max_instances = true", "max_instances = true is not a whole number"),
        ("log_retention = 31", "log_retention = 31 is not a number of days: 1, 3, 5"),
        ('project = "p"', "project is not known here. "),
        ("WIDTHS = [250]", "WIDTHS is a setting: it belongs below the line [settings]"),
        ('bucket = "My_Pictures"', "is not a bucket's name, of 3 to 63 lower-case letters, digits, dots and hyphens"),
        ('signing_keys = "sizewise"', "signing_keys = 'sizewise' is not the name and version of an SSM parameter"),
        ('bucket = "a-b-c"\noriginals_bucket = "a-b-c"', "originals_bucket is the same as bucket"),
        ('domain = "img.example.com"', "domain and certificate are needed together"),
        (
            'domain = "img.example.com"\ncertificate = "arn:aws:acm:eu-central-1:000000000000:certificate/1"',
            "certificate is of eu-central-1: CloudFront accepts only those of us-east-1",
        ),
        ('https = false\ndomain = "img.example.com"\ncertificate = "arn:aws:acm:us-east-1:000000000000:certificate/1"',
         "domain needs https = true"),
    ],
)  # fmt: skip
def test_an_invalid_fact_is_named_with_what_would_be_right(tmp_path: Path, facts: str, said: str) -> None:
    assert said in refusal(tmp_path, written("aws", facts))


def test_a_cacheable_redirect_is_refused(tmp_path: Path) -> None:
    assert "REDIRECT_MAX_AGE can't be set on AWS" in refusal(tmp_path, written("aws", settings="REDIRECT_MAX_AGE = 60"))


@pytest.mark.parametrize("region", ["us-gov-west-1", "cn-north-1"])
def test_govcloud_and_china_have_only_the_website(tmp_path: Path, region: str) -> None:
    assert f"https = false is needed in {region}" in refusal(tmp_path, written("aws").replace(REGION, region))
    website = tmp_path / "website.toml"
    website.write_text(written("aws", "https = false").replace(REGION, region))
    deployment_of(read(website))


@pytest.mark.parametrize(
    ("facts", "settings", "said"),
    [
        ("memory = 64", "", "memory = 64 is not a whole number of MB from 128 to 10240"),
        ("", "QUALITY = 700", "QUALITY='700' is not a whole number from 1 to 100"),
    ],
)
def test_a_mistake_ends_the_command_in_one_line(checkout: Checkout, facts: str, settings: str, said: str) -> None:
    line = checkout.refused("deploy", checkout.write("aws", facts, settings), "--yes")
    assert line == f"Error: deployments/mine.toml: {said}"


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, "Unable to locate credentials. Set AWS_PROFILE, or"),
        ({"AWS_PROFILE": "nobody"}, "The config profile (nobody) could not be found. Set AWS_PROFILE, or"),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "http_proxy": ""}, "Is region = 'eu-central-1' correct?"),
    ],
)
def test_without_valid_credentials_it_says_how_to_give_them(checkout: Checkout, env: dict[str, str], said: str) -> None:
    nowhere = {"AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "1", **env}
    assert said in checkout.refused("deploy", checkout.write("aws"), "--yes", env=nowhere)
