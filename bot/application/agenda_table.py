"""Reading a table as spreadsheets save it: whatever encoding and separator, with the line numbers that one sees; and writing one. Pure."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.application.agenda_rows import LARGEST, MOST_ROWS, NotAFile
from dialogues.understand import fold

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would compute a cell that begins so
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: its number in the file and its cells by the name of our column."""

    number: int
    cells: Mapping[str, str]


def decode(content: bytes) -> str:
    """The text of a file: by its mark, else UTF-8, else what Windows writes. NotAFile when it is too large."""
    if len(content) > LARGEST:
        raise NotAFile(f"Ce fichier est trop grand ({len(content) // 1_048_576} Mo) : 5 Mo au plus.")
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def read(
    content: bytes, columns: Mapping[str, Sequence[str]], needed: Sequence[str]
) -> tuple[list[Line], list[str]]:
    """The lines of a table, and the headings that nobody knows. `columns`: our name -> folded headings.

    NotAFile for what is no table, lacks a needed column, or has more than 5,000 lines.
    """
    text = decode(content).replace("\x00", "")
    if not text.strip():
        raise NotAFile("Ce fichier est vide.")
    rows = _rows(text)
    first = next(rows, None)
    names, unknown = _names(first[1] if first else [], columns)
    if missing := [name for name in needed if name not in names]:
        heads = ", ".join(columns[name][0] for name in missing)
        raise NotAFile(f"Il manque une colonne : {heads}. La première ligne doit nommer les colonnes.")
    lines: list[Line] = []
    for number, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if len(lines) == MOST_ROWS:
            raise NotAFile(f"Plus de {MOST_ROWS} lignes : coupez le fichier en deux.")
        filled = zip(names, cells, strict=False)
        lines.append(Line(number, {name: cell.strip() for name, cell in filled if name}))
    return lines, unknown


def write(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table that French spreadsheets open as it is; no cell of it is ever computed."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Number of the line at which each row begins, and its cells."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    begins = 1
    try:
        for cells in reader:
            yield begins, [_unquoted(cell) for cell in cells]
            begins = reader.line_num + 1
    except csv.Error:
        raise NotAFile(
            f"La ligne {begins} ne se lit pas : un guillemet n’est pas fermé, ou une case est énorme."
        ) from None


def _unquoted(cell: str) -> str:
    """A cell that `write` made harmless, as it was."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def _separator(text: str) -> str:
    """The mark that the first line uses most."""
    first = text.lstrip("\r\n").partition("\n")[0]
    return max(";,\t", key=first.count)


def _names(heads: Sequence[str], columns: Mapping[str, Sequence[str]]) -> tuple[list[str], list[str]]:
    """Our name of each column, empty for an unknown one; and the unknown ones. The first of two same columns counts."""
    known = {fold(head): name for name, said in columns.items() for head in (name.replace("_", " "), *said)}
    names: list[str] = []
    unknown = []
    for head in heads:
        name = known.get(fold(head.replace("_", " ")), "")
        if not name and head.strip():
            unknown.append(head.strip())
        names.append("" if name in names else name)
    return names, unknown
