"""Calls to an AWS account that osls does not make, through boto3 with the credentials that boto3 finds."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError

from tools.deployment.errors import DeploymentError
from tools.deployment.first_picture import Store
from tools.deployment.steps import say_left

CREDENTIALS = "Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in with `aws sso login`."


@contextmanager
def answering() -> Iterator[None]:
    """Turns boto3's errors into DeploymentError."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise DeploymentError(f"AWS answered: {error}") from error


@contextmanager
def absent(*codes: str) -> Iterator[None]:
    """Ignores errors with one of these codes, which mean that something does not exist."""
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] not in codes:
            raise


def client(service: str, region: str) -> Any:
    """A client of one of the account's services. Raises DeploymentError without a usable profile."""
    with answering():
        return boto3.client(service, region_name=region)


def caller(region: str) -> str:
    """The ARN of the credentials' owner. Raises DeploymentError if AWS accepts no credentials."""
    try:
        return str(boto3.client("sts", region_name=region).get_caller_identity()["Arn"])
    except EndpointConnectionError as error:
        raise DeploymentError(f"AWS can't be reached: {error}. Is region = {region!r} correct?") from error
    except (BotoCoreError, ClientError) as error:
        raise DeploymentError(f"Can't log in to AWS: {error}. {CREDENTIALS}") from error


def described(stack: str, region: str) -> dict[str, Any] | None:
    """CloudFormation's description of a stack; None if there is no such stack."""
    with answering(), absent("ValidationError"):
        (found,) = client("cloudformation", region).describe_stacks(StackName=stack)["Stacks"]
        if found["StackStatus"] != "DELETE_COMPLETE":
            return found  # type: ignore[no-any-return]
    return None


def outputs(stack: str, region: str) -> dict[str, str]:
    """The outputs of a stack; empty if there is no such stack."""
    found = described(stack, region) or {}
    return {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}


def is_settled(stack: str, region: str) -> bool:
    """Whether the last deployment of a stack succeeded, or there was none."""
    found = described(stack, region)
    return found is None or found["StackStatus"] in ("CREATE_COMPLETE", "UPDATE_COMPLETE")


def buckets(stack: str, region: str) -> list[str]:
    """The buckets of images that a stack has, even if its deployment failed."""
    with answering():
        found = client("cloudformation", region).describe_stack_resources(StackName=stack)["StackResources"]
    return [
        resource["PhysicalResourceId"]
        for resource in found
        if resource["LogicalResourceId"] in ("Originals", "Variants")
        and resource["ResourceStatus"] not in ("CREATE_FAILED", "DELETE_COMPLETE")
        and resource.get("PhysicalResourceId")
    ]


def kept(stack: str, named: Sequence[str], region: str) -> list[str]:
    """The buckets that a removed stack has left: those with these names, or with names that CloudFormation chose."""
    with answering():
        pages = client("s3", region).get_paginator("list_buckets").paginate(BucketRegion=region)
        found = [bucket["Name"] for page in pages for bucket in page["Buckets"]]
    chosen = (f"{stack}-variants-", f"{stack}-originals-")
    return [bucket for bucket in found if bucket in named or bucket.startswith(chosen)]


def reasons(stack: str, region: str, since: datetime) -> list[str]:
    """Why an operation on a stack failed, a line per failed resource; osls shows at most one line.

    Empty if there was no failed operation since that time, or CloudFormation gives no reason.
    """
    with suppress(DeploymentError), answering():
        found = client("cloudformation", region).describe_events(StackName=stack, Filters={"FailedEvents": True})
        return [
            f"{event['LogicalResourceId']}: {event.get('ValidationStatusReason') or event.get('ResourceStatusReason')}"
            for event in found["OperationEvents"]
            if event["Timestamp"] >= since and event.get("ResourceType") not in (None, "AWS::CloudFormation::Stack")
        ]
    return []


def function(name: str, region: str) -> dict[str, Any]:
    """A function's configuration; empty if there is no such function."""
    with answering(), absent("ResourceNotFoundException"):
        found: dict[str, Any] = client("lambda", region).get_function_configuration(FunctionName=name)
        return found
    return {}


def reserved(name: str, region: str) -> int | None:
    """A function's reserved concurrency; None if only the account's limit applies."""
    with answering():
        found = client("lambda", region).get_function_concurrency(FunctionName=name)
    return found.get("ReservedConcurrentExecutions")  # type: ignore[no-any-return]


def is_empty(bucket: str, region: str) -> bool:
    """Whether a bucket has no object, or does not exist."""
    with answering(), absent("NoSuchBucket"):
        return bool(client("s3", region).list_objects_v2(Bucket=bucket, MaxKeys=1)["KeyCount"] == 0)
    return True


def store(originals: str, variants: str, region: str) -> Store:
    """A deployment's two buckets, which can be the same one."""
    s3 = client("s3", region)

    def upload(key: str, file: Path) -> None:
        with answering():
            s3.put_object(Bucket=originals, Key=key, Body=file.read_bytes(), ContentType="image/jpeg")

    def delete(original: str, variant: str) -> None:
        with answering():
            s3.delete_object(Bucket=originals, Key=original)
            s3.delete_object(Bucket=variants, Key=variant)

    return Store(lambda: is_empty(originals, region), upload, delete)


def delete_empty(buckets: Sequence[str], region: str) -> str:
    """Deletes the buckets that have no object, and names the others. Returns the outcome."""
    left = [bucket for bucket in buckets if not is_empty(bucket, region)]
    for bucket in {*buckets} - {*left}:
        with answering(), absent("NoSuchBucket"):
            client("s3", region).delete_bucket(Bucket=bucket)
    return name_left(left)


def name_left(buckets: Sequence[str]) -> str:
    """Names the buckets that are left, with the command that deletes each. Returns the outcome."""
    for bucket in buckets:
        say_left(f"s3://{bucket}, because it holds pictures", f"aws s3 rb --force s3://{bucket}")
    return f"{len(buckets)} left"


def make_keys(parameter: str, region: str) -> str:
    """Makes a parameter with a random key, unless the named version exists. Returns the outcome."""
    name, version = parameter.rsplit(":", 1)
    newest = _newest_version(name, region)
    if newest >= int(version):
        return "there"
    if newest or version != "1":
        known = f"its newest is {newest}" if newest else "there is no such parameter, and its first version will be 1"
        raise DeploymentError(f"Parameter Store has no version {version} of {name}: {known}.")
    with answering():
        client("ssm", region).put_parameter(Name=name, Type="SecureString", Value=secrets.token_urlsafe(32))
    return "made, with a random key"


def _newest_version(name: str, region: str) -> int:
    """The newest version of a parameter; 0 if there is no such parameter."""
    with answering(), absent("ParameterNotFound"):
        return int(client("ssm", region).get_parameter(Name=name)["Parameter"]["Version"])
    return 0


def events(group: str, region: str, since: datetime) -> list[dict[str, Any]]:
    """The events of a log group since a time; none if there is no such group yet."""
    with answering(), absent("ResourceNotFoundException"):
        pages = client("logs", region).get_paginator("filter_log_events")
        asked = pages.paginate(logGroupName=group, startTime=int(since.timestamp() * 1000))
        return [event for page in asked for event in page["events"]]
    return []
