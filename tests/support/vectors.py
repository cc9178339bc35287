"""The vectors of docs/signing-vectors.json: keys, sizes and images with their signed paths.

They were made with `openssl dgst -sha256 -mac HMAC` and `base32` of the GNU core utilities.
"""

import json
from typing import NamedTuple

from tests.support.servers.processes import ROOT

KEY, OLD, OTHER = "an-example-key-of-32-bytes-only!", "0123456789abcdef", "clé de signature; schlüssel"


class Vector(NamedTuple):
    key: str
    size: str
    image: str
    path: str


VECTORS = [Vector(**vector) for vector in json.loads((ROOT / "docs" / "signing-vectors.json").read_text())]
SIGNED = {(vector.key, vector.size, vector.image): vector.path for vector in VECTORS}
