"""Steps that go through a deck card by card: reactions and duels."""

from dataclasses import replace

from dialogues.events import Card, Input, Option, Picked, Typed
from dialogues.model import Choice, Moment, Step
from dialogues.steps.base import DONE, MISSED, WAIT, After, Outcome, done
from dialogues.steps.choices import pressed
from dialogues.steps.play import Entry, Play
from dialogues.understand import choose, fold

REACTIONS = ("love", "maybe", "meh", "no", "unknown")
SIDES = ("left", "right", "both", "neither")
_SIDE_WORDS = {
    "gauche": "left",
    "a gauche": "left",
    "celle de gauche": "left",
    "droite": "right",
    "a droite": "right",
    "celle de droite": "right",
    "les deux": "both",
    "les 2": "both",
    "2": "right",
    "aucun": "neither",
    "aucune": "neither",
    "ni l un ni l autre": "neither",
    "aucun des deux": "neither",
    "aucune des deux": "neither",
    "rien": "neither",
    "1": "left",
}


class CardByCard:
    """What reactions and duels share: dealing cards, one screen each, going on to the next."""

    def deal(self, play: Play, step: Step) -> list[Entry]:
        """The next cards of the deck that have no answer yet and were not passed on this page."""
        rated = play.values.read(step.variable or "") or {}
        passed = set(play.data.get("passed", {}).get(step.deck or "", []))
        left = [entry for entry in play.entries(step) if entry.key not in rated and entry.key not in passed]
        return left[: step.count or len(left)]

    def open(self, play: Play, moment: Moment, step: Step) -> Outcome:
        del moment
        dealt = [entry.key for entry in self.deal(play, step)]
        play.progress.update(cards=dealt, at=0)
        return WAIT if dealt else DONE

    def current(self, play: Play, step: Step) -> Entry | None:
        """The card on the table; None when the deck has lost it since."""
        cards, at = play.progress.get("cards", []), int(play.progress.get("at", 0))
        key = cards[at] if at < len(cards) else None
        return next((entry for entry in play.entries(step) if entry.key == key), None)

    def position(self, play: Play) -> tuple[int, int]:
        return int(play.progress.get("at", 0)) + 1, len(play.progress.get("cards", []))

    def onward(self, play: Play, key: str, chosen: tuple[Choice, ...] = ()) -> Outcome:
        """The next card, or the end of the step."""
        play.progress["at"] = int(play.progress.get("at", 0)) + 1
        if play.progress["at"] >= len(play.progress.get("cards", [])):
            return done(*chosen, answer=(key,))
        return Outcome(After.WAIT, chosen, (key,))

    def skip(self, play: Play, moment: Moment, step: Step) -> Outcome:
        del moment
        cards, at = play.progress.get("cards", []), int(play.progress.get("at", 0))
        if at < len(cards):
            passed = play.data.setdefault("passed", {})
            passed[step.deck or ""] = [*passed.get(step.deck or "", []), cards[at]]
        return self.onward(play, "")


class Reactions(CardByCard):
    """`réactions`: the scale of §3.3, or the step's own buttons. A button with a link leaves the step."""

    def options(self, play: Play, moment: Moment) -> tuple[Option, ...]:
        if moment.choices:
            return play.options(play.buttons(moment))
        return tuple(Option(key, play.phrase(f"reaction.{key}")) for key in REACTIONS)

    def ask(self, play: Play, moment: Moment, step: Step, current: tuple[str, ...]) -> None:
        entry = self.current(play, step)
        play.ask(
            step,
            options=self.options(play, moment),
            minimum=1,
            card=entry.card if entry else None,
            position=self.position(play),
            current=current,
        )

    def answer(self, play: Play, moment: Moment, step: Step, given: Input) -> Outcome:
        options = self.options(play, moment)
        key = pressed(given, options)
        if key is None:
            return MISSED
        chosen = tuple(choice for choice in moment.choices if choice.key == key)
        entry = self.current(play, step)
        if any(choice.target is not None for choice in chosen):
            return done(*chosen, answer=(key,))
        if entry is not None and step.variable:
            base, way = play.values.place(step.variable)
            play.values.put(base, [*way, entry.key], key)
        return self.onward(play, key, chosen)


class Duels(CardByCard):
    """`duels`: left, right, both, neither."""

    def options(self, play: Play, entry: Entry | None) -> tuple[Option, ...]:
        left, right = (
            entry.sides
            if entry and any(entry.sides)
            else (play.phrase("duel.left"), play.phrase("duel.right"))
        )
        return (
            Option("left", left),
            Option("right", right),
            Option("both", play.phrase("duel.both")),
            Option("neither", play.phrase("duel.neither")),
        )

    def ask(self, play: Play, moment: Moment, step: Step, current: tuple[str, ...]) -> None:
        del moment
        entry = self.current(play, step)
        card = _pair(entry) if entry else None
        play.ask(
            step,
            options=self.options(play, entry),
            minimum=1,
            card=card,
            position=self.position(play),
            current=current,
        )

    def answer(self, play: Play, moment: Moment, step: Step, given: Input) -> Outcome:
        del moment
        entry = self.current(play, step)
        key = None
        if isinstance(given, Typed):
            key = _SIDE_WORDS.get(fold(given.text)) or choose(given.text, self.options(play, entry))
        elif isinstance(given, Picked) and len(given.keys) == 1 and given.keys[0] in SIDES:
            key = given.keys[0]
        if key is None:
            return MISSED
        if entry is not None and step.variable:
            base, way = play.values.place(step.variable)
            play.values.put(base, [*way, entry.key], key)
        return self.onward(play, key)


def _pair(entry: Entry) -> Card:
    return replace(entry.card, lines=tuple(side for side in entry.sides if side))
