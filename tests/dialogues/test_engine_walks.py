"""Random learners: whatever they do, the engine waits for them, ends, and can be taken all the way back."""

import random
from typing import Any

import pytest

from dialogues import library as libraries
from dialogues.events import (
    Again,
    Asked,
    Attached,
    Back,
    Brought,
    Input,
    Picked,
    Requested,
    Simple,
    Skipped,
    Typed,
)
from dialogues.library import Deck, DeckCard, Library
from dialogues.model import StepKind
from dialogues.ports import PORTS
from tests.dialogues.playing import Learner, deck, library

WORDS = (
    "bla bla",
    "oui",
    "2",
    "jsp",
    "{user.first_name}",
    "x" * 500,
    "",
    "demain",
    "retour",
    "simple",
    "hier",
    "12/03",
    "c'est bon",
    "\x00",
    "'; drop table",
    "😅",
    "Un projet de jeu",
    "nan",
    "https://ex.be",
    "la première",
    "1, 2",
)

EVERYTHING = """## a
`nouveau book.entries`
Bonjour.
`simple` Salut.

## title
`privé`
Titre ?
`texte book.entries.title max 60`

## kept
Lesquelles ?
`plusieurs value.kept 0-3 depuis values`

## cut
Garde.
`plusieurs value.ranking 1-2 depuis value.kept`

## rank
Ordre ?
`ordre value.ranking depuis value.kept max 2`

## each
`pour chaque v dans value.ranking max 3`
{v} ?
`texte value.definitions[v] max 40`

## react
Alors ?
`réactions interest.item_ratings depuis values 3`

## duel
Laquelle ?
`duels interest.item_ratings depuis duels 2`

## sort
Où ?
`tri job.groups depuis value.kept`
- Oui `yes`

## lines
Questions ?
`liste meeting.questions 0-3 max 40`

## options
Options ?
`liste decision.options.name 1-2 max 40`

## joy
`pour chaque o dans decision.options max 2`
{o.name} ?
`échelle o.joy`
- Un peu `1`
- Très `5`

## when
Quand ?
`date action.list.due`

## media
Image ?
`média book.entries.media`

## skills
Quoi ?
`plusieurs pride.skills 1-2`
- Inventer `invent` `job.seen + x`
- Coder `code`
  Bien.

## find
`job.seen + y`
`faire suggest_near`
- [none](#title)

## near
Alors ?
`réactions near.reactions depuis near.cards 2`
- Oui `yes`
- [Stop](#card) `stop`

## card
`carte values_card` {value.ranking} {book.entries.title} {near.reactions}

## end
La suite ?
- [Encore](#a)
- [Fini](#fin)
"""
DECKS = (
    deck("values", "value", freedom="Libre", fun="Rire", calm="Calme", travel="Voyager"),
    Deck("duels", {"d1": DeckCard("d1", left="A", right="B"), "d2": DeckCard("d2", left="C", right="D")}),
)


def near_cards(draw: random.Random) -> list[dict[str, Any]]:
    return [
        {"id": f"n{draw.randrange(50)}", "title": f"Offre {number}", "reasons": ["tu as dit oui"]}
        for number in range(draw.randrange(4))
    ]


def brought(draw: random.Random, request: Requested) -> Brought:
    port = PORTS[request.errand]
    values: dict[str, Any] = {name: draw.choice(["mots", "", 3, None]) for name in port.brings}
    values |= {
        name: near_cards(draw) for name in ("near.cards", "project.occupations") if name in port.brings
    }
    return Brought(draw.choice([*port.outcomes, "unheard"]), values)


def answer(draw: random.Random, screen: Asked) -> Input:
    keys = [option.key for option in screen.options]
    if draw.random() < 0.15:
        return Typed(draw.choice(WORDS))
    if screen.kind in (StepKind.MULTI, StepKind.RANK):
        return Picked(
            tuple(
                draw.sample(
                    keys, draw.randint(min(screen.minimum, len(keys)), min(screen.maximum, len(keys)))
                )
            )
        )
    if screen.accepts_media and draw.random() < 0.7:
        return Attached(media_id="m1")
    if keys and not (screen.accepts_text and draw.random() < 0.5):
        return Picked((draw.choice(keys),))
    return Typed(draw.choice(("Un projet", "Le club photo", "la mer")))


def step(draw: random.Random, learner: Learner) -> Input:
    last = learner.turn.events[-1]
    if isinstance(last, Requested):
        return brought(draw, last)
    assert isinstance(last, Asked)
    others: list[Input] = [Back(), Skipped(), Simple(), Again(), Picked(("?",))]
    return draw.choice(others) if draw.random() < 0.2 else answer(draw, last)


def walk(content: Library, page: str, seed: int, turns: int = 300) -> tuple[Learner, int]:
    draw = random.Random(seed)  # noqa: S311 - repeatable walks
    facts = draw.choice(
        [{}, {"user.first_name": "Lou"}, {"user.reading_mode": "falc", "user.age_band": "12"}]
    )
    learner = Learner(content, facts, page=page, seed=str(seed), words={"centre": "Ici", "bot_name": "B"})
    for number in range(turns):
        if learner.turn.state is None:
            return learner, number
        learner.give(step(draw, learner))
    return learner, turns


@pytest.mark.parametrize("seed", range(40))
def test_every_kind_of_step_survives_random_learners(seed):
    learner, _ = walk(library(EVERYTHING, decks=DECKS), "essai", seed)
    assert learner.turn.state is None or learner.turn.state.moment


@pytest.mark.parametrize("page", sorted(libraries.load().pages))
def test_random_learners_reach_the_end_of_every_shipped_page(page):
    content = libraries.load()
    ends = [walk(content, page, seed)[0].turn.state is None for seed in range(12)]
    assert all(ends)


def plain(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value not in (None, [], {})}


@pytest.mark.parametrize("seed", range(40))
def test_going_all_the_way_back_takes_everything_back(seed):
    draw = random.Random(seed)  # noqa: S311 - repeatable walks
    facts = {
        "value.kept": ["rire", "fun"],
        "book.entries": [{"title": "Ancienne"}],
        "pride.skills": {"code": 2},
        "job.seen": ["z"],
        "interest.item_ratings": {"calm": "no"},
    }
    content = library(EVERYTHING, decks=DECKS)
    learner = Learner(content, facts)
    first = learner.screen
    for _ in range(draw.randint(1, 45)):
        learner.give(step(draw, learner))
        if learner.turn.state is None:
            return
    while isinstance(learner.turn.events[-1], Requested):
        learner.give(brought(draw, learner.turn.events[-1]))
    for _ in range(60):
        if not learner.state.data["trail"]:
            break
        learner.give(Back())
    assert plain(learner.facts) == facts
    assert (learner.screen.prompt.replace("Salut.", ""), learner.screen.kind) == (first.prompt, first.kind)
