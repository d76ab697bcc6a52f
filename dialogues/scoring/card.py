"""Says the drives of the moment on a card, in the learner's own answers (content, section 3.6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dialogues.scoring import bank as banks
from dialogues.scoring.answers import DRIVES, DUELS, POINTS, REACTIONS, Bank
from dialogues.scoring.interests import Reliability, Result, personal_order, score

DOTS = 5
QUOTES = 2


@dataclass(frozen=True, slots=True)
class Quote:
    """A real answer of the learner: `said` is the button pressed, `activity` what it was about."""

    said: str
    activity: str
    drive: str

    def __str__(self) -> str:
        verb = "tu as choisi" if not self.said else f"tu as dit « {self.said} » à"
        return f"{verb} {self.activity}"


@dataclass(frozen=True, slots=True)
class Row:
    """A drive put forward: its words, its shape, 0-5 dots and the answers that brought it there."""

    drive: str
    label: str
    emoji: str
    shape: str
    dots: int
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A drive "à essayer pour voir", not among those in front, with one of its activities."""

    drive: str
    label: str
    emoji: str
    shape: str
    activity: str


@dataclass(frozen=True, slots=True)
class InterestCard:
    """What the card says: no letter, no figure, no "tu es". `rose` gives 0-5 dots by drive, None if unknown."""

    title: str
    reliability: Reliability
    answered: int
    rows: tuple[Row, ...]
    stretch: Stretch | None
    rose: Mapping[str, int | None]
    correction: str
    note: str = "Ce n'est pas une note. Ça bouge avec le temps."
    question: str = "Ça te ressemble ?"


_SAID = {"love": "trop bien", "maybe": "pourquoi pas"}


def interest_card(
    profile: Mapping[str, Any], seed: str, library: banks.HasDecks | None = None
) -> InterestCard:
    """The card for a stored profile (variables by name). Without a library, the shipped decks are used.

    Highlights already noted are kept, so that the card shows what the learner was told.
    """
    bank = banks.shipped() if library is None else banks.from_library(library)
    ratings: Mapping[str, Any] = profile.get("interest.item_ratings") or {}
    result = score(ratings, mode_of(profile), bank, seed)
    highlights = tuple(profile.get("interest.highlights") or result.highlights)
    return InterestCard(
        "Tes élans du moment",
        result.reliability,
        result.answered,
        tuple(_row(drive, result, ratings, bank, len(highlights)) for drive in highlights),
        stretch(highlights, ratings, bank, seed),
        {drive: dots(result.scores.get(drive)) for drive in DRIVES},
        str(profile.get("interest.self_correction") or ""),
    )


def mode_of(profile: Mapping[str, Any]) -> str:
    """The mode of the answers, reactions when the learner has not said."""
    return DUELS if profile.get("interest.mode") == DUELS else REACTIONS


def dots(value: int | None) -> int | None:
    """A score of 0-100 as 0 to 5 dots."""
    return None if value is None else (value + 10) // 20


def quotes(drives: Sequence[str], ratings: Mapping[str, Any], mode: str, bank: Bank) -> tuple[Quote, ...]:
    """The learner's warm answers on these drives: "trop bien" first, each drive in turn."""
    found = [_warm(drive, ratings, mode, bank) for drive in drives]
    longest = max((len(each) for each in found), default=0)
    in_turn = [each[rank] for rank in range(longest) for each in found if rank < len(each)]
    return tuple(sorted(in_turn, key=lambda quote: quote.said == _SAID["maybe"]))


def stretch(highlights: Sequence[str], ratings: Mapping[str, Any], bank: Bank, seed: str) -> Stretch | None:
    """A drive that is not in front, taken at random (stable for a person), never an activity refused."""
    others = [drive for drive in DRIVES if drive not in highlights]
    for drive in personal_order(others, f"{seed}:stretch"):
        items = [item for item in bank.items.values() if item.drive == drive]
        open_items = [item for item in items if ratings.get(item.key) not in ("no", "meh")]
        if open_items:
            best = max(open_items, key=lambda item: POINTS.get(str(ratings.get(item.key))) or 0)
            words = bank.drives[drive]
            return Stretch(drive, words.label, words.emoji, words.shape, lowered(best.text))
    return None


def lowered(text: str) -> str:
    """An activity in the middle of a sentence: "filmer et monter une courte vidéo"."""
    return text[:1].lower() + text[1:]


def _warm(drive: str, ratings: Mapping[str, Any], mode: str, bank: Bank) -> list[Quote]:
    if mode == DUELS:
        sides = [
            side
            for duel in bank.duels.values()
            for side in ((duel.left, duel.left_drive, "left"), (duel.right, duel.right_drive, "right"))
            if side[1] == drive and ratings.get(duel.key) == side[2]
        ]
        return [Quote("", lowered(text), drive) for text, _, _ in sides]
    items = [item for item in bank.items.values() if item.drive == drive]
    return [
        Quote(_SAID[value], lowered(item.text), drive)
        for value in _SAID
        for item in items
        if ratings.get(item.key) == value
    ]


def _row(drive: str, result: Result, ratings: Mapping[str, Any], bank: Bank, rows: int) -> Row:
    words = bank.drives[drive]
    wanted = QUOTES if rows == 1 else 1  # at least two real answers on a card, whatever its number of rows
    said = quotes([drive], ratings, result.mode, bank)[:wanted]
    return Row(drive, words.label, words.emoji, words.shape, dots(result.scores.get(drive)) or 0, said)
