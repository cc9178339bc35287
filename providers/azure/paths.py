"""Restores the path of a request as it was sent. App Service decodes it, and the Functions host encodes it again."""

from posixpath import normpath
from urllib.parse import unquote


def as_sent(path: str, sent: str) -> str:
    """The percent-encoded path of a request. `path` was decoded, tidied and encoded again by the platform.

    After that, a separator and a `%2F` in a name look the same. `sent` is the target that App Service's front reports,
    or empty. It is used only if it is a spelling of `path`: anyone who can set it must not get another address's image.
    """
    target = sent.partition("?")[0]
    return target if _tidied(target) == _tidied(path) else path


def _tidied(path: str) -> str:
    # A front and the server after it decode once each. Decoding three times removes the difference.
    for _ in range(3):
        path = unquote(path, "latin-1")
    return normpath(path.replace("\\", "/"))
