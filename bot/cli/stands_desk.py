"""The stands of a fair on the command line: importing them, looking at them, printing the programme."""

from pathlib import Path

from bot import bootstrap
from bot.application import agenda_acts, programme_print, stands_import
from bot.application.agenda_rows import Fault, NotAFile
from bot.application.agenda_words import counted
from bot.application.clock import Clock
from bot.application.rights import OPERATOR, Act, require
from bot.cli import agenda_asking as asking
from bot.cli.say import fail, say
from bot.settings import load
from careers import catalogue
from storage import stands
from storage.stands import Stand

SHOWN = 60


def imported(number: int, path: Path, *, write: bool) -> None:
    """Show what a table would change, or do it: all of it or nothing."""
    try:
        found = stands_import.read(path.read_bytes(), catalogue.load(), f"fichier {path.name}")
    except NotAFile as error:
        fail(str(error))
    base = asking.database()
    with base.begin() if write else base.read() as uow:
        held = asking.numbered(uow, number)
        wanted = stands_import.plan(stands.of_gathering(uow, held.id), found.stands)
        say(asking.name(held))
        _show(wanted, found)
        if found.faults:
            fail(f"{counted(len(found.faults), 'ligne')} à corriger : rien n’est écrit.")
        if write:
            require(OPERATOR, Act.WRITE_STANDS)
            stands.put(uow, held.id, [*wanted.added, *(after for _before, after in wanted.changed)])
            agenda_acts.log(
                uow, OPERATOR, "stands_imported", held, added=len(wanted.added), changed=len(wanted.changed)
            )
    say("C’est fait." if write else "Rien n’est écrit. Ajoutez --apply pour le faire.")


def _show(wanted: stands_import.StandsPlan, found: stands_import.Read) -> None:
    lines = [f"+ {_line(one)}" for one in wanted.added]
    lines += [f"~ {_line(before)} → {_line(after)}" for before, after in wanted.changed]
    for line in lines[:SHOWN]:
        say(line)
    if len(lines) > SHOWN:
        say(f"… et {len(lines) - SHOWN} autres.")
    _faults("·", found.notes)
    _faults("!", found.faults)
    said = f"{counted(len(wanted.added), 'stand')} à ajouter, {len(wanted.changed)} à changer, {wanted.same} déjà là."
    if wanted.absent:
        said += f" {counted(len(wanted.absent), 'stand')} déjà là et absent du fichier : gardé."
    say(said)


def _faults(sign: str, faults: tuple[Fault, ...]) -> None:
    for one in faults[:SHOWN]:
        say(f"{sign} {one.at} : {one.why}")
    if len(faults) > SHOWN:
        say(f"… et {len(faults) - SHOWN} autres.")


def listed(number: int) -> None:
    """The stands in the order of the hall."""
    with asking.database().read() as uow:
        held = asking.numbered(uow, number)
        found = stands.of_gathering(uow, held.id)
    say(f"{asking.name(held)} : {counted(len(found), 'stand')}.")
    for _spot, together in programme_print.by_spot(found):
        for one in together:
            say(f"  {_line(one)}")


def _line(one: Stand) -> str:
    marks = [mark for mark in (one.institution, one.occupations, one.domains) if mark]
    return f"{one.spot or '—'} : {one.name}" + (f" ({' ; '.join(marks)})" if marks else "")


def programme(number: int, path: Path) -> None:
    """Write the programme to print."""
    if path.suffix.lower() != ".pdf":
        fail("Le nom du fichier finit par .pdf.")
    if path.exists():
        fail(f"{path} existe déjà : choisissez un autre nom. {asking.NOTHING_CHANGED}")
    settings = load()
    base = bootstrap.open_database(settings, Clock(bootstrap.real_now))
    base.check()
    with base.read() as uow:
        held = asking.numbered(uow, number)
        found = stands.of_gathering(uow, held.id)
    labels = {one.id: one.label for one in catalogue.load().domains.values()}
    path.write_bytes(programme_print.pdf(held, found, labels, settings.centre_name, asking.today()))
    say(
        f"Programme de {counted(len(found), 'stand')} : {path}. Imprimez deux pages par feuille A4, puis pliez."
    )
