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
    """The canonical size whose variant answers a request for a size of an image.

    Without a signature that is `canonical`. With a valid one it is the size itself, which the ladder does not change.
    A size that needs no signature loses it, whether it is valid or not. Raises SizeRefused.
    """
    if size.signature is None:
        return canonical(size, settings)
    unsigned = replace(size, signature=None)
    plain = without_defaults(unsigned, settings)
    check_sides(plain, settings)
    if needs_no_signature(plain, settings):
        return plain
    if not settings.signing_keys:
        raise SizeRefused("The size is signed, and this deployment has no SIGNING_KEYS by which to check it.")
    # A default that has changed since a page was written changes the canonical size, and is no reason to refuse it.
    for spelling in (plain, unsigned):
        valid = [
            key for key in settings.signing_keys if hmac.compare_digest(_mac(spelling, image, key), size.signature)
        ]
        if valid:
            return signed(plain, image, valid[0])
    raise SizeRefused(f"The signature is not valid: a key of this deployment has to sign '{unsigned}/{image}'.")


def needs_no_signature(plain: Size, settings: Settings) -> bool:
    """Whether a size without defaults is rendered for everybody, just as it is."""
    try:
        return canonical(plain, settings) == plain
    except SizeRefused:
        return False


def signed(size: Size, image: str, signing_key: bytes) -> Size:
    """A size with its signature for an image, in place of any that it has."""
    return replace(size, signature=_mac(replace(size, signature=None), image, signing_key))


def _mac(unsigned: Size, image: str, signing_key: bytes) -> str:
    digest = hmac.digest(signing_key, f"{unsigned}/{image}".encode(), "sha256")
    return b32encode(digest[:_BYTES]).decode().lower()
