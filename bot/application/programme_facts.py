"""What is known of a programme for one criterion of a comparison, where it comes from, and what to ask when nothing is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.application import card_facts
from bot.application.recommendations import lowered
from bot.application.services import Services
from careers import because, nearby, refusals, rules
from careers.model import Place, Pointer, Programme, Source
from dialogues.library import Library

CRITERIA = (
    "content", "way", "level", "money", "travel", "exit",
    "support", "rhythm", "people", "abroad", "gate", "stage",
)  # fmt: skip
USUAL = ("content", "money", "travel")  # for whoever named none
_ALTERNATION = "alternance"
_HOURS = ("horaire", _ALTERNATION)
_SHORT = re.compile(r"\(([A-Z]\w{1,9})\)")
_LONGEST_TITLE = 70  # characters, beside the name of the school
_MOST_JOBS = 3
_BRIDGE, _BRIDGED = "passerelle", ("haute_ecole", "school_of_arts")
_LEGAL_FEES, _UNIVERSITY, _SCHOOL = "minerval légal", "fees_university", "fees_school"
POINTER = "pointer:"


Item = Programme | Pointer  # what is compared, when the catalogue has it


@dataclass(frozen=True, slots=True)
class Known:
    """What facts may be told against: the place that the learner named and the occupations they kept."""

    services: Services
    place: Place | None = None
    kept: Sequence[str] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known, and where from. An empty text: nobody knows, which is said."""

    text: str = ""
    source: Source | None = None


def find(key: str, services: Services) -> Item | None:
    """The programme, or the place where one learns in alternation, of that key; None for the learner's own words."""
    catalogue = services.catalogue
    if key.startswith(POINTER):
        return catalogue.pointers.get(key.removeprefix(POINTER))
    return catalogue.programmes.get(key)


def fact(item: Item | None, criterion: str, known: Known) -> Fact:
    """What the catalogue says, or nothing: what is unknown is never filled in."""
    if isinstance(item, Programme):
        return _of_programme(item, criterion, known)
    text = _of_pointer(item, criterion, known) if item else ""
    return Fact(text, item.source) if item and text else Fact()


def _of_programme(programme: Programme, criterion: str, known: Known) -> Fact:
    if criterion in _OWN_SOURCE:
        return _OWN_SOURCE[criterion](programme, known)
    maker = _FACTS.get(criterion)
    text = maker(programme, known) if maker else ""
    return Fact(text, programme.source) if text else Fact()


def _of_pointer(pointer: Pointer, criterion: str, known: Known) -> str:
    match criterion:
        case "content":
            return _say(known, "content", text=lowered(pointer.offers))
        case "way" | "rhythm" | "stage":
            return _say(known, "stage")
        case "level":
            return _say(known, "entry", text=lowered(pointer.audience))
        case "travel":
            return _say(known, "campus", text=pointer.place)
        case _:
            return ""


def _content(programme: Programme, known: Known) -> str:
    said = ", ".join(domain.replace("/", " et ") for domain in programme.domains)
    return _say(known, "content", text=said) if said else ""


def _way(programme: Programme, known: Known) -> str:
    return _say(known, "way", text=programme.level) if programme.level else ""


def _level(programme: Programme, known: Known) -> str:
    """What is asked at the entrance, in plain words where a rule says it, and how long it takes."""
    rule = next(rules.concerning(programme, known.services.catalogue.rules), None)
    length = nearby.spoken_length(programme)
    parts = [_say(known, "entry", text=lowered(programme.entry))] if programme.entry else []
    parts += [_say(known, "length", text=length)] if length else []
    parts += [f"{rule.short.rstrip('.')} ({rule.source.name})."] if rule else []
    return " ".join(parts)


def _money(programme: Programme, known: Known) -> Fact:
    """The cost, with the source of the fees where they are those of the law and not the school's own."""
    if not programme.cost:
        return Fact()
    legal = _LEGAL_FEES in programme.cost.lower()
    key = _UNIVERSITY if programme.institution.kind == "university" else _SCHOOL if legal else ""
    rule = known.services.catalogue.rules.get(key)
    return Fact(lowered(programme.cost), rule.source if rule else programme.source)


def _travel(programme: Programme, known: Known) -> str:
    km = refusals.of_programme(programme, known.place) if known.place else None
    where = programme.campus
    if known.place and km is not None and km >= 1:
        return _say(known, "distance", km=f"{km:.0f}", place=known.place.name, where=where)
    return _say(known, "campus", text=where) if where else ""


def _exit(programme: Programme, known: Known) -> str:
    catalogue = known.services.catalogue
    kept = [catalogue.occupations[one] for one in known.kept if one in catalogue.occupations]
    there = [o for o in kept if any(p.id == programme.id for p, _ in nearby.leading_to(o, catalogue))]
    names = ", ".join(f"« {because.name(o)} »" for o in there[:_MOST_JOBS])
    return _say(known, "exit", text=names) if names else ""


def _rhythm(programme: Programme, known: Known) -> str:
    said = f"{programme.title} {programme.level}".lower()
    return _say(known, "rhythm", text=programme.level) if any(word in said for word in _HOURS) else ""


def _stage(programme: Programme, known: Known) -> str:
    said = f"{programme.title} {programme.level} {programme.entry}".lower()
    return _say(known, "stage") if _ALTERNATION in said else ""


def _gate(programme: Programme, known: Known) -> Fact:
    """The rule of the bridges towards a master, for a bachelor of a haute école or a school of arts."""
    rule = known.services.catalogue.rules.get(_BRIDGE)
    first = programme.level.startswith("bachelier") and programme.institution.kind in _BRIDGED
    return Fact(lowered(rule.short), rule.source) if rule and first else Fact()


_FACTS = {
    "content": _content, "way": _way, "level": _level, "travel": _travel, "exit": _exit,
    "rhythm": _rhythm, "stage": _stage,
}  # fmt: skip


_OWN_SOURCE = {"money": _money, "gate": _gate}


def _say(known: Known, key: str, **values: str) -> str:
    return known.services.library.microcopy.say(f"compare.fact.{key}", **values)


def source(origin: Source, services: Services) -> str:
    """Where a fact comes from, with the day it was seen."""
    return card_facts.told(origin, services.library, services.local_now().date())


def school(item: Item) -> str:
    """What everybody calls the school: its short name when it has one."""
    name = item.institution.name if isinstance(item, Programme) else item.name
    short = _SHORT.search(name)
    return short[1] if short else name.split(" (")[0].split(" – ")[0]


def title(item: Item, longest: int = _LONGEST_TITLE) -> str:
    """A title short enough for a button."""
    whole = item.title if isinstance(item, Programme) else item.name
    return (
        whole if len(whole) <= longest else because.shortened(whole.split(" (")[0].split(" ; ")[0], longest)
    )


def label(item: Item, services: Services) -> str:
    """The title and the school; for an alternation, that it is one."""
    if isinstance(item, Programme):
        return f"{title(item)} ({school(item)})"
    return services.library.microcopy.say("compare.alternation", name=item.name)


def criterion_label(criterion: str, library: Library) -> str:
    """The words of the criterion's button."""
    return library.label("programme.criteria", criterion) or criterion


def question(criterion: str, library: Library) -> str:
    """What to ask when nobody knows, in the middle of a sentence."""
    return library.microcopy.say(f"compare.question.{criterion}")


def chosen(criteria: Any) -> list[str]:
    """The learner's criteria, those that count most first; the usual ones when they named none."""
    said = criteria if isinstance(criteria, Mapping) else {}
    listed = [one for part in ("weight", "also") for one in said.get(part) or () if one in CRITERIA]
    return list(dict.fromkeys(listed)) or list(USUAL)
