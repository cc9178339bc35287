"""The stack with HTTPS and a custom domain, before and after its DNS record exists."""

import pytest

from tests.e2e.answers import chain
from tests.e2e.aws.emulator import Aws, deployed
from tests.e2e.aws.forms import CERTIFICATE, DOMAIN
from tests.e2e.aws.site import AwsSite
from tests.e2e.deployment import RecordProperty
from tests.support.browser import Browser
from tests.support.pictures.samples import CAT


@pytest.fixture(scope="module")
def site(aws: Aws, tmp_path_factory: pytest.TempPathFactory) -> AwsSite:
    return AwsSite(aws, deployed(aws, tmp_path_factory.mktemp("domain"), DOMAIN))


def test_a_miss_at_the_domain_is_redirected_to_the_domain(site: AwsSite, record_property: RecordProperty) -> None:
    site.put("cat.jpg", CAT)
    url = "https://img.example.com/300x200/cat.jpg"
    made, image = Browser(site.aws.web).get(url)
    assert (made.status_code, made.headers["location"]) == (301, url)
    assert (image.status_code, image.headers["content-type"]) == (200, "image/jpeg")
    record_property("chain", chain(url, made, image))


def test_cloudfronts_own_name_answers_without_a_dns_record(site: AwsSite) -> None:
    site.put("early.jpg", CAT)
    front = site.stack.outputs["FrontAddress"]
    assert front.startswith("https://")
    assert front.endswith(".cloudfront.net")
    made = site.aws.web.get(f"{front}/300x200/early.jpg")
    assert (made.status_code, made.headers["location"]) == (301, "https://img.example.com/300x200/early.jpg")
    assert site.aws.web.get(f"{front}/300x200/early.jpg").status_code == 200


def test_the_address_is_the_domain_with_its_certificate(site: AwsSite) -> None:
    assert site.stack.outputs["Address"] == "https://img.example.com"
    cloudfront = site.aws.sdk("cloudfront")
    listed = cloudfront.list_distributions()["DistributionList"]["Items"]
    (distribution,) = (item for item in listed if f"https://{item['DomainName']}" == site.stack.outputs["FrontAddress"])
    certificate = distribution["ViewerCertificate"]
    assert (certificate["ACMCertificateArn"], certificate["SSLSupportMethod"]) == (CERTIFICATE, "sni-only")
