"""Read occupations from TOML files and list everything that is wrong with them."""

import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from careers import vocabulary
from careers.model import DRIVES, Occupation, Source, Way

FOLDER = Path(__file__).parent / "data" / "occupations"
LICENCE = "MIT"
AUTHOR = "Boussole, fiche écrite pour ce projet"

_TEXTS = {
    "feminine": 60,
    "masculine": 60,
    "one_line": 140,
    "day": 320,
    "people": 160,
    "plus": 200,
    "minus": 200,
}
STRONG, FEWEST_WAYS, LONGEST_WAY = 2, 2, 160
_ID = re.compile(r"[a-z][a-z0-9_]*")
_ROME = re.compile(r"[A-N]\d{4}")
_DIMECO = re.compile(r"[A-N]\d{6}-\d{1,2}")
_LISTS = {
    "values": vocabulary.VALUES,
    "skills": vocabulary.SKILLS,
    "tumo_domains": vocabulary.TUMO_DOMAINS,
    "programme_domains": vocabulary.PROGRAMME_DOMAINS,
}
_KEYS = frozenset(
    (*_TEXTS, *_LISTS, "id", "words", "drives", "sector", "digital", "prep_level", "ways", "rome", "dimeco")
) | {"today", "today_source", "seen"}
_OPTIONAL = frozenset({"today_source", "tumo_domains", "programme_domains", "dimeco"})


def read(path: Path) -> list[dict[str, Any]]:
    """The raw rows of one file. Raises `tomllib.TOMLDecodeError` when the file is not TOML."""
    rows = tomllib.loads(path.read_text("utf-8")).get("occupation", [])
    return [dict(row) for row in rows]


def build(row: Mapping[str, Any]) -> Occupation:
    """An occupation from a row that `faults` finds nothing in."""
    ways = tuple(Way(w["text"], bool(w.get("gradual", False)), w.get("kind", "studies")) for w in row["ways"])
    return Occupation(
        id=row["id"],
        **{key: row[key].strip() for key in _TEXTS},
        words=tuple(row["words"]),
        drives={drive: int(row["drives"].get(drive, 0)) for drive in DRIVES},
        values=tuple(row["values"]),
        skills=tuple(row["skills"]),
        sector=row["sector"],
        digital=row["digital"],
        prep_level=row["prep_level"],
        ways=ways,
        rome=tuple(row["rome"]),
        dimeco=tuple(row.get("dimeco", ())),
        today=row["today"],
        today_source=row.get("today_source", ""),
        tumo_domains=tuple(row.get("tumo_domains", ())),
        programme_domains=tuple(row.get("programme_domains", ())),
        source=Source(AUTHOR, seen=row["seen"], licence=LICENCE, confidence="D"),
        fixes=row.get("fixes", ()),
    )


def faults(row: Mapping[str, Any], codes: frozenset[str] | None = None) -> list[str]:
    """Everything that is wrong with a row, in French; `codes` are the known ROME and DIMECO codes, if at hand."""
    found = [f"champ inconnu : {key}" for key in sorted(set(row) - _KEYS - {"fixes"})]
    missing = sorted(_KEYS - _OPTIONAL - set(row))
    if missing:
        return [*found, f"champs manquants : {', '.join(missing)}"]
    try:
        found += [*_texts(row), *_lists(row), *_choices(row), *_ways(row), *_codes(row, codes)]
    except (AttributeError, TypeError, KeyError) as error:
        found.append(f"forme inattendue : {error}")
    return found


def _texts(row: Mapping[str, Any]) -> Iterator[str]:
    if not _ID.fullmatch(row["id"]):
        yield f"id en minuscules et tirets bas : {row['id']}"
    for key, longest in _TEXTS.items():
        length = len(row[key].strip())
        if not 0 < length <= longest:
            yield f"{key} : {length} caractères, de 1 à {longest} attendus"
        if "·" in row[key]:
            yield f"{key} : pas de point médian"


def _lists(row: Mapping[str, Any]) -> Iterator[str]:
    for key, allowed in _LISTS.items():
        for value in row.get(key, ()):
            if value not in allowed:
                yield f"{key} : valeur inconnue {value}"
    for key, fewest, most in (("words", 6, 60), ("values", 2, 6), ("skills", 2, 5)):
        if not fewest <= len(row[key]) <= most:
            yield f"{key} : {len(row[key])} valeurs, de {fewest} à {most} attendues"
    if len(set(row["words"])) != len(row["words"]):
        yield "words : un mot est en double"


def _choices(row: Mapping[str, Any]) -> Iterator[str]:
    if row["sector"] not in vocabulary.SECTORS:
        yield f"sector inconnu : {row['sector']}"
    if not isinstance(row["digital"], bool):
        yield "digital : true ou false"
    if row["prep_level"] not in range(1, 6):
        yield "prep_level : de 1 à 5"
    if row["today"] not in vocabulary.TODAY:
        yield f"today inconnu : {row['today']}"
    elif (row["today"] == "unknown") == bool(row.get("today_source")):
        yield "today : une source avec année, ou unknown sans source"
    for drive, weight in row["drives"].items():
        if drive not in DRIVES or weight not in range(4):
            yield f"drives : {drive} = {weight}"
    if max(row["drives"].values(), default=0) < STRONG:
        yield "drives : au moins un élan à 2 ou 3"
    if not isinstance(row["seen"], date):
        yield "seen : une date, sans guillemets"


def _ways(row: Mapping[str, Any]) -> Iterator[str]:
    if len(row["ways"]) < FEWEST_WAYS:
        yield "ways : au moins deux chemins"
    if not any(way.get("gradual") for way in row["ways"]):
        yield "ways : au moins un chemin progressif (gradual = true)"
    for way in row["ways"]:
        if way.get("kind", "studies") not in vocabulary.WAY_KINDS:
            yield f"ways : kind inconnu {way.get('kind')}"
        if not 0 < len(way["text"].strip()) <= LONGEST_WAY or "·" in way["text"]:
            yield f"ways : de 1 à {LONGEST_WAY} caractères, sans point médian : {way['text'][:40]}"


def _codes(row: Mapping[str, Any], known: frozenset[str] | None) -> Iterator[str]:
    if not row["rome"]:
        yield "rome : au moins un code"
    for key, shape in (("rome", _ROME), ("dimeco", _DIMECO)):
        for code in row.get(key, ()):
            if not shape.fullmatch(code) or (known is not None and code not in known):
                yield f"{key} : code inconnu {code}"


def main(arguments: list[str]) -> int:
    """`python -m careers.occupations FILE... [--codes TABLE]`; the table has one code a line, then a tab."""
    codes = None
    if "--codes" in arguments:
        at = arguments.index("--codes")
        lines = Path(arguments[at + 1]).read_text("utf-8").splitlines()
        codes = frozenset(line.split("\t")[0] for line in lines)
        arguments = arguments[:at] + arguments[at + 2 :]
    seen: dict[str, str] = {}
    count = 0
    for name in arguments or [str(path) for path in sorted(FOLDER.glob("*.toml"))]:
        for row in read(Path(name)):
            where = f"{name}: {row.get('id', '?')}"
            found = faults(row, codes)
            if row.get("id") in seen:
                found.append(f"id déjà pris dans {seen[row['id']]}")
            seen[row.get("id", "?")] = name
            count += len(found)
            sys.stdout.writelines(f"{where}: {fault}\n" for fault in found)
    sys.stdout.write(f"{len(seen)} métiers, {count} problèmes\n")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
