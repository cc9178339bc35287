"""The geometry of a variant: which part of the original becomes which pixels."""

from dataclasses import dataclass, replace
from math import floor

from core.size import KEPT, Fit, Point, Size

Box = tuple[float, float, float, float]
"""Left, top, right and bottom of a part of an image, in pixels."""

Sides = tuple[int, int]
"""Width and height in pixels."""


@dataclass(frozen=True)
class Plan:
    """How to make a variant: scale the original's `box` to the `sides`, and lay the result on the `canvas`.

    `canvas` is larger than `sides` only if the fit pads.
    """

    box: Box
    sides: Sides
    canvas: Sides

    def divided(self, divisor: int) -> "Plan":
        """The same plan for an original that is decoded with its sides divided by a divisor."""
        left, top, right, bottom = self.box
        return replace(self, box=(left / divisor, top / divisor, right / divisor, bottom / divisor))

    def multiplied(self, factor: int) -> "Plan":
        """The reverse of `divided`: from a plan for divided sides to a plan for the original's own sides."""
        left, top, right, bottom = self.box
        return replace(self, box=(left * factor, top * factor, right * factor, bottom * factor))


def plan(sides: Sides, size: Size, enlarge: bool, max_side: int) -> Plan:
    """The plan for an upright original with these sides.

    Without `enlarge`, a requested box larger than the original shrinks and keeps its shape. No side of the
    result is over `max_side` pixels. Sides are rounded half up and are 1 or more.
    """
    width, height = sides
    requested = _requested(sides, size)
    scale = _scale(sides, requested, size.fit)
    limit = min(1.0 if enlarge else 1 / max(scale, 1.0), max_side / max(requested))
    box_width, box_height = requested[0] * limit, requested[1] * limit
    canvas = (_pixels(box_width), _pixels(box_height))
    whole = (0.0, 0.0, float(width), float(height))
    match size.fit:
        case "fill":
            return Plan(whole, canvas, canvas)
        case "contain" | "inside":
            inner = min(box_width / width, box_height / height)
            inside = (min(canvas[0], _pixels(width * inner)), min(canvas[1], _pixels(height * inner)))
            return Plan(whole, inside, canvas if size.fit == "contain" else inside)
        case _:
            kept = size.focal or KEPT.get(size.fit, KEPT["cover"])
            return Plan(_crop(sides, (box_width, box_height), kept), canvas, canvas)


def _requested(sides: Sides, size: Size) -> tuple[float, float]:
    """The requested box; a missing side follows from the original's proportions."""
    width, height = sides
    across, down = size.width or 0, size.height or 0
    return float(across or down * width / height), float(down or across * height / width)


def _scale(sides: Sides, box: tuple[float, float], fit: Fit) -> float:
    """The factor by which the original would grow to meet the box (below 1: it shrinks)."""
    across, down = box[0] / sides[0], box[1] / sides[1]
    return min(across, down) if fit in ("contain", "inside") else max(across, down)


def _crop(sides: Sides, box: tuple[float, float], kept: Point) -> Box:
    """The largest part of the original with the box's shape, centred on the kept point as far as the edges allow."""
    width, height = sides
    scale = max(box[0] / width, box[1] / height)
    across, down = _within(box[0] / scale, width), _within(box[1] / scale, height)
    left = min(max(0.0, width * kept[0] / 100 - across / 2), width - across)
    top = min(max(0.0, height * kept[1] / 100 - down / 2), height - down)
    return (left, top, left + across, top + down)


def _within(length: float, most: int) -> float:
    """The length, or the whole side if only a rounding error is missing: a whole side needs no resampling."""
    return float(most) if length > most - 1e-6 else length


def _pixels(length: float) -> int:
    # The 1e-9 corrects products of floats: 359.4999999999 stands for 359.5, which is rounded up to 360.
    return max(1, floor(length + 0.5 + 1e-9))
