"""Gatherings as a table: read from what staff keep in a spreadsheet, and written for one. Pure."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.application import agenda_cells as cells
from bot.application import agenda_table, calendars
from bot.application.agenda_cells import Unreadable
from bot.application.agenda_rows import Fault, Given, NotAFile, Reading, Row
from bot.application.agenda_table import Line
from bot.application.agenda_words import KINDS
from dialogues.understand import fold
from storage.gatherings import Gathering

COLUMNS = {  # ours -> headings, the first one is what we write
    "number": ("n°", "no", "numero", "num"),
    "kind": ("sorte", "type", "genre", "categorie"),
    "title": ("titre", "nom", "intitule", "evenement", "activite", "name", "event"),
    "day": ("date", "jour", "day"),
    "begins": (
        "début",
        "debut",
        "heure",
        "heure de debut",
        "commence",
        "start",
        "de",
        "starts",
        "heures",
        "horaire",
    ),
    "last": ("date de fin", "jour de fin", "end date"),
    "ends": ("fin", "heure de fin", "jusqu a", "finit", "end", "a", "ends"),
    "length": ("durée", "duree", "duration", "length"),
    "place": ("lieu", "endroit", "salle", "adresse", "place", "location", "where"),
    "route": ("accès", "acces", "chemin", "trajet", "itineraire", "route"),
    "about": ("description", "de quoi il s agit", "contenu", "about"),
    "domain": ("thème", "theme", "domaine", "domain"),
    "capacity": ("places", "capacite", "nombre de places", "capacity"),
    "waiting": ("liste d’attente", "liste d attente", "attente", "waiting", "waiting list"),
    "chosen": ("choix", "sur motivation", "selection", "chosen"),
    "bands": ("âges", "ages", "age", "public", "tranche d age"),
    "link": ("lien", "page", "site", "url", "link", "web"),
    "source": ("source",),
    "seen": ("vu le", "vu", "lu le", "seen"),
    "uid": ("identifiant", "uid", "id"),
    "state": ("état", "etat", "statut", "status", "state"),
    "check": ("à vérifier", "a verifier"),
}
_TEXTS = ("place", "route", "about", "link", "source", "uid")
_CANCELLED = ("annule", "annulee", "cancelled", "canceled")
_READERS: Mapping[str, Callable[[str], Any]] = {
    "capacity": cells.read_places,
    "waiting": cells.read_yes,
    "chosen": cells.read_yes,
    "bands": cells.read_ages,
}


def read(content: bytes, given: Given) -> Reading:
    """The gatherings of a table; each problem with the number of its line. NotAFile when it is none."""
    lines, unknown = agenda_table.read(content, COLUMNS, ("title",))
    if lines and not ({"day", "begins"} & set(lines[0].cells)):
        raise NotAFile("Il manque une colonne : date. La première ligne doit nommer les colonnes.")
    rows, faults = [], []
    for line in lines:
        try:
            rows.append(_row(line, given))
        except Unreadable as error:
            faults.append(Fault(f"ligne {line.number}", str(error)))
    notes = (f"Colonnes que je ne connais pas, laissées : {', '.join(unknown[:12])}.",) if unknown else ()
    return Reading(tuple(rows), tuple(faults), notes)


def _row(line: Line, given: Given) -> Row:
    told = line.cells
    title = " ".join(told.get("title", "").split())
    if not title:
        raise Unreadable("Il manque un titre.")
    kind = cells.read_kind(told["kind"]) if told.get("kind") else given.kind or cells.kind_in(title)
    if kind is None:
        raise Unreadable(
            "Il manque la sorte de rendez-vous (colonne « sorte », ou --kind pour tout le fichier)."
        )
    starts, ends = _times(told, given.today)
    values: dict[str, Any] = {"kind": kind, "title": title, "local_starts": starts, "local_ends": ends}
    values |= {name: told[name] for name in _TEXTS if told.get(name)}
    values |= {name: reader(told[name]) for name, reader in _READERS.items() if told.get(name)}
    if "capacity" in told and not told["capacity"]:
        values["capacity"] = None
    if told.get("domain"):
        values["domain"] = _domain(told["domain"], given)
    if told.get("seen"):
        values["seen"] = cells.read_day(told["seen"], given.today)
    notes = tuple(note for note in (cells.clock_note(starts), cells.clock_note(ends)) if note)
    return Row(
        f"ligne {line.number}", values, fold(told.get("state", "")) in _CANCELLED, _number(told), notes
    )


def _number(told: Mapping[str, str]) -> int | None:
    said = told.get("number", "").strip("n° ")
    return int(said) if said.isdecimal() and len(said) < 7 else None  # noqa: PLR2004 -- numbers of ours are short


def _domain(said: str, given: Given) -> str:
    found = given.domains.get(fold(said.replace("_", " ")))
    if found is None:
        raise Unreadable(f"« {said} » n’est pas un thème du catalogue.")
    return found


def _times(told: Mapping[str, str], today: date) -> tuple[datetime, datetime]:
    """Beginning and end, whether day and hours share a cell or not."""
    day, begins, ends = _begins(told, today)
    starts = datetime.combine(day, begins)
    if told.get("length"):
        return starts, starts + cells.read_length(told["length"])
    if told.get("ends"):
        return starts, _ends(told, starts, today)
    if ends is not None:
        return starts, datetime.combine(day, ends)
    raise Unreadable("Il manque l’heure de fin, ou une durée.")


def _begins(told: Mapping[str, str], today: date) -> tuple[date, time, time | None]:
    day_cell, hour_cell = told.get("day", ""), told.get("begins", "")
    if not day_cell:
        day, begins, ends = cells.read_span(hour_cell, today)
    else:
        day, begins, ends = cells.read_span(day_cell, today)
        if hour_cell:
            begins, ends = _hours(hour_cell, ends)
    if begins is None:
        raise Unreadable("Il manque l’heure du début.")
    return day, begins, ends


def _hours(cell: str, ends: time | None) -> tuple[time, time | None]:
    begins, until = cells.read_hours(cell)
    return begins, until or ends


def _ends(told: Mapping[str, str], starts: datetime, today: date) -> datetime:
    last = cells.read_day(told["last"], today) if told.get("last") else starts.date()
    try:
        return datetime.combine(last, cells.read_hours(told["ends"])[0])
    except Unreadable:
        ends = cells.read_moment(told["ends"], today)
    return ends if ends > starts or ends.time() != time(0, 0) else ends + timedelta(days=1)


# ---------------------------------------------------------------- writing


def write(gatherings: Iterable[Gathering]) -> bytes:
    """A table of gatherings that `read` takes back as they are."""
    return agenda_table.write([said[0] for said in COLUMNS.values()], (_cells(one) for one in gatherings))


def _cells(held: Gathering) -> list[str]:
    details = held.details
    starts, ends = details.local_starts, details.local_ends
    told = {
        "number": str(held.number),
        "kind": KINDS[details.kind].one,
        "title": details.title,
        "day": f"{starts:%d/%m/%Y}",
        "begins": f"{starts:%H:%M}",
        "last": f"{ends:%d/%m/%Y}",
        "ends": f"{ends:%H:%M}",
        "length": "",
        "capacity": "" if details.capacity is None else str(details.capacity),
        "waiting": "oui" if details.waiting else "non",
        "chosen": "oui" if details.chosen else "non",
        "bands": details.bands.replace(" ", ", ") or "tous",
        "seen": f"{details.seen:%d/%m/%Y}" if details.seen else "",
        "uid": details.uid or calendars.uid(held),
        "state": "prévu" if held.planned else "annulé",
        "check": "" if held.confirmed else "oui",
    }
    plain = {
        name: str(getattr(details, name, ""))
        for name in ("place", "route", "about", "domain", "link", "source")
    }
    return [(told | plain)[name] for name in COLUMNS]
