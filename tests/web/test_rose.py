"""The compass rose: a point for each drive, five lengths, words for those who do not see it, no number anywhere."""

import re
from xml.etree import ElementTree as ET

import pytest

from bot.web.rose import POINTS, in_words, rose_svg

LEVELS = {"make": 3, "understand": 4, "create": 5, "support": 2, "launch": 1, "organize": 0}


def drawn(levels: dict[str, int] | None) -> ET.Element:
    return ET.fromstring(rose_svg(levels, 200))  # noqa: S314 -- our own drawing


def length(points: str) -> float:
    """How far the tip of half a point stands from the middle."""
    x, y = (float(one) for one in points.rsplit(maxsplit=1)[-1].split(","))
    return float(((x - 50) ** 2 + (y - 50) ** 2) ** 0.5)


def test_the_emblem_has_six_whole_points_and_is_decoration() -> None:
    emblem = drawn(None)

    assert len(emblem.findall("polygon")) == 2 * len(POINTS)
    assert emblem.get("aria-hidden") == "true"
    assert emblem.get("role") is None


def test_a_point_is_as_long_as_its_level_and_split_light_and_dark() -> None:
    halves = drawn(LEVELS).findall("polygon")

    fills = [half.get("fill") for half in halves]
    assert fills[:2] == ["#D55E00", "#A64900"]
    lengths = [length(half.get("points") or "") for half in halves[::2]]
    shares = [round(one / lengths[2], 2) for one in lengths]
    assert shares == [0.6, 0.8, 1.0, 0.4, 0.2]  # nothing at all for the drive without an answer


@pytest.mark.parametrize(("given", "kept"), [(-3, 0), (9, 5)])
def test_levels_beyond_the_scale_are_brought_back_to_it(given: int, kept: int) -> None:
    assert (
        rose_svg({"make": given}, 100).split("<polygon")[1:]
        == rose_svg({"make": kept}, 100).split("<polygon")[1:]
    )


def test_the_words_go_from_the_longest_point_to_the_shortest_without_a_number() -> None:
    said = in_words(LEVELS)

    assert said == (
        "Rose des élans. Du plus long au plus court : Créer, Comprendre, Fabriquer, Accompagner, Lancer"
    )
    assert drawn(LEVELS).get("aria-label") == said
    assert not re.search(r"\d", said)
    assert in_words({}) == "Rose des élans, encore vide"


def test_unknown_drives_change_nothing() -> None:
    assert rose_svg({"make": 2, "<script>": 5}, 64) == rose_svg({"make": 2}, 64)
