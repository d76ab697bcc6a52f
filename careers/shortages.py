"""The yearly list of occupations for which people are missing: read from a small CSV that staff fill, checked whole.

It is told on an occupation's card with its year and source. Nothing else may look at it.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from careers import tables, text
from careers.model import Occupation, Shortage

COLUMNS = ("annee", "code", "intitule", "type", "source")
KINDS = ("pénurie", "critique")
YEARS = range(2010, 2100)
MOST_BYTES = 2_000_000  # a list has some 200 rows; what is bigger is another file
_DIMECO = re.compile(r"[A-N]\d{6}-\d{1,2}")
_ROME = re.compile(r"[A-N]\d{4}")
_KINDS = {"penurie": "pénurie", "critique": "critique", "fonction critique": "critique"}
_BOMS = {
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
    b"PK\x03\x04": "Excel (xlsx)",
    b"\xd0\xcf\x11\xe0": "Excel",
}


class ShortageError(Exception):
    """A list that cannot be taken: every fault with its file and line. Nothing was replaced."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Listed:
    """A list that was read: its rows, and the lines left out because no occupation of ours has their code."""

    year: int
    rows: tuple[Shortage, ...]
    unknown: tuple[str, ...] = field(default=())


def read(path: Path, *, skip_unknown: bool = False) -> Listed:
    """The rows of a file. ShortageError tells everything that is wrong with it; OSError when it cannot be opened."""
    name = path.name
    faults: list[str] = []
    rows = list(_rows(name, _decoded(name, path), faults))
    unknown = [f"{name}, ligne {line} : {what}" for line, _, what in rows if what]
    if not skip_unknown:
        faults += unknown
    found = [row for _, row, what in rows if not what]
    years = {row.year for row in found}
    if len(years) > 1:
        faults.append(f"{name} : une seule année par fichier ; il y a {', '.join(map(str, sorted(years)))}.")
    if faults:
        raise ShortageError(faults)
    if not found:
        raise ShortageError([f"{name} : aucune ligne."])
    return Listed(years.pop(), tuple(found), tuple(unknown) if skip_unknown else ())


def _decoded(name: str, path: Path) -> str:
    if path.stat().st_size > MOST_BYTES:
        raise ShortageError([f"{name} : plus de 2 Mo, ce n’est pas une liste d’une année."])
    raw = path.read_bytes()
    for mark, what in _BOMS.items():
        if raw.startswith(mark):
            raise ShortageError([f"{name} : c’est un fichier {what}. Enregistrez-le en CSV (UTF-8)."])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ShortageError(
            [f"{name}, ligne {line} : pas de l’UTF-8. Enregistrez le fichier en « CSV UTF-8 »."]
        ) from None


def _rows(name: str, content: str, faults: list[str]) -> Iterator[tuple[int, Shortage, str]]:
    """Line, row and what is unknown about it, of every row that can be read."""
    if content.lstrip()[:1] == "<":
        raise ShortageError([f"{name}, ligne 1 : c’est une page web, pas un CSV."])
    first = content.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(content), delimiter=max(";,\t", key=first.count), strict=True)
    seen: dict[str, int] = {}
    try:
        header = [cell.strip().casefold() for cell in next(reader, [])]
        _check(name, header, faults)
        for cells in reader:
            line = reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                faults.append(f"{name}, ligne {line} : {len(cells)} cases, {len(header)} attendues.")
                continue
            row = dict(zip(header, (cell.strip() for cell in cells), strict=True))
            yield from _one(f"{name}, ligne {line}", line, row, faults, seen)
    except csv.Error as error:
        faults.append(f"{name}, ligne {reader.line_num} : CSV abîmé ({error}).")


def _check(name: str, header: list[str], faults: list[str]) -> None:
    for column in COLUMNS:
        if column not in header:
            faults.append(
                f"{name}, ligne 1 : la colonne « {column} » manque (attendues : {', '.join(COLUMNS)})."
            )
        elif header.count(column) > 1:
            faults.append(f"{name}, ligne 1 : la colonne « {column} » est en double.")
    if faults:
        raise ShortageError(faults)


def _one(
    where: str, line: int, row: Mapping[str, str], faults: list[str], seen: dict[str, int]
) -> Iterator[tuple[int, Shortage, str]]:
    wrong = list(_wrong(row))
    code, label, unknown = _code(row)
    if not wrong and code in seen:
        wrong.append(f"« {label or code} » est déjà à la ligne {seen[code]}.")
    if wrong:
        faults.extend(f"{where} : {text}" for text in wrong)
        return
    seen[code] = line
    kind = _KINDS[text.fold(row["type"])]
    yield line, Shortage(int(row["annee"]), code, label, kind, row["source"]), unknown


def _wrong(row: Mapping[str, str]) -> Iterator[str]:
    if not row["annee"].isdecimal() or int(row["annee"]) not in YEARS:
        yield f"« {row['annee']} » n’est pas une année."
    if not row["code"] and not row["intitule"]:
        yield "ni code ni intitulé."
    if row["code"] and not (_DIMECO.fullmatch(row["code"]) or _ROME.fullmatch(row["code"])):
        yield f"« {row['code']} » n’est ni un code DIMECO (M180501-1) ni un code ROME (M1805)."
    if text.fold(row["type"]) not in _KINDS:
        yield f"type « {row['type']} » : {' ou '.join(KINDS)}."
    if not re.match(r"https?://\S+\.\S+", row["source"]):
        yield "la source est l’adresse de la page où la liste est publiée."


def _code(row: Mapping[str, str]) -> tuple[str, str, str]:
    """The code, its label, and what nobody knows about it."""
    codes, labels = _known()
    code = row["code"] or labels.get(text.fold(row["intitule"]), "")
    if not code:
        said = row["intitule"]
        near = get_close_matches(text.fold(said), labels, 1, 0.6)
        hint = f" Le plus proche : « {codes[labels[near[0]]]} » ({labels[near[0]]})." if near else ""
        return said, said, f"aucun métier du catalogue ne s’appelle « {said} » ; donnez son code.{hint}"
    if code not in codes:
        return code, row["intitule"], f"aucun métier du catalogue n’a le code {code}."
    return code, row["intitule"] or codes[code], ""


@cache
def _known() -> tuple[dict[str, str], dict[str, str]]:
    """Labels by code, and DIMECO codes by label."""
    rows = list(tables.rows("codes.tsv"))
    labels = {text.fold(row["label"]): row["code"] for row in rows if row["scheme"] == "dimeco"}
    return {row["code"]: row["label"] for row in rows}, labels


def by_occupation(
    listed: Iterable[Shortage], occupations: Iterable[Occupation]
) -> dict[str, tuple[Shortage, ...]]:
    """For each occupation, its rows of the newest list."""
    rows = list(listed)
    newest = max((row.year for row in rows), default=0)
    of_code = {row.code: row for row in rows if row.year == newest}
    found = {
        o.id: tuple(of_code[code] for code in (*o.dimeco, *o.rome) if code in of_code) for o in occupations
    }
    return {one: shortages for one, shortages in found.items() if shortages}
