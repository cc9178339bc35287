"""A deployment from the example file to its removal: `deploy`, `info`, `logs` and `remove`, run as by a user."""

import pytest
from botocore.exceptions import ClientError

from tests.e2e.answers import chain
from tests.e2e.aws.emulator import ARCHITECTURE, Aws
from tests.e2e.deployment import RecordProperty
from tests.support.browser import Browser
from tests.support.deploying import Checkout, shown
from tests.support.pictures.samples import CAT

REGION = "eu-central-1"
"""The region in the example."""

DOMAIN = 'domain = "img.example.com"\ncertificate = "arn:aws:acm:us-east-1:000000000000:certificate/img"'


def function(aws: Aws, stage: str) -> tuple[str, str]:
    """The time of a deployed function's last change, and its revision."""
    found = aws.sdk("lambda", REGION).get_function_configuration(FunctionName=f"sizewise-{stage}-resize")
    return found["LastModified"], found["RevisionId"]


@pytest.mark.parametrize("https", ["true", "false"])
def test_the_example_is_deployed_changed_and_removed(
    aws: Aws, checkout: Checkout, https: str, record_property: RecordProperty
) -> None:
    stage = f"life-{https}"
    facts = f'https = {https}\narchitecture = "{ARCHITECTURE}"\nsigning_keys = "/sizewise/{stage}:1"'

    def write(more: str = "", settings: str = "") -> str:
        file = checkout.write("aws", f"{facts}\n{more}", settings)
        path = checkout.folder / file
        path.write_text(path.read_text().replace('stage = "prod"', f'stage = "{stage}"'))
        return file

    file = write()
    printed = checkout.done("deploy", file, "--yes")
    record_property("chain", printed)
    assert f"{file}: AWS, {REGION}, stack sizewise-{stage}, as arn:aws:" in printed
    assert "made, with a random key" in printed
    address, bucket = shown(printed, "address"), shown(printed, "originals").removeprefix("s3://")
    front = "https" if https == "true" else "http"
    assert f"miss: 301 from {front}" in printed
    assert f"hit: 200 from {address}/600x/sizewise-check/sunset.jpg" in printed
    assert "Contents" not in aws.s3.list_objects_v2(Bucket=bucket), "the sample picture was not deleted"

    aws.s3.put_object(Bucket=bucket, Key="cat.jpg", Body=CAT)
    answers = Browser(aws.web).get(f"{address}/301x/cat.jpg")
    assert answers[-1].status_code == 200
    record_property("chain", chain(f"{address}/301x/cat.jpg", *answers))

    # Settings are changed. A colleague's deployment keeps them.
    write(DOMAIN if https == "true" else "", 'QUALITY = 40\nFORMAT = "webp"')
    changed = checkout.done("deploy", file, "--yes")
    if https == "true":
        assert shown(changed, "dns") == f"img.example.com CNAME {address.removeprefix('https://')}"
        address = "https://img.example.com"
    assert "not tried: there are originals already" in changed
    assert (shown(changed, "QUALITY"), shown(changed, "FORMAT")) == ("40", "webp")
    assert (shown(changed, "address"), shown(changed, "version")) == (address, shown(printed, "version"))
    assert Browser(aws.web).get(f"{address}/250x/cat.jpg")[-1].headers["content-type"] == "image/webp"
    before = function(aws, stage)
    again = checkout.done("deploy", file, "--yes")
    assert "unchanged" in again
    assert function(aws, stage) == before
    assert checkout.done("info", file).partition("\n")[2] == again[again.index("address") :]
    assert (shown(again, "QUALITY"), shown(again, "WIDTHS")) == ("40", "250,600,1200")

    with checkout.following(file) as log:
        assert log.printed(1, '"key": "250x/cat.jpg"')

    left = checkout.done("remove", file, "--yes")
    assert f"left: s3://{bucket}, because it holds pictures. To delete: `aws s3 rb --force s3://{bucket}`" in left
    assert f"left: the parameter /sizewise/{stage}" in left
    assert aws.s3.get_object(Bucket=bucket, Key="cat.jpg")["Body"].read() == CAT
    with pytest.raises(ClientError, match="ResourceNotFound"):
        function(aws, stage)
    for command in ("info", "logs"):
        assert checkout.refused(command, file).endswith("nothing is deployed there")
    again = checkout.done("remove", file, "--yes")
    assert "List what an earlier removal has left" in again
    assert f"left: s3://{bucket}, because it holds pictures" in again
    aws.s3.delete_objects(
        Bucket=bucket,
        Delete={"Objects": [{"Key": page["Key"]} for page in aws.s3.list_objects_v2(Bucket=bucket)["Contents"]]},
    )
    aws.s3.delete_bucket(Bucket=bucket)
    assert checkout.refused("remove", file, "--yes").endswith("nothing is deployed there")


def test_an_older_version_replaces_a_newer_one_and_empty_buckets_are_removed(aws: Aws, checkout: Checkout) -> None:
    """The check of a new deployment is also not deceived by a sample that CloudFront has cached."""
    file = checkout.write("aws", f'architecture = "{ARCHITECTURE}"\noriginals_bucket = "apart-empty"')
    first = checkout.done("deploy", file, "--yes")
    code = checkout.folder / "core" / "size.py"
    older = code.read_text()
    code.write_text(f"{older}# newer\n")
    newer = checkout.done("deploy", file, "--yes")
    code.write_text(older)
    again = checkout.done("deploy", file, "--yes")
    assert shown(first, "version") == shown(again, "version") != shown(newer, "version")
    assert "the picture came twice" in again
    checkout.write("aws", f'architecture = "{ARCHITECTURE}"\noriginals_bucket = "apart-moved"')
    assert "apart-empty. Their pictures would stay behind" in checkout.refused("deploy", file, "--yes")
    checkout.write("aws", f'architecture = "{ARCHITECTURE}"\noriginals_bucket = "apart-empty"')
    left = checkout.done("remove", file, "--yes")
    assert "left: " not in left
    named = {bucket["Name"] for bucket in aws.s3.list_buckets()["Buckets"]}
    assert not {shown(first, "variants").removeprefix("s3://"), "apart-empty"} & named
