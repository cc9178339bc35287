"""The function reads its signing keys from a SecureString of Parameter Store at a cold start."""

import json

import pytest
from botocore.session import get_session

from core.errors import SettingsError
from providers.aws.secrets import signing_keys
from tests.e2e.aws.emulator import CREDENTIALS, Aws
from tests.e2e.aws.site import AwsSite
from tests.support.pictures.samples import CAT
from tests.support.servers.canned import Answer, answering

NAME = "/sizewise/rotated"
FIRST, SECOND = "the first key of this test", "the second key of this test"
THROTTLED = Answer(400, body=json.dumps({"__type": "ThrottlingException", "message": "Rate exceeded"}).encode())


@pytest.fixture(autouse=True)
def _administrator(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**CREDENTIALS, "AWS_ENDPOINT_URL": aws.address}.items():
        monkeypatch.setenv(name, value)


def read(name: str) -> tuple[bytes, ...]:
    return signing_keys(get_session(), {"BUCKET": "photos", "SIGNING_KEYS_PARAMETER": name}, "us-east-1")


def test_keys_are_rotated_by_a_new_version_of_the_parameter(aws: Aws) -> None:
    ssm = aws.sdk("ssm")
    for text in (FIRST, f"{FIRST},{SECOND}\n"):
        ssm.put_parameter(Name=NAME, Value=text, Type="SecureString", Overwrite=True)
    assert read(f"{NAME}:1") == (FIRST.encode(),)
    assert read(f"{NAME}:2") == (FIRST.encode(), SECOND.encode())


def test_a_missing_parameter_stops_the_start_and_is_named() -> None:
    with pytest.raises(
        SettingsError, match=r"'/sizewise/nobody:1' \(SIGNING_KEYS_PARAMETER\) can't be read: .*not found"
    ):
        read("/sizewise/nobody:1")


def test_a_short_key_stops_the_start_and_is_not_shown(aws: Aws) -> None:
    aws.sdk("ssm").put_parameter(Name="/sizewise/short", Value="too short", Type="SecureString")
    with pytest.raises(SettingsError) as raised:
        read("/sizewise/short:1")
    assert str(raised.value) == "SIGNING_KEYS is not a list of keys of 16 bytes or more, separated by commas"


def test_a_throttled_read_of_the_parameter_is_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cold starts for a page of a hundred pictures each read it; the default quota is 40 calls per second."""
    found = Answer(body=json.dumps({"Parameter": {"Name": NAME, "Value": FIRST}}).encode())
    with answering(THROTTLED, THROTTLED, found) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
        assert read(NAME) == (FIRST.encode(),)
        assert len(server.asked) == 3


def test_the_function_may_read_no_other_parameter(aws: Aws, site: AwsSite) -> None:
    aws.sdk("ssm").put_parameter(Name="/sizewise/other", Value=SECOND, Type="SecureString")
    site.put("cat.jpg", CAT)
    with site.changed({"SIGNING_KEYS_PARAMETER": "/sizewise/other:1"}):
        answer = site.ask("/301x/cat.jpg")
    assert answer.status_code == 502
    # The emulator shows why a function does not start; AWS logs it.
    assert "not authorized to perform: ssm:GetParameter" in answer.text
    assert SECOND not in answer.text + site.log()


def test_the_deployed_template_and_the_functions_environment_contain_no_key(aws: Aws, site: AwsSite) -> None:
    function = aws.sdk("lambda").get_function_configuration(FunctionName=site.function)
    stack = f"sizewise-{site.stack.stage}"
    template = aws.sdk("cloudformation").get_template(StackName=stack)["TemplateBody"]
    shown = json.dumps([function["Environment"], template]) + json.dumps(site.stack.outputs)
    assert "/sizewise/signing-keys:1" in shown
    assert "an-example-key" not in shown
