"""Files of the agenda on the command line: importing with what it would change, exporting, stands, the printed programme."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.application import agenda_cells as cells
from bot.application import agenda_csv, agenda_import, agenda_words, calendars
from bot.application.agenda_import import Plan
from bot.application.agenda_rows import Given, NotAFile
from bot.application.agenda_words import counted
from bot.application.happenings import CannotPlan
from bot.application.rights import OPERATOR
from bot.cli import agenda_asking as asking
from bot.cli.say import fail, say
from bot.settings import load
from careers import catalogue
from storage import gatherings
from storage.gatherings import Gathering

SHOWN = 40  # lines of one sort, before the rest is only counted
LABELS = {
    "title": "titre", "local_starts": "début", "local_ends": "fin", "place": "lieu", "route": "accès", "about": "description",
    "capacity": "places", "waiting": "liste d’attente", "chosen": "choix", "bands": "âges", "link": "page", "domain": "thème",
    "source": "source", "seen": "vu le", "uid": "identifiant",
}  # fmt: skip


def given(kind: str, zone: str, source: str, seen: str, name: str) -> Given:
    """What was typed about the file as a whole."""
    today = asking.today()
    if zone and not _is_zone(zone):
        fail(f"Fuseau inconnu : « {zone} ». Écrivez par exemple Europe/Brussels.")
    return Given(
        today,
        agenda_import.season_end(today, load().season_end),
        asking.read(cells.read_kind, kind) if kind else None,
        zone,
        source or f"fichier {name}",
        asking.read(lambda said: cells.read_day(said, today), seen) if seen else None,
        agenda_import.domains(catalogue.load()),
    )


def imported(path: Path, about: Given, *, write: bool, skip_bad: bool, tell: bool, confirmed: bool) -> None:
    """Show what a file would change; with `write`, do it: all of it or nothing."""
    content = path.read_bytes()
    try:
        reading = agenda_import.read(content, path.name, about)
    except NotAFile as error:
        fail(str(error))
    base = asking.database()
    if not write:
        with base.read() as uow:
            show(agenda_import.plan(uow, reading, about), tell=tell)
        say("Rien n’est écrit. Ajoutez --apply pour le faire.")
        return
    with base.begin() as uow:
        wanted = agenda_import.plan(uow, reading, about)
        show(wanted, tell=tell)
        if wanted.faults and not skip_bad:
            fail(
                f"{_lines(len(wanted.faults))} à corriger : rien n’est écrit (--skip-bad les laisse et prend le reste)."
            )
        try:
            done = agenda_import.apply(uow, OPERATOR, wanted, confirmed=confirmed, tell=tell)
        except CannotPlan as error:
            fail("\n".join([*error.problems, asking.NOTHING_CHANGED]))
    say(
        f"C’est fait : {counted(done.added, 'rendez-vous ajouté', 'rendez-vous ajoutés')}, {counted(done.changed, 'changement')}."
    )
    if done.told:
        say(
            f"{counted(done.told, 'jeune sera prévenu', 'jeunes seront prévenus')}, une fois, aux heures permises."
        )
    if done.untold:
        say(
            f"{counted(done.untold, 'changement laissé', 'changements laissés')} : des jeunes y participent (--tell le fait et les prévient)."
        )
    if wanted.faults:
        say(f"{_lines(len(wanted.faults))} laissée(s), voir plus haut.")


def show(wanted: Plan, *, tell: bool) -> None:
    """What would be added and changed, what is left, what is wrong."""
    today = asking.today()
    for one in wanted.added[:SHOWN]:
        say(f"+ {agenda_words.title(one.details)}, {agenda_words.when(one.details, today)} ({one.at})")
        for note in one.notes:
            say(f"    {note}")
    _rest(len(wanted.added))
    for change in wanted.changed[:SHOWN]:
        say(f"~ {asking.name(change.held)} ({change.at})")
        for line in _lines_of(change):
            say(f"    {line}")
    _rest(len(wanted.changed))
    for sign, faults in (("·", wanted.left), ("!", wanted.faults)):
        for fault in faults[:SHOWN]:
            say(f"{sign} {fault.at} : {fault.why}")
        _rest(len(faults))
    for note in wanted.notes:
        say(note)
    say(
        f"{_made(len(wanted.added))}, {counted(len(wanted.changed), 'changement')}, {wanted.same} déjà dans l’agenda, "
        f"{_lines(len(wanted.left))} à laisser, {_lines(len(wanted.faults))} à corriger."
    )
    if wanted.told:
        say(
            f"{counted(wanted.told, 'jeune sera prévenu', 'jeunes seront prévenus')}, une fois."
            if tell
            else f"{counted(wanted.told, 'jeune participe', 'jeunes participent')} à ce qui change : ces changements-là ne se font qu’avec --tell, qui prévient."
        )


def _lines_of(change: agenda_import.Change) -> list[str]:
    told = ["annulé"] if change.cancels else ["rétabli"] if change.restores else []
    told += [
        f"{LABELS[name]} : {_said(before)} → {_said(after)}"
        for name, before, after in agenda_import.differences(change.held.details, change.details)
        if name in LABELS
    ]
    if change.told:
        told.append(counted(change.told, "jeune concerné", "jeunes concernés"))
    return [*told, *change.notes]


def _said(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    text = "" if value is None else str(value)
    return (text[:77] + "…" if len(text) > 78 else text) or "rien"  # noqa: PLR2004 -- a line of a screen


def _rest(number: int) -> None:
    if number > SHOWN:
        say(f"… et {number - SHOWN} autres.")


def _made(number: int) -> str:
    return counted(number, "rendez-vous à ajouter", "rendez-vous à ajouter")


def _lines(number: int) -> str:
    return counted(number, "ligne")


def _is_zone(zone: str) -> bool:
    from bot.application.agenda_ics_lines import zone_name  # noqa: PLC0415 -- heavy

    return zone_name(zone) == zone


# ---------------------------------------------------------------- exporting


def exported(number: int | None, path: Path) -> None:
    """One gathering, or all of them, as a calendar or as a table, by the ending of the file."""
    ending = path.suffix.lower()
    if ending not in (".ics", ".csv"):
        fail("Le nom du fichier finit par .ics (calendrier) ou .csv (tableau).")
    if path.exists():
        fail(f"{path} existe déjà : choisissez un autre nom. {asking.NOTHING_CHANGED}")
    with asking.database().read() as uow:
        held = [asking.numbered(uow, number)] if number is not None else _everything(uow)
    name = "" if number is not None else load().centre_name
    path.write_bytes(calendars.many(held, name) if ending == ".ics" else agenda_csv.write(held))
    say(f"{counted(len(held), 'rendez-vous', 'rendez-vous')} dans {path}.")


def _everything(uow: Any) -> list[Gathering]:
    return gatherings.between(uow, uow.now - timedelta(days=365), uow.now + timedelta(days=800))
