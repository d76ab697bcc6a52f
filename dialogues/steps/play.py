"""One turn in progress: what steps may see, say, ask and write."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from dialogues import render
from dialogues.events import Asked, Card, Context, Event, Noted, Option, Said
from dialogues.library import Library
from dialogues.model import Bubble, Choice, Dialogue, Moment, Note, Step, TargetKind
from dialogues.profile import Kind, fits
from dialogues.steps.phrases import FALLBACKS
from dialogues.steps.values import Values, parse_path

NOTHING = "rien"  # `VAR = rien` empties a variable
EMPTY: dict[Kind, Any] = {Kind.LIST: [], Kind.RECORDS: [], Kind.MAP: {}, Kind.COUNTER: {}}
TRUE_KEYS = frozenset({"yes", "oui", "agree", "true", "yes_"})
FALSE_KEYS = frozenset({"no", "non", "refuse", "false", "no_"})


@dataclass(frozen=True, slots=True)
class Entry:
    """An element of a deck or list: its key and the card that shows it."""

    key: str
    card: Card
    shape: str | None = None
    sides: tuple[str, str] = ("", "")


class Play:
    """The state of a turn. `data` is JSON and becomes `State.data`."""

    def __init__(
        self, library: Library, page: Dialogue, values: Values, data: dict[str, Any], context: Context
    ) -> None:
        self.library = library
        self.page = page
        self.values = values
        self.data = data
        self.context = context
        self.events: list[Event] = []
        self.path: list[str] = []
        self.easy = values.read("user.reading_mode") == "falc"
        self.said: list[list[str]] = []
        self.errands: list[dict[str, Any]] = []  # answered in this turn

    # ------------------------------------------------------------ words

    @property
    def progress(self) -> dict[str, Any]:
        """How far the current step is (cards dealt, things typed); emptied when a moment opens."""
        found: dict[str, Any] = self.data.setdefault("step", {})
        return found

    def text(self, template: str) -> str:
        """A template in this learner's words."""
        return render.fill(template, self.shown, str(self.values.read("user.accord") or "n"))

    def shown(self, name: str) -> str | None:
        """What a name looks like in a text, or None when there is nothing to show."""
        value = self.values.read(name)
        return (
            None
            if value is None
            else render.spoken(value, lambda key: self.label(name, key), self.context.now.date())
        )

    def label(self, name: str, key: str) -> str:
        """The words that stand for a key of a variable: its button, its card, or the key itself."""
        path = parse_path(name)
        names = [name, path.base, str(self.values.alias.get(path.base, {}).get("source", ""))]
        for candidate in dict.fromkeys(names):
            found = self.library.label(candidate, key, self.page)
            if found is not None:
                return self.text(found) if "{" in found else found
        return next(
            (found for candidate in dict.fromkeys(names) if (found := self._title(candidate, key))), key
        )

    def _title(self, variable: str, key: str, depth: int = 3) -> str | None:
        """The title of a card that this page takes from a list or deck, such as what an errand brought."""
        for source in self.page.sources.get(variable, ()) if depth else ():
            if source in self.library.decks:
                card = self.library.decks[source].cards.get(key)
                found = card.text if card is not None else None
            else:
                found = self._brought_title(source, key) or self._title(source, key, depth - 1)
            if found:
                return found
        return None

    def _brought_title(self, source: str, key: str) -> str | None:
        cards = (element for element in self.values.elements(source) if isinstance(element, dict))
        return next(
            (str(card["title"]) for card in cards if card.get("id") == key and card.get("title")), None
        )

    def say(self, text: str, simple: str | None = None) -> None:
        """One bubble, given as its template; the easy version is said to those who always read it."""
        words = self.text(simple if self.easy and simple else text)
        self.events.append(Said(words))
        self.said.append([words, self.text(simple) if simple and not self.easy else ""])

    def bubble(self, bubble: Bubble) -> None:
        """A bubble of the page, if its condition holds."""
        if self.values.holds(bubble.condition):
            self.say(bubble.text, bubble.simple)

    def phrase(self, key: str, **given: object) -> str:
        """A service phrase of the content folder, or the engine's own."""
        if self.library.microcopy.has(key):
            return self.library.microcopy.say(key, self.context.seed, **given)
        return render.fill(FALLBACKS[key], lambda name: str(given[name]) if name in given else None)

    def remark(self, key: str, **given: object) -> None:
        """Say a service phrase; it is not part of what `simple` repeats."""
        self.events.append(Said(self.phrase(key, **given)))

    @property
    def prompt(self) -> str:
        """The question that the screen belongs to: the last bubble said."""
        if self.said:
            return self.said[-1][0]
        last = self.data.get("said") or [["", ""]]
        return str(last[-1][0])

    # ------------------------------------------------------------ buttons and cards

    def ask(self, step: Step, **screen: Any) -> None:
        """Emit the screen of a step."""
        self.events.append(Asked(step.kind, self.prompt, private=step.private, **screen))

    def buttons(self, moment: Moment) -> list[Choice]:
        """The buttons that this learner sees: their condition holds and their page exists."""
        return [
            choice
            for choice in moment.choices
            if self.values.holds(choice.condition)
            and (
                choice.target is None
                or choice.target.kind is not TargetKind.PAGE
                or choice.target.name in self.context.pages
            )
        ]

    def options(self, choices: Iterable[Choice]) -> tuple[Option, ...]:
        """Buttons as the channel shows them."""
        drives = self.library.decks.get("drives")
        known = drives.cards if drives else {}
        return tuple(
            Option(choice.key, self.text(choice.label), choice.key if choice.key in known else None)
            for choice in choices
        )

    def entries(self, step: Step) -> list[Entry]:
        """The cards of a step's deck or list, in order, before any are taken away."""
        if step.deck is None:
            return []
        deck = self.library.decks.get(step.deck)
        if deck is not None:
            keys = step.deck_keys or tuple(deck.cards)
            found = [
                _of_deck(deck.kind, key, deck.cards[key], easy=self.easy) for key in keys if key in deck.cards
            ]
        else:
            found = [
                self._of_list(step.deck, element, index)
                for index, element in enumerate(self.values.elements(step.deck))
            ]
        distinct = list({entry.key: entry for entry in found}.values())
        return self.shuffled(distinct) if step.shuffled else distinct

    def shuffled(self, entries: list[Entry]) -> list[Entry]:
        """A stable order per person."""
        return sorted(
            entries, key=lambda entry: hashlib.sha256(f"{self.context.seed}|{entry.key}".encode()).digest()
        )

    def _of_list(self, source: str, element: Any, index: int) -> Entry:
        if isinstance(element, dict):
            title = str(
                element.get("title")
                or element.get("name")
                or element.get("text")
                or element.get("id")
                or index + 1
            )
            key = str(element.get("id") or element.get("key") or title)
            return Entry(key, _card(key, title, element), element.get("drive"))
        key = str(element)
        return Entry(key, Card(key, self.label(source, key), "own"))

    # ------------------------------------------------------------ writing

    def note(self, note: Note) -> None:
        """`VAR = v`, `VAR + v` or `nouveau VAR`."""
        if note.operation == "open":
            self.values.open_record(parse_path(note.variable).base)
            return
        kind = self.values.kind(note.variable)
        value = self._meant(note.value)
        if note.operation == "append":
            self.append(note.variable, value)
        elif note.value == NOTHING:
            self.values.write(note.variable, EMPTY.get(kind))
        elif kind in (Kind.LIST, Kind.RECORDS) and not isinstance(value, list):
            self.values.write(note.variable, [] if value is None else [value])
        else:
            self.values.write(
                note.variable, self.fitted(note.variable, str(value)) if isinstance(value, str) else value
            )

    def _meant(self, words: str) -> Any:
        if words.startswith("{") and words.endswith("}") and render.is_name(words[1:-1].strip()):
            return self.values.read(words[1:-1].strip())
        return self.text(words)

    def append(self, name: str, value: Any, *, private: bool = False) -> None:
        """Add to a list what is not in it yet (one more, for a map of counts; a number, for a number)."""
        old = self.values.read(name)
        if isinstance(old, bool) or value is None:
            return
        if isinstance(old, int) and str(value).lstrip("-").isdecimal():
            self.values.write(name, old + int(value), private=private)
        elif self.values.kind(name) is Kind.COUNTER or isinstance(old, dict):
            for key in value if isinstance(value, list) else [str(value)]:
                self.values.write(
                    f"{name}.{key}", int((self.values.read(f"{name}.{key}")) or 0) + 1, private=private
                )
        else:
            before = list(old) if isinstance(old, list | tuple) else [] if old is None else [old]
            fresh = [item for item in (value if isinstance(value, list) else [value]) if item not in before]
            self.values.write(name, before + fresh, private=private)

    def fitted(self, name: str, key: str) -> Any:
        """A key as its variable keeps it: yes/no for a bool, a number for an int."""
        kind = self.values.kind(name)
        if kind is Kind.BOOL:
            return True if key in TRUE_KEYS else False if key in FALSE_KEYS else None
        return int(key) if kind is Kind.INT and key.isdecimal() else key

    def keep(self, moment: Moment, step: Step, value: Any) -> None:
        """Write an answer where the step says: into a list it is added, into a map or record under the moment's name."""
        if step.variable is None or value is None:
            return
        kind = self.values.kind(step.variable)
        if kind in (Kind.ENUM, Kind.BOOL) and isinstance(value, str):
            value = self.fitted(step.variable, value) if fits(step.variable, value) else None
            if value is None:
                return
        if kind in (Kind.RECORDS, Kind.MAP):
            self.values.write(f"{step.variable}.{moment.name}", value, private=step.private)
        elif kind in (Kind.LIST, Kind.COUNTER):
            self.append(step.variable, value, private=step.private)
        else:
            fitted = self.fitted(step.variable, value) if isinstance(value, str) else value
            self.values.write(step.variable, fitted, private=step.private)

    def noted(self) -> list[Event]:
        """The variables that changed, with their whole new values."""
        values = self.values
        return [
            Noted(name, value, name in values.private)
            for name, value in values.changed.items()
            if value != values.profile.get(name)
        ]


def _of_deck(kind: str, key: str, card: Any, *, easy: bool) -> Entry:
    title = (card.simple if easy and card.simple else card.text) or f"{card.left} / {card.right}"
    return Entry(key, Card(key, title, kind), card.drive, (card.left, card.right))


def _card(key: str, title: str, raw: dict[str, Any]) -> Card:
    """A card brought by an errand: the fields of `events.Card`, whatever else it carries."""
    words = {name: str(raw[name]) for name in ("kind", "doubt", "source", "url") if raw.get(name)}
    lists = {name: tuple(str(item) for item in raw.get(name) or ()) for name in ("lines", "reasons")}
    return Card(
        key,
        title,
        words.get("kind", "occupation"),
        lists["lines"],
        lists["reasons"],
        words.get("doubt", ""),
        words.get("source", ""),
        words.get("url", ""),
    )
