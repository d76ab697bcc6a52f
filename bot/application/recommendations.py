"""From profile variables to the matcher's own input, and from suggestions to cards that a learner can read."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from bot.application import card_facts, labs_lived
from careers import nearby
from careers.because import name, shortened
from careers.catalogue import Catalogue
from careers.model import (
    Interests,
    Occupation,
    Place,
    Programme,
    Reason,
    Refusal,
    Suggestion,
    Vacancy,
)
from dialogues.library import Library

# The only variables that may reach the matcher (content, §3.7). Gender, first name, school, mood... never do.
ALLOWED = (
    "interest.scores",
    "interest.highlights",
    "interest.item_ratings",
    "interest.self_correction",
    "job.reactions",
    "job.seen",
    "value.ranking",
    "value.kept",
    "pride.skills",
    "project.words",
    "book.entries",
    "session.log",
    "domain.reactions",
    "near.reactions",
)
REFUSED = ("far", "long", "not_me", "seen")
LONGEST_TITLE = 120  # characters


def interests(
    profile: Mapping[str, Any], library: Library, *, place: Place | None = None, project: str = ""
) -> Interests:
    """What the matcher may know of a learner. `place` only when the learner asked for what is near it."""
    known = {variable: profile.get(variable) for variable in ALLOWED}
    scores = _mapping(known["interest.scores"])
    return Interests(
        drives=labs_lived.drives(scores, known["session.log"]),
        highlights=_words(known["interest.highlights"]),
        liked=tuple(_rated(known["interest.item_ratings"], library, "love", 0)),
        disliked=tuple(_rated(known["interest.item_ratings"], library, "no", 1)),
        reactions=_reactions(known["job.reactions"], known["near.reactions"]),
        values=_words(known["value.ranking"]) or _words(known["value.kept"]),
        skills={skill: int(n) for skill, n in _mapping(known["pride.skills"]).items() if isinstance(n, int)},
        own_words=str(known["interest.self_correction"] or ""),
        project=project or project_text(profile),
        project_tools=_tools(_last(known["book.entries"]).get("tools")),
        labs=tuple(labs_lived.labs(known["session.log"], known["domain.reactions"])),
        unwanted=tuple(labs_lived.unwanted(known["domain.reactions"])),
        place=place,
        refusals=tuple(_refusals(known["near.reactions"])),
        seen=frozenset({*_words(known["job.seen"]), *_already(known["near.reactions"])}),
    )


def project_text(profile: Mapping[str, Any]) -> str:
    """The learner's project in their own words: what they just said of it, else their last page of the book."""
    page = _last(profile.get("book.entries"))
    written = [str(page.get("title") or ""), str(page.get("made") or ""), _tools(page.get("tools"))]
    return str(profile.get("project.words") or "") or "\n".join(part for part in written if part)


def _rated(ratings: Any, library: Library, wanted: str, side: int) -> Iterator[tuple[str, str, str]]:
    """Activities said "trop bien" or "pas pour moi"; in a duel, the side taken and the side left."""
    found = _mapping(ratings)
    for deck in ("interest_items", "interest_items_b"):
        for key, card in library.decks[deck].cards.items() if deck in library.decks else ():
            if found.get(key) == wanted and card.drive:
                yield key, card.drive, lowered(card.text)
    duels = library.decks["interest_duels"].cards if "interest_duels" in library.decks else {}
    for key, duel in duels.items():
        sides = ((duel.left_drive, duel.left), (duel.right_drive, duel.right))
        if side == 0 and found.get(key) in ("left", "right"):
            drive, text = sides[found[key] == "right"]
            if drive:
                yield key, drive, lowered(text)


def _tools(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value or "")


def age_from(band: Any) -> int | None:
    """The youngest age of an age band ("13-15"), so that what is said to be open is open to all of it."""
    first = str(band or "").partition("-")[0]
    return int(first) if first.isdigit() else None


def _reactions(jobs: Any, near: Any) -> dict[str, str]:
    found = {job: _appeal(said) for job, said in _mapping(jobs).items()}
    for key, said in _mapping(near).items():
        kind, _, item = str(key).partition(":")
        if kind == "occupation" and said == "love":
            found.setdefault(item, "love")
    return {job: appeal for job, appeal in found.items() if appeal}


def _appeal(said: Any) -> str:
    return said if isinstance(said, str) else str(_mapping(said).get("appeal") or "")


def _already(near: Any) -> Iterator[str]:
    """What was reacted to near the learner's place: a next list shows something else."""
    return (str(key).partition(":")[2] for key in _mapping(near))


def _refusals(near: Any) -> Iterator[Refusal]:
    for key, said in _mapping(near).items():
        kind, _, item = str(key).partition(":")
        if said in REFUSED and item:
            yield Refusal(kind, item, said)


def cards(
    suggestions: Sequence[Suggestion],
    catalogue: Catalogue,
    vacancies: Mapping[str, Vacancy],
    library: Library,
    today: date,
) -> list[dict[str, Any]]:
    """The cards of a list of suggestions (the fields of `dialogues.events.Card`, JSON), each with its why."""
    found = (_card(one, catalogue, vacancies, library, today) for one in suggestions)
    return [card for card in found if card is not None]


def _card(
    one: Suggestion, catalogue: Catalogue, vacancies: Mapping[str, Vacancy], library: Library, today: date
) -> dict[str, Any] | None:
    item = _item(one, catalogue, vacancies)
    if item is None:
        return None
    title, lines, url = _face(item, library)
    lines += card_facts.lines(item, catalogue, library)
    return {
        "id": f"{one.kind}:{one.id}",
        "title": _titled(title),
        "kind": one.kind,
        "lines": [line for line in lines if line],
        "reasons": [said("reason", reason, library) for reason in one.reasons],
        "doubt": said("doubt", one.doubt, library),
        "source": source(item, library, today),
        "url": url,
    }


def _item(
    one: Suggestion, catalogue: Catalogue, vacancies: Mapping[str, Vacancy]
) -> Occupation | Programme | Vacancy | None:
    match one.kind:
        case "occupation":
            return catalogue.occupations.get(one.id)
        case "programme":
            return catalogue.programmes.get(one.id)
        case _:
            return vacancies.get(one.id)


def _face(item: Occupation | Programme | Vacancy, library: Library) -> tuple[str, list[str], str]:
    match item:
        case Occupation():
            return capital(name(item)), [item.one_line], ""
        case Programme():
            where = ", ".join(part for part in (item.institution.name, item.campus) if part)
            return (
                item.title,
                [where, ", ".join(part for part in (item.level, nearby.spoken_length(item)) if part)],
                item.url,
            )
        case Vacancy():
            sample = said("doubt", Reason("sample"), library) if item.sample else ""
            where = ", ".join(part for part in (item.employer, item.locality) if part)
            return (
                item.title,
                [where, ", ".join(part for part in (item.contract, item.regime) if part), sample],
                item.url,
            )


def _titled(title: str) -> str:
    """A title of a table, without its long brackets when they make it too long for a card."""
    return title if len(title) <= LONGEST_TITLE else shortened(title.split(" (", 1)[0], LONGEST_TITLE)


def said(family: str, reason: Reason, library: Library) -> str:
    """A reason or a doubt in the words of the content folder."""
    values = dict(reason.values)
    if "text" in values:
        values["text"] = lowered(values["text"])
    return library.microcopy.say(f"{family}.{reason.key}", **values)


def source(item: Occupation | Programme | Vacancy, library: Library, today: date) -> str:
    """Where it comes from, the date it was seen, and a warning when that is long ago."""
    forem = isinstance(item, Vacancy) and "forem" in item.source.name.lower()
    return card_facts.told(item.source, library, today, forem=forem)


def capital(text: str) -> str:
    """With a capital letter at the start."""
    return text[:1].upper() + text[1:]


def lowered(text: str) -> str:
    """As it stands inside a sentence; an abbreviation keeps its capitals."""
    first = text.split(" ", 1)[0]
    return text if first.isupper() and len(first) > 1 else text[:1].lower() + text[1:]


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _words(value: Any) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, list | tuple) else ()


def _last(value: Any) -> Mapping[str, Any]:
    return _mapping(value[-1]) if isinstance(value, list) and value else {}
