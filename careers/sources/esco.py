"""The French CSV set of ESCO: occupations with their other names, their ISCO group, skills and what joins them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from careers.sources import csvfile
from careers.sources.protocol import BadFileError, Origin

ORIGIN = Origin(
    name="esco",
    title="ESCO, classification européenne des métiers et des compétences",
    licence="Réutilisation libre (décision 2011/833/UE de la Commission européenne)",
    address="https://esco.ec.europa.eu/fr",
    notice="This service uses the ESCO classification of the European Commission. "
    "(Ce service utilise la classification ESCO de la Commission européenne ; version modifiée.)",
)
_URI = re.compile(r"https?://data\.europa\.eu/esco/\S+")
_SEPARATORS = re.compile(r"[\n|]")  # new lines in the official set, bars in what the live service gives
_LANGUAGE = r"(_fr)?\.csv"


@dataclass(frozen=True, slots=True)
class EscoOccupation:
    uri: str
    label: str
    others: tuple[str, ...] = ()
    isco: str = ""


@dataclass(frozen=True, slots=True)
class Esco:
    """What a folder held. Groups are by ISCO code, skills by address, `needs` are skills by occupation."""

    origin: Origin
    occupations: tuple[EscoOccupation, ...]
    groups: Mapping[str, str] = field(default_factory=dict)
    skills: Mapping[str, str] = field(default_factory=dict)
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read(folder: Path, day: date | None = None) -> Esco:
    """All that is useful in a folder of ESCO files, one version or several side by side (the newest name wins).

    Raises `SourceError` with file and line.
    """
    files = csvfile.find(folder, f"occupations{_LANGUAGE}")
    if not files:
        raise BadFileError(folder, 0, "pas de fichier « occupations_fr.csv » ici.")
    known: dict[str, EscoOccupation] = {}
    groups: dict[str, str] = {}
    skills: dict[str, str] = {}
    needs: dict[str, tuple[str, ...]] = {}
    for file in files:
        for one in _occupations(file):
            known[one.uri] = _united(known[one.uri], one) if one.uri in known else one
        beside = file.parent
        for path in csvfile.find(beside, f"ISCOGroups{_LANGUAGE}"):
            groups = {
                r["code"]: r["preferredLabel"] for r in _unique(path, ("code", "preferredLabel"))
            } | groups
        for path in csvfile.find(beside, f"skills{_LANGUAGE}"):
            skills = {
                r["conceptUri"]: r["preferredLabel"] for r in _unique(path, ("conceptUri", "preferredLabel"))
            } | skills
        for path in csvfile.find(beside, f"occupationSkillRelations{_LANGUAGE}"):
            needs = _needs(path) | needs
    origin = replace(ORIGIN, date=day)
    return Esco(origin, tuple(known.values()), groups, skills, needs)


def _unique(path: Path, needed: tuple[str, ...]) -> Iterator[csvfile.Row]:
    return csvfile.unique(path, csvfile.rows(path, needed), needed[0])


def _occupations(path: Path) -> Iterator[EscoOccupation]:
    found = csvfile.rows(path, ("conceptUri", "preferredLabel", "altLabels"), ("iscoGroup", "code"))
    for row in csvfile.unique(path, found, "conceptUri"):
        if not _URI.fullmatch(row["conceptUri"]):
            raise BadFileError(path, row.line, f"« {row['conceptUri'][:60]} » n’est pas une adresse d’ESCO.")
        if not row["preferredLabel"]:
            raise BadFileError(path, row.line, "ce métier n’a pas de nom (preferredLabel).")
        names = (" ".join(name.split()) for name in _SEPARATORS.split(row["altLabels"]))
        isco = row["iscoGroup"] or row["code"].partition(".")[0]
        label = " ".join(row["preferredLabel"].split())
        others = tuple(dict.fromkeys(name for name in names if name and name != label))
        yield EscoOccupation(row["conceptUri"], label, others, isco)


def _united(newer: EscoOccupation, older: EscoOccupation) -> EscoOccupation:
    others = dict.fromkeys((*newer.others, older.label, *older.others))
    others.pop(newer.label, None)
    return replace(newer, others=tuple(others), isco=newer.isco or older.isco)


def _needs(path: Path) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for row in csvfile.rows(path, ("occupationUri", "skillUri"), ("relationType",)):
        found.setdefault(row["occupationUri"], []).append(row["skillUri"])
    return {uri: tuple(skills) for uri, skills in found.items()}
