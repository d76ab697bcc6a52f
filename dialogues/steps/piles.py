"""Steps that arrange cards: piles of one's own, and an order."""

from typing import Any

from dialogues.events import Input, Option, Picked, Typed
from dialogues.model import Moment, Step
from dialogues.profile import Kind
from dialogues.steps.base import AGAIN, DONE, MISSED, WAIT, Outcome, done
from dialogues.steps.cards import CardByCard
from dialogues.steps.choices import pressed, typed_keys
from dialogues.steps.play import Entry, Play
from dialogues.steps.words import clean

LONGEST_PILE = 40  # characters of a pile's name
MOST_PILES = 8


class Sort(CardByCard):
    """`tri`: each card goes on a pile; typed words make a new pile."""

    def deal(self, play: Play, step: Step) -> list[Entry]:
        entries = play.entries(step)
        return entries[: step.maximum or step.count or len(entries)]

    def open(self, play: Play, moment: Moment, step: Step) -> Outcome:
        play.progress["piles"] = []
        return super().open(play, moment, step)

    def options(self, play: Play, moment: Moment) -> tuple[Option, ...]:
        own = tuple(Option(name, name) for name in play.progress.get("piles", []))
        return play.options(play.buttons(moment)) + own

    def ask(self, play: Play, moment: Moment, step: Step, current: tuple[str, ...]) -> None:
        entry = self.current(play, step)
        play.ask(
            step,
            options=self.options(play, moment),
            minimum=1,
            max_chars=LONGEST_PILE,
            accepts_text=True,
            card=entry.card if entry else None,
            position=self.position(play),
            current=current,
        )

    def answer(self, play: Play, moment: Moment, step: Step, given: Input) -> Outcome:
        options = self.options(play, moment)
        key = pressed(given, options)
        if key is None and isinstance(given, Typed):
            key = clean(given.text)
            if not key or len(key) > LONGEST_PILE or len(options) >= MOST_PILES:
                play.remark(*(("too_long",) if len(key) > LONGEST_PILE else ("pile_ask",)), max=LONGEST_PILE)
                return AGAIN
            play.progress["piles"] = [*play.progress.get("piles", []), key]
        if key is None:
            return MISSED
        entry = self.current(play, step)
        if entry is not None:
            self._place(play, step, entry.key, key)
        return self.onward(
            play,
            key,
            tuple(choice for choice in moment.choices if choice.key == key and choice.target is None),
        )

    def _place(self, play: Play, step: Step, card: str, pile: str) -> None:
        name = step.variable or ""
        if play.values.kind(name) is not Kind.RECORDS:
            base, way = play.values.place(name)
            play.values.put(base, [*way, card], pile)
            return
        groups: list[dict[str, Any]] = [
            {**group, "jobs": [item for item in group.get("jobs", []) if item != card]}
            for group in play.values.read(name) or []
        ]
        found = next((group for group in groups if group.get("name") == pile), None)
        if found is None:
            found = {"name": pile, "jobs": []}
            groups.append(found)
        found["jobs"] = [*found["jobs"], card]
        play.values.write(name, groups, private=step.private)


class Rank:
    """`ordre`: the learner's order in one go; what they leave out follows in the old order when all should be in it."""

    def options(self, play: Play, step: Step) -> tuple[Option, ...]:
        entries = play.entries(step)
        return tuple(
            Option(entry.key, entry.card.title, entry.shape)
            for entry in entries[: step.count or len(entries)]
        )

    def most(self, step: Step, options: tuple[Option, ...]) -> int:
        return min(step.maximum or len(options), len(options))

    def open(self, play: Play, moment: Moment, step: Step) -> Outcome:
        del moment
        options = self.options(play, step)
        if len(options) == 1:
            self._save(play, step, (options[0].key,))
        return WAIT if len(options) > 1 else DONE

    def ask(self, play: Play, moment: Moment, step: Step, current: tuple[str, ...]) -> None:
        del moment
        options = self.options(play, step)
        most = self.most(step, options)
        play.ask(step, options=options, minimum=most, maximum=most, current=current)

    def answer(self, play: Play, moment: Moment, step: Step, given: Input) -> Outcome:
        del moment
        options = self.options(play, step)
        most = self.most(step, options)
        keys = (
            given.keys
            if isinstance(given, Picked)
            else typed_keys(given.text, options)
            if isinstance(given, Typed)
            else None
        )
        known = [option.key for option in options]
        if not keys or not set(keys) <= set(known):
            return MISSED
        order = tuple(dict.fromkeys(keys))[:most]
        if len(order) < most:
            if most < len(options):
                play.remark("pick_between", min=most, max=most)
                return AGAIN
            order = (*order, *(key for key in known if key not in order))
        self._save(play, step, order)
        return done(answer=order)

    def _save(self, play: Play, step: Step, order: tuple[str, ...]) -> None:
        if step.variable:
            play.values.write(step.variable, list(order), private=step.private)

    def skip(self, play: Play, moment: Moment, step: Step) -> Outcome:
        del play, moment, step
        return DONE
