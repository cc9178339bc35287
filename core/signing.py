"""Sizes beyond the ladder that the team itself allowed: an address proves it by a signature.

The signature is the first 80 bits of HMAC-SHA256 (RFC 2104) over `{size}/{image}` in UTF-8, in the base32 alphabet of
RFC 4648 in lower case. The size is the canonical one, without a signature. docs/signing.md has the same for those who
write pages.
"""

import hmac
from base64 import b32encode
from dataclasses import replace
from typing import Final

from core.errors import SizeRefused
from core.ladder import canonical, check_sides, without_defaults
from core.settings import Settings
from core.size import Size

_BYTES: Final = 10


def permitted(size: Size, image: str, settings: Settings) -> Size:
    """The canonical size whose variant answers a request for a size of an image, given by its key.

    Without a signature that is `canonical`. With a valid one it is the size itself, from which the ladder takes
    nothing. A size that needs no signature loses it, whether it is valid or not. Raises SizeRefused.
    """
    if size.signature is None:
        return canonical(size, settings)
    unsigned = replace(size, signature=None)
    plain = without_defaults(unsigned, settings)
    if _needs_no_signature(plain, settings):
        return plain
    # A default that has changed since a page was written changes the canonical size, and is no reason to refuse it.
    if _is_signed(plain, size.signature, image, settings):
        result = replace(plain, signature=size.signature)
    elif _is_signed(unsigned, size.signature, image, settings):
        result = signed(plain, image, settings)
    else:
        raise SizeRefused(f"The signature is not valid: a key of this deployment has to sign '{unsigned}/{image}'.")
    check_sides(result, settings)
    return result


def signed(size: Size, image: str, settings: Settings) -> Size:
    """A size without defaults, with the first key's signature for an image, given by its key. There has to be a key.

    A size that WIDTHS or SIZES allows as it is needs none.
    """
    if (settings.widths or settings.sizes) and _needs_no_signature(size, settings):
        return size
    return replace(size, signature=signature(size, image, settings.signing_keys[0]))


def signature(size: Size, image: str, key: bytes) -> str:
    """The signature of a size for an image, which is given by its key in the storage. `key` signs."""
    unsigned = replace(size, signature=None)
    digest = hmac.digest(key, f"{unsigned}/{image}".encode(), "sha256")
    return b32encode(digest[:_BYTES]).decode().lower()


def _is_signed(size: Size, given: str, image: str, settings: Settings) -> bool:
    valid = [hmac.compare_digest(signature(size, image, key), given) for key in settings.signing_keys]
    return any(valid)


def _needs_no_signature(plain: Size, settings: Settings) -> bool:
    try:
        return canonical(plain, settings) == plain
    except SizeRefused:
        return False
