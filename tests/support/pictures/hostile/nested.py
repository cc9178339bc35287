"""HEIC and AVIF items that refer to each other exponentially or endlessly, and boxes with false lengths."""

import random
import struct
from collections.abc import Iterator

from tests.support.pictures.hostile.boxed import ALPHA, Coded, Item, Reference, auxiliary, grid, overlay, packed, same
from tests.support.pictures.hostile.case import SMALL, Case

SIDES = (64, 64)


def bombs(brand: bytes, tile: Coded) -> Iterator[Case]:
    """Exponential and endless chains of items."""
    for name, made in {"grid": grid(1, 2, SIDES), "iovl": overlay(2, SIDES)}.items():
        for deep in (6, 7, 30, 500):
            yield f"{name}s {deep} deep", _deep(brand, tile, deep, made), SMALL
    mixed = {number: (grid(1, 2, SIDES), overlay(2, SIDES), same(SIDES))[number % 3] for number in range(1, 31)}
    yield "all kinds 30 deep", _chained(brand, tile, mixed, 2), SMALL
    yield "unknown kinds 30 deep", _deep(brand, tile, 30, Item(b"tmap", bytes(9))), SMALL
    yield "30 tiles each, 4 deep", _chained(brand, tile, dict.fromkeys(range(1, 5), grid(5, 6, SIDES)), 30), SMALL
    yield "200 parts each, 3 deep", _chained(brand, tile, dict.fromkeys(range(1, 4), overlay(200, SIDES)), 200), SMALL
    for deep in (6, 300, 4000):
        yield f"the same {deep} deep", _chained(brand, tile, dict.fromkeys(range(1, deep + 1), same(SIDES)), 1), SMALL
    yield "30 deep, unused by the picture", _beside(brand, tile), SMALL
    for kind in (b"dimg", b"thmb", b"auxl", b"prem", b"cdsc", b"pred", b"base", b"text"):
        for length in (1, 2, 3, 50):
            yield f"a circle of {length} {kind.decode()}", _circle(brand, tile, kind, length), SMALL
    planes = {number: tile.item(SIDES, auxiliary(ALPHA)) for number in range(1, 31)}
    doubled: list[Reference] = [(b"auxl", number, [number - 1, max(1, number - 2)]) for number in range(2, 31)]
    yield "alpha of alpha, 30 deep", packed(brand, planes, doubled), SMALL
    both = {number: grid(1, 1, SIDES, auxiliary(ALPHA)) for number in range(1, 31)}
    tiles: list[Reference] = [(b"dimg", number, [number + 1]) for number in range(1, 31)]
    halves = [*tiles, *doubled]
    yield "a tile that is alpha too, 30 deep", packed(brand, {**both, 31: tile.item(SIDES)}, halves), SMALL


def _deep(brand: bytes, tile: Coded, deep: int, made: Item) -> bytes:
    return _chained(brand, tile, dict.fromkeys(range(1, deep + 1), made), 2)


def _chained(brand: bytes, tile: Coded, made: dict[int, Item], parts: int) -> bytes:
    """Levels of items; each item is made from `parts` items of the next level."""
    references: list[Reference] = []
    items = {number * 1000: each for number, each in made.items()}
    for number in made:
        below = [number * 1000 + 1000 + part for part in range(parts)]
        references.append((b"dimg", number * 1000, below))
        if number + 1 in made:
            for part in below[1:]:
                items[part] = made[number + 1]
                references.append((b"dimg", part, [number * 1000 + 2000 + each for each in range(parts)]))
        else:
            items.update({part: tile.item(SIDES) for part in below})
    return packed(brand, items, references, primary=1000)


def _beside(brand: bytes, tile: Coded) -> bytes:
    """Nested items that the primary one does not use."""
    items = {number: grid(1, 2, SIDES) for number in range(2, 32)}
    references: list[Reference] = [(b"dimg", number, [number + 1, number + 2]) for number in range(2, 32)]
    return packed(brand, {1: tile.item(SIDES), **items, 32: tile.item(SIDES), 33: tile.item(SIDES)}, references)


def _circle(brand: bytes, tile: Coded, kind: bytes, length: int) -> bytes:
    made = overlay(1, SIDES) if kind == b"dimg" else tile.item(SIDES, auxiliary(ALPHA))
    references: list[Reference] = [(kind, number, [number % length + 1]) for number in range(1, length + 1)]
    return packed(brand, dict.fromkeys(range(1, length + 1), made), references)


def lies(name: str, data: bytes) -> Iterator[Case]:
    """Boxes with false lengths or changed first bytes."""
    kinds = b"ftyp meta hdlr pitm iloc iinf infe iprp ipco ispe pixi hvcC av1C colr ipma mdat iref auxC".split()
    for kind in (kind for kind in kinds if kind in data):
        at = data.index(kind) - 4
        for length in (0, 1, 7, 8, 9, 2**31, 2**32 - 1):
            yield f"{name}, {kind.decode()} of {length}", data[:at] + struct.pack(">L", length) + data[at + 4 :], SMALL
        chance = random.Random(f"{name} {kind!r}")
        for number in range(6):
            value = bytes(chance.choice((0, 1, 2, 0x7F, 0xFF)) for _ in range(4))
            start = at + 8 + 4 * number
            changed = data[:start] + value + data[start + 4 :]
            yield f"{name}, {kind.decode()} with {value.hex()} at {number}", changed, SMALL
