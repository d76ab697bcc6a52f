"""Read the tables that official sites publish (CSV and tab-separated), whatever wrote them, or say what is wrong and where."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TextIO

from careers.sources.protocol import BadFileError, MissingFieldError, TooBigError

LARGEST = 256 * 1024 * 1024  # bytes; the largest official file that is read has 30 MB
_LONGEST_LINE = 1_000_000  # characters: a file without line ends must not fill the memory
_LONGEST_CELL = 200_000
_LOOKED_AT = 65_536  # bytes of the beginning that say what a file is
_HEADER_WITHIN = 40  # lines: some tables begin with a description of themselves
_DELIMITERS = (",", ";", "\t")
_TWICE_ENCODED = re.compile("Ã[\u0080-\u00bf©¨ªˆ´»§®‰€]|\ufffd")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line in the file and its cells by the names that were asked for."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells[name]


def rows(path: Path, needed: Sequence[str], optional: Sequence[str] = ()) -> Iterator[Row]:
    """The rows of a table with a header anywhere in its first lines; columns in any order, others are left out.

    Raises BadFileError (empty, HTML, encoding, quotes, cells), MissingFieldError, TooBigError.
    """
    with _opened(path) as (text, before):
        lines = _Lines(path, text)
        header, delimiter = _header(path, lines, needed)
        at = {name: header.index(_plain(name)) for name in (*needed, *optional) if _plain(name) in header}
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        found = False
        for line, cells in _cells(path, reader, lines):
            if len(cells) < len(header) or any(c.strip() for c in cells[len(header) :]):
                raise BadFileError(
                    path, line, f"{len(cells)} cases, {len(header)} attendues : fichier coupé ou abîmé."
                )
            row = {name: cells[place].strip() for name, place in at.items()}
            _readable(path, line, row)
            found = True
            yield Row(line, row | {name: "" for name in optional if name not in at})
        if not found:
            raise BadFileError(path, 0, f"aucune ligne sous l’en-tête.{before}")


def unique(path: Path, found: Iterator[Row], key: str) -> Iterator[Row]:
    """The same rows; raises BadFileError at a second row with the same code, or one without."""
    seen: dict[str, int] = {}
    for row in found:
        code = row[key]
        if not code:
            raise BadFileError(path, row.line, f"« {key} » est vide.")
        if code in seen:
            raise BadFileError(
                path, row.line, f"code en double : « {code} » est déjà à la ligne {seen[code]}."
            )
        seen[code] = row.line
        yield row


@contextmanager
def _opened(path: Path) -> Iterator[tuple[TextIO, str]]:
    """The text of a file in the encoding that it is really in."""
    size = path.stat().st_size
    if size > LARGEST:
        raise TooBigError(
            f"{path} : {size // 1_000_000} Mo, bien plus que ce fichier n’a jamais eu ; il n’a pas été lu."
        )
    with path.open("rb") as raw:
        beginning = raw.read(_LOOKED_AT)
    if not beginning.strip(b"\xef\xbb\xbf \t\r\n"):
        raise BadFileError(path, 0, "le fichier est vide.")
    if beginning[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in beginning:
        raise BadFileError(path, 1, "ce n’est pas un texte en UTF-8 (UTF-16 ou fichier binaire).")
    if beginning.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        raise BadFileError(
            path, 1, "c’est une page HTML ou XML, pas un tableau : le site a répondu autre chose."
        )
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as text:
        yield text, ""


def _encoding(path: Path) -> str:
    """UTF-8, with or without mark, or what Windows writes; read piece by piece."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            with path.open(encoding=encoding, newline="") as text:
                while text.read(_LOOKED_AT):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise BadFileError(path, _bad_line(path), "l’encodage n’est ni UTF-8 ni Windows-1252.")


def _bad_line(path: Path) -> int:
    with path.open("rb") as raw:
        for number, line in enumerate(iter(lambda: raw.readline(_LONGEST_LINE), b""), start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                return number
    return 0


class _Lines:
    """The lines of a text, counted, none longer than expected."""

    def __init__(self, path: Path, text: TextIO) -> None:
        self._path, self._text = path, text
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._text.readline(_LONGEST_LINE + 1)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) > _LONGEST_LINE:
            raise BadFileError(self._path, self.number, "ligne démesurée : ce n’est pas un tableau.")
        return line


def _header(path: Path, lines: _Lines, needed: Sequence[str]) -> tuple[list[str], str]:
    """The names of the columns, folded, and what stands between them; the best of the first lines."""
    wanted = {_plain(name) for name in needed}
    best: tuple[int, int, list[str]] = (-1, 0, [])
    for _ in range(_HEADER_WITHIN):
        line = next(lines, None)
        if line is None:
            break
        for delimiter in _DELIMITERS:
            names = [_plain(cell) for cell in next(csv.reader([line], delimiter=delimiter), [])]
            if wanted <= set(names):
                return names, delimiter
            if (score := len(wanted & set(names))) > best[0] or (score == best[0] == 0 and not best[2]):
                best = (score, lines.number, names)
    missing = next(name for name in needed if _plain(name) not in best[2])
    near = get_close_matches(_plain(missing), [n for n in best[2] if n not in wanted], 1, 0.4)
    raise MissingFieldError(f"{path}, ligne {best[1] or 1}", missing, near[0] if near else "")


def _cells(path: Path, reader: Iterator[list[str]], lines: _Lines) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank with the line where it begins."""
    csv.field_size_limit(_LONGEST_CELL)
    while True:
        begins = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadFileError(path, begins, f"tableau abîmé, guillemet ou ligne coupée ({error}).") from None
        if any(cell.strip() for cell in cells):
            yield begins, cells


def _readable(path: Path, line: int, row: Mapping[str, str]) -> None:
    for name, cell in row.items():
        if odd := _TWICE_ENCODED.search(cell):
            near = cell[max(0, odd.start() - 10) : odd.end() + 10]
            raise BadFileError(
                path, line, f"« {name} » a été enregistré dans un mauvais encodage (« {near} »)."
            )


def _plain(name: str) -> str:
    return re.sub(r"\W+", "", name).casefold()


def find(folder: Path, pattern: str) -> list[Path]:
    """Files whose whole name matches, in a folder, else in the folders just under it; highest version first."""
    if not folder.is_dir():
        raise BadFileError(folder, 0, "ce dossier n’existe pas.")
    shape = re.compile(pattern, re.IGNORECASE)
    here = sorted((p for p in folder.iterdir() if p.is_file() and shape.fullmatch(p.name)), reverse=True)
    return here or sorted(
        (p for p in folder.glob("*/*") if p.is_file() and shape.fullmatch(p.name)), reverse=True
    )
