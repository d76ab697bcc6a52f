"""Thousands of random learners go through a page, to prove that it always ends and never breaks.

Each path is drawn from its own number: press, tick, order, type nonsense, send a picture, skip, go back, ask for
the simple version. After a while a learner only wants to leave, and must get out within a known number of inputs.
"""

import random
from collections import Counter
from dataclasses import dataclass, field

from dialogues import graph
from dialogues.events import (
    Again,
    Asked,
    Attached,
    Back,
    Brought,
    Input,
    Picked,
    Produced,
    Requested,
    Said,
    Simple,
    Skipped,
    Typed,
)
from dialogues.fixtures import Fixtures
from dialogues.holes import Holes
from dialogues.library import Library
from dialogues.model import Dialogue, StepKind, TargetKind
from dialogues.session import CENTRE, Played, Session

PLAYFUL = 60  # inputs during which a learner does anything
LEAVING = 120  # inputs within which the page must then end
# Shares of what a playful learner does.
GIVING_UP = 0.02
WILD = 0.06
UNEXPECTED = 0.3
PRESSING = 0.9
TYPING_LABELS = 0.3
SHOWING = 0.5
BY_EVENT = 0.3
ON_DUTY = 0.5
COMING_BACK = 0.2
STUBBORN = 0.1  # always the same reaction, and never anything else
NEEDS_BUTTONS = frozenset(
    [StepKind.CHOICE, StepKind.MULTI, StepKind.SCALE, StepKind.SUITE, StepKind.RANK, StepKind.REACTIONS]
)
NOISE = (
    "",
    "ok",
    "oui",
    "non",
    "jsp",
    "la deuxième",
    "2",
    "pas compris",
    "retour",
    "🙂🙂🙂",
    "{user.first_name}",
    "`va #fin`",
    "<b>gras</b>",
    "demain",
    "le 12 mars",
    "hier",
    "c'est bon",
    "https://exemple.be/x",
    "é" * 300,
    "a\u0000b\u202ec",
    "robinet, 3 et la deuxième",
    "مرحبا",
)


class Broken(Exception):  # noqa: N818 - said of the page
    """A promise that the page broke on a path."""


def _promise(kept: object, otherwise: str) -> None:
    if not kept:
        raise Broken(otherwise)


@dataclass
class Findings:
    """What the paths showed: how long they were, what was visited, and what went wrong (none is good)."""

    paths: int = 0
    inputs: int = 0
    longest: int = 0
    visited: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    crashes: int = 0  # of the failures: those where the engine raised
    holes: Counter[str] = field(default_factory=Counter)  # texts in which a variable was empty


@dataclass
class _Learner:
    page: Dialogue
    session: Session
    chance: random.Random
    findings: Findings
    holes: Holes
    far: dict[str, int]
    stubborn: bool = False

    def walk(self, entry: str | None) -> int:
        """One path, sometimes with a second visit; returns its longest number of inputs before the end.

        Broken says which promise the page did not keep.
        """
        length = self._visit(entry)
        return max(length, self._visit(None)) if self.chance.random() < COMING_BACK else length

    def _visit(self, entry: str | None) -> int:
        played = self.session.start(entry)
        for count in range(PLAYFUL + LEAVING):
            self._look(played)
            if self.session.state is None:
                return count
            asked = played.asked
            if asked is None:
                raise Broken("le tour ne demande rien et ne finit pas")
            playful = count < PLAYFUL and self.chance.random() > GIVING_UP
            given = self._anything(asked) if playful else self._leave(asked)
            played = self.session.send(given)
        raise Broken(f"pas de fin après {PLAYFUL + LEAVING} réponses, à {played.path[-1:]}")

    # ------------------------------------------------------------ what a learner does

    def _anything(self, asked: Asked) -> Input:
        if self.stubborn and asked.kind is StepKind.REACTIONS:
            return Picked((asked.options[0].key,))
        rest: list[Input] = [Skipped(), Back(), Simple(), Again(), Typed(self.chance.choice(NOISE))]
        wild: list[Input] = [
            Picked(("no_such_key",)),
            Picked(()),
            Attached(media_id="photo-1"),
            Attached(url="ftp://non"),
            Brought("nope", {}),
        ]
        draw = self.chance.random()
        if draw < WILD:
            return self.chance.choice(wild)
        return self.chance.choice(rest) if draw < UNEXPECTED else self._answer(asked)

    def _answer(self, asked: Asked) -> Input:
        if asked.options and self.chance.random() < PRESSING:
            keys = [option.key for option in asked.options]
            if asked.kind is StepKind.RANK:
                return Picked(tuple(self.chance.sample(keys, k=min(asked.maximum, len(keys)))))
            if asked.kind is StepKind.MULTI:
                count = self.chance.randint(asked.minimum, asked.maximum)
                return Picked(tuple(self.chance.sample(keys, k=min(count, len(keys)))))
            if self.chance.random() < TYPING_LABELS:
                return Typed(self.chance.choice(asked.options).label.lower())
            return Picked((self.chance.choice(keys),))
        if asked.accepts_media and self.chance.random() < SHOWING:
            return Attached(media_id="photo-1")
        return Typed(self.chance.choice(("un truc à moi", *NOISE)))

    def _leave(self, asked: Asked) -> Input:
        """The button that is nearest to the end; a question without buttons is passed."""
        moment = self.page.moment(self.session.state.moment) if self.session.state else None
        if moment is None or asked.kind not in (StepKind.CHOICE, StepKind.SUITE, StepKind.REACTIONS):
            return Skipped()
        nearest: tuple[int, str] | None = None
        shown = {option.key for option in asked.options}
        for choice in moment.choices:
            if choice.target is not None and choice.key in shown:
                inside = choice.target.kind is TargetKind.MOMENT
                steps = self.far.get(choice.target.name, 999) if inside else 0
                nearest = min(nearest or (steps, choice.key), (steps, choice.key))
        return Picked((nearest[1],)) if nearest is not None else Skipped()

    # ------------------------------------------------------------ what must hold

    def _look(self, played: Played) -> None:
        self.findings.visited.update(played.path)
        asked = played.asked
        if asked is not None:
            labels = [option.label for option in asked.options]
            keys = [option.key for option in asked.options]
            place = played.path[-1:]
            _promise(labels or asked.kind not in NEEDS_BUTTONS, f"aucun bouton à {place}")
            _promise(all(labels), f"un bouton vide à {place}")
            _promise(len(set(keys)) == len(keys), f"deux boutons de même clé à {place}")
            for label in labels:
                _promise(not self.holes.any(label), f"un bouton troué : {label}")
        for event in played.events:
            text = event.text if isinstance(event, Said | Produced) else ""
            if self.holes.any(text):
                self.findings.holes[self.holes.around(text)] += 1


def walk(library: Library, page_id: str, fixtures: Fixtures, paths: int, seed: int = 1) -> Findings:
    """Go through a page that many times. Nothing is raised: whatever breaks is in `failures`, with its number."""
    page = library.pages[page_id]
    findings = Findings()
    holes = Holes(page, library)
    far = dict(graph.distances(page))
    entries = [None, *(moment.entry for moment in page.moments if moment.entry is not None)]
    for number in range(paths):
        # A path must be drawn again by its number: this chance protects nothing.
        chance = random.Random(f"{seed}:{page_id}:{number}")  # noqa: S311  # nosec B311
        session = _session(library, page_id, fixtures, chance)
        learner = _Learner(page, session, chance, findings, holes, far, chance.random() < STUBBORN)
        findings.paths += 1
        try:
            length = learner.walk(chance.choice(entries) if chance.random() < BY_EVENT else None)
        except Broken as error:
            findings.failures.append(f"{page_id}, chemin {number} : {error}")
        except Exception as error:  # noqa: BLE001 - the report must say which path broke the engine, whatever it was
            findings.crashes += 1
            findings.failures.append(f"{page_id}, chemin {number} : {type(error).__name__} {error}")
        else:
            findings.inputs += length
            findings.longest = max(findings.longest, length)
    return findings


def _session(library: Library, page_id: str, fixtures: Fixtures, chance: random.Random) -> Session:
    def errand(request: Requested) -> Brought:
        return chance.choice(fixtures.of(request.errand))

    profile: dict[str, object] = {"user.first_name": "Lou", "user.accord": chance.choice("fmn")}
    profile["user.reading_mode"] = chance.choice(("standard", "falc"))
    profile["user.age_band"] = chance.choice(("12", "13-15", "16-18"))
    words = {**CENTRE, "on_duty": "oui"} if chance.random() < ON_DUTY else CENTRE
    channel = chance.choice(("web", "telegram", "discord", "terminal"))
    return Session(library, page_id, errand, profile, words, channel, seed=str(chance.random()))
