"""The shared tables of what teenagers say: usual words, activities and tools with what they point to, deeds by occupation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from careers import tables, text
from careers.model import DRIVES, Occupation

DEED = 0.9  # what is done in an occupation points to it, a little less than a word for it
KINDS = ("same", "silent", "rude", "aside", "goes")


@dataclass(frozen=True, slots=True)
class Pointer:
    """A phrase and the occupations it points to, with a weight from 0 to 1 each."""

    said: tuple[str, ...]
    targets: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Lexicon:
    same: Mapping[str, str]  # a word, or two, -> the usual word or words
    silent: frozenset[str]  # words that say nothing about an occupation
    rude: frozenset[str]  # alone, they are no project
    asides: tuple[str, ...]  # folded beginnings of small talk, complaints, questions to the bot
    pointers: tuple[Pointer, ...]


def load(occupations: Mapping[str, Occupation]) -> Lexicon:
    """The shipped lexicon; targets that are not in the catalogue are dropped (`unknown_targets` lists them)."""
    same: dict[str, str] = {}
    sets: dict[str, set[str]] = {"silent": set(), "rude": set()}
    pointers: list[Pointer] = []
    asides: list[str] = []
    for row in tables.rows("lexicon.tsv"):
        said = text.words(row["said"])
        if row["kind"] == "same":
            same[" ".join(said)] = " ".join(text.words(row["target"]))
        elif row["kind"] == "goes":
            pointers.append(Pointer(tuple(said), dict(_targets(row["target"], occupations))))
        elif row["kind"] == "aside":
            asides.append(f" {' '.join(said)} ")
        else:
            sets[row["kind"]].update(said)
    for row in tables.rows("deeds.tsv"):
        if row["occupation"] in occupations:
            target = {row["occupation"]: DEED}
            pointers.extend(Pointer(tuple(text.words(deed)), target) for deed in row["deeds"].split(";"))
    return Lexicon(same, frozenset(sets["silent"]), frozenset(sets["rude"]), tuple(asides), tuple(pointers))


def _targets(cell: str, occupations: Mapping[str, Occupation]) -> Iterable[tuple[str, float]]:
    """Targets such as `nurse web_developer*0.5 sector:nature*0.4 drive:make*0.3`; the first named wins a tie."""
    for rank, part in enumerate(cell.split()):
        name, _, weight = part.partition("*")
        share = (float(weight) if weight else 1.0) - rank / 100
        scheme, _, value = name.rpartition(":")
        if not scheme:
            if value in occupations:
                yield value, share
        else:
            yield from ((o.id, share) for o in occupations.values() if _is(o, scheme, value))


def _is(occupation: Occupation, scheme: str, value: str) -> bool:
    if scheme == "sector":
        return occupation.sector == value
    return value in DRIVES and occupation.drives[value] == max(occupation.drives.values())


def unknown_targets(occupations: Mapping[str, Occupation]) -> list[str]:
    """Targets of the table that are in no catalogue, as `phrase -> target`."""
    return [
        f"{row['said']} -> {part}"
        for row in tables.rows("lexicon.tsv")
        if row["kind"] == "goes"
        for part in row["target"].split()
        if ":" not in part and part.partition("*")[0] not in occupations
    ]
