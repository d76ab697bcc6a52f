"""The French CSV set of ROME 4.0: occupations, their other names, interests, activities, moves, and the crosswalk to ESCO."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from careers.sources import csvfile
from careers.sources.protocol import BadFileError, Origin

ORIGIN = Origin(
    name="rome",
    title="ROME 4.0, répertoire des métiers de France Travail",
    licence="Licence Ouverte / Etalab 2.0",
    address="https://www.francetravail.org/opendata/repertoire-operationnel-des-meti.html",
    notice="Source : France Travail, ROME 4.0, Licence Ouverte 2.0 (version modifiée).",
)
CROSSWALK = "France Travail, correspondance ESCO-ROME"
_CODE = re.compile(r"[A-N]\d{4}")
_NUMBER = re.compile(r"_v(\d+)")
_CORE = "Principale"
RELATIONS = ("exactMatch", "narrowMatch", "closeMatch", "broadMatch")


@dataclass(frozen=True, slots=True)
class RomeOccupation:
    code: str
    label: str
    parent: str = ""  # the ROME v3 code, which Le Forem uses
    names: tuple[str, ...] = ()
    riasec: str = ""  # letters, the strongest first
    moves: tuple[str, ...] = ()  # codes, the nearest first
    activities: tuple[str, ...] = ()  # "Abattre un arbre", the core ones first


@dataclass(frozen=True, slots=True)
class Interest:
    """A "centre d'intérêt" in the first person and the codes it leads to; `core` are those it is main for."""

    label: str
    about: str
    codes: tuple[str, ...]
    core: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Crossing:
    """An appellation that the official crosswalk joins to an ESCO occupation."""

    uri: str
    name: str
    code: str
    relation: str  # one of RELATIONS


@dataclass(frozen=True, slots=True)
class Rome:
    origin: Origin
    occupations: tuple[RomeOccupation, ...]
    interests: tuple[Interest, ...] = ()
    crossings: tuple[Crossing, ...] = field(default=())


def read(folder: Path, day: date | None = None) -> Rome:
    """All that is useful in a folder of ROME files. Only occupations and appellations are needed.

    Raises `SourceError` with file and line.
    """
    path = _file(folder, "referentiel_code_rome")
    if path is None:
        raise BadFileError(folder, 0, "pas de fichier « unix_referentiel_code_rome_v…_utf8.csv » ici.")
    names_at = _file(folder, "referentiel_appellation")
    if names_at is None:
        raise BadFileError(folder, 0, "pas de fichier « unix_referentiel_appellation_v…_utf8.csv » ici.")
    labels, parents = _codes(path)
    names = _names(names_at, labels)
    riasec, moves, activities = _riasec(folder), _moves(folder), _activities(folder)
    occupations = tuple(
        RomeOccupation(
            code,
            label,
            parents.get(code, ""),
            tuple(names.get(code, ())),
            riasec.get(code, ""),
            moves.get(code, ()),
            activities.get(code, ()),
        )
        for code, label in labels.items()
    )
    number = _NUMBER.search(path.name)
    version = f"ROME 4.0 version {number[1]}" if number else "ROME 4.0"
    origin = replace(ORIGIN, title=f"{version}, France Travail", date=day)
    return Rome(origin, occupations, _interests(folder, labels), _crossings(folder, labels))


def _file(folder: Path, name: str) -> Path | None:
    found = csvfile.find(folder, rf"(unix_)?{name}(_v\d+)?(_utf8)?\.csv")
    return found[0] if found else None


def _codes(path: Path) -> tuple[dict[str, str], dict[str, str]]:
    labels: dict[str, str] = {}
    parents: dict[str, str] = {}
    found = csvfile.rows(path, ("code_rome", "libelle_rome"), ("code_rome_parent",))
    for row in csvfile.unique(path, found, "code_rome"):
        code = row["code_rome"]
        if not _CODE.fullmatch(code):
            raise BadFileError(path, row.line, f"« {code[:20]} » n’est pas un code ROME.")
        if not row["libelle_rome"]:
            raise BadFileError(path, row.line, f"le métier {code} n’a pas de nom.")
        labels[code] = row["libelle_rome"]
        parents[code] = row["code_rome_parent"]
    return labels, parents


def _names(path: Path, labels: Mapping[str, str]) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    found = csvfile.rows(
        path, ("code_ogr", "libelle_appellation_long", "code_rome"), ("libelle_appellation_court",)
    )
    for row in csvfile.unique(path, found, "code_ogr"):
        if row["code_rome"] not in labels:
            raise BadFileError(path, row.line, f"code ROME inconnu : « {row['code_rome'][:20]} ».")
        both = (row["libelle_appellation_long"], row["libelle_appellation_court"])
        names.setdefault(row["code_rome"], []).extend(name for name in dict.fromkeys(both) if name)
    return names


def _riasec(folder: Path) -> dict[str, str]:
    path = _file(folder, "referentiel_code_rome_riasec")
    if path is None:
        return {}
    found = csvfile.rows(path, ("code_rome", "riasec_majeur"), ("riasec_mineur",))
    return {
        row["code_rome"]: row["riasec_majeur"] + row["riasec_mineur"]
        for row in csvfile.unique(path, found, "code_rome")
    }


def _moves(folder: Path) -> dict[str, tuple[str, ...]]:
    path = _file(folder, "rubrique_mobilite")
    found: dict[str, list[tuple[int, str]]] = {}
    if path is not None:
        for row in csvfile.rows(path, ("code_rome", "code_rome_cible"), ("numero_ordre",)):
            order = row["numero_ordre"]
            found.setdefault(row["code_rome"], []).append(
                (int(order) if order.isdecimal() else 0, row["code_rome_cible"])
            )
    return {code: tuple(target for _, target in sorted(targets)) for code, targets in found.items()}


def _activities(folder: Path) -> dict[str, tuple[str, ...]]:
    """What is done in an occupation, as verbs; needs the table of competences and the one that joins them."""
    named, joined = _file(folder, "referentiel_competence"), _file(folder, "coherence_item")
    if named is None or joined is None:
        return {}
    labels = {
        row["code_ogr"]: row["libelle_competence"]
        for row in csvfile.rows(named, ("code_ogr", "libelle_competence"))
    }
    found: dict[str, tuple[list[str], list[str]]] = {}
    for row in csvfile.rows(joined, ("code_rome", "code_ogr"), ("coeur_metier",)):
        if label := labels.get(row["code_ogr"]):
            core, other = found.setdefault(row["code_rome"], ([], []))
            (core if row["coeur_metier"] == _CORE else other).append(label)
    return {code: (*core, *other) for code, (core, other) in found.items()}


def _interests(folder: Path, labels: Mapping[str, str]) -> tuple[Interest, ...]:
    named, joined = _file(folder, "centre_interet"), _file(folder, "arborescence_centre_interet")
    if named is None or joined is None:
        return ()
    codes: dict[str, list[str]] = {}
    core: dict[str, set[str]] = {}
    for row in csvfile.rows(joined, ("code_centre_interet", "code_rome"), ("principal",)):
        if row["code_rome"] in labels:
            codes.setdefault(row["code_centre_interet"], []).append(row["code_rome"])
            if row["principal"].casefold() == "oui":
                core.setdefault(row["code_centre_interet"], set()).add(row["code_rome"])
    found = csvfile.rows(
        named, ("code_centre_interet", "libelle_centre_interet"), ("definition_centre_interet",)
    )
    return tuple(
        Interest(
            row["libelle_centre_interet"],
            row["definition_centre_interet"],
            tuple(codes.get(row["code_centre_interet"], ())),
            frozenset(core.get(row["code_centre_interet"], ())),
        )
        for row in csvfile.unique(named, found, "code_centre_interet")
    )


def _crossings(folder: Path, labels: Mapping[str, str]) -> tuple[Crossing, ...]:
    """The crosswalk joined to ROME 4.0 codes: `esco, rome_label, rel, code_rome`, in any order."""
    found = csvfile.find(folder, r".*esco.*rome.*\.csv|.*rome.*esco.*\.csv")
    if not found:
        return ()
    path = found[0]
    crossings = []
    for row in csvfile.rows(path, ("esco", "rome_label", "rel", "code_rome")):
        relation = row["rel"].rpartition(":")[2]
        if relation not in RELATIONS:
            raise BadFileError(path, row.line, f"relation inconnue : « {row['rel'][:30]} ».")
        if row["code_rome"] in labels:
            crossings.append(Crossing(row["esco"], row["rome_label"], row["code_rome"], relation))
    return tuple(crossings)
