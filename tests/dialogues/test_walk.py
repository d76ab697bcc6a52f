"""Random learners: every path of every page ends."""

import pytest

from dialogues import fixtures, library, walk
from dialogues.parse import parse

SHIPPED = library.load()


@pytest.mark.parametrize("page", sorted(SHIPPED.pages))
def test_every_path_ends(page):
    found = walk.walk(SHIPPED, page, fixtures.load(), paths=60)
    assert found.failures == []
    assert found.paths == 60


def test_the_same_seed_draws_the_same_paths():
    first, second = (walk.walk(SHIPPED, "book_entry", fixtures.load(), 10, seed=3) for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("## a\nUn ?\n`texte mot max 20`\n`va #a`\n", "pas de fin"),
        ("## a\n`va #a`\n", "EngineLoop"),
        ("## a\n`faire plan_step`\n- [planned](#a)\n- [undated](#a)\n", "EndlessErrands"),
        ("## a\nUn ?\n`choix x`\n- {domain_a} `a`\n- {domain_b} `b`\n", "bouton troué"),
    ],
)
def test_a_page_that_does_not_keep_its_promises_is_found_out(body, said):
    head = "# T\n`page p` `tâche exploration` `champ soi` `durée 2 min` `âge 12-18`\n\n"
    page, problems = parse(head + body, "p.md")
    assert page is not None, problems
    content = library.Library({"p": page}, SHIPPED.decks, SHIPPED.microcopy)
    found = walk.walk(content, "p", fixtures.load(), paths=3)
    assert len(found.failures) == 3
    assert all(said in failure for failure in found.failures)
