"""Signatures. A signature in an address proves that the team allows a size that the ladder (`core.ladder`) does not.

The signature is the first 80 bits of HMAC-SHA256 (RFC 2104) over `{size}/{image}` in UTF-8, in the base32 alphabet of
RFC 4648 in lower case. The size is the canonical one, without a signature. docs/signing.md explains the same to authors
of pages.
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

    A size without a signature becomes what `canonical` returns. The ladder does not change a size with a valid
    signature. If a size needs no signature, its signature is dropped, valid or not. Raises SizeRefused for a size that
    is not allowed.
    """
    if size.signature is None:
        return canonical(size, settings)
    unsigned = replace(size, signature=None)
    plain = without_defaults(unsigned, settings)
    check_sides(plain, settings)
    if needs_no_signature(plain, settings):
        return plain
    if not settings.signing_keys:
        raise SizeRefused(
            "This deployment has no SIGNING_KEYS to check the size's signature with: request a size without one."
        )
    # A page can name an option that has since become a default. The page's signature stays valid.
    for spelling in (plain, unsigned):
        valid = [
            key for key in settings.signing_keys if hmac.compare_digest(_mac(spelling, image, key), size.signature)
        ]
        if valid:
            return signed(plain, image, valid[0])
    raise SizeRefused(f"The signature is not valid: sign '{unsigned}/{image}' with a key of this deployment.")


def needs_no_signature(plain: Size, settings: Settings) -> bool:
    """Whether a size without defaults is rendered for everyone, unchanged."""
    try:
        return canonical(plain, settings) == plain
    except SizeRefused:
        return False


def signed(size: Size, image: str, signing_key: bytes) -> Size:
    """A size with its signature for an image, in place of any earlier signature."""
    return replace(size, signature=_mac(replace(size, signature=None), image, signing_key))


def _mac(unsigned: Size, image: str, signing_key: bytes) -> str:
    digest = hmac.digest(signing_key, f"{unsigned}/{image}".encode(), "sha256")
    return b32encode(digest[:_BYTES]).decode().lower()
