"""Answers over HTTP, as the end-to-end tests check and print them."""

import re

import httpx


def assert_problem(answer: httpx.Response, status: int, words: str) -> None:
    """Expects an RFC 9457 problem that is not cached, can be read from other origins and reveals nothing internal."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.headers["cache-control"], answer.headers["vary"]) == ("no-store", "Accept")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-sizewise"] == "miss"
    assert "total;dur=" in answer.headers["server-timing"]
    problem = answer.json()
    assert problem["status"] == status
    assert words in problem["detail"]
    assert not re.search(r"Traceback|File \"|/tmp|/var|\.py\b|Error\b|http://", answer.text)


def chain(target: str, *answers: httpx.Response) -> str:
    """A redirect chain as text, one line per hop."""
    shown = ("location", "cache-control", "x-sizewise", "content-type")
    lines = [f"GET {target}"]
    for answer in answers:
        headers = "  ".join(f"{name}: {answer.headers[name]}" for name in shown if name in answer.headers)
        lines.append(f"  {answer.status_code}  {headers}")
    return "\n".join(lines)
