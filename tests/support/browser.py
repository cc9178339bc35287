"""Headers of browsers, and a client that caches redirects as they do."""

from dataclasses import dataclass, field

import httpx

NAVIGATION = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
"""The Accept header of Firefox and Safari for a page that is opened in a tab."""

IMAGE = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"
"""The Accept header of Chrome for an <img>."""

MOST_REDIRECTS = 20
"""The number of redirects that Firefox and Chrome follow (Fetch standard, section 4.4)."""


class EndlessRedirect(Exception):
    """More redirects than a browser follows."""


@dataclass
class Browser:
    """Follows redirects and caches those that RFC 9111 allows a private cache to keep. It does not cache images."""

    client: httpx.Client
    kept: dict[str, str] = field(default_factory=dict)

    def get(self, url: str) -> list[httpx.Response]:
        """The answers on the way to the image of `url`, in order, without those from the cache.

        Raises EndlessRedirect.
        """
        answers = []
        for _ in range(MOST_REDIRECTS):
            if url in self.kept:
                url = self.kept[url]
                continue
            answers.append(self.client.get(url))
            if not answers[-1].is_redirect:
                return answers
            moved = str(httpx.URL(url).join(answers[-1].headers["location"]))
            if keeps(answers[-1]):
                self.kept[url] = moved
            url = moved
        raise EndlessRedirect(url)


def keeps(answer: httpx.Response) -> bool:
    """Whether a browser caches a redirect.

    301 and 308 are cached unless a header forbids it, for longer than a test runs. 302 and 307 are cached only
    with a max-age (RFC 9111, sections 3 and 4.2.2; RFC 9110, section 15.1).
    """
    control = {part.strip().partition("=")[0] for part in answer.headers.get("cache-control", "").lower().split(",")}
    if control & {"no-store", "no-cache"}:
        return False
    return answer.status_code in (301, 308) or "max-age" in control
