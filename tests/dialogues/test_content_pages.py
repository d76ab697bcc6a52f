"""The pages that ship: their limits, their tone, their ways out, and that they say what was agreed."""

import re
from collections.abc import Iterator

import pytest

from dialogues import library as libraries
from dialogues import profile, routes
from dialogues.lint_words import LETTERS
from dialogues.model import Bubble, Dialogue, Moment, StepKind, TargetKind
from dialogues.ports import PORTS

LIBRARY = libraries.load()
PAGES = LIBRARY.pages
MOMENTS = [(page, moment) for page in PAGES.values() for moment in page.moments]
OUTSIDE = {"menu", "humain"}  # the application answers these links
COMING = {  # pages of the content that are not written yet: their buttons are hidden
    "pride_moments",
    "mentor_question",
    "self_portrait",
    "decision_balance",
    "family_talk",
}
BUTTONS = (StepKind.CHOICE, StepKind.SCALE, StepKind.SUITE, StepKind.MULTI)

VOUS = re.compile(r"(?<!rendez-)\b(vous|votre|vos)\b", re.IGNORECASE)
VERDICT = re.compile(
    r"fait(e)? pour toi|tu es fait|ton métier|trop difficile|ton profil|félicitations|sois réaliste",
    re.IGNORECASE,
)
PRESSURE = re.compile(r"\bvite, |plus que \d|tu n'as pas terminé|dépêche", re.IGNORECASE)


def bubbles(page: Dialogue) -> Iterator[tuple[Moment, Bubble]]:
    for moment in page.moments:
        if moment.step is not None and moment.step.text:  # the words of a card
            yield moment, Bubble(moment.step.text, moment.step.simple)
        for bubble in moment.bubbles:
            yield moment, bubble
        for choice in moment.choices:
            for bubble in choice.replies:
                yield moment, bubble


def all_texts() -> list[str]:
    said = [
        text
        for page in PAGES.values()
        for moment, bubble in bubbles(page)
        if moment.step is None or moment.step.name not in LETTERS
        for text in (bubble.text, bubble.simple or "")
    ]
    labels = [choice.label for _, moment in MOMENTS for choice in moment.choices]
    phrases = [variant for variants in LIBRARY.microcopy.phrases.values() for variant in variants]
    cards = [
        text
        for deck in LIBRARY.decks.values()
        for card in deck.cards.values()
        for text in (card.text, card.left, card.right)
    ]
    return [*said, *labels, *phrases, *cards]


def ways_out(page: Dialogue, moment: Moment) -> list[str | None]:
    """Names of the moments that may follow, None for the end or another page."""
    places = [moment.name for moment in page.moments]
    following = next((m.name for m in page.moments[places.index(moment.name) + 1 :] if m.entry is None), None)
    goto = following if moment.goto is None else _named(moment.goto)
    linked = [_named(choice.target) if choice.target else goto for choice in moment.choices]
    routed = moment.step is not None and moment.step.kind in (StepKind.ROUTE, StepKind.ERRAND)
    passed = moment.goto is not None  # « passer » goes where the page says
    ways = linked if linked and not routed and not passed else [*linked, goto]
    return [*ways, following] if moment.condition is not None else ways


def _named(target) -> str | None:
    return target.name if target.kind is TargetKind.MOMENT else None


def test_the_pages_of_the_first_version_are_there():
    assert set(PAGES) >= {
        "onboarding_consent",
        "interest_explorer",
        "book_entry",
        "job_discovery",
        "action_plan",
        "project_nearby",
    }


@pytest.mark.parametrize(
    ("page", "moment"), MOMENTS, ids=lambda item: getattr(item, "id", getattr(item, "name", ""))
)
def test_a_moment_keeps_to_the_limits(page, moment):
    assert page.moment(moment.name) is moment
    for bubble in moment.bubbles:
        assert len(bubble.text) <= 240
        assert bubble.simple is None or len(bubble.simple) <= len(bubble.text)
    for choice in moment.choices:
        assert 0 < len(choice.label) <= 28
    if moment.step is not None and moment.step.kind in BUTTONS and moment.step.deck is None:
        assert 2 <= len(moment.choices) <= 6


def test_no_text_says_vous_or_pronounces_or_presses_or_carries_a_middle_dot():
    for text in all_texts():
        assert not VOUS.search(text), text
        assert not VERDICT.search(text), text
        assert not PRESSURE.search(text), text
        assert "·" not in text, text


def test_no_sentence_has_more_than_fifteen_words():
    for page in PAGES.values():
        for moment, bubble in bubbles(page):
            if moment.step is not None and moment.step.kind is StepKind.PRODUCT:
                continue  # a card is read slowly; its words are those of the content
            for sentence in re.split(r"[.!?…:]\s", bubble.text):
                words = [word for word in sentence.split() if re.search(r"\w", word)]
                assert len(words) <= 15, (page.id, moment.name, sentence)


@pytest.mark.parametrize("page", PAGES.values(), ids=list(PAGES))
def test_every_link_leads_somewhere(page):
    names = {moment.name for moment in page.moments}
    for moment in page.moments:
        targets = [choice.target for choice in moment.choices if choice.target]
        for target in [*targets, *([moment.goto] if moment.goto else [])]:
            if target.kind is TargetKind.MOMENT:
                assert target.name in names, (moment.name, target.name)
            if target.kind is TargetKind.PAGE:
                assert target.name in set(PAGES) | OUTSIDE | COMING, (moment.name, target.name)


@pytest.mark.parametrize("page", PAGES.values(), ids=list(PAGES))
def test_every_moment_is_reached_and_every_moment_reaches_the_end(page):
    ways = {moment.name: ways_out(page, moment) for moment in page.moments}
    reached = {moment.name for moment in page.moments if moment.entry} | {page.moments[0].name}
    while more := {way for name in reached for way in ways[name] if way} - reached:
        reached |= more
    assert reached == set(ways)
    ending = {name for name, out in ways.items() if None in out}
    while more := {name for name, out in ways.items() if name not in ending and ending & set(out)}:
        ending |= more
    assert ending == set(ways)


@pytest.mark.parametrize(
    ("page", "moment"), MOMENTS, ids=lambda item: getattr(item, "id", getattr(item, "name", ""))
)
def test_no_choice_is_left_empty_when_pages_are_missing(page, moment):
    if not moment.choices or moment.step is None or moment.step.kind not in (StepKind.CHOICE, StepKind.SUITE):
        return
    shown = [
        choice
        for choice in moment.choices
        if choice.target is None
        or choice.target.kind is not TargetKind.PAGE
        or choice.target.name in set(PAGES) | OUTSIDE
    ]
    assert len(shown) >= 2, (page.id, moment.name)


@pytest.mark.parametrize("page", PAGES.values(), ids=list(PAGES))
def test_every_page_offers_the_menu_and_a_quiet_end_at_its_end(page):
    suites = [
        moment for moment in page.moments if moment.step is not None and moment.step.kind is StepKind.SUITE
    ]
    pages_offered = {choice.target.name for moment in suites for choice in moment.choices if choice.target}
    assert "menu" in pages_offered
    assert any(
        choice.target is not None and choice.target.kind is TargetKind.END
        for moment in suites
        for choice in moment.choices
    )


def test_our_page_is_one_touch_away_from_the_others():
    for name in ("interest_explorer", "book_entry", "job_discovery", "action_plan", "onboarding_consent"):
        links = {
            choice.target.name for moment in PAGES[name].moments for choice in moment.choices if choice.target
        }
        assert "project_nearby" in links


@pytest.mark.parametrize(
    ("page", "moment"), MOMENTS, ids=lambda item: getattr(item, "id", getattr(item, "name", ""))
)
def test_branches_and_errands_exist_and_all_their_outcomes_are_foreseen(page, moment):
    step = moment.step
    if step is None or step.kind not in (StepKind.ROUTE, StepKind.ERRAND):
        return
    outcomes = routes.OUTCOMES[step.name] if step.kind is StepKind.ROUTE else PORTS[step.name].outcomes
    assert {choice.key for choice in moment.choices} == set(outcomes), (page.id, moment.name)


@pytest.mark.parametrize("page", PAGES.values(), ids=list(PAGES))
def test_dotted_variables_are_declared_and_decks_exist(page):
    for moment in page.moments:
        names = [
            note.variable
            for note in (*moment.notes, *(note for choice in moment.choices for note in choice.notes))
        ]
        names += [moment.step.variable] if moment.step is not None and moment.step.variable else []
        for name in (name for name in names if "." in name):
            known = ".".join(re.split(r"[.\[]", name)[:2])
            assert known in profile.VARIABLES, (moment.name, name)
        if moment.step is not None and moment.step.deck is not None:
            brought = {name for port in PORTS.values() for name in port.brings} | {"to_complete"}
            deck = moment.step.deck
            assert deck in LIBRARY.decks or deck in profile.VARIABLES or deck in brought, (moment.name, deck)


def test_what_texts_mention_is_filled_somewhere():
    words = {"centre", "bot_name", "forum", "with_whom"}
    words |= {name for names in routes.BRINGS.values() for name in names}
    words |= {name for port in PORTS.values() for name in port.brings}
    for page in PAGES.values():
        for moment, bubble in bubbles(page):
            for hole in re.findall(r"\{([^}:]+)\}", bubble.text):
                known = ".".join(re.split(r"[.\[]", hole)[:2])
                assert hole in words or known in profile.VARIABLES, (page.id, moment.name, hole)


def test_the_first_questions_come_after_two_bubbles_at_most():
    for page in PAGES.values():
        run = 0
        for moment in page.moments:
            asks = moment.step is not None and moment.step.kind not in (
                StepKind.SAY,
                StepKind.ROUTE,
                StepKind.ERRAND,
            )
            run += len([bubble for bubble in moment.bubbles if _first_of_its_condition(moment, bubble)])
            assert run <= (3 if asks else 2), (page.id, moment.name)
            if asks or moment.goto is not None or moment.choices:
                run = 0


def _first_of_its_condition(moment: Moment, bubble: Bubble) -> bool:
    """Of bubbles for `si x` and `si pas x`, only one is ever said."""
    same = [
        b
        for b in moment.bubbles
        if b.condition and bubble.condition and b.condition.variable == bubble.condition.variable
    ]
    return not same or same[0] is bubble


def test_the_important_bubbles_have_an_easy_version():
    easy = {moment.name for moment, bubble in bubbles(PAGES["onboarding_consent"]) if bubble.simple}
    assert easy >= {"what", "data", "exception", "sos", "parent", "more"}
    for name in ("start", "words", "seen", "unsure", "unknown", "place", "cards"):
        moment = PAGES["project_nearby"].moment(name)
        assert moment is not None
        assert all(bubble.simple for bubble in moment.bubbles)


def test_a_promise_to_tell_somebody_is_made_only_when_somebody_is_on_duty():
    for page in PAGES.values():
        for _, bubble in bubbles(page):
            if "je préviens" in bubble.text.lower():
                assert bubble.condition is not None
                assert bubble.condition.variable == "on_duty"
