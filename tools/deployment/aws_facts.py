"""The facts of a deployment on AWS, and the rules between them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tools.deployment.errors import DeploymentError
from tools.deployment.facts import choice, fact, number, text

_BUCKET: Final = text(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_NAME: Final = "a bucket's name, of 3 to 63 lower-case letters, digits, dots and hyphens"
_DAYS: Final = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)
"""The retention periods that CloudWatch accepts: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html"""

_WITHOUT_CLOUDFRONT: Final = ("cn-", "us-gov-", "us-iso", "eusc-")
"""Starts of regions without CloudFront, or without what its distribution needs: docs/decisions/https-by-default.md."""


@dataclass(frozen=True, kw_only=True)
class AwsFacts:
    """The facts of AWS, and the rules between them."""

    settings: Mapping[str, str]
    region: str = fact("a region of AWS, such as eu-central-1", text(r"[a-z]{2,4}(-[a-z]+)+-\d"))
    # CloudFormation shortens longer stack names in the bucket names that it chooses.
    stage: str = fact("up to 15 lower-case letters, digits and hyphens, such as prod", text(r"[a-z][a-z0-9-]{0,14}"))
    bucket: str = fact(_NAME, _BUCKET, "")
    originals_bucket: str = fact(_NAME, _BUCKET, "")
    https: bool = fact("true or false", choice(True, False), default=True)
    domain: str = fact("a host name, such as img.example.com", text(r"[a-z0-9-]+(\.[a-z0-9-]+)+"), "")
    certificate: str = fact(
        "the ARN of a certificate of ACM", text(r"arn:[a-z-]+:acm:[a-z0-9-]+:\d{12}:certificate/[\w-]+"), ""
    )
    max_instances: int = fact("a whole number, or 0 for the account's own limit", number(0, 100_000), 200)
    memory: int = fact("a whole number of MB from 128 to 10240", number(128, 10_240), 1769)
    architecture: str = fact("x86_64 or arm64", choice("x86_64", "arm64"), "x86_64")
    expire_variants: int = fact("a whole number of days, or 0 for never", number(0, 36_500), 0)
    log_retention: int = fact(f"a number of days: {', '.join(map(str, _DAYS))}", choice(*_DAYS), 30)
    signing_keys: str = fact(
        "the name and version of an SSM parameter, such as /sizewise/signing-keys:1", text(r"(/[\w.-]+)+:[1-9]\d*"), ""
    )

    def check(self) -> None:
        """See `cloud.Deployment`."""
        if "REDIRECT_MAX_AGE" in self.settings:
            raise DeploymentError(
                "REDIRECT_MAX_AGE can't be set on AWS, where a cached redirect is an endless loop once its variant is "
                "gone: leave it out"
            )
        if self.bucket and self.bucket == self.originals_bucket:
            raise DeploymentError("originals_bucket is the same as bucket: leave it out to have both in one bucket")
        if self.https and self.region.startswith(_WITHOUT_CLOUDFRONT):
            raise DeploymentError(f"https = false is needed in {self.region}: CloudFront is not fully available there")
        if self.domain or self.certificate:
            self._check_domain()

    def _check_domain(self) -> None:
        if not self.https:
            raise DeploymentError(
                "domain needs https = true: an S3 website is named after its bucket and has no certificate"
            )
        if not self.domain or not self.certificate:
            raise DeploymentError("domain and certificate are needed together: name both or neither")
        if "PUBLIC_URL" in self.settings:
            raise DeploymentError(
                "PUBLIC_URL and domain can't both be set, because both are the public address: leave one out"
            )
        _, partition, _, region, *_ = self.certificate.split(":")
        if partition == "aws" and region != "us-east-1":
            raise DeploymentError(
                f"certificate is of {region}: CloudFront accepts only those of us-east-1. Request one there"
            )
