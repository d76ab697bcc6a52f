"""Somebody who talks to the bot in tests: types words, presses buttons by their label, and sees what is shown."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count

from bot.application import turns, visits
from bot.application.messages import (
    Answer,
    Body,
    Hello,
    Incoming,
    Message,
    Picture,
    Press,
    Screen,
    Text,
    Visit,
)
from bot.application.services import Services
from dialogues.model import StepKind

SOMETIMES_BACK = 0.02


@dataclass
class Talker:
    """One teenager on one channel, from the first hello on. A visit until they agree, then a person."""

    services: Services
    channel: str = "web"
    person: str | None = None
    visit: Visit | None = None
    last: Answer | None = None
    heard: list[Message] = field(default_factory=list)
    keys: "count[int]" = field(default_factory=count)
    prompt: str = ""  # the question answered last

    def send(self, body: Body, key: str | None = None) -> Answer:
        """Send one message; a given `key` makes it a second delivery of an earlier one."""
        incoming = Incoming(self.channel, self.person or "", key or f"k{next(self.keys)}", body)
        if self.person is not None:
            answer = turns.handle(self.services, incoming)
        else:
            if self.visit is not None:  # through the seal, as the page does
                self.visit = visits.unseal(self.services, visits.seal(self.services, self.visit))
            answer = visits.handle(self.services, self.visit, incoming)
        self.person, self.visit, self.last = answer.person, answer.visit, answer
        self.heard += answer.view.messages
        return answer

    def hello(self, invitation: str = "") -> Answer:
        """Arrive."""
        return self.send(Hello(invitation))

    def type(self, text: str) -> Answer:
        """Type words."""
        return self.send(Text(text))

    def press(self, *labels: str, key: str | None = None) -> Answer:
        """Press the buttons of these labels on the current screen. AssertionError when one is not there."""
        screen = self.screen
        assert screen is not None, "nothing to press"
        shown = [option.label for option in screen.asked.options]
        missing = [label for label in labels if label not in shown]
        assert not missing, f"{missing} not among {shown}"
        return self.send(Press(screen.id, tuple(shown.index(label) for label in labels)), key)

    def upload(self, content: bytes, caption: str = "") -> Answer:
        """Send a picture."""
        return self.send(Picture(content, caption=caption))

    @property
    def screen(self) -> Screen | None:
        """What waits for an answer."""
        return self.last.view.screen if self.last else None

    @property
    def labels(self) -> list[str]:
        """The labels of the buttons on show."""
        return [option.label for option in self.screen.asked.options] if self.screen else []

    def says(self) -> str:
        """What the bot said in answer to the last message, in one text."""
        return words(self.last.view.messages) if self.last else ""

    def all_said(self) -> str:
        """Everything that the bot has said."""
        return words(self.heard)


def words(messages: Sequence[Message]) -> str:
    """The texts of the bot's messages, joined."""
    lines = []
    for message in messages:
        if message.side == "bot":
            body = message.body
            lines.append(str(body.get("text") or body.get("title") or ""))
            lines += [str(line) for line in body.get("lines", ()) if isinstance(line, str)]
            lines += [
                f"{line['name']} {line['number']}" for line in body.get("lines", ()) if isinstance(line, dict)
            ]
    return "\n".join(lines)


PHRASES = (
    "j'ai fait un jeu avec ma cousine", "4000", "dessiner", "je sais pas trop", "demain", "des vélos et des trottinettes",
    "filmer mes potes au skate", "Herstal", "finir mon projet et le montrer", "dans 3 jours", "la flemme",
)  # fmt: skip


def answer_anything(talker: Talker, chance: random.Random) -> Answer:
    """Answer whatever waits as somebody would who plays along: buttons at random, a few words, sometimes back."""
    screen = talker.screen
    if screen is None:
        return talker.type("menu")
    asked = screen.asked
    again, talker.prompt = asked.prompt == talker.prompt and asked.card is None, asked.prompt
    if asked.kind is StepKind.MEDIA or again:
        return talker.type("passer")
    if chance.random() < SOMETIMES_BACK:
        return talker.type("retour")
    if not asked.options:
        return talker.type(chance.choice(PHRASES))
    most = max(asked.minimum, 1) if asked.kind is StepKind.MULTI else 1
    many = len(asked.options) if asked.kind is StepKind.RANK else most
    return talker.send(Press(screen.id, tuple(chance.sample(range(len(asked.options)), many))))


def enrol(talker: Talker, name: str = "Lou", age: str = "13 à 15 ans") -> None:
    """Go through the first conversation up to the choice of a first page."""
    talker.hello()
    for step in (age, name, "Sans préciser", "Textes normaux", "3e", "D'accord"):
        if step in talker.labels:
            talker.press(step)
        else:
            talker.type(step)
    for step in ("Mes cartes finies", "Moi, avec de l'aide", "Mercredi après-midi"):
        talker.press(step)
    assert talker.person is not None
