"""Requests from the three kinds of events, in the form of live captures (hotsock/voker, July 2026)."""

import json
from typing import Any
from urllib.parse import unquote

import pytest

from core.http import Response
from core.keys import from_path
from providers.aws.events import to_answer, to_request
from tests.support.keys import AWKWARD


def rest(path: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
    context = {"domainName": "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com", "stage": "prod"}
    context["path"] = f"/prod{path}"
    return {"resource": "/{size}/{image+}", "path": path, "httpMethod": "GET", "headers": headers} | {
        "requestContext": context
    }


def version_2(raw_path: str, domain: str, stage: str = "$default", headers: object = None) -> dict[str, Any]:
    context = {"domainName": domain, "stage": stage, "http": {"method": "GET", "path": unquote(raw_path)}}
    return {"version": "2.0", "rawPath": raw_path, "headers": headers, "requestContext": context}


FUNCTION_URL = "2cxn22odiwguak4feg4jtt7cwm0ziblr.lambda-url.eu-central-1.on.aws"
HTTP_API = "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com"


@pytest.mark.parametrize("key", AWKWARD)
def test_a_rest_api_passes_the_path_encoded(key: str) -> None:
    assert from_path(to_request(rest(f"/600x/{AWKWARD[key]}")).path) == f"/600x/{key}"


@pytest.mark.parametrize("key", AWKWARD)
def test_a_function_url_passes_the_path_encoded(key: str) -> None:
    assert from_path(to_request(version_2(f"/600x/{AWKWARD[key]}", FUNCTION_URL)).path) == f"/600x/{key}"


@pytest.mark.parametrize("key", [key for key in AWKWARD if "%" not in key and "?" not in key])
@pytest.mark.parametrize("domain", [HTTP_API, "images.example.com"])
def test_an_http_api_passes_the_path_decoded(key: str, domain: str) -> None:
    assert from_path(to_request(version_2(f"/600x/{key}", domain)).path) == f"/600x/{key}"


def test_a_percent_sign_from_an_http_api_is_not_decoded_again() -> None:
    assert from_path(to_request(version_2("/600x/100%41.jpg", HTTP_API)).path) == "/600x/100%41.jpg"


def test_the_stage_of_an_http_api_is_removed_from_the_path() -> None:
    assert to_request(version_2("/prod/600x/cat.jpg", HTTP_API, "prod")).path == "/600x/cat.jpg"
    assert to_request(version_2("/prod/cat.jpg", HTTP_API)).path == "/prod/cat.jpg"


BASES = ["/img", "/img/v2", "/600x", "/%C3%A9t%C3%A9", "/600x/600x"]


@pytest.mark.parametrize("decoded", [False, True], ids=["parameters as AWS sends them", "parameters decoded"])
@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("key", AWKWARD)
def test_the_base_path_of_a_custom_domain_is_removed(key: str, base: str, decoded: bool) -> None:
    """The mapping's path is part of `path`, but not of `pathParameters` or `resource`."""
    event = rest(f"{base}/600x-smart/{AWKWARD[key]}")
    event["pathParameters"] = {"size": "600x-smart", "image": key if decoded else AWKWARD[key]}
    assert from_path(to_request(event).path) == f"/600x-smart/{key}"


@pytest.mark.parametrize("key", [key for key in AWKWARD if "%" not in key and "?" not in key])
def test_the_base_path_of_an_http_api_is_removed(key: str) -> None:
    event = version_2(f"/img/600x/{key}", "images.example.com")
    event["pathParameters"] = {"size": "600x", "image": key}
    assert from_path(to_request(event).path) == f"/600x/{key}"


@pytest.mark.parametrize("parameters", [None, {}, {"proxy": "600x/cat.jpg"}, {"size": "600x", "image": "dog.jpg"}])
def test_without_the_routes_parameters_the_whole_path_is_used(parameters: dict[str, str] | None) -> None:
    assert to_request(rest("/600x/cat.jpg") | {"pathParameters": parameters}).path == "/600x/cat.jpg"


@pytest.mark.parametrize("name", ["Accept", "accept"])
def test_the_accept_header_is_found_in_any_case(name: str) -> None:
    headers = {name: "image/avif"}
    assert to_request(rest("/600x.auto/cat.jpg", headers)).accept == "image/avif"
    assert to_request(version_2("/600x.auto/cat.jpg", FUNCTION_URL, headers=headers)).accept == "image/avif"
    assert to_request(rest("/600x.auto/cat.jpg")).accept == ""


XRAY = "Root=1-5759e988-bd862e3fe1be46a994272793"
W3C = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.mark.parametrize(
    ("headers", "trace"),
    [
        ({"X-Amzn-Trace-Id": XRAY}, "5759e988bd862e3fe1be46a994272793"),
        (
            {"x-amzn-trace-id": f"Self=1-67891234-12456789abcdef012345678;{XRAY};Parent=53995c3f42cd8ad8;Sampled=1"},
            "5759e988bd862e3fe1be46a994272793",
        ),
        ({"X-Amzn-Trace-Id": XRAY, "traceparent": W3C}, "5759e988bd862e3fe1be46a994272793"),
        ({"X-Amzn-Trace-Id": "nonsense", "traceparent": W3C}, "4bf92f3577b34da6a3ce929d0e0e4736"),
        ({"Traceparent": W3C}, "4bf92f3577b34da6a3ce929d0e0e4736"),
        ({}, ""),
        (None, ""),
    ],
)
def test_the_trace_is_that_of_xray_if_there_is_one(headers: dict[str, str] | None, trace: str) -> None:
    assert to_request(rest("/600x/cat.jpg", headers)).trace_id == trace
    assert to_request(version_2("/600x/cat.jpg", FUNCTION_URL, headers=headers)).trace_id == trace


def test_an_answer_has_the_form_of_a_proxy_integration() -> None:
    answer = to_answer(Response(404, {"Content-Type": "application/problem+json"}, '{"detail": "é"}'.encode()))
    assert answer["statusCode"] == 404
    assert answer["headers"] == {"Content-Type": "application/problem+json"}
    assert json.loads(answer["body"]) == {"detail": "é"}
    assert answer["isBase64Encoded"] is False
