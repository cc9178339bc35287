"""Which of two spellings of a path is used."""

import pytest

from providers.azure.paths import as_sent

SPELLINGS = {
    "nothing is known": ("/600x/cat.jpg", "", "/600x/cat.jpg"),
    "the same": ("/600x/cat.jpg", "/600x/cat.jpg", "/600x/cat.jpg"),
    "a query": ("/600x/cat.jpg", "/600x/cat.jpg?a=/b", "/600x/cat.jpg"),
    "a percent sign that the platform decoded": ("/600x/a%2Fb.jpg", "/600x/a%252Fb.jpg", "/600x/a%252Fb.jpg"),
    "a slash that the platform decoded": ("/600x/a/b.jpg", "/600x/a%2Fb.jpg", "/600x/a%2Fb.jpg"),
    "a double slash that it merged": ("/600x/a.jpg", "/600x//a.jpg", "/600x//a.jpg"),
    "dot segments that it resolved": ("/a.jpg", "/600x/%2e%2e/a.jpg", "/600x/%2e%2e/a.jpg"),
    "a backslash that it turned into a slash": ("/600x/a/b.jpg", "/600x/a%5Cb.jpg", "/600x/a%5Cb.jpg"),
    "letters in another case": ("/600x/%C3%A9.jpg", "/600x/%c3%a9.jpg", "/600x/%c3%a9.jpg"),
    "bytes that are not UTF-8": ("/600x/caf%E9.jpg", "/600x/caf%E9.jpg", "/600x/caf%E9.jpg"),
    "another image": ("/600x/cat.jpg", "/600x/dog.jpg", "/600x/cat.jpg"),
    "another size": ("/600x/cat.jpg", "/700x/cat.jpg", "/600x/cat.jpg"),
    "more after the same path": ("/600x/cat.jpg", "/600x/cat.jpg/more", "/600x/cat.jpg"),
}


@pytest.mark.parametrize("case", SPELLINGS)
def test_the_original_path_is_used_if_it_is_a_spelling_of_the_decoded_path(case: str) -> None:
    path, sent, expected = SPELLINGS[case]
    assert as_sent(path, sent) == expected
