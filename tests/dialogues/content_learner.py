"""A learner in front of the pages that ship, with every errand answered in the same way."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dialogues import engine, fixtures
from dialogues import library as libraries
from dialogues.events import (
    Asked,
    Brought,
    Context,
    Ended,
    Noted,
    Picked,
    Produced,
    Requested,
    Said,
    Skipped,
    State,
    Typed,
)
from dialogues.ports import PORTS

LIBRARY = libraries.load()
NOW = datetime(2026, 11, 24, 16, 0, tzinfo=ZoneInfo("Europe/Brussels"))
WORDS = {"centre": "le centre", "bot_name": "Boussole", "forum": "forum"}
DRIVES = {key: card.drive or "" for key, card in LIBRARY.decks["interest_items"].cards.items()}


def cards(prefix, count):
    return [
        {"id": f"{prefix}{number}", "title": f"Carte {prefix}{number}", "kind": "occupation"}
        for number in range(count)
    ]


MADE_UP = {name: fixtures.load().of(name)[0] for name in PORTS}
FOUND = {name: (one.outcome, dict(one.values)) for name, one in MADE_UP.items()} | {
    "ask_parent": ("sent", {"parent.link": "https://exemple.test/accord"}),
    "offer_domains": ("some", {"domain_a": "Robotique", "domain_b": "Dessin", "domain_c": "Musique"}),
    "link_project": ("found", {"project.occupations": cards("metier", 3), "project.first": "Carte metier0"}),
    "suggest_near": (
        "some",
        {"near.cards": cards("pres", 4), "near.place_name": "Liège", "near.changed": ""},
    ),
    "plan_step": ("planned", {"action.due_text": "samedi", "action.ics": ""}),
    "propose_shortlist": (
        "some",
        {
            "shortlist.offered": [*cards("piste", 4), {"id": "other", "title": "Un autre métier"}],
            "shortlist.unseen": "\n– Carte piste3 : autre chose",
            "shortlist.wild_id": "loin",
            "shortlist.wild": "Un métier loin",
            "shortlist.wild_line": "faire autre chose",
        },
    ),
    "link_track": ("found", {"shortlist.linked": [*cards("mot", 2), {"id": "none", "title": "Aucun"}]}),
    "gather_tracks": ("tracks", {"shortlist.tracks": cards("piste", 2), "shortlist.count": 2}),
    "next_track": (
        "all",
        {"track.job": "piste0", "track.name": "Carte piste0", "track.before": ""},
    ),
    "keep_shortlist": (
        "two",
        {
            "shortlist.kept": [{"job": "piste0", "name": "Carte piste0"}],
            "shortlist.list": "carte piste0",
            "shortlist.checks": "rien",
        },
    ),
    "offer_programmes": (
        "some",
        {
            "compare.offered": [*cards("etude", 4), {"id": "other", "title": "Une autre"}],
            "compare.about": "Voici.",
        },
    ),
    "find_programme": ("found", {"compare.found": cards("trouve", 3)}),
    "gather_programmes": (
        "ready",
        {
            "compare.kept": [{"id": "etude0", "name": "Carte etude0"}],
            "compare.all": cards("etude", 4),
            "compare.alone": "",
        },
    ),
    "next_rating": (
        "rated",
        {name: f"({name})" for name in PORTS["next_rating"].brings}
        | {"compare.kept": [{"id": "etude0", "name": "Carte etude0", "ratings": {"money": 3}}]},
    ),
    "keep_comparison": (
        "questions",
        {"compare.questions": "le coût", "compare.notes": [{"gate": "look"}], "compare.table": {}},
    ),
    "pick_occupation": (
        "found",
        {name: f"({name})" for name in PORTS["pick_occupation"].brings}
        | {"job.id": "dev", "job.shown_today": 1},
    ),
}


class Play:
    """A learner in front of a page; every state is saved and read again between two answers."""

    def __init__(self, page, profile=None, entry=None, channel="web", words=None, brought=None):
        pages = frozenset(LIBRARY.pages) | {"menu", "humain"}
        self.context = Context(NOW, "lou", channel, {**WORDS, **(words or {})}, pages)
        self.profile = dict(profile or {})
        self.brought = {**FOUND, **(brought or {})}
        self.said: list[str] = []
        self.made: list[Produced] = []
        self.path: list[str] = []
        self.asked: Any = None
        self.ended: Ended | None = None
        self.state: Any = None
        self._take(engine.start(LIBRARY, page, self.profile, self.context, entry))

    def _take(self, turn):
        self.state, self.asked = turn.state, None
        self.path += turn.path
        for event in turn.events:
            match event:
                case Said():
                    self.said.append(event.text)
                case Produced():
                    self.made.append(event)
                case Noted():
                    self.profile[event.variable] = event.value
                case Asked():
                    self.asked = event
                case Ended():
                    self.ended = event
                case Requested():
                    outcome, values = self.errand(event)
                    self._give(Brought(outcome, values))
                case _:
                    pass  # words that were not understood

    def errand(self, event):
        found = self.brought[event.errand]
        return found.pop(0) if isinstance(found, list) else found

    def _give(self, given):
        state = State.from_json(self.state.to_json())
        self._take(engine.resume(LIBRARY, state, self.profile, given, self.context))

    def pick(self, *keys):
        self._give(Picked(keys))
        return self

    def type(self, text):
        self._give(Typed(text))
        return self

    def skip(self):
        self._give(Skipped())
        return self

    @property
    def keys(self):
        return [option.key for option in self.asked.options]

    def react(self, answer):
        """React to every card of the step, with a function of the card's id."""
        kind = self.asked.kind
        while self.asked is not None and self.asked.kind is kind:
            self.pick(answer(self.asked.card.id if self.asked.card else ""))
        return self
