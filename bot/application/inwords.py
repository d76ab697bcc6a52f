"""What is kept about somebody, in words they can read: labels instead of keys, days instead of instants."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from bot.application.services import BRUSSELS
from careers.catalogue import Catalogue
from dialogues.library import Library
from dialogues.render import french_date, joined

_INSTANT = re.compile(r"^\d{4}-\d{2}-\d{2}T")
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")
HIDDEN = ("media_id", "id", "gathering", "texts")  # numbers of ours inside an answer


class Words:
    """Turns the values of a profile into French, with the labels of pages, decks and the catalogue."""

    def __init__(self, library: Library, catalogue: Catalogue) -> None:
        self._library = library
        self._catalogue = catalogue

    def label(self, variable: str) -> str:
        """What a variable is, in French."""
        return self._micro(f"variable.{variable}") or self._micro("variable_unknown") or variable

    def value(self, variable: str, value: Any) -> str:
        """The value of a variable, in French."""
        if isinstance(value, bool):
            return "oui" if value else "non"
        if isinstance(value, Mapping):
            return self._mapping(variable, value)
        if isinstance(value, list | tuple):
            items = [said for item in value if (said := self.value(variable, item))]
            return " / ".join(items) if any(isinstance(item, Mapping) for item in value) else joined(items)
        return self._word(variable, value) if isinstance(value, str) else str(value)

    def _mapping(self, variable: str, value: Mapping[str, Any]) -> str:
        if isinstance(value.get("title"), str) and "kind" in value:  # a card of ours
            return str(value["title"])
        if isinstance(value.get("page"), str):  # a page that was finished
            return self._word(variable, str(value["page"]))
        parts = [
            f"{self._key(variable, str(key))} : {said}"
            for key, one in value.items()
            if key not in HIDDEN
            and not (key == "job" and value.get("name"))
            and one not in (None, "", [], {})
            and (said := self.value(f"{variable}.{key}", one))
        ]
        return " ; ".join(parts)

    def _key(self, variable: str, key: str) -> str:
        return self._micro(f"field.{key}") or self._word(variable, key)

    def _word(self, variable: str, word: str) -> str:
        if _INSTANT.match(word) or _DAY.match(word):
            return _day(word)
        known = self._library.label(variable, word) or self._library.label(variable.rpartition(".")[0], word)
        return known or self._title(word) or self._micro(f"said.{word}") or word

    def _title(self, word: str) -> str:
        """The name of an occupation, a programme, a page or an activity that the word is the key of."""
        kind, _, item = word.rpartition(":")
        if kind in ("", "occupation") and item in self._catalogue.occupations:
            occupation = self._catalogue.occupations[item]
            return f"{occupation.feminine} ou {occupation.masculine}"
        if kind in ("", "programme") and item in self._catalogue.programmes:
            return self._catalogue.programmes[item].title
        if word in self._catalogue.domains:
            return self._catalogue.domains[word].label
        if kind == "vacancy":
            return self._micro("card_kind.vacancy")
        if word in self._library.pages:
            return self._library.pages[word].title
        return next(
            (deck.cards[word].text for deck in self._library.decks.values() if word in deck.cards), ""
        )

    def _micro(self, key: str) -> str:
        microcopy = self._library.microcopy
        return microcopy.say(key) if microcopy.has(key) else ""


def _day(text: str) -> str:
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return text
    day: date = when.astimezone(BRUSSELS).date() if when.tzinfo else when.date()
    return f"{french_date(day)} {day.year}"
