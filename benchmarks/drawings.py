"""Graphics drawn by code: a chart, a page of text, a screenshot, a logo and an icon. Sides are in pixels."""

import math

from PIL import Image, ImageDraw, ImageFont

INK = "#1c2733"
COLOURS = ("#2f6fde", "#e4572e", "#29a36a", "#f2b134", "#7a4fbf")
TEXT = (
    "A picture that is asked for in a size it does not have yet is made from its original, stored beside it, and then"
    " answered from the store like any other file. Whoever asks first waits for one rendering; nobody else does."
)


def chart() -> Image.Image:
    """Bars and curves with axes and their numbers, 1600x1000."""
    picture = Image.new("RGB", (1600, 1000), "white")
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(24)
    draw.text((800, 30), "Requests by hour, and the share of misses", INK, ImageFont.load_default(34), anchor="mt")
    for step in range(9):
        y = 900 - 95 * step
        draw.line((100, y, 1550, y), "#d5dbe1", 2)
        draw.text((85, y), str(250 * step), INK, font, anchor="rm")
    for hour in range(24):
        x, height = 115 + 60 * hour, 120 + 500 * math.sin(hour / 24 * math.pi) ** 2 + 37 * (hour * 7 % 5)
        draw.rectangle((x, 900 - height, x + 40, 900), COLOURS[hour // 6])
        draw.text((x + 20, 915), f"{hour}h", INK, font, anchor="mt")
    for index, colour in enumerate(COLOURS[1:4]):
        points = [(x, 420 - 90 * index + 80 * math.sin(x / (90 + 40 * index))) for x in range(100, 1550, 5)]
        draw.line(points, colour, 4, joint="curve")
    draw.line((100, 120, 100, 900, 1550, 900), INK, 3)
    return picture


def page() -> Image.Image:
    """A page of black text on white, 1240x1754: A4 at 150 dots per inch."""
    picture = Image.new("RGB", (1240, 1754), "white")
    draw = ImageDraw.Draw(picture)
    draw.text((120, 110), "Pictures in the size that fits", "black", ImageFont.load_default(48))
    for paragraph in range(11):
        _write(draw, (120, 220 + 130 * paragraph), 1000, 22, "black", paragraph)
    return picture


def screenshot() -> Image.Image:
    """A web page with a bar, a menu, cards with pictures of one colour, and text: 1440x900."""
    picture = Image.new("RGB", (1440, 900), "#f4f6f8")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 1440, 64), INK)
    draw.text((32, 32), "Albums", "white", ImageFont.load_default(28), anchor="lm")
    draw.rounded_rectangle((1080, 14, 1400, 50), 18, "white")
    draw.text((1100, 32), "Search pictures", "#7b8794", ImageFont.load_default(18), anchor="lm")
    for row, entry in enumerate(("Recent", "Shared with me", "Favourites", "Places", "People", "Settings")):
        draw.ellipse((32, 104 + 48 * row, 52, 124 + 48 * row), COLOURS[row % 5])
        draw.text((68, 114 + 48 * row), entry, INK, ImageFont.load_default(20), anchor="lm")
    for card in range(6):
        left, top = 280 + 385 * (card % 3), 100 + 400 * (card // 3)
        draw.rounded_rectangle((left, top, left + 360, top + 370), 12, "white", "#d5dbe1", 2)
        draw.rectangle((left + 16, top + 16, left + 344, top + 180), COLOURS[card % 5])
        draw.polygon([(left + 60, top + 180), (left + 170, top + 60), (left + 280, top + 180)], INK)
        draw.text((left + 16, top + 196), f"Album {card + 1}", INK, ImageFont.load_default(24))
        _write(draw, (left + 16, top + 234), 330, 15, "#52606d", card)
    return picture


def logo() -> Image.Image:
    """A name next to a mark, 1200x400, in a palette of 16 colours."""
    picture = Image.new("RGB", (1200, 400), "white")
    draw = ImageDraw.Draw(picture)
    for ring, colour in enumerate(COLOURS):
        draw.ellipse((50 + 30 * ring, 50 + 30 * ring, 350 - 30 * ring, 350 - 30 * ring), colour)
    draw.text((410, 200), "Sizewise", INK, ImageFont.load_default(170), anchor="lm")
    return picture.quantize(16, dither=Image.Dither.NONE)


def icon() -> Image.Image:
    """A camera on a rounded square with smooth edges and transparency around it, 512x512."""
    picture = Image.new("RGBA", (2048, 2048))
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((80, 80, 1968, 1968), 420, COLOURS[0])
    draw.rounded_rectangle((380, 640, 1668, 1560), 140, "white")
    draw.rounded_rectangle((760, 500, 1288, 760), 90, "white")
    for radius, colour in ((360, INK), (270, COLOURS[3]), (140, "white")):
        draw.ellipse((1024 - radius, 1100 - radius, 1024 + radius, 1100 + radius), colour)
    return picture.resize((512, 512), Image.Resampling.LANCZOS)


def moving(frame: int, frames: int) -> Image.Image:
    """A frame of an animation, 640x400: a ball bounces across bars, each of one colour."""
    picture = Image.new("RGB", (640, 400), "white")
    draw = ImageDraw.Draw(picture)
    for bar, colour in enumerate(COLOURS):
        draw.rectangle((40 + 120 * bar, 330 - 40 * bar, 120 + 120 * bar, 380), colour)
    x, y = 40 + 560 * frame / frames, 180 - 130 * abs(math.sin(2 * math.pi * frame / frames))
    draw.ellipse((x - 36, y - 36, x + 36, y + 36), INK)
    draw.text((620, 20), f"{frame + 1} of {frames}", INK, ImageFont.load_default(24), anchor="rt")
    return picture


def _write(draw: ImageDraw.ImageDraw, place: tuple[int, int], width: int, size: int, colour: str, first: int) -> None:
    """Writes all words of TEXT, beginning with word number `first`, in lines no wider than the width."""
    font, lines, words = ImageFont.load_default(size), [""], TEXT.split()
    for word in words[first:] + words[:first]:
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    draw.multiline_text(place, "\n".join(lines), colour, font, spacing=size // 2)
