"""Both spellings of a website's host."""

import pytest

from providers.aws.website import website


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("us-east-1", "pictures.s3-website-us-east-1.amazonaws.com"),
        ("eu-west-1", "pictures.s3-website-eu-west-1.amazonaws.com"),
        ("ap-southeast-2", "pictures.s3-website-ap-southeast-2.amazonaws.com"),
        ("us-gov-west-1", "pictures.s3-website-us-gov-west-1.amazonaws.com"),
        ("us-east-2", "pictures.s3-website.us-east-2.amazonaws.com"),
        ("eu-central-1", "pictures.s3-website.eu-central-1.amazonaws.com"),
        ("ap-northeast-2", "pictures.s3-website.ap-northeast-2.amazonaws.com"),
        ("us-gov-east-1", "pictures.s3-website.us-gov-east-1.amazonaws.com"),
        ("cn-north-1", "pictures.s3-website.cn-north-1.amazonaws.com.cn"),
    ],
)
def test_a_website_is_spelled_with_a_dash_or_a_dot(region: str, host: str) -> None:
    assert website("pictures", region) == f"http://{host}"
