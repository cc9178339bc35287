"""How many invocations of a function may be under way at once: the emulator has fewer processes than Lambda has."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from threading import Condition, Semaphore
from typing import Any

AT_WORK = 4
"""Invocations that the emulator is asked for at once. The others are under way too, and wait."""


START_SECONDS = 60
"""For so long a cold start waits for the other requests of its page."""


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
        self._changed = Condition()
        self._awaited = 0
        self._at_work = Semaphore(AT_WORK)
        self._under_way: Counter[str] = Counter()

    @contextmanager
    def one_more(self, host: str) -> Iterator[None]:
        """The time of one invocation by a REST API, known by its host. Raises TooMany."""
        api, _, region = host.split(".")[:3]
        function = self._function(api, region)
        limit = self._limit(function, region)
        with self._changed:
            self._awaited = max(0, self._awaited - 1)
            self._changed.notify_all()
            if self._under_way[function] >= limit:
                raise TooMany
            self._under_way[function] += 1
        try:
            with self._changed:
                self._changed.wait_for(lambda: self._awaited == 0, START_SECONDS)
            with self._at_work:
                yield
        finally:
            with self._changed:
                self._under_way[function] -= 1

    @contextmanager
    def cold(self, requests: int) -> Iterator[None]:
        """Has the next invocations take as long as so many requests take to come, as cold starts of a second do."""
        with self._changed:
            self._awaited = requests
        try:
            yield
        finally:
            with self._changed:
                self._awaited = 0
                self._changed.notify_all()

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
