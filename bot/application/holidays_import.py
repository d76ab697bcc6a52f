"""Days without school out of a table or of a calendar, as schools and the Fédération publish them; what they change. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.application import agenda_cells as cells
from bot.application import agenda_ics_apart, agenda_table
from bot.application.agenda_cells import Unreadable
from bot.application.agenda_ics_values import whole_days
from bot.application.agenda_rows import Fault, Given
from dialogues.understand import fold
from storage.holidays import Holiday

COLUMNS = {
    "first": ("du", "début", "debut", "premier jour", "from", "start", "date"),
    "last": ("au", "fin", "dernier jour", "to", "end", "jusqu au"),
    "name": ("nom", "congé", "conge", "conges", "vacances", "titre", "intitule", "name"),
    "source": ("source",),
}
LONGEST = 100  # days: the summer has less
_SCHOOL = (
    "rentree",
    "dernier jour",
    "premier jour",
    "reprise",
    "fin des cours",
    "conseil",
    "reunion",
    "delibe",
)


@dataclass(frozen=True, slots=True)
class Read:
    """Periods of a file, what is wrong with it, and what is left out with why."""

    periods: tuple[Holiday, ...]
    faults: tuple[Fault, ...] = ()
    left: tuple[Fault, ...] = ()


def read(content: bytes, name: str, today: date, source: str) -> Read:
    """The periods of a file. NotAFile when it cannot be read as a whole."""
    head = content[:4096].decode("utf-8-sig", errors="ignore").upper()
    if "BEGIN:VCALENDAR" in head or name.lower().endswith((".ics", ".ical")):
        return _calendar(content, today, source)
    lines, _unknown = agenda_table.read(content, COLUMNS, ("first",))
    found, faults = [], []
    for line in lines:
        try:
            first = cells.read_day(line.cells.get("first", ""), today)
            last = cells.read_day(line.cells["last"], today) if line.cells.get("last") else first
            found.append((f"ligne {line.number}", Holiday(first, last, line.cells.get("name", ""), line.cells.get("source") or source)))  # fmt: skip
        except Unreadable as error:
            faults.append(Fault(f"ligne {line.number}", str(error)))
    return _checked(found, faults)


def _calendar(content: bytes, today: date, source: str) -> Read:
    """Whole days only: what has hours is no holiday."""
    reading = agenda_ics_apart.read(content, Given(today, today + timedelta(days=800)))
    found, left = [], []
    for row in reading.rows:
        starts, ends = row.values["local_starts"], row.values["local_ends"]
        if row.cancelled or not whole_days(starts, ends):
            left.append(
                Fault(row.at, "annulé." if row.cancelled else "il a des heures : ce n’est pas un congé.")
            )
            continue
        last = (ends - timedelta(days=1)).date()
        found.append((row.at, Holiday(starts.date(), last, str(row.values["title"]), source)))
    checked = _checked(found, reading.faults)
    return replace(checked, left=(*left, *checked.left))


def _checked(found: Sequence[tuple[str, Holiday]], faults: Iterable[Fault]) -> Read:
    periods: dict[tuple[date, date], Holiday] = {}
    wrong, left = list(faults), []
    for at, one in found:
        if one.last < one.first:
            wrong.append(Fault(at, f"« {one.name} » finit le {one.last:%d/%m/%Y}, avant de commencer."))
        elif (one.last - one.first).days > LONGEST:
            wrong.append(Fault(at, f"« {one.name} » dure plus de {LONGEST} jours : vérifiez les années."))
        elif one.first == one.last and any(word in fold(one.name) for word in _SCHOOL):
            left.append(Fault(at, f"« {one.name} » : ce jour-là, il y a école."))
        else:
            periods[one.first, one.last] = replace(one, name=one.name[:80], source=one.source[:600])
    return Read(
        tuple(sorted(periods.values(), key=lambda one: (one.first, one.last))), tuple(wrong), tuple(left)
    )
