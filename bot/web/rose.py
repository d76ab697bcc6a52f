"""Draws the compass rose as SVG: the six drives as its points, each split light and dark, five steps long at most."""

from collections.abc import Mapping
from math import cos, pi, sin

STEPS = 5  # lengths of a point; a level is never written as a number
EMBLEM = STEPS  # every point of the small emblem
SIDE = 0.42  # how far out the shoulders of a point stand, as a part of its length
REACH = 46.0  # of the longest point, in a box of 100

# Clockwise from the top: the name in French, the light and the dark half (the palette of look.md and two thirds of it).
POINTS: Mapping[str, tuple[str, str, str]] = {
    "make": ("Fabriquer", "#D55E00", "#A64900"),
    "understand": ("Comprendre", "#0072B2", "#00588A"),
    "create": ("Créer", "#CC79A7", "#9F5E82"),
    "support": ("Accompagner", "#009E73", "#007A59"),
    "launch": ("Lancer", "#E69F00", "#B37C00"),
    "organize": ("Organiser", "#56B4E9", "#438CB6"),
}


def rose_svg(levels: Mapping[str, int] | None = None, size: int = 32) -> str:
    """The rose of these levels (0 to 5 by drive), `size` pixels wide; the small emblem without levels.

    The rose with levels says in words which drives stand out; the emblem is decoration and says nothing.
    """
    known = dict.fromkeys(POINTS, EMBLEM + 1) if levels is None else levels
    rings = "" if levels is None else "".join(_ring(step) for step in (2, 3, 4, STEPS))
    points = "".join(
        _point(number, max(0, min(STEPS, known.get(drive, 0))), light, dark)
        for number, (drive, (_name, light, dark)) in enumerate(POINTS.items())
    )
    heart = '<circle cx="50" cy="50" r="5" fill="#fff" stroke="#14213D" stroke-width="1.6"/>'
    said = 'aria-hidden="true"' if levels is None else f'role="img" aria-label="{in_words(levels)}"'
    return (
        f'<svg class="rose" viewBox="0 0 100 100" width="{size}" height="{size}" focusable="false" {said}>'
        f"{rings}{points}{heart}</svg>"
    )


def in_words(levels: Mapping[str, int]) -> str:
    """The text equivalent of a rose: its longest points first, in words."""
    shown = sorted((drive for drive in POINTS if levels.get(drive, 0) > 0), key=lambda drive: -levels[drive])
    if not shown:
        return "Rose des élans, encore vide"
    return "Rose des élans. Du plus long au plus court : " + ", ".join(POINTS[drive][0] for drive in shown)


def _at(angle: float, distance: float) -> str:
    return f"{50 + distance * sin(angle):.1f},{50 - distance * cos(angle):.1f}"


def _point(number: int, level: int, light: str, dark: str) -> str:
    if not level:
        return ""
    angle, length = number * pi / 3, REACH * level / STEPS
    tip, shoulder = _at(angle, length), length * SIDE
    halves = ((angle - pi / 6, light), (angle + pi / 6, dark))
    return "".join(
        f'<polygon points="50,50 {_at(side, shoulder)} {tip}" fill="{fill}"/>' for side, fill in halves
    )


def _ring(step: int) -> str:
    radius = REACH * step / STEPS
    return f'<circle cx="50" cy="50" r="{radius:.1f}" fill="none" stroke="currentColor" stroke-opacity=".15" stroke-width=".4"/>'
