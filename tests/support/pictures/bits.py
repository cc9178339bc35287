"""Writes headers bit by bit."""


def bits(*runs: tuple[int, int]) -> bytes:
    """Pairs of a number and its count of bits, as bytes, padded with zeros."""
    text = "".join(f"{value:0{count}b}" for value, count in runs)
    return int(text.ljust(-(-len(text) // 8) * 8, "0"), 2).to_bytes(-(-len(text) // 8))
