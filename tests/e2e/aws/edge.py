"""CloudFront, as its documentation has it: a cache, an origin group, a private bucket.

It reads the *deployed* distribution, its cache policy and the bucket's policy on each request. Sources, in
CloudFront's developer guide: "Managing how long content stays in the cache (expiration)", the table of cache
policies, and "Request and response behavior for origin groups".
"""

import json
import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

import httpx
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

Answer = tuple[int, list[tuple[str, str]], bytes]
ERRORS_KEPT = 10
"""Seconds, CloudFront's default error caching minimum TTL."""


@dataclass
class Edge:
    """The edge of every distribution. `client` is how it reaches an API; `kept` is its cache, by host and path."""

    cloudfront: Any
    s3: "S3Client"
    client: httpx.Client
    kept: dict[tuple[str, str], tuple[float, Answer]] = field(default_factory=dict)

    def get(self, host: str, path: str, accept: str) -> Answer:
        """The answer to a GET, from the cache or an origin."""
        until, answer = self.kept.get((host, path), (0.0, None))
        if answer and until > time.monotonic():
            return answer
        listed = self.cloudfront.list_distributions()["DistributionList"]["Items"]
        found = next(item for item in listed if item["DomainName"] == host)
        distribution = self.cloudfront.get_distribution_config(Id=found["Id"])["DistributionConfig"]
        answer = self.from_origins(distribution, found["ARN"], path, accept)
        policy = distribution["DefaultCacheBehavior"]["CachePolicyId"]
        limits = self.cloudfront.get_cache_policy(Id=policy)["CachePolicy"]["CachePolicyConfig"]
        self.kept[host, path] = (time.monotonic() + seconds(answer, limits), answer)
        return answer

    def from_origins(self, distribution: dict[str, Any], arn: str, path: str, accept: str) -> Answer:
        """The first origin's answer, or the second's where the first one's status is one to fail over."""
        (group,) = distribution["OriginGroups"]["Items"]
        assert distribution["DefaultCacheBehavior"]["TargetOriginId"] == group["Id"]
        origins = {origin["Id"]: origin for origin in distribution["Origins"]["Items"]}
        first, second = (origins[member["OriginId"]] for member in group["Members"]["Items"])
        answer = self.from_bucket(first["DomainName"].partition(".s3.")[0], arn, path)
        if answer[0] not in group["FailoverCriteria"]["StatusCodes"]["Items"]:
            return answer
        asked = f"https://{second['DomainName']}{second['OriginPath']}"
        wire = {"target": f"{second['OriginPath']}{path}".encode()}
        got = self.client.get(asked, headers={"Accept": accept}, extensions=wire)
        return got.status_code, list(got.headers.items()), got.content

    def from_bucket(self, bucket: str, arn: str, path: str) -> Answer:
        """An object, if the bucket's policy lets this distribution read it; 403 for all else, and a missing one."""
        key = unquote_plus(path.removeprefix("/"))
        try:
            tags = self.s3.get_object_tagging(Bucket=bucket, Key=key)["TagSet"]
        except ClientError:
            return 403, [], b""
        context = {"AWS:SourceArn": arn, **{f"s3:ExistingObjectTag/{tag['Key']}": tag["Value"] for tag in tags}}
        policy = json.loads(self.s3.get_bucket_policy(Bucket=bucket)["Policy"])
        if not any(allows(statement, context) for statement in policy["Statement"]):
            return 403, [], b""
        found = self.s3.get_object(Bucket=bucket, Key=key)
        headers = [("Content-Type", found["ContentType"]), ("Cache-Control", found["CacheControl"])]
        return 200, headers, found["Body"].read()


def allows(statement: dict[str, Any], context: dict[str, str]) -> bool:
    """Whether a statement lets CloudFront read an object of its bucket."""
    wanted = statement["Condition"]["StringEquals"]
    return (
        statement["Effect"] == "Allow"
        and statement["Principal"] == {"Service": "cloudfront.amazonaws.com"}
        and statement["Action"] == "s3:GetObject"
        and all(context.get(name) == value for name, value in wanted.items())
    )


def seconds(answer: Answer, limits: dict[str, Any]) -> float:
    """For how long an answer is kept: as it says, within the cache policy's limits."""
    status, headers, _ = answer
    if status >= 400:
        return ERRORS_KEPT
    control = {name.lower(): value for name, value in headers}.get("cache-control", "")
    if re.search(r"no-store|no-cache|private", control):
        return float(limits["MinTTL"])
    stated = re.search(r"max-age=(\d+)", control)
    asked = int(stated[1]) if stated else int(limits["DefaultTTL"])
    return float(min(max(asked, limits["MinTTL"]), limits["MaxTTL"]))
