"""Somebody who talks to the bot in tests: types words, presses buttons by their label, and sees what is shown."""

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


def answer_anything(talker: Talker, text: str = "un truc à moi") -> Answer:
    """Answer whatever waits in the plainest way: first button, enough ticks, or a few words."""
    screen = talker.screen
    if screen is None:
        return talker.type("menu")
    asked = screen.asked
    if asked.options:
        many = max(1, asked.minimum) if asked.kind in ("multi", "rank") else 1
        if asked.kind == "rank":
            many = len(asked.options)
        return talker.send(Press(screen.id, tuple(range(min(many, len(asked.options))))))
    return talker.type(text)


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
