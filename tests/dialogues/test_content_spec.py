"""What the content says word for word: the dialogues, the decks and the service sentences."""

import re
from pathlib import Path

import pytest

from dialogues import library as libraries

SPEC = Path(__file__).parents[3] / "shared" / "spec" / "guidance-content.md"
LIBRARY = libraries.load()
WRITTEN = (
    "onboarding_consent", "interest_explorer", "book_entry", "job_discovery", "action_plan", "job_shortlist",
    "programme_compare", "session_prep", "session_debrief",
    "inspiring_meeting", "fair_companion",
)  # fmt: skip

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SPEC.exists(), reason="the content specification is not beside the project"),
]

NAMES = (  # the centre's own names, and keys that were mended
    ("Au TUMO'rientation", "Au forum"),
    ("{job_wild}", "{shortlist.wild}"),
    ("{list}", "{shortlist.list}"),
    ("{checks}", "{shortlist.checks}"),
    ("{programme}", "{compare.programme}"),
    ("{criterion}", "{compare.criterion}"),
    ("{gaps}", "{compare.gaps}"),
    ("{source}", "{compare.source}"),
    ("{questions}", "{compare.questions}"),
    ("{p1}", "{compare.p1}"),
    ("{p2}", "{compare.p2}"),
    ("{p3}", "{compare.p3}"),
    ("Un domaine TUMO", "Un domaine du centre"),
    ("TUMO Liège", "{centre}"),
    ("du mentorat TUMO", "du mentorat"),
    ("Le mentorat TUMO", "Le mentorat"),
    ("TUMO'rientation", "{forum}"),
    ("TUMO", "{centre}"),
    ("{first_name}", "{user.first_name}"),
    ("{job}", "{job.name}"),
    ("{title}", "{book.entries.title}"),
    ("{first_step}", "{action.list.first_step}"),
    ("{due}", "{action.due_text}"),
    ("{then}", "{action.list.if_then}"),
    ("{helper}", "{with_whom}"),
    ("{block}", "{action.list.obstacle}"),
)
JOB_FIELDS = ("one_line", "day", "people", "plus", "minus", "path_a", "path_b", "model")


def block(name):
    found = re.search(rf"```yaml {name}\n(.*?)```", SPEC.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def dialogue(page_id):
    found = re.search(
        rf"```yaml dialogue\nid: {page_id}\n(.*?)```", SPEC.read_text(encoding="utf-8"), re.DOTALL
    )
    assert found is not None
    return re.findall(r"^  - (\{id: .*\})$", found[1], re.MULTILINE)


OWN_NAMES = {
    "job_shortlist": (("{job.name}", "{track.name}"),),
    "session_prep": (
        ("Ton lab {domain}", "{lab.ton}"),
        ("Bon lab", "{lab.good}"),
        ("{intent}", "{session.log.intention}"),
        ("{watch}", "{session.log.watch}"),
    ),
    "fair_companion": (
        ("{targets}", "{fair.list}"),
        ("{compare.questions}", "{fair.asked}"),
        ("{with_whom}", "ta ou ton coach"),
    ),
    "inspiring_meeting": (
        ("{compare.questions}", "{meet.list}"),
        ("{imagine}", "{meeting.notes.imagine}"),
        ("{keep}", "{meet.keep}"),
        ("{user.first_name}", "{meet.name}"),
    ),
    "session_debrief": (
        ("Ton lab {domain}", "{lab.ton}"),
        ("{lived}", "{lab.lived}"),
        ("{learned}", "{lab.learned}"),
        ("{self}", "{lab.self}"),
        ("{job_a}", "{lab.job_a}"),
        ("{job_b}", "{lab.job_b}"),
        ("{job_c}", "{lab.job_c}"),
    ),
}  # a page that calls the same thing its own name


def renamed(text, page_id=""):
    for spec, ours in (*NAMES, *OWN_NAMES.get(page_id, ())):
        text = text.replace(spec, ours)
    for field in JOB_FIELDS:
        text = text.replace(f"{{{field}}}", f"{{job.{field}}}")
    return text


def said(page):
    texts = set()
    for moment in page.moments:
        for bubble in (*moment.bubbles, *(reply for choice in moment.choices for reply in choice.replies)):
            texts |= {bubble.text, bubble.simple}
        if moment.step is not None:
            texts |= {moment.step.text, moment.step.simple}
    return texts


@pytest.mark.parametrize("page_id", WRITTEN)
def test_every_bubble_stands_word_for_word(page_id):
    texts = said(LIBRARY.pages[page_id])
    for step in dialogue(page_id):
        for field in ("text", "falc"):
            found = re.search(rf'\b{field}: "((?:[^"\\]|\\.)*)"', step)
            if found:
                assert renamed(found[1], page_id) in texts, step


@pytest.mark.parametrize("page_id", WRITTEN)
def test_every_button_stands_word_for_word_with_its_key(page_id):
    page = LIBRARY.pages[page_id]
    labels = {choice.label for moment in page.moments for choice in moment.choices}
    keys = {choice.key for moment in page.moments for choice in moment.choices}
    for step in dialogue(page_id):
        for key, label in re.findall(r'\["?(\w+)"?, "([^"]+)"\]', step):
            assert renamed(label, page_id) in labels, (step, label)
            assert key in keys or key in ("end", "pride", "lab"), (step, key)  # mended: they open pages


@pytest.mark.parametrize("page_id", WRITTEN)
def test_every_step_has_its_moment(page_id):
    names = {moment.name for moment in LIBRARY.pages[page_id].moments}
    for step in dialogue(page_id):
        found = re.match(r"\{id: (\w+)", step)
        assert found is not None
        assert found[1] in names


def test_activities_duels_and_values_are_those_of_the_content():
    items = dict(re.findall(r'^  ([a-z]+_\d): "(.*)"$', block("interest_items"), re.MULTILINE))
    ours = {
        key: card.text
        for deck in ("interest_items", "interest_items_b")
        for key, card in LIBRARY.decks[deck].cards.items()
    }
    assert ours == items
    duels = re.findall(
        r'^  (d\d\d): \{a: (\w+), b: (\w+), left: "(.*?)", right: "(.*?)"\}',
        block("interest_duels"),
        re.MULTILINE,
    )
    cards = LIBRARY.decks["interest_duels"].cards.values()
    assert [(card.key, card.left_drive, card.right_drive, card.left, card.right) for card in cards] == duels
    values = re.findall(r'^(\w+): "(.*)"$', block("values"), re.MULTILINE)
    assert [(card.key, card.text) for card in LIBRARY.decks["values"].cards.values()] == values


def test_service_sentences_stand_word_for_word():
    for key, text in re.findall(r'^(\w+): "(.*)"$', block("microcopy"), re.MULTILINE):
        assert LIBRARY.microcopy.phrases[key] == (renamed(text),), key


def test_the_reminder_bank_stands_word_for_word():
    bank = block("reminder_bank")
    for name, line in re.findall(r"^(\w+): \[(.*)\]$", bank, re.MULTILINE):
        ours = LIBRARY.microcopy.phrases[f"reminder_{name}"]
        for text in re.findall(r'"([^"]+)"', line):
            assert (
                text.replace("Le TUMO'rientation", "{forum}") in ours
            )  # "le forum", "Salon": no article fits all


def test_the_help_sentences_stand_word_for_word():
    flow = block("sos_flow")
    ours = {variant for variants in LIBRARY.microcopy.phrases.values() for variant in variants}
    for text in re.findall(r'"([^"]+)"', flow):
        assert renamed(text) in ours, text
