"""The address of a bucket's website."""

from typing import Final

_WITH_A_DASH: Final = (
    *("us-east-1", "us-west-1", "us-west-2", "us-gov-west-1", "sa-east-1", "eu-west-1"),
    *("ap-northeast-1", "ap-southeast-1", "ap-southeast-2"),
)
"""The oldest regions. Source: AWS General Reference, "Amazon S3 endpoints and quotas", website endpoints."""


def website(bucket: str, region: str) -> str:
    """The URL, without a trailing slash, of a bucket's website. S3 has it over HTTP only."""
    separator = "-" if region in _WITH_A_DASH else "."
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    return f"http://{bucket}.s3-website{separator}{region}.{suffix}"
