"""A stand-in for CloudFront: a cache, an origin group and a private bucket, as documented.

On each request it reads the *deployed* distribution, its policies and the bucket's policy. Sources, in CloudFront's
developer guide: "Managing how long content stays in the cache (expiration)", the table of cache policies, "Request and
response behavior for origin groups", "Control origin requests with a policy", and "How CloudFront processes HTTP 4xx
and 5xx status codes from your origin".
"""

import json
import re
import time
from collections.abc import Mapping
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
ALWAYS_KEPT = (404, 405, 414, 500, 501, 502, 503, 504)
"""Errors that are cached whatever their Cache-Control says. Others are cached for their max-age; none here has one."""


@dataclass
class Edge:
    """The edge of every distribution. `client` reaches the API; `kept` is the cache, by host and path."""

    cloudfront: Any
    s3: "S3Client"
    client: httpx.Client
    kept: dict[tuple[str, str], tuple[float, Answer]] = field(default_factory=dict)

    def answer(self, method: str, host: str, path: str, headers: Mapping[str, str]) -> Answer:
        """The answer to a request: from the cache for GET and HEAD if it is there, else from an origin."""
        listed = self.cloudfront.list_distributions()["DistributionList"]["Items"]
        found = next(item for item in listed if host in (item["DomainName"], *item["Aliases"].get("Items", [])))
        distribution = self.cloudfront.get_distribution_config(Id=found["Id"])["DistributionConfig"]
        until, answer = self.kept.get((host, path), (0.0, None))
        if method == "OPTIONS" or not answer or until <= time.monotonic():
            answer = self.from_origins(distribution, found["ARN"], method, path, self.passed_on(distribution, headers))
        if method != "OPTIONS":
            self.kept[host, path] = (time.monotonic() + self.seconds(answer, distribution), answer)
        return self.with_headers(distribution, answer)

    def with_headers(self, distribution: dict[str, Any], answer: Answer) -> Answer:
        """The answer with the custom headers of the response headers policy."""
        policy = distribution["DefaultCacheBehavior"]["ResponseHeadersPolicyId"]
        found = self.cloudfront.get_response_headers_policy(Id=policy)["ResponseHeadersPolicy"]
        items = found["ResponseHeadersPolicyConfig"]["CustomHeadersConfig"]["Items"]
        custom = {item["Header"].lower(): item["Value"] for item in items if item["Override"]}
        kept = [(name, value) for name, value in answer[1] if name.lower() not in custom]
        return answer[0], [*kept, *custom.items()], answer[2]

    def seconds(self, answer: Answer, distribution: dict[str, Any]) -> float:
        """How long an answer is cached: errors as the distribution says, others as the cache policy allows."""
        if answer[0] >= 400:
            named = {item["ErrorCode"]: item for item in distribution["CustomErrorResponses"].get("Items", [])}
            least = named.get(answer[0], {}).get("ErrorCachingMinTTL", ERRORS_KEPT)
            return float(least) if answer[0] in ALWAYS_KEPT else 0.0
        policy = distribution["DefaultCacheBehavior"]["CachePolicyId"]
        return within(self.cloudfront.get_cache_policy(Id=policy)["CachePolicy"]["CachePolicyConfig"], answer)

    def passed_on(self, distribution: dict[str, Any], headers: Mapping[str, str]) -> dict[str, str]:
        """The viewer's headers that the origin request policy passes to an origin."""
        policy = distribution["DefaultCacheBehavior"]["OriginRequestPolicyId"]
        found = self.cloudfront.get_origin_request_policy(Id=policy)["OriginRequestPolicy"]
        named = found["OriginRequestPolicyConfig"]["HeadersConfig"].get("Headers", {}).get("Items", [])
        given = {name.lower(): value for name, value in headers.items()}
        return {name: given[name.lower()] for name in named if name.lower() in given}

    def from_origins(
        self, distribution: dict[str, Any], arn: str, method: str, path: str, headers: dict[str, str]
    ) -> Answer:
        """The first origin's answer, or the second's if the status of the first is a failover criterion."""
        (group,) = distribution["OriginGroups"]["Items"]
        assert distribution["DefaultCacheBehavior"]["TargetOriginId"] == group["Id"]
        origins = {origin["Id"]: origin for origin in distribution["Origins"]["Items"]}
        first, second = (origins[member["OriginId"]] for member in group["Members"]["Items"])
        bucket = first["DomainName"].partition(".s3.")[0]
        answer = self.from_cors(bucket, headers) if method == "OPTIONS" else self.from_bucket(bucket, arn, path)
        if answer[0] not in group["FailoverCriteria"]["StatusCodes"]["Items"]:
            return answer
        asked = f"https://{second['DomainName']}{second['OriginPath']}"
        wire = {"target": f"{second['OriginPath']}{path}".encode()}
        got = self.client.request(method, asked, headers=headers, extensions=wire)
        return got.status_code, list(got.headers.items()), got.content

    def from_cors(self, bucket: str, headers: Mapping[str, str]) -> Answer:
        """S3's answer to OPTIONS, by the bucket's CORS rules (S3's user guide, "How Amazon S3 evaluates CORS")."""
        asked = headers.get("Access-Control-Request-Method")
        if "Origin" not in headers or not asked:
            return 400, [], b""
        (rule,) = self.s3.get_bucket_cors(Bucket=bucket)["CORSRules"]
        if asked not in rule["AllowedMethods"]:
            return 403, [], b""
        granted = [
            ("Access-Control-Allow-Origin", "*"),
            ("Access-Control-Allow-Methods", ", ".join(rule["AllowedMethods"])),
        ]
        wanted = headers.get("Access-Control-Request-Headers")
        return 200, [*granted, *([("Access-Control-Allow-Headers", wanted)] if wanted else [])], b""

    def from_bucket(self, bucket: str, arn: str, path: str) -> Answer:
        """The object if the bucket's policy lets this distribution read it, else 403, also if it does not exist."""
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
    """Whether a policy's statement lets CloudFront read an object."""
    wanted = statement["Condition"]["StringEquals"]
    return (
        statement["Effect"] == "Allow"
        and statement["Principal"] == {"Service": "cloudfront.amazonaws.com"}
        and statement["Action"] == "s3:GetObject"
        and all(context.get(name) == value for name, value in wanted.items())
    )


def within(limits: dict[str, Any], answer: Answer) -> float:
    """How many seconds an answer is cached: its max-age, within the cache policy's limits."""
    control = {name.lower(): value for name, value in answer[1]}.get("cache-control", "")
    if re.search(r"no-store|no-cache|private", control):
        return float(limits["MinTTL"])
    stated = re.search(r"max-age=(\d+)", control)
    asked = int(stated[1]) if stated else int(limits["DefaultTTL"])
    return float(min(max(asked, limits["MinTTL"]), limits["MaxTTL"]))
