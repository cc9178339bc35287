"""Every failure a user can cause or meet, each with its HTTP status.

The message of an error is shown to the user who requested the image: it says what was wrong and what
would be right, and never names a path of the machine, a bucket or a credential. Details for the operator
are in the exception's `__cause__`, which is only logged.
"""

from typing import ClassVar


class SizewiseError(Exception):
    """The base of these errors. Raised directly, it means a bug in Sizewise."""

    status: ClassVar[int] = 500


class BadSize(SizewiseError):
    """The first path segment is not a size."""

    status = 400


class BadKey(SizewiseError):
    """The rest of the path can't be the key of an original."""

    status = 400


class SizeRefused(SizewiseError):
    """The size is valid, but this deployment does not render it."""

    status = 403


class NotFound(SizewiseError):
    """No object is stored under the key."""

    status = 404


class MethodRefused(SizewiseError):
    """The method is not GET, HEAD or OPTIONS."""

    status = 405


class TooLarge(SizewiseError):
    """The original has more bytes, pixels or parts than this deployment reads."""

    status = 413


class TooExpensive(TooLarge):
    """The variant needs more time or memory than a render is allowed. Another size or format may need less."""


class Outdone(SizewiseError):
    """Another format makes the variant smaller, and the request leaves the format open. Users never see this error."""


class UnsupportedFormat(SizewiseError):
    """The original has an unsupported format or Content-Encoding."""

    status = 415


class BrokenOriginal(SizewiseError):
    """The original is of a known format, but damaged or cut short."""

    status = 422


class StorageRefused(SizewiseError):
    """Storage refuses: permissions, a missing bucket, or an object that is archived or not public.

    If an SDK raised an error, raise this one `from` it.
    """

    status = 502

    def __init__(
        self, message: str = "The storage refused the request. The operator can find the reason in the log."
    ) -> None:
        super().__init__(message)


class StorageUnavailable(SizewiseError):
    """Storage throttles, is unreachable or too slow, or sends truncated or damaged data.

    If an SDK raised an error, raise this one `from` it.
    """

    status = 503

    def __init__(self, message: str = "The storage does not answer at the moment. Try again shortly.") -> None:
        super().__init__(message)


class Interrupted(SizewiseError):
    """The render was ended from outside, reached its deadline or could not start. Another try may succeed."""

    status = 503

    def __init__(self, message: str = "The image could not be rendered in time. Try again shortly.") -> None:
        super().__init__(message)


class SettingsError(ValueError):
    """A setting is missing or invalid. The message names its variable. Raised only at start."""
