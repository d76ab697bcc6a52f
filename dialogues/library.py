"""The content folder in memory: pages with their older versions, decks of cards and short service phrases."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from dialogues.model import Dialogue
from dialogues.parse import Problem, parse
from dialogues.profile import VARIABLES
from dialogues.render import fill

CONTENT = Path(__file__).parent / "content" / "fr"


class LibraryError(Exception):
    """The content cannot be used; `problems` lists everything that is wrong, file by file."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass(frozen=True, slots=True)
class DeckCard:
    """A card: `text`, or `left` and `right` for a duel. Keys of the file that are not fields are in `extra`."""

    key: str
    text: str = ""
    drive: str | None = None
    left: str = ""
    right: str = ""
    left_drive: str | None = None
    right_drive: str | None = None
    simple: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Deck:
    """A named deck; `cards` keep the order in which learners meet them. `kind` is that of events.Card."""

    id: str
    cards: Mapping[str, DeckCard]
    kind: str = "activity"


@dataclass(frozen=True)
class Microcopy:
    """Short phrases by key, each with one or several variants chosen by a stable hash of the seed."""

    phrases: Mapping[str, tuple[str, ...]]

    def say(self, key: str, seed: str = "", **values: object) -> str:
        """The phrase with its `{name}` filled; a name without value gives "…". KeyError for an unknown key."""
        variants = self.phrases[key]
        chosen = variants[0]
        if len(variants) > 1:
            chosen = variants[hashlib.sha256(f"{seed}|{key}".encode()).digest()[0] % len(variants)]
        return fill(chosen, lambda name: str(values[name]) if name in values else None)

    def has(self, key: str) -> bool:
        """Whether that phrase exists."""
        return key in self.phrases


@dataclass
class Library:
    """Everything that learners read in a dialogue. Older versions of pages stay reachable by their digest."""

    pages: Mapping[str, Dialogue]
    decks: Mapping[str, Deck]
    microcopy: Microcopy
    versions: dict[str, Dialogue] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for page in self.pages.values():
            self.versions.setdefault(page.digest, page)

    def page(self, page_id: str, digest: str | None = None) -> Dialogue | None:
        """The page of today, or the version that a learner began; None when it is not known any more."""
        if digest is None:
            return self.pages.get(page_id)
        found = self.versions.get(digest)
        return found if found is not None and found.id == page_id else None

    def version(self, digest: str) -> Dialogue | None:
        """The page whose source has this SHA-256."""
        return self.versions.get(digest)

    def add_version(self, source: str) -> Dialogue:
        """Keep an older source of a page, so that learners who began it can go on. LibraryError if damaged."""
        page, problems = parse(source, "version")
        if page is None:
            raise LibraryError(problems)
        self.versions.setdefault(page.digest, page)
        return page

    def label(self, variable: str, key: str, page: Dialogue | None = None) -> str | None:
        """The words that stand for a key of a variable: of this page first, then of its deck, then anywhere."""
        if page is not None:
            found = page.labels.get(variable, {}).get(key)
            if found is not None:
                return found
        declared = VARIABLES.get(variable)
        deck = self.decks.get(declared.deck) if declared is not None and declared.deck else None
        if deck is not None and key in deck.cards:
            return deck.cards[key].text or None
        return self._labels.get(variable, {}).get(key)

    @cached_property
    def _labels(self) -> dict[str, dict[str, str]]:
        merged: dict[str, dict[str, str]] = {}
        for page in self.pages.values():
            for variable, labels in page.labels.items():
                merged.setdefault(variable, {}).update(labels)
        return merged


def load(folder: Path | None = None) -> Library:
    """Read `*.md`, `decks/*.toml` and `microcopy.toml`. LibraryError with all problems at once."""
    library, problems = read(folder)
    if problems:
        raise LibraryError(problems)
    return library


def read(folder: Path | None = None) -> tuple[Library, list[Problem]]:
    """What could be read of a folder, without its damaged pages, and all problems (for the check)."""
    root = CONTENT if folder is None else folder
    problems: list[Problem] = []
    pages = _pages(root, problems)
    decks = _decks(root / "decks", problems)
    microcopy = _microcopy(root / "microcopy.toml", problems)
    return Library(pages, decks, microcopy), problems


def _pages(root: Path, problems: list[Problem]) -> dict[str, Dialogue]:
    pages: dict[str, Dialogue] = {}
    for path in sorted(path for path in root.glob("*.md") if path.is_file()):
        source = _read(path, problems)
        if source is None or not is_page(source):
            continue
        page, found = parse(source, path.stem)
        problems.extend(replace(problem, where=path.name) for problem in found)
        if page is None:
            continue
        if page.id != path.stem:
            problems.append(
                Problem(
                    "page_name",
                    1,
                    f"La page s'appelle « {page.id} » mais son fichier « {path.name} ».",
                    path.name,
                )
            )
        pages[page.id] = page
    return pages


def is_page(source: str) -> bool:
    """Whether a Markdown file claims to be a page; the author's guide in the same folder does not."""
    return any(line.startswith("`page ") for line in source.splitlines()[:12])


def _read(path: Path, problems: list[Problem]) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        problems.append(Problem("encoding", 1, "Le fichier n'est pas en UTF-8.", path.name))
        return None


def _toml(path: Path, problems: list[Problem]) -> dict[str, Any]:
    source = _read(path, problems)
    try:
        return tomllib.loads(source or "")
    except tomllib.TOMLDecodeError as error:
        problems.append(Problem("toml", 1, f"Le fichier TOML est abîmé : {error}.", path.name))
        return {}


_CARD_FIELDS = ("text", "drive", "left", "right", "left_drive", "right_drive", "simple")


def _decks(root: Path, problems: list[Problem]) -> dict[str, Deck]:
    decks: dict[str, Deck] = {}
    for path in sorted(root.glob("*.toml")):
        raw = _toml(path, problems)
        rows = raw.get("cards", {})
        cards = (
            {key: _card(key, row, path, problems) for key, row in rows.items()}
            if isinstance(rows, dict)
            else {}
        )
        if not cards:
            problems.append(Problem("deck_empty", 1, "Ce paquet n'a aucune carte `[cards.x]`.", path.name))
        order = raw.get("order", list(cards))
        if sorted(order) != sorted(cards):
            problems.append(
                Problem("deck_order", 1, "La ligne `order` ne reprend pas exactement les cartes.", path.name)
            )
            order = list(cards)
        decks[path.stem] = Deck(
            path.stem, {key: cards[key] for key in order}, str(raw.get("kind", "activity"))
        )
    return decks


def _card(key: str, row: Any, path: Path, problems: list[Problem]) -> DeckCard:
    values = row if isinstance(row, dict) else {"text": row}
    known = {name: values[name] for name in _CARD_FIELDS if name in values}
    wrong = [name for name, value in known.items() if not isinstance(value, str) or not value.strip()]
    if wrong or not (known.get("text") or (known.get("left") and known.get("right"))):
        problems.append(Problem("card", 1, f"La carte « {key} » n'a pas de texte.", path.name))
        return DeckCard(key)
    return DeckCard(key, **known, extra={name: value for name, value in values.items() if name not in known})


def _microcopy(path: Path, problems: list[Problem]) -> Microcopy:
    phrases: dict[str, tuple[str, ...]] = {}
    for key, value in _flat(_toml(path, problems) if path.exists() else {}):
        variants = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else ()
        if not variants or not all(isinstance(variant, str) and variant.strip() for variant in variants):
            problems.append(Problem("microcopy", 1, f"La phrase « {key} » est vide.", path.name))
            continue
        phrases[key] = variants
    return Microcopy(phrases)


def _flat(raw: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    """`[reaction] love = "…"` and `"reaction.love" = "…"` are the same phrase."""
    pairs: list[tuple[str, Any]] = []
    for key, value in raw.items():
        name = f"{prefix}{key}"
        pairs.extend(_flat(value, f"{name}.") if isinstance(value, dict) else [(name, value)])
    return pairs
