"""The path of a request as it was sent, where App Service decodes it and the Functions host encodes it anew."""

from posixpath import normpath
from urllib.parse import unquote


def as_sent(path: str, sent: str) -> str:
    """The percent-encoded path of a request that the platform decoded, tidied and encoded anew.

    After that, a separator and a `%2F` in a name look the same. `sent` is the target that the platform's front says it
    was sent, empty if it says nothing; it counts only where it is a spelling of `path`, so that nobody who can set it
    is answered for one address with another's image.
    """
    target = sent.partition("?")[0]
    return target if _tidied(target) == _tidied(path) else path


def _tidied(path: str) -> str:
    # A front and the server behind it decode once each; a third time shows no difference between them.
    for _ in range(3):
        path = unquote(path, "latin-1")
    return normpath(path.replace("\\", "/"))
