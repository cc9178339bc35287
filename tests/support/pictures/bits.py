"""Headers that are written bit by bit."""


def bits(*runs: tuple[int, int]) -> bytes:
    """Numbers, each in so many bits, and zeros up to a whole byte."""
    text = "".join(f"{value:0{count}b}" for value, count in runs)
    return int(text.ljust(-(-len(text) // 8) * 8, "0"), 2).to_bytes(-(-len(text) // 8))
