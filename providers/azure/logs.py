"""Sends Sizewise's log through the Functions worker to Application Insights."""

import logging
from typing import Final

from core.logs import LOGGER, JsonFormatter

_FORMATTER: Final = JsonFormatter()
_CHATTY: Final = ("azure.core", "azure.identity")
"""The SDK's loggers. They write several lines per request, and failures whose reason is in Sizewise's own line."""


def configure() -> None:
    """Turns each record into its JSON line, and passes it on to the root logger, which the worker reads.

    The worker adds the invocation's ID, by which Application Insights finds the request. On standard
    output the ID would be lost.
    """
    LOGGER.addFilter(_as_line)
    LOGGER.setLevel(logging.INFO)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.ERROR)


def _as_line(record: logging.LogRecord) -> bool:
    record.msg, record.args = _FORMATTER.format(record), None
    record.exc_info = record.exc_text = None
    return True
