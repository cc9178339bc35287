"""The repository's sample photographs, as test inputs."""

from tests.support.servers.processes import ROOT

ALBUMS = ROOT / "samples" / "albums"
CAT = (ALBUMS / "cat.jpg").read_bytes()
"""451x300, JPEG."""
DOGS = (ALBUMS / "dogs.jpg").read_bytes()
"""Stored on its side: EXIF orientation 6."""
FIG = (ALBUMS / "fig.png").read_bytes()
"""640x592, PNG with transparency."""
SUNSET = (ALBUMS / "2026" / "sunset.jpg").read_bytes()
"""4272x2848, 12 megapixels."""
