"""Sizewise's log through the Functions worker, which hands it to Application Insights."""

import logging
from typing import Final

from core.logs import LOGGER, JsonFormatter

_FORMATTER: Final = JsonFormatter()
_CHATTY: Final = ("azure.core", "azure.identity")
"""The SDK's loggers: several lines for each request of theirs, and failures that our own line gives the reason of."""


def configure() -> None:
    """Makes each record its JSON line and leaves it to the root logger, where the worker listens.

    The worker adds the invocation's id, by which Application Insights finds the request; standard
    output would lose it.
    """
    LOGGER.addFilter(_as_line)
    LOGGER.setLevel(logging.INFO)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.ERROR)


def _as_line(record: logging.LogRecord) -> bool:
    record.msg, record.args = _FORMATTER.format(record), None
    record.exc_info = record.exc_text = None
    return True
