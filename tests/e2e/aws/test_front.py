"""What serverless.yml puts in front of the variants: the bucket's website, or CloudFront, with or without a domain."""

import pytest

from tests.e2e.aws.forms import CERTIFICATE
from tests.e2e.aws.template import Template, properties


@pytest.fixture
def website(templates: dict[str, Template]) -> Template:
    return templates["website"]


def test_with_https_only_cloudfront_reads_the_bucket(templates: dict[str, Template]) -> None:
    (statement,) = properties(templates["https"], "VariantsPolicy")["PolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert statement["Condition"]["StringEquals"]["AWS:SourceArn"] == {
        "Fn::Sub": "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Distribution}"
    }
    assert "WebsiteConfiguration" not in properties(templates["https"], "Variants")
    environment = properties(templates["https"], "ResizeLambdaFunction")["Environment"]["Variables"]
    assert environment["PUBLIC_URL"] == {"Fn::Sub": "https://${Distribution.DomainName}"}


def test_a_custom_domain_is_where_viewers_are_redirected(templates: dict[str, Template]) -> None:
    distribution = properties(templates["domain"], "Distribution")["DistributionConfig"]
    assert distribution["Aliases"] == ["img.example.com"]
    assert distribution["ViewerCertificate"] == {
        "AcmCertificateArn": CERTIFICATE,
        "SslSupportMethod": "sni-only",
        "MinimumProtocolVersion": "TLSv1.2_2021",
    }
    environment = properties(templates["domain"], "ResizeLambdaFunction")["Environment"]["Variables"]
    assert environment["PUBLIC_URL"] == "https://img.example.com"
    usual = properties(templates["https"], "Distribution")["DistributionConfig"]
    assert not {"Aliases", "ViewerCertificate"} & set(usual)


def test_with_https_a_miss_goes_to_the_function_and_no_redirect_is_cached(templates: dict[str, Template]) -> None:
    distribution = properties(templates["https"], "Distribution")["DistributionConfig"]
    origins = {origin["Id"]: origin for origin in distribution["Origins"]}
    (group,) = distribution["OriginGroups"]["Items"]
    first, second = (origins[member["OriginId"]] for member in group["Members"]["Items"])
    assert first["DomainName"] == {"Fn::GetAtt": ["Variants", "RegionalDomainName"]}
    assert second["OriginPath"] == "/prod"
    assert group["FailoverCriteria"]["StatusCodes"]["Items"] == [403, 404]
    behaviour = distribution["DefaultCacheBehavior"]
    assert behaviour["TargetOriginId"] == group["Id"]
    assert behaviour["CachePolicyId"] == {"Ref": "VariantsCache"}
    cache = properties(templates["https"], "VariantsCache")["CachePolicyConfig"]
    assert (cache["MinTTL"], cache["DefaultTTL"]) == (0, 0)


def test_with_https_no_error_is_cached(templates: dict[str, Template]) -> None:
    """These are all codes that have a setting; CloudFront caches any other error only for its max-age."""
    distribution = properties(templates["https"], "Distribution")["DistributionConfig"]
    assert {error["ErrorCode"]: error["ErrorCachingMinTTL"] for error in distribution["CustomErrorResponses"]} == (
        dict.fromkeys([400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504], 0)
    )


def test_without_https_there_is_no_cloudfront(website: Template) -> None:
    assert not [name for name, resource in website["Resources"].items() if "CloudFront" in resource["Type"]]


def test_the_outputs_name_the_addresses(templates: dict[str, Template]) -> None:
    names = ("Address", "FrontAddress")
    addresses = {form: [template["Outputs"][name]["Value"] for name in names] for form, template in templates.items()}
    website, distribution = (
        {"Fn::GetAtt": ["Variants", "WebsiteURL"]},
        {"Fn::Sub": "https://${Distribution.DomainName}"},
    )
    assert addresses == {
        "website": [website, website],
        "https": [distribution, distribution],
        "domain": ["https://img.example.com", distribution],
        "everything": [website, website],
    }


def test_without_https_the_address_of_variants_is_the_buckets_website(
    website: Template,
) -> None:
    environment = properties(website, "ResizeLambdaFunction")["Environment"]["Variables"]
    assert environment["PUBLIC_URL"] == {"Fn::GetAtt": ["Variants", "WebsiteURL"]}
