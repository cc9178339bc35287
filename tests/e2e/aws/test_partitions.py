"""What osls makes of serverless.yml for China and GovCloud, whose hosts and ARNs begin or end in other ways."""

import re
from pathlib import Path

import pytest

from tests.e2e.aws.emulator import osls
from tests.e2e.aws.forms import CERTIFICATE, FORMS

PRINCIPALS = {"apigateway.amazonaws.com", "cloudfront.amazonaws.com", "lambda.amazonaws.com"}
"""Services are named so in every partition. Source: the AWS CDK's region-info, default.ts."""


@pytest.mark.parametrize("region", ["us-east-1", "cn-north-1", "us-gov-west-1"])
@pytest.mark.parametrize("form", FORMS)
def test_no_template_names_a_partition_or_its_hosts(tmp_path: Path, form: str, region: str) -> None:
    osls(f"package --region={region}", tmp_path, "prod", FORMS[form], {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"})
    files = [*tmp_path.glob("providers/aws/.serverless/cloudformation-template-*-stack.json")]
    assert len(files) == 2, "one makes the bucket that the package is uploaded to, one the rest"
    text = "".join(file.read_text() for file in files).replace(CERTIFICATE, "")
    assert "arn:aws" not in text
    assert set(re.findall(r"[\w.-]*amazonaws\.[\w.]+", text)) == PRINCIPALS
