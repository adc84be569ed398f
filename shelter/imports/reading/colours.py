"""Colours of cells: from the three ways a workbook writes them to RRGGBB, and from RRGGBB to the word a person would use."""

import colorsys
import re
from xml.etree import ElementTree

# The palette that old files number: 0-7 repeat 8-15.
INDEXED_TEXT = (
    "000000 FFFFFF FF0000 00FF00 0000FF FFFF00 FF00FF 00FFFF 000000 FFFFFF FF0000 00FF00 0000FF FFFF00 FF00FF 00FFFF "
    "800000 008000 000080 808000 800080 008080 C0C0C0 808080 9999FF 993366 FFFFCC CCFFFF 660066 FF8080 0066CC CCCCFF "
    "000080 FF00FF FFFF00 00FFFF 800080 800000 008080 0000FF 00CCFF CCFFFF CCFFCC FFFF99 99CCFF FF99CC CC99FF FFCC99 "
    "3366FF 33CCCC 99CC00 FFCC00 FF9900 FF6600 666699 969696 003366 339966 003300 333300 993300 993366 333399 333333 "
)
INDEXED = INDEXED_TEXT.split()
THEME_COLOUR = re.compile(
    rb"<a:(dk1|lt1|dk2|lt2|accent[1-6]|hlink|folHlink)>\s*<a:(?:srgbClr val|sysClr [^>]*lastClr)=\"([0-9A-Fa-f]{6})\""
)
THEME_ORDER = (b"lt1", b"dk1", b"lt2", b"dk2", *(b"accent%d" % n for n in range(1, 7)), b"hlink", b"folHlink")


class Palette:
    """The colours of one workbook."""

    def __init__(self, theme: bytes) -> None:
        named = {name: value.decode().upper() for name, value in THEME_COLOUR.findall(theme)}
        self.theme = [named.get(name, "") for name in THEME_ORDER]

    def rgb(self, colour: ElementTree.Element | None) -> str:
        """``RRGGBB`` of a colour element, empty when it is automatic or unknown."""
        if colour is None:
            return ""
        if value := colour.get("rgb"):
            return value[-6:].upper()
        if (number := colour.get("theme")) and number.isdigit() and int(number) < len(self.theme):
            return _tinted(self.theme[int(number)], float(colour.get("tint", 0)))
        if (number := colour.get("indexed")) and number.isdigit() and int(number) < len(INDEXED):
            return INDEXED[int(number)]
        return ""


def _tinted(rgb: str, tint: float) -> str:
    if not rgb or not tint:
        return rgb
    hue, light, strength = colorsys.rgb_to_hls(*(int(rgb[i : i + 2], 16) / 255 for i in (0, 2, 4)))
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    return "".join(f"{round(part * 255):02X}" for part in colorsys.hls_to_rgb(hue, min(light, 1.0), strength))


def colour_name(rgb: str) -> str:
    """The plain word for a colour: red, orange, yellow, green, blue, purple, pink, grey, white or black."""
    if len(rgb) != 6:
        return ""
    hue, light, strength = colorsys.rgb_to_hls(*(int(rgb[i : i + 2], 16) / 255 for i in (0, 2, 4)))
    if light > 0.97:
        return "white"
    if light < 0.12:
        return "black"
    if strength < 0.15:
        return "grey"
    degrees = hue * 360
    for limit, name in ((18, "red"), (45, "orange"), (70, "yellow"), (165, "green"), (255, "blue"), (290, "purple")):
        if degrees < limit:
            return name
    return "pink" if degrees < 340 and light > 0.5 else "red" if degrees >= 340 else "purple"
