"""Build a reference from what was read of ESCO, ROME and O*NET."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np

from careers import reference_titles as search
from careers.catalogue import Catalogue
from careers.model import DRIVES, Occupation
from careers.reference import Entry, Reference, shipped_esco
from careers.sources.esco import Esco
from careers.sources.onet import LETTERS, Onet
from careers.sources.rome import Rome

# What an appellation of the crosswalk counts for, as a title of the ESCO occupation that it is joined to.
SURE = {"exactMatch": 1.0, "narrowMatch": 0.97, "closeMatch": 0.95, "broadMatch": 0.95}
_NAMED = 0.95  # joined by the same title
_BY_CODE = 0.6  # joined by a ROME code alone
_LATER = 0.02  # our table gives the nearest first
_SHARE = {0: 0.9, 1: 0.65}  # of a letter of ROME that is major, then minor
_REST = 0.25
_ESSENTIAL = 12  # activities that are repeated, for they come first


def build(
    catalogue: Catalogue,
    esco: Esco | None = None,
    rome: Rome | None = None,
    onet: Onet | None = None,
    made: date | None = None,
) -> Reference:
    """One entry for each ESCO occupation, and for each ROME occupation that no ESCO occupation stands for."""
    entries, named = _entries(esco, rome)
    titles = search.index(named)
    codes = tuple(o.code for o in rome.occupations) if rome else ()
    return Reference(
        entries,
        titles,
        _activities(rome),
        codes,
        _bridges(catalogue, entries, titles),
        _drives(entries, rome, onet),
        tuple(s.origin for s in (esco, rome, onet) if s),
        made,
    )


def _entries(esco: Esco | None, rome: Rome | None) -> tuple[tuple[Entry, ...], list[dict[str, float]]]:
    entries: list[Entry] = []
    named: list[dict[str, float]] = []
    crossed: dict[str, list[tuple[str, str, float]]] = defaultdict(list)
    for crossing in rome.crossings if rome else ():
        crossed[crossing.uri].append((crossing.name, crossing.code, SURE[crossing.relation]))
    stood_for: set[str] = set()
    for occupation in esco.occupations if esco else ():
        also = crossed.get(occupation.uri, ())
        codes = _by_weight((code, sure) for _, code, sure in also)
        stood_for.update(codes)
        entries.append(Entry(occupation.uri, occupation.label, occupation.uri, codes, occupation.isco))
        titles = {name: sure for name, _, sure in sorted(also, key=lambda found: found[2])}
        named.append(titles | dict.fromkeys((occupation.label, *occupation.others), 1.0))
    for fiche in rome.occupations if rome else ():
        if fiche.code not in stood_for:
            entries.append(Entry(fiche.code, fiche.label, "", (fiche.code,)))
            named.append(dict.fromkeys((fiche.label, *fiche.names), 1.0))
    return tuple(entries), named


def _by_weight(found: Iterable[tuple[str, float]]) -> tuple[str, ...]:
    total: dict[str, float] = defaultdict(float)
    for code, sure in found:
        total[code] += sure
    return tuple(sorted(total, key=lambda code: -total[code]))


# what joins our occupations to theirs


def _bridges(
    catalogue: Catalogue, entries: Sequence[Entry], titles: search.Titles
) -> dict[str, tuple[tuple[int, float], ...]]:
    """Our own table first, then titles that are our words, then ROME codes."""
    by_code: dict[str, list[int]] = defaultdict(list)
    for place, entry in enumerate(entries):
        for code in entry.rome[:1]:
            by_code[code].append(place)
    by_uri = {entry.uri: place for place, entry in enumerate(entries) if entry.uri}
    shared = Counter(code for o in catalogue.occupations.values() for code in o.rome)
    bridges: dict[str, tuple[tuple[int, float], ...]] = {}
    for one in catalogue.occupations.values():
        kept: dict[int, float] = {}
        for rank, uri in enumerate(shipped_esco().get(one.id, ())):
            if uri in by_uri:
                kept[by_uri[uri]] = 1.0 - rank * _LATER
        for place in _same(one, entries, titles):
            kept.setdefault(place, _NAMED)
        for code in one.rome:
            for place in by_code.get(code, ()):
                own = not entries[place].uri and shared[code] == 1  # a ROME occupation that is ours alone
                kept.setdefault(place, _NAMED if own else _BY_CODE / shared[code] ** 0.5)
        bridges[one.id] = tuple((place, round(strength, 3)) for place, strength in kept.items())
    return bridges


def _same(ours: Occupation, entries: Sequence[Entry], titles: search.Titles) -> list[int]:
    """Entries that have one of our names as a title, unless ROME says that they are something else."""
    mine = set(ours.rome)
    found = (place for name in (ours.masculine, ours.feminine) for place in titles.same(name))
    return [p for p in dict.fromkeys(found) if not entries[p].rome or mine & set(entries[p].rome)]


# what else is known of them


def _activities(rome: Rome | None) -> search.Postings:
    """The stems of what is done in each occupation, and of the interests that lead to it first."""
    drawn: dict[str, list[str]] = defaultdict(list)
    for interest in rome.interests if rome else ():
        for code in interest.core:
            drawn[code] += (interest.label, interest.about)
    bags = []
    for fiche in rome.occupations if rome else ():
        said = [*fiche.activities[:_ESSENTIAL], *fiche.activities, *drawn[fiche.code]]
        bags.append(search.stems(search.folded(" ".join(said))))
    return search.tabulate(bags, cosine=False)


def _drives(entries: Sequence[Entry], rome: Rome | None, onet: Onet | None) -> search.Floats:
    """O*NET's shape where the crosswalk has one, else what the letters of ROME say."""
    letters = {fiche.code: fiche.riasec for fiche in rome.occupations} if rome else {}
    shapes = onet.drives if onet else {}
    table = np.full((len(entries), len(DRIVES)), np.nan, dtype=np.float32)
    for place, entry in enumerate(entries):
        if shape := shapes.get(entry.uri):
            table[place] = shape
        elif told := next((letters[code] for code in entry.rome if letters.get(code)), ""):
            table[place] = [_SHARE.get(told.find(letter), _REST) for letter in LETTERS]
    return table
