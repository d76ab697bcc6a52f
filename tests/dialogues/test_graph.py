"""The ways through a page, and its drawings."""

import xml.etree.ElementTree as ET

import pytest

from dialogues import drawing, graph, library
from dialogues.parse import read

PAGES = library.load().pages
BODY = (
    "# T\n`page p` `tâche exploration` `champ soi` `durée 2 min` `âge 12-18`\n\n"
    '## a\nUn "mot" ?\n`choix x`\n- [Oui](#c) `yes`\n- Non `no`\n\n'
    "## b\n`si y`\nDeux.\n`va #fin`\n\n"
    "## surprise\n`entrée track`\nTrois.\n\n"
    "## c\n- [Ailleurs](autre.md)\n- [C'est bon](#fin)\n"
)


def ways() -> set[tuple[str, str, str]]:
    page, _ = read(BODY, "p.md")
    return {(edge.source, edge.target, edge.label) for edge in graph.edges(page)}


def test_buttons_exits_and_conditions_are_ways():
    assert ways() == {
        ("a", "c", "Oui"),
        ("a", "b", "Non"),
        ("b", "fin", ""),
        ("b", "c", "sinon"),
        ("surprise", "c", ""),
        ("c", "fin", "Ailleurs"),
        ("c", "fin", "C'est bon"),
    }


def test_entries_are_beginnings_and_never_in_the_flow():
    page, _ = read(BODY, "p.md")
    assert graph.starts(page) == ["a", "surprise"]
    assert graph.reached(page) == {"a", "b", "c", "surprise", "fin"}
    assert graph.distances(page)["a"] == 2


@pytest.mark.parametrize("page", PAGES.values(), ids=lambda page: page.id)
def test_shipped_pages_reach_everything_and_their_end(page):
    names = {moment.name for moment in page.moments}
    assert names <= graph.reached(page)
    assert names <= graph.distances(page).keys()
    assert graph.silent_loops(page) == []


@pytest.mark.parametrize("page", PAGES.values(), ids=lambda page: page.id)
def test_drawings_show_every_moment(page):
    picture = ET.fromstring(drawing.svg(page))  # noqa: S314 - our own drawing
    texts = {element.text for element in picture.iter("{http://www.w3.org/2000/svg}text")}
    assert {moment.name for moment in page.moments} <= texts
    text = drawing.mermaid(page)
    assert text.startswith("flowchart TD\n")
    assert all(f'"{moment.name}' in text for moment in page.moments)


def test_quotes_and_pages_are_safe_in_mermaid():
    page, _ = read(BODY.replace("Ailleurs", 'Ail"leurs'), "p.md")
    text = drawing.mermaid(page)
    assert "Ail#quot;leurs" in text
    assert '[["autre.md"]]' in text
