"""Every failure a user can cause or meet, each with its HTTP status.

The message of an error is shown to whoever asked for the image: it says what was wrong and what
would be right, and never names a path of the machine, a bucket or a credential. What an operator
needs beside it is the exception's `__cause__`, which goes to the log only.
"""

from typing import ClassVar


class SizewiseError(Exception):
    """The base of all of them. Raised directly, it means a bug in Sizewise."""

    status: ClassVar[int] = 500


class BadSize(SizewiseError):
    """The first path segment is not a size."""

    status = 400


class BadKey(SizewiseError):
    """The rest of the path can't be the key of an original."""

    status = 400


class SizeRefused(SizewiseError):
    """A size that parses, but that this deployment does not render."""

    status = 403


class NotFound(SizewiseError):
    """No object is stored under the key."""

    status = 404


class MethodRefused(SizewiseError):
    """Any method but GET, HEAD and OPTIONS."""

    status = 405


class TooLarge(SizewiseError):
    """The original has more bytes, pixels or parts than this deployment reads."""

    status = 413


class TooDear(TooLarge):
    """A variant that takes more time or memory than a render may. Another size or format may take less."""


class Outdone(SizewiseError):
    """A variant that another format makes smaller: where its format is open, that one is taken. No user sees it."""


class UnsupportedFormat(SizewiseError):
    """The original's bytes are of no format, or its Content-Encoding is none, that is decoded here."""

    status = 415


class BrokenOriginal(SizewiseError):
    """The original is of a known format, but damaged or cut short."""

    status = 422


class StorageRefused(SizewiseError):
    """Storage says no: permissions, a bucket that is not there, an object that is archived or not public.

    Where an SDK has an error for it, raise it `from` that.
    """

    status = 502

    def __init__(
        self, message: str = "The storage refused the request. Its operator finds the reason in the log."
    ) -> None:
        super().__init__(message)


class StorageUnavailable(SizewiseError):
    """Storage throttles, is unreachable or too slow, or sends what is cut or damaged.

    Where an SDK has an error for it, raise it `from` that.
    """

    status = 503

    def __init__(self, message: str = "The storage does not answer at the moment. Try again shortly.") -> None:
        super().__init__(message)


class Interrupted(SizewiseError):
    """A render that was ended from outside, or did not get its time: it may succeed if it is tried again."""

    status = 503

    def __init__(self, message: str = "The image could not be rendered in time. Try again shortly.") -> None:
        super().__init__(message)


class SettingsError(ValueError):
    """A setting that is out of range; the message names its variable. Raised at start only."""
