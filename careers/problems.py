"""Everything that is wrong with a catalogue, or that somebody should look at again."""

from collections.abc import Iterator
from datetime import date

from careers import places, pointers, rules, tables, vocabulary
from careers.catalogue import Catalogue
from careers.freshness import freshness, state
from careers.model import DRIVES, CatalogueProblem, Occupation, Pointer, Programme, Rule, Source

THEMES, FEWEST = 12, 3
_WEIGHTS = range(4)
_CONFIDENCE = ("A", "B", "C", "D")


def problems(catalogue: Catalogue, today: date) -> list[CatalogueProblem]:
    """Everything that is wrong with the catalogue, errors first, then what needs a look."""
    found = [*catalogue.faults, *_of_occupations(catalogue, today), *_of_programmes(catalogue, today)]
    found += [*_of_codes(catalogue), *_of_domains(catalogue)]
    found += [*_of_rules(catalogue, today), *_of_pointers(catalogue, today), *_of_helplines(catalogue, today)]
    return sorted(found, key=lambda problem: problem.severity != "error")


def _of_occupations(catalogue: Catalogue, today: date) -> Iterator[CatalogueProblem]:
    taught = {domain for p in catalogue.programmes.values() for domain in p.domains}
    for item in catalogue.occupations.values():
        where = f"occupations/{item.id}"
        for domain in item.programme_domains:
            if domain not in taught:
                text = f"Aucune formation n’a (plus) le domaine « {domain} »."
                yield CatalogueProblem("domain", where, text, "warning")
        for theme in item.tumo_domains:
            if theme not in catalogue.domains:
                yield CatalogueProblem("theme", where, f"Thème inconnu : {theme}.")
        yield from aged(item, where, today)


def _of_programmes(catalogue: Catalogue, today: date) -> Iterator[CatalogueProblem]:
    for item in catalogue.programmes.values():
        where = f"programmes/{item.id}"
        yield from _source(item.source, where)
        if item.postcode and places.of_postcode(item.postcode) is None:
            yield CatalogueProblem("postcode", where, f"Code postal inconnu : {item.postcode}.")
        for domain in item.domains:
            if domain not in vocabulary.PROGRAMME_DOMAINS:
                yield CatalogueProblem(
                    "domain", where, f"Le domaine « {domain} » n’existe pas : aucun métier n’y mène."
                )
        if not item.domains:
            yield CatalogueProblem(
                "domain", where, "Aucun domaine : la formation ne sera jamais proposée.", "warning"
            )
        yield from aged(item, where, today)


def _source(source: Source, where: str) -> Iterator[CatalogueProblem]:
    if not source.name:
        yield CatalogueProblem("source", where, "La source manque.")
    if source.confidence not in _CONFIDENCE:
        yield CatalogueProblem("confidence", where, f"Confiance inconnue : {source.confidence}.")


def aged(
    item: Occupation | Programme | Rule | Pointer, where: str, today: date
) -> Iterator[CatalogueProblem]:
    """What is to check again (`check`), and what is shown only with a warning (`stale`)."""
    found = freshness(item.source, today)
    if found == "check":
        yield CatalogueProblem("check", where, "À revérifier : vu il y a plus d’un an.", "warning")
    elif found == "old":
        text = "Trop vieux pour être dit sans avertissement : date inconnue ou de plus de deux ans."
        yield CatalogueProblem("stale", where, text, "warning")


def _of_codes(catalogue: Catalogue) -> Iterator[CatalogueProblem]:
    known = {(row["scheme"], row["code"]) for row in tables.rows("codes.tsv")}
    for item in catalogue.occupations.values():
        for scheme, codes in (("rome", item.rome), ("dimeco", item.dimeco)):
            for code in codes:
                if (scheme, code) not in known:
                    yield CatalogueProblem(
                        "code", f"occupations/{item.id}", f"Code {scheme} inconnu : {code}."
                    )


def _of_domains(catalogue: Catalogue) -> Iterator[CatalogueProblem]:
    for domain in catalogue.domains.values():
        wrong = [d for d in DRIVES if domain.weights.get(d) not in _WEIGHTS]
        if wrong or max(domain.weights.values(), default=0) == 0:
            yield CatalogueProblem(
                "weight", f"domains/{domain.id}", f"Poids de 0 à 3 pour {', '.join(wrong or DRIVES)}."
            )
    if (count := len(catalogue.domains)) != THEMES:
        text = f"{count} thèmes, le réseau en a {THEMES} ; il en faut au moins {FEWEST} à proposer."
        yield CatalogueProblem("themes", "domains", text, "warning" if count >= FEWEST else "error")
    if not catalogue.open_domains():
        text = "Aucun thème n’est dit ouvert : le bot dit « à confirmer » (« boussole catalogue domains »)."
        yield CatalogueProblem("themes", "domains", text, "warning")


def _of_rules(catalogue: Catalogue, today: date) -> Iterator[CatalogueProblem]:
    for item in catalogue.rules.values():
        where = f"rules/{item.id}"
        yield from _source(item.source, where)
        yield from (CatalogueProblem("rule", where, text) for text in rules.faults(item))
        yield from aged(item, where, today)


def _of_pointers(catalogue: Catalogue, today: date) -> Iterator[CatalogueProblem]:
    for item in catalogue.pointers.values():
        where = f"pointers/{item.id}"
        yield from _source(item.source, where)
        yield from (CatalogueProblem("pointer", where, text) for text in pointers.faults(item))
        yield from aged(item, where, today)


def _of_helplines(catalogue: Catalogue, today: date) -> Iterator[CatalogueProblem]:
    for line in catalogue.helplines:
        if state(line.source.seen, today) != "fresh":
            yield CatalogueProblem(
                "helpline", f"helplines/{line.id}", "Numéro à revérifier : vu il y a plus d’un an.", "warning"
            )
