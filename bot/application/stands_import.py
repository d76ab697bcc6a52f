"""The stands of a fair out of a table: schools, occupations and themes found in our catalogue by name; what it would change. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.application import agenda_table
from bot.application.agenda_rows import Fault
from careers.catalogue import Catalogue
from careers.model import Occupation
from careers.text import fold
from storage.stands import Stand

COLUMNS = {
    "name": ("nom", "stand", "exposant", "organisme", "name"),
    "spot": ("endroit", "emplacement", "place", "allee", "numero", "n", "hall", "spot"),
    "about": ("description", "quoi", "contenu", "about"),
    "institution": ("établissement", "etablissement", "ecole", "institution", "school"),
    "occupations": ("métiers", "metiers", "metier", "occupations"),
    "domains": ("thèmes", "themes", "theme", "domaines", "domaine", "domains"),
    "link": ("lien", "site", "page", "url", "link"),
    "source": ("source",),
}
Item = TypeVar("Item")
LENGTHS = {"name": 120, "spot": 40, "about": 300, "institution": 80, "occupations": 400, "domains": 200, "link": 600, "source": 600}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Read:
    """The stands of a file, what is wrong with it, and what staff should know."""

    stands: tuple[Stand, ...]
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class StandsPlan:
    """What a file would do to the stands of a fair. `absent`: those that it does not name (they stay)."""

    added: tuple[Stand, ...]
    changed: tuple[tuple[Stand, Stand], ...]  # before, after
    absent: tuple[Stand, ...]
    same: int


def read(content: bytes, catalogue: Catalogue, source: str) -> Read:
    """The stands of a table. NotAFile when it is none; each problem with the number of its line."""
    lines, unknown = agenda_table.read(content, COLUMNS, ("name",))
    finder = _Finder(catalogue)
    stands: dict[str, Stand] = {}
    faults, notes = [], []
    if unknown:
        notes.append(
            Fault("ligne 1", f"colonnes que je ne connais pas, laissées : {', '.join(unknown[:12])}.")
        )
    for line in lines:
        at = f"ligne {line.number}"
        stand, missing = finder.stand(line.cells, source)
        wrong = _wrong(stand)
        if fold(stand.name) in stands:
            wrong.append(f"le stand « {stand.name} » est déjà dans le fichier.")
        faults += [Fault(at, one) for one in wrong]
        notes += [Fault(at, f"« {one} » n’est pas dans le catalogue : laissé.") for one in missing]
        stands.setdefault(fold(stand.name), stand)
    return Read(tuple(stands.values()), tuple(faults), tuple(notes))


def plan(held: Sequence[Stand], wanted: Sequence[Stand]) -> StandsPlan:
    """Compare by name. A stand keeps its id, so that what young people chose still means it."""
    before = {fold(one.name): one for one in held}
    named = {fold(one.name) for one in wanted}
    added, changed, same = [], [], 0
    for one in wanted:
        known = before.get(fold(one.name))
        if known is None:
            added.append(one)
        elif replace(one, id=known.id, name=known.name, source=known.source) == known:
            same += 1
        else:
            changed.append((known, replace(one, id=known.id, name=known.name)))
    absent = tuple(one for key, one in before.items() if key not in named)
    return StandsPlan(tuple(added), tuple(changed), absent, same)


def _wrong(stand: Stand) -> list[str]:
    if not stand.name:
        return ["il manque le nom du stand."]
    found = [
        f"« {COLUMNS[name][0]} » dépasse {most} caractères."
        for name, most in LENGTHS.items()
        if len(getattr(stand, name)) > most
    ]
    if stand.link and not stand.link.startswith(("https://", "http://")):
        found.append(f"le lien « {stand.link[:60]} » ne commence pas par https://.")
    return found


class _Finder:
    """Finds what cells name in the catalogue, by id or by name."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.institutions = _by_name(catalogue.institutions, lambda one: (one.id, one.name))
        self.occupations = _by_name(catalogue.occupations, _names)
        self.domains = _by_name(catalogue.domains, lambda one: (one.id, one.label))

    def stand(self, cells: Mapping[str, str], source: str) -> tuple[Stand, list[str]]:
        """The stand of a line, and what it names that we do not know."""
        missing: list[str] = []
        told = {name: " ".join(cells.get(name, "").split()) for name in ("name", "spot", "about", "link")}
        found = Stand(
            **told,
            source=cells.get("source") or source,
            institution=_found(cells.get("institution", ""), self.institutions, missing, whole=True),
            occupations=_found(cells.get("occupations", ""), self.occupations, missing),
            domains=_found(cells.get("domains", ""), self.domains, missing),
        )
        return found, missing


def _names(one: Occupation) -> tuple[str, ...]:
    return (one.id, one.feminine, one.masculine)


def _by_name(items: Mapping[str, Item], names: Callable[[Item], Sequence[str]]) -> dict[str, str]:
    return {fold(name): key for key, item in items.items() for name in names(item)}


def _found(cell: str, known: Mapping[str, str], missing: list[str], *, whole: bool = False) -> str:
    """Ids of what a cell lists, with spaces between."""
    named = [cell] if whole else cell.replace(";", ",").replace("|", ",").replace("\n", ",").split(",")
    found = []
    for one in (name.strip() for name in named):
        if not one:
            continue
        words = [one] if fold(one) in known else one.split()  # several ids may stand side by side
        if all(fold(word) in known for word in words):
            found += [known[fold(word)] for word in words]
        else:
            missing.append(one)
    return " ".join(dict.fromkeys(found))
