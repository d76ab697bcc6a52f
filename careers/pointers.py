"""Where to look or whom to ask: schools' official lists, alternation, centres for adults, guidance services."""

from collections.abc import Iterator, Mapping
from typing import Any

from careers import tables, vocabulary
from careers.model import Occupation, Pointer

KINDS = {
    "guidance": "Parler à quelqu’un",
    "secondary": "Les options du secondaire",
    "higher": "Les études supérieures",
    "alternation": "Apprendre en travaillant",
    "money": "Les aides pour payer",
    "adult": "Reprendre des études, à l’âge adulte",
    "competence_centre": "Centres pour adultes",
}  # in the order in which they are shown


def pointer(row: Mapping[str, Any]) -> Pointer:
    """A pointer from its row. Raises `ValueError` for a kind, a way or a domain that does not exist."""
    ways, domains = tables.listed(row["ways"]), tables.listed(row["domains"])
    for name, values, known in (
        ("kind", (row["kind"],), tuple(KINDS)),
        ("ways", ways, vocabulary.WAY_KINDS),
        ("domains", domains, vocabulary.PROGRAMME_DOMAINS),
    ):
        if unknown := [value for value in values if value not in known]:
            raise ValueError(f"{name} : {unknown[0]} n’existe pas ; il y a {', '.join(known)}")
    return Pointer(
        id=row["id"],
        name=row["name"],
        kind=row["kind"],
        offers=row["offers"],
        audience=row["audience"],
        place=row["place"],
        url=row["url"],
        source=tables.source(row),
        ages_from=int(row["ages_from"]) if row["ages_from"] else None,
        later=row["later"] == "yes",
        ways=ways,
        domains=domains,
        uncertain=row["uncertain"],
    )


def faults(found: Pointer) -> Iterator[str]:
    """What is missing for a teenager to use it, in French."""
    if not found.audience:
        yield "pour qui ?"
    if found.later and found.ages_from is not None and found.ages_from < 18:  # noqa: PLR2004 -- adults
        yield f"« plus tard » à partir de {found.ages_from} ans ?"
    if not found.url and "adresse" not in found.uncertain:
        yield "sans adresse confirmée, « uncertain » doit le dire."


def towards(occupation: Occupation, pointers: Mapping[str, Pointer], age: int | None = None) -> list[Pointer]:
    """The pointers for an occupation's ways that are not plain studies; what is for adults comes last.

    `age` leaves out what is not for that age yet, unless it is worded "plus tard".
    """
    ways = {way.kind for way in occupation.ways}
    domains = set(occupation.programme_domains)
    found = [
        one
        for one in pointers.values()
        if ways & set(one.ways) and (not one.domains or domains & set(one.domains))
        if age is None or one.later or one.ages_from is None or one.ages_from <= age
    ]
    return sorted(found, key=lambda one: one.later)
