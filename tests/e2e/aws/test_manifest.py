"""What `osls package` makes of serverless.yml, without an account or a network."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.settings import load
from tests.e2e.aws.emulator import osls, parameter
from tests.e2e.aws.forms import CERTIFICATE, FORMS
from tests.e2e.aws.template import decided

TEMPLATE = ".serverless/cloudformation-template-update-stack.json"
Template = dict[str, Any]


@pytest.fixture(scope="module")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The template of each form, as a file."""
    files = {}
    for form, parameters in FORMS.items():
        folder = tmp_path_factory.mktemp("packaged")
        # Nothing listens there: had it to ask AWS anything, it would fail.
        osls("package", folder, "prod", parameters, {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"})
        files[form] = folder / "providers" / "aws" / TEMPLATE
    return files


@pytest.fixture(scope="module")
def templates(packaged: dict[str, Path]) -> dict[str, Template]:
    """The template of each form, its conditions decided."""
    return {form: decided(json.loads(file.read_text())) for form, file in packaged.items()}


@pytest.fixture
def website(templates: dict[str, Template]) -> Template:
    return templates["website"]


def properties(template: Template, name: str) -> dict[str, Any]:
    found = template["Resources"][name]["Properties"]
    assert isinstance(found, dict)
    return found


def statements(template: Template) -> Iterator[dict[str, Any]]:
    """What the function's role may do."""
    for policy in properties(template, "IamRoleLambdaExecution")["Policies"]:
        yield from policy["PolicyDocument"]["Statement"]


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize("form", FORMS)
def test_cfn_lint_finds_nothing(packaged: dict[str, Path], form: str) -> None:
    """Osls fills a parameter in before CloudFormation sees the condition, which is then constant: W8003, W1028.

    Without a domain its name and its certificate are empty, in a branch that is not taken: E3013, E1159.
    """
    ignored = "W8003" if "domain" in FORMS[form] else "W8003,W1028,E3013,E1159"
    lint = Path(sys.executable).with_name("cfn-lint")
    command = [str(lint), f"--ignore-checks={ignored}", "--template", str(packaged[form])]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("code", ["403", "404"])
def test_a_miss_is_redirected_to_the_api_and_never_for_ever(website: Template, code: str) -> None:
    configuration = properties(website, "Variants")["WebsiteConfiguration"]
    (rule,) = (
        rule["RedirectRule"]
        for rule in configuration["RoutingRules"]
        if rule["RoutingRuleCondition"] == {"HttpErrorCodeReturnedEquals": code}
    )
    assert rule == {
        "Protocol": "https",
        "HostName": {"Fn::Sub": "${ApiGatewayRestApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}"},
        "ReplaceKeyPrefixWith": "prod/",
        "HttpRedirectCode": "307",
    }


@pytest.mark.parametrize("form", FORMS)
def test_the_function_may_do_what_it_needs_and_no_more(templates: dict[str, Template], form: str) -> None:
    variants, originals = {"Fn::Sub": "${Variants.Arn}/*"}, {"Fn::Sub": "${Originals.Arn}/*"}
    apart = form == "everything"
    allowed = {
        action: as_list(statement["Resource"])
        for statement in statements(templates[form])
        for action in as_list(statement["Action"])
        if action.startswith("s3:")
    }
    assert allowed == {
        "s3:GetObject": [variants, originals] if apart else [variants],
        "s3:PutObject": [variants],
        "s3:PutObjectTagging": [variants],
        "s3:GetObjectTagging": [variants],
        "s3:ListBucket": [
            {"Fn::GetAtt": [name, "Arn"]} for name in (["Variants", "Originals"] if apart else ["Variants"])
        ],
    }
    others = {action for statement in statements(templates[form]) for action in as_list(statement["Action"])} - set(
        allowed
    )
    assert others == {"logs:CreateLogStream", "logs:CreateLogGroup", "logs:TagResource", "logs:PutLogEvents"}


def test_the_function_may_read_the_parameter_that_has_the_signing_keys_and_no_other(
    templates: dict[str, Template],
) -> None:
    name = {"Fn::Select": [0, {"Fn::Split": [":", "/sizewise/signing-keys:2"]}]}
    arn = "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter"
    (statement,) = properties(templates["everything"], "ReadSigningKeys")["PolicyDocument"]["Statement"]
    assert statement == {
        "Effect": "Allow",
        "Action": "ssm:GetParameter",
        "Resource": [{"Fn::Sub": f"{arn}/sizewise/signing-keys:2"}, {"Fn::Sub": [f"{arn}${{name}}", {"name": name}]}],
    }
    role = properties(templates["everything"], "IamRoleLambdaExecution")
    assert role["ManagedPolicyArns"] == [{"Ref": "ReadSigningKeys"}]
    for form in ("website", "https", "domain"):
        assert "ReadSigningKeys" not in templates[form]["Resources"]
        assert properties(templates[form], "IamRoleLambdaExecution")["ManagedPolicyArns"] == []


@pytest.mark.parametrize("form", FORMS)
def test_the_public_reads_variants_and_writes_nothing(templates: dict[str, Template], form: str) -> None:
    resources = templates[form]["Resources"]
    policies = [name for name, resource in resources.items() if resource["Type"] == "AWS::S3::BucketPolicy"]
    assert set(policies) == {"VariantsPolicy", "ServerlessDeploymentBucketPolicy"}
    (statement,) = properties(templates[form], "VariantsPolicy")["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Action"]) == ("Allow", "s3:GetObject")
    assert statement["Condition"]["StringEquals"]["s3:ExistingObjectTag/sizewise"] == "variant"
    for name in ("Variants", *(["Originals"] if form == "everything" else [])):
        bucket = properties(templates[form], name)
        assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
        blocked = bucket["PublicAccessBlockConfiguration"]
        assert blocked["BlockPublicAcls"] is blocked["IgnorePublicAcls"] is True
        by_policy = name == "Variants" and form in ("website", "everything")
        assert blocked["BlockPublicPolicy"] is blocked["RestrictPublicBuckets"] is (not by_policy)
    for statement in properties(templates[form], "ServerlessDeploymentBucketPolicy")["PolicyDocument"]["Statement"]:
        assert statement["Effect"] == "Deny"


def test_with_https_cloudfront_alone_reads_the_bucket(templates: dict[str, Template]) -> None:
    (statement,) = properties(templates["https"], "VariantsPolicy")["PolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert statement["Condition"]["StringEquals"]["AWS:SourceArn"] == {
        "Fn::Sub": "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Distribution}"
    }
    assert "WebsiteConfiguration" not in properties(templates["https"], "Variants")
    environment = properties(templates["https"], "ResizeLambdaFunction")["Environment"]["Variables"]
    assert environment["PUBLIC_URL"] == {"Fn::Sub": "https://${Distribution.DomainName}"}


def test_with_http_the_address_of_variants_is_the_buckets_website_as_cloudformation_knows_it(
    website: Template,
) -> None:
    environment = properties(website, "ResizeLambdaFunction")["Environment"]["Variables"]
    assert environment["PUBLIC_URL"] == {"Fn::GetAtt": ["Variants", "WebsiteURL"]}


def test_with_a_domain_of_ones_own_it_is_where_viewers_are_sent(templates: dict[str, Template]) -> None:
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


def test_with_https_a_miss_goes_to_the_function_and_no_redirect_is_kept(templates: dict[str, Template]) -> None:
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


def test_with_https_no_error_is_kept(templates: dict[str, Template]) -> None:
    """The codes are all for which CloudFront takes a time; any other error it keeps only for a stated max-age."""
    distribution = properties(templates["https"], "Distribution")["DistributionConfig"]
    assert {error["ErrorCode"]: error["ErrorCachingMinTTL"] for error in distribution["CustomErrorResponses"]} == (
        dict.fromkeys([400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504], 0)
    )


def test_without_https_there_is_no_cloudfront(website: Template) -> None:
    assert not [name for name, resource in website["Resources"].items() if "CloudFront" in resource["Type"]]


def test_the_function_is_what_the_parameters_say(templates: dict[str, Template]) -> None:
    usual = properties(templates["website"], "ResizeLambdaFunction")
    assert (usual["Runtime"], usual["Architectures"], usual["MemorySize"]) == ("python3.13", ["x86_64"], 1769)
    assert usual["Handler"] == "providers.aws.handler.handle"
    assert usual["Timeout"] < 29, "API Gateway waits for 29 seconds"
    assert usual["ReservedConcurrentExecutions"] == "200"
    assert properties(templates["website"], "ResizeLogGroup")["RetentionInDays"] == 30
    other = properties(templates["everything"], "ResizeLambdaFunction")
    assert (other["Architectures"], other["MemorySize"]) == (["arm64"], 3008)
    assert "ReservedConcurrentExecutions" not in other
    assert properties(templates["everything"], "ResizeLogGroup")["RetentionInDays"] == 365
    assert other["Environment"]["Variables"]["ORIGINALS_BUCKET"] == {"Ref": "Originals"}
    assert other["Environment"]["Variables"]["PUBLIC_URL"] == "https://pictures.example.com"


def test_every_setting_may_be_given_as_a_parameter_but_a_secret_and_one_that_makes_loops(website: Template) -> None:
    """A 301 that is kept would be an endless loop, so that REDIRECT_MAX_AGE is none of this provider's."""
    passed_on = set(properties(website, "ResizeLambdaFunction")["Environment"]["Variables"])
    known = {name.upper() for name in vars(load({"BUCKET": "pictures"}))}
    assert passed_on == (known - {"REDIRECT_MAX_AGE", "SIGNING_KEYS"}) | {"SIGNING_KEYS_PARAMETER", "SIZEWISE_VERSION"}


def test_an_empty_parameter_is_no_setting(website: Template) -> None:
    variables = properties(website, "ResizeLambdaFunction")["Environment"]["Variables"]
    texts = {name: value for name, value in variables.items() if isinstance(value, str)}
    assert load({**texts, "BUCKET": "pictures"}) == load({"BUCKET": "pictures"})
    assert parameter("MAX_ORIGINAL_BYTES") == "maxOriginalBytes"


def test_variants_expire_only_if_they_are_told_to(templates: dict[str, Template]) -> None:
    for form, status, days in (("website", "Disabled", 365), ("everything", "Enabled", "30")):
        (rule,) = properties(templates[form], "Variants")["LifecycleConfiguration"]["Rules"]
        assert (rule["Status"], rule["ExpirationInDays"]) == (status, days)
        assert rule["TagFilters"] == [{"Key": "sizewise", "Value": "variant"}]


def test_the_stage_has_the_gateways_answers(website: Template) -> None:
    """They must be there before the deployment is made, which waits for the methods."""
    answers = {
        name for name, found in website["Resources"].items() if found["Type"] == "AWS::ApiGateway::GatewayResponse"
    }
    get = website["Resources"]["ApiGatewayMethodSizeVarImageVarGet"]
    assert answers == {"NoSuchRoute", "Refused", "Failed"} <= set(get["DependsOn"])
    (deployment,) = (found for found in website["Resources"].values() if found["Type"] == "AWS::ApiGateway::Deployment")
    assert "ApiGatewayMethodSizeVarImageVarGet" in deployment["DependsOn"]


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


def test_the_functions_configuration_says_which_version_it_is(templates: dict[str, Template]) -> None:
    versions = [
        properties(templates[form], "ResizeLambdaFunction")["Environment"]["Variables"]["SIZEWISE_VERSION"]
        for form in ("https", "domain")
    ]
    assert versions == ["", "1.2.3"]
