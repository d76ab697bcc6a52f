"""Steps that ask nothing: a finished card, a branch, and errands for the application."""

from collections.abc import Mapping
from typing import Any

from dialogues import render
from dialogues.events import Brought, Input, Produced, Requested
from dialogues.model import Choice, Moment, Step
from dialogues.ports import PORTS
from dialogues.routes import ROUTES
from dialogues.steps.base import DONE, WAIT, Outcome, done
from dialogues.steps.play import Play

OTHERWISE = ("sinon", "any")


def branch(moment: Moment, outcome: str) -> Outcome:
    """The button of that outcome, else the one for every other outcome, else straight on."""
    by_key: dict[str, Choice] = {choice.key: choice for choice in moment.choices}
    for key in (outcome, *OTHERWISE):
        if key in by_key:
            return done(by_key[key])
    return DONE


class _Silent:
    """What steps without a screen share."""

    def ask(self, play: Play, moment: Moment, step: Step, current: tuple[str, ...]) -> None:
        """Nothing is asked."""

    def answer(self, play: Play, moment: Moment, step: Step, given: Input) -> Outcome:
        del play, moment, step, given
        return DONE

    def skip(self, play: Play, moment: Moment, step: Step) -> Outcome:
        del play, moment, step
        return DONE


class Product(_Silent):
    """`carte`: the card's text in this learner's words, and the values it was made from (what errands brought included)."""

    def open(self, play: Play, moment: Moment, step: Step) -> Outcome:
        del moment
        template = step.simple if play.easy and step.simple else step.text
        names = [hole for hole in render.holes(step.text) if not render.is_accord(hole)]
        values = {**play.values.brought, **{name: play.values.read(name) for name in names}}
        play.events.append(Produced(step.name, play.text(template), values))
        return DONE


class Route(_Silent):
    """`selon`: a pure function decides; an unknown one goes straight on (the check reports it)."""

    def open(self, play: Play, moment: Moment, step: Step) -> Outcome:
        route = ROUTES.get(step.name)
        if route is None:
            return branch(moment, "")
        result = route(play.values.everything(), play.context, play.library)
        for name, value in result.notes.items():
            play.values.write(name, value)
        return branch(moment, result.outcome)


class Errand(_Silent):
    """`faire`: the application is asked, and answers with `Brought`."""

    def open(self, play: Play, moment: Moment, step: Step) -> Outcome:
        inputs = self.inputs(play, step)
        crossed = play.data.setdefault("crossed", {}).pop(moment.name, None)
        fresh = step.name in PORTS and PORTS[step.name].fresh
        if crossed is not None and crossed["inputs"] == inputs and not fresh:
            # gone back over: its effect is not asked for twice
            return self.take(play, moment, inputs, str(crossed["outcome"]), crossed["values"])
        self.ask(play, moment, step, ())
        return WAIT

    def inputs(self, play: Play, step: Step) -> dict[str, Any]:
        port = PORTS.get(step.name)
        return {name: play.values.read(name) for name in port.inputs} if port else {}

    def ask(self, play: Play, moment: Moment, step: Step, current: tuple[str, ...]) -> None:
        del moment, current
        play.events.append(Requested(step.name, self.inputs(play, step)))

    def answer(self, play: Play, moment: Moment, step: Step, given: Input) -> Outcome:
        if not isinstance(given, Brought):
            return WAIT
        return self.take(play, moment, self.inputs(play, step), given.outcome, given.values)

    def take(
        self, play: Play, moment: Moment, inputs: Mapping[str, Any], outcome: str, values: Mapping[str, Any]
    ) -> Outcome:
        """Fill the variables brought, remember the errand for going back, and follow its outcome."""
        for name, value in values.items():
            play.values.write(name, value)
        play.errands.append(
            {"m": moment.name, "inputs": dict(inputs), "outcome": outcome, "values": dict(values)}
        )
        return branch(moment, outcome)
