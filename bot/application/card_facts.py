"""What a card says beyond the row itself: what staff corrected, the rule that concerns it, shortages, whom to ask."""

import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

from careers import pointers, rules, tables
from careers.catalogue import Catalogue
from careers.freshness import freshness
from careers.model import Fix, Occupation, Programme, Source, Vacancy
from dialogues.library import Library
from dialogues.render import french_date

_FILE = re.compile(r", \S+\.json$")  # which file of a collection: for whoever keeps the tables
SHORT = 100  # characters of a corrected value that a card repeats


def lines(item: Occupation | Programme | Vacancy, catalogue: Catalogue, library: Library) -> Iterator[str]:
    """Lines for the card of an occupation or a programme; nothing for an offer. They never change what is proposed."""
    if isinstance(item, Vacancy):
        return
    for fix in item.fixes:
        yield _corrected(item, fix, library)
    say = library.microcopy.say
    if isinstance(item, Programme):
        yield from [rule.short for rule in rules.concerning(item, catalogue.rules)][-1:]
        return
    for one in catalogue.shortages.get(item.id, ()):
        kind = say("shortage_kind.shortage" if one.kind == "pénurie" else "shortage_kind.critical")
        yield say("card_shortage", year=one.year, label=one.label, kind=kind, site=site(one.url))
    for pointer in pointers.towards(item, catalogue.pointers):
        if not pointer.later and pointer.ages_from is not None:
            yield say("card_pointer", name=pointer.name, age=pointer.ages_from)
            return


def _corrected(item: Occupation | Programme, fix: Fix, library: Library) -> str:
    label = tables.labels()["fields"].get(fix.field, fix.field)
    value = getattr(item, fix.field, "")
    said = value if isinstance(value, str) and not value.startswith("http") else ""
    values = {"field": f"{label} : {said}" if said and len(said) <= SHORT else label}
    when = day(fix.day) if fix.day else ""
    if not fix.source:
        return library.microcopy.say("card_corrected", date=when, **values)
    return library.microcopy.say("card_corrected_from", date=when, site=site(fix.source), **values)


def site(url: str) -> str:
    """The name of a site, as people say it."""
    return urlsplit(url).netloc.removeprefix("www.") or url


def told(origin: Source, library: Library, today: date, *, forem: bool = False) -> str:
    """Where a fact comes from, the day it was seen, and a warning when that is long ago."""
    say = library.microcopy.say
    named = say("forem_attribution") if forem else say("card_source", source=_FILE.sub("", origin.name))
    state = freshness(origin, today)
    if origin.seen is None:
        return f"{named}. {say('fresh_unknown')}"
    seen = say("fresh_old" if state == "old" else "fresh_seen", date=day(origin.seen))
    check = f" {say('fresh_check')}" if state == "check" else ""
    return f"{named}. {seen}{check}"


def day(when: date) -> str:
    """A day in a source: "le 26 février 2025"; a year alone was kept as its first day and is said as "en 2017"."""
    if (when.month, when.day) == (1, 1):
        return f"en {when.year}"
    return "le " + french_date(when, when).split(" ", 1)[1] + f" {when.year}"
