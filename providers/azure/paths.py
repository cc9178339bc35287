"""Restores the path of a request as it was sent. App Service decodes it, and the Functions host encodes it again."""

from posixpath import normpath
from urllib.parse import unquote


def as_sent(path: str, sent: str) -> str:
    """The percent-encoded path of a request. The platform decoded, normalised and encoded `path` again.

    After that, a separator and a `%2F` in a name look the same. `sent` is the target that App Service's front reports,
    or empty. `sent` is used only if it is a spelling of `path`, so that a forged one can't get another address's image.
    """
    target = sent.partition("?")[0]
    return target if _tidied(target) == _tidied(path) else path


def _tidied(path: str) -> str:
    # A front and the server behind it each decode once. After decoding three times, both spellings are equal.
    for _ in range(3):
        path = unquote(path, "latin-1")
    return normpath(path.replace("\\", "/"))
