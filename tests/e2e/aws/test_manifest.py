"""The templates that `osls package` makes from serverless.yml, without an account or a network."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.settings import load
from tests.e2e.aws.forms import FORMS
from tests.e2e.aws.template import Template, linted, properties
from tools.deployment.aws import parameter


@pytest.fixture
def website(templates: dict[str, Template]) -> Template:
    return templates["website"]


def statements(template: Template) -> Iterator[dict[str, Any]]:
    """The statements of the policies of the function's role."""
    for policy in properties(template, "IamRoleLambdaExecution")["Policies"]:
        yield from policy["PolicyDocument"]["Statement"]


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize("form", ["domain", "everything"])
def test_cfn_lint_finds_nothing(packages: dict[str, Path], form: str) -> None:
    """The other two forms have fewer resources."""
    assert linted(packages[form], "us-east-1") == ""


@pytest.mark.parametrize("code", ["403", "404"])
def test_a_miss_is_redirected_to_the_api_temporarily(website: Template, code: str) -> None:
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
def test_the_function_has_only_the_permissions_that_it_needs(templates: dict[str, Template], form: str) -> None:
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


def test_the_function_may_read_only_the_parameter_of_the_signing_keys(
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


def test_the_function_is_configured_by_the_parameters(templates: dict[str, Template]) -> None:
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


def test_every_setting_but_two_is_a_parameter(website: Template) -> None:
    """SIGNING_KEYS is a secret. A cached 301 would loop endlessly, so AWS has no REDIRECT_MAX_AGE."""
    passed_on = set(properties(website, "ResizeLambdaFunction")["Environment"]["Variables"])
    known = {name.upper() for name in vars(load({"BUCKET": "pictures"}))}
    assert passed_on == (known - {"REDIRECT_MAX_AGE", "SIGNING_KEYS"}) | {"SIGNING_KEYS_PARAMETER", "SIZEWISE_VERSION"}


def test_an_empty_parameter_leaves_the_default(website: Template) -> None:
    variables = properties(website, "ResizeLambdaFunction")["Environment"]["Variables"]
    texts = {name: value for name, value in variables.items() if isinstance(value, str)}
    assert load({**texts, "BUCKET": "pictures"}) == load({"BUCKET": "pictures"})
    assert parameter("MAX_ORIGINAL_BYTES") == "maxOriginalBytes"


def test_variants_expire_only_if_a_parameter_says_so(templates: dict[str, Template]) -> None:
    for form, status, days in (("website", "Disabled", 365), ("everything", "Enabled", "30")):
        (rule,) = properties(templates[form], "Variants")["LifecycleConfiguration"]["Rules"]
        assert (rule["Status"], rule["ExpirationInDays"]) == (status, days)
        assert rule["TagFilters"] == [{"Key": "sizewise", "Value": "variant"}]


def test_the_stage_has_the_gateways_answers(website: Template) -> None:
    """They have to exist before the deployment is created, which depends on the methods."""
    answers = {
        name for name, found in website["Resources"].items() if found["Type"] == "AWS::ApiGateway::GatewayResponse"
    }
    get = website["Resources"]["ApiGatewayMethodSizeVarImageVarGet"]
    assert answers == {"NoSuchRoute", "Refused", "Failed"} <= set(get["DependsOn"])
    (deployment,) = (found for found in website["Resources"].values() if found["Type"] == "AWS::ApiGateway::Deployment")
    assert "ApiGatewayMethodSizeVarImageVarGet" in deployment["DependsOn"]


def test_the_functions_environment_has_its_version(templates: dict[str, Template]) -> None:
    versions = [
        properties(templates[form], "ResizeLambdaFunction")["Environment"]["Variables"]["SIZEWISE_VERSION"]
        for form in ("https", "domain")
    ]
    assert versions == ["", "1.2.3"]
