"""The templates for China and GovCloud, which have other hosts, other ARNs and fewer services."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.e2e.aws.emulator import packaged
from tests.e2e.aws.forms import CERTIFICATE, FORMS
from tests.e2e.aws.template import linted

PRINCIPALS = {"apigateway.amazonaws.com", "cloudfront.amazonaws.com", "lambda.amazonaws.com"}
"""The names of services, the same in every partition. Source: the AWS CDK's region-info, default.ts."""

Templates = Callable[[str], list[Path]]


REGIONS = ("cn-north-1", "us-gov-west-1")


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """Makes the templates of a form, which are the same for all regions, once."""
    return cache(lambda form: list(packaged(tmp_path_factory.mktemp("partition"), FORMS[form], REGIONS[0])))


@pytest.mark.parametrize("form", ["domain", "everything"])
def test_no_template_names_a_partition_a_region_or_its_hosts(templates: Templates, form: str) -> None:
    text = "".join(file.read_text() for file in templates(form)).replace(CERTIFICATE, "")
    assert "arn:aws" not in text
    assert REGIONS[0] not in text
    assert set(re.findall(r"[\w.-]*amazonaws\.[\w.]+", text)) == PRINCIPALS


def test_the_website_needs_only_services_that_exist_there(templates: Templates) -> None:
    assert linted(templates("everything")[0], *REGIONS) == ""


def test_https_needs_services_that_do_not_exist_there(templates: Templates) -> None:
    """GovCloud has no CloudFront; China's lacks OriginAccessControl."""
    found = linted(templates("domain")[0], *REGIONS)
    for region in REGIONS:
        assert f"E3006 Resource type 'AWS::CloudFront::OriginAccessControl' does not exist in '{region}'" in found
