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
        "> [rien]",
        "> retour",
        "> jsp",
        "(pas compris, 2 fois de suite)",
        "# connu user.reading_mode = falc",
        "# canal telegram",
        "# centre on_duty = oui",
        "# entrée parent_ok",
        "# entrée track",
        "> 12 ans",
        "> Non merci",
    ],
)
def test_stories_show_what_may_happen(sign):
    assert any(sign in played(path).text for path in FILES)


def test_playing_twice_gives_the_same():
    path = FILES[0]
    again = transcript.play(transcript.read(played(path).text), shipped(), path.parent.name, fixtures.load())
    assert again.text == played(path).text


def test_a_line_after_the_end_is_refused():
    story = transcript.read("# Trop long\n\n> Un autre âge\n> 12 ans\n")
    with pytest.raises(transcript.StoryError, match="12 ans"):
        transcript.play(story, shipped(), "onboarding_consent", fixtures.load())


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("", "# Titre"),
        ("# T\n# inconnu x = y", "inconnu"),
        ("# T\n# connu rien du tout", "nom = valeur"),
        ("# T\n# apporte pick_occupation", "ISSUE"),
    ],
)
def test_an_odd_head_is_refused(head, words):
    with pytest.raises(transcript.StoryError, match=words):
        transcript.read(head)


def test_an_outcome_that_nobody_made_up_is_refused():
    story = transcript.read("# T\n# apporte pick_occupation : perdu\n")
    with pytest.raises(transcript.StoryError, match="perdu"):
        transcript.play(story, shipped(), "job_discovery", fixtures.load())


def test_facts_keep_the_kind_of_their_variable():
    story = transcript.read('# T\n# connu user.age_band = 12 ; job.seen = ["a"] ; user.first_name = Lou\n')
    assert story.known == {"user.age_band": "12", "job.seen": ["a"], "user.first_name": "Lou"}
