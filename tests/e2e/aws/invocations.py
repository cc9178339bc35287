"""How many invocations of a function may be under way at once: the emulator has fewer processes than Lambda has."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock, Semaphore
from typing import Any

AT_WORK = 2
"""Invocations that the emulator is asked for at once. The others are under way too, and wait."""


class TooMany(Exception):
    """Lambda's TooManyRequestsException."""


class Invocations:
    """Those under way of each function, held to the limit that is *deployed* at the moment.

    Source: Lambda's developer guide, "Understanding Lambda function scaling": a function's reserved concurrency, or
    where it has none the account's own, is how many requests it works on; one more is throttled.
    """

    def __init__(self, sdk: Callable[..., Any]) -> None:
        self._sdk = sdk
        self._function = cache(self._asked_function)
        self._lock = Lock()
        self._at_work = Semaphore(AT_WORK)
        self._under_way: Counter[str] = Counter()

    @contextmanager
    def one_more(self, host: str) -> Iterator[None]:
        """The time of one invocation by a REST API, known by its host. Raises TooMany."""
        api, _, region = host.split(".")[:3]
        function = self._function(api, region)
        limit = self._limit(function, region)
        with self._lock:
            if self._under_way[function] >= limit:
                raise TooMany
            self._under_way[function] += 1
        try:
            with self._at_work:
                yield
        finally:
            with self._lock:
                self._under_way[function] -= 1

    def _asked_function(self, api: str, region: str) -> str:
        resources = self._sdk("apigateway", region).get_resources(restApiId=api, embed=["methods"])
        match = re.search(r":function:([\w-]+)/invocations", str(resources))
        assert match, resources
        return match[1]

    def _limit(self, function: str, region: str) -> int:
        client = self._sdk("lambda", region)
        reserved = client.get_function_concurrency(FunctionName=function).get("ReservedConcurrentExecutions")
        account = client.get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
        return int(account if reserved is None else reserved)
