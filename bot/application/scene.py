"""Everything one incoming message causes, gathered before anything is written: words, notes, a screen."""

import secrets
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.application.desk import Aside, Desk
from bot.application.messages import Message, Screen
from bot.application.services import BRUSSELS, Services
from dialogues.events import Asked, Context, Option, Said, State
from dialogues.model import StepKind
from storage.unit_of_work import UnitOfWork

LEFT_OPEN = "progress.open"
LOOKED_UP = ("agenda",)  # pages where one looks something up: always begun anew, never « on en était à… »


def new_screen_id() -> str:
    """128 bits that cannot be guessed, in 22 characters."""
    return secrets.token_urlsafe(16)


@dataclass(slots=True)
class Scene:
    """One message of one person (`uow` and `person` set) or of one visit (neither)."""

    services: Services
    channel: str
    seed: str
    now: datetime  # UTC
    desk: Desk
    profile: MutableMapping[str, Any]
    uow: UnitOfWork | None = None
    person: str | None = None
    message_key: str = ""
    messages: list[Message] = field(default_factory=list)
    changed: dict[str, Any] = field(default_factory=dict)
    notice: str = ""
    new_screen_id: Callable[[], str] = new_screen_id
    started: list[str] = field(default_factory=list)  # digests of pages begun: their source is kept
    then: str = ""  # what `asides.follow` must see to once the page has had its say
    erase: bool = False  # the person asked to be forgotten: nothing of this scene is kept
    detach: bool = False  # the person leaves this channel once this was said
    kind: str = "reply"  # of the outbox: why these words go out
    source: str = ""  # of those rows, when it is not the turn
    expires: datetime | None = None  # when these words are of no use any more
    told: int = 0  # messages at the beginning of the list that were shown before
    pressed: bool = False  # a button was touched: notices are the platform's own
    asked_anew: bool = False  # a screen was put up in this scene
    replay: str = ""  # words set aside for a question of ours, to be read again

    @property
    def visiting(self) -> bool:
        """Whether nothing may be kept."""
        return self.uow is None

    def context(self) -> Context:
        """What the engine may know of the world at this moment."""
        return Context(
            now=self.now.astimezone(BRUSSELS),
            seed=self.seed,
            channel=self.channel,
            words=self.services.words(),
            pages=self.services.pages,
        )

    # ------------------------------------------------------------ what the bot says

    def micro(self, key: str, **values: Any) -> str:
        """A service sentence in the words of the content folder, the centre's own words filled in."""
        known = {**self.services.words(), **values}
        return self.services.library.microcopy.say(key, seed=self.seed + self.message_key, **known)

    def say(self, key: str, **values: Any) -> None:
        """Say a service sentence as a bubble."""
        self.add("text", {"text": self.micro(key, **values)})

    def said(self, event: Said) -> None:
        """Pass on a bubble of the page."""
        self.add("text", {"text": event.text})

    def add(self, kind: str, body: dict[str, Any], side: str = "bot") -> None:
        """Put one item at the end of the conversation."""
        self.messages.append(Message(side, kind, body, 0, self.now))

    def ask(self, asked: Asked) -> None:
        """Show a new screen; the one before is closed."""
        if asked.card is not None:
            self.add("card", card_body(asked))
        self.desk.screen = Screen(self.new_screen_id(), asked)
        self.asked_anew = True

    def ask_aside(self, kind: str, prompt: str, options: list[Option], **data: Any) -> None:
        """Ask a question of the application itself."""
        self.add("text", {"text": prompt})
        self.desk.aside = Aside(kind, data)
        self.ask(Asked(kind=StepKind.CHOICE, prompt=prompt, options=tuple(options), skippable=False))

    # ------------------------------------------------------------ what is remembered

    @property
    def left_open(self) -> dict[str, Any]:
        """The pages to be taken up again: page id -> {"state": ..., "at": iso}, the last one left last."""
        return dict(self.profile.get(LEFT_OPEN) or {})

    def leave_open(self) -> None:
        """Put the running page with those to be taken up again, if there is one."""
        run = self.desk.run
        if run is not None and run.page in LOOKED_UP:
            self.desk.run = None
        elif run is not None:
            left = {"state": run.to_json(), "at": self.now.isoformat()}
            others = {page: one for page, one in self.left_open.items() if page != run.page}
            self.note(LEFT_OPEN, {**others, run.page: left})
            self.desk.run = None

    def forget_open(self, page: str) -> None:
        """The page is begun anew: where it was left no longer counts."""
        opened = self.left_open
        if opened.pop(page, None) is not None:
            self.note(LEFT_OPEN, opened)

    def take_up(self, page: str) -> State | None:
        """The state of a page left open, which then counts as running; None when it is not open."""
        opened = self.left_open
        left = opened.pop(page, None)
        if left is None:
            return None
        self.note(LEFT_OPEN, opened)
        self.desk.run = State.from_json(left["state"])
        return self.desk.run

    def note(self, variable: str, value: Any) -> None:
        """Give a variable of the profile a new value."""
        self.profile[variable] = value
        self.changed[variable] = value


def card_body(asked: Asked) -> dict[str, Any]:
    """The card that a screen reacts to, as an item of the conversation."""
    card = asked.card
    if card is None:
        return {}
    return {
        "id": card.id,
        "title": card.title,
        "kind": card.kind,
        "lines": list(card.lines),
        "reasons": list(card.reasons),
        "doubt": card.doubt,
        "source": card.source,
        "url": card.url,
        "position": list(asked.position) if asked.position else None,
    }
