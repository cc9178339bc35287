"""Lambda's limit on concurrent invocations, which the emulator, with its few processes, does not have."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from threading import Condition, Semaphore
from typing import Any

AT_WORK = 4
"""Invocations that the emulator runs at once. The others count as concurrent too, and wait."""


START_SECONDS = 60
"""The longest time that a cold start waits for the other requests of its page."""


class TooMany(Exception):
    """Lambda's TooManyRequestsException."""


class Invocations:
    """The concurrent invocations of each function, limited by the concurrency that is *deployed* at the moment.

    Source: Lambda's developer guide, "Understanding Lambda function scaling": the limit is the function's reserved
    concurrency, or the account's if it has none. Requests above the limit are throttled.
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
        """Counts one invocation by the REST API of a host while the block runs. Raises TooMany above the limit."""
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
        """Makes the next invocations wait until that many requests have come, as during cold starts of a second."""
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
