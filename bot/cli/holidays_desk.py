"""School holidays on the command line: looking at them, adding, importing, removing; what the agenda makes of it comes first."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from bot.application import agenda_cells, holidays_import, quiet, recurring, team
from bot.application.agenda_rows import NotAFile
from bot.application.agenda_words import counted
from bot.application.rights import OPERATOR, Act, require
from bot.cli import agenda_asking as asking
from bot.cli.agenda_series_desk import say_changes
from bot.cli.say import fail, say
from storage import holidays
from storage.holidays import Holiday
from storage.unit_of_work import UnitOfWork

_APART = re.compile(r"\s*(?::|\bau\b|→)\s*")


def period(text: str) -> tuple[date, date]:
    """« 2026-12-21:2027-01-03 », « 21/12/2026 au 3/1/2027 », or one day."""
    first, *more = _APART.split(text.strip().removeprefix("du "))
    try:
        begins = agenda_cells.read_day(first, asking.today())
        ends = agenda_cells.read_day(more[0], begins) if more else begins
    except agenda_cells.Unreadable as error:
        fail(f"« {text} » n’est pas une période. Écrivez par exemple 2026-12-21:2027-01-03. {error}")
    if ends < begins:
        fail(f"« {text} » finit avant de commencer.")
    return begins, ends


def listed() -> None:
    """Every period, its name, and where it was read."""
    with asking.database().read() as uow:
        found = holidays.everything(uow)
    for one in found:
        more = "".join(f", {part}" for part in (one.name, one.source) if part)
        say(f"du {one.first:%d/%m/%Y} au {one.last:%d/%m/%Y}{more}")
    if not found:
        say("Aucun congé encodé : chaque jour de semaine compte comme un jour d’école.")


def added(periods: Sequence[str], name: str, source: str, *, replace: bool, yes: bool) -> None:
    """Add periods, or put them in the place of everything there was."""
    fresh = [
        Holiday(first, last, name.strip()[:80], source.strip()[:600]) for first, last in map(period, periods)
    ]
    _write(lambda held: _over([] if replace else held, fresh), yes=yes)
    listed()


def removed(periods: Sequence[str], *, yes: bool) -> None:
    """Take periods away."""
    gone = [period(one) for one in periods]
    with asking.database().read() as uow:
        known = {(one.first, one.last) for one in holidays.everything(uow)}
    for first, last in gone:
        if (first, last) not in known:
            fail(
                f"Il n’y a pas de congé du {first:%d/%m/%Y} au {last:%d/%m/%Y} : « boussole holidays list » les montre."
            )
    _write(lambda held: [one for one in held if (one.first, one.last) not in gone], yes=yes)
    listed()


def imported(path: Path, source: str, *, write: bool, replace: bool, yes: bool) -> None:
    """Show what a table or a calendar would change, or do it."""
    try:
        found = holidays_import.read(
            path.read_bytes(), path.name, asking.today(), source or f"fichier {path.name}"
        )
    except NotAFile as error:
        fail(str(error))
    for one in found.left:
        say(f"· {one.at} : {one.why}")
    for one in found.faults:
        say(f"! {one.at} : {one.why}")
    if found.faults:
        fail(f"{counted(len(found.faults), 'ligne')} à corriger : rien n’est écrit.")
    _write(lambda held: _over([] if replace else held, found.periods), yes=yes, dry=not write)
    if not write:
        say("Rien n’est écrit. Ajoutez --apply pour le faire.")


def _over(held: Sequence[Holiday], fresh: Sequence[Holiday]) -> list[Holiday]:
    """The periods with others laid over those of the same days; an unnamed one leaves the name that there was."""
    by_days = {(one.first, one.last): one for one in held}
    for one in fresh:
        before = by_days.get((one.first, one.last))
        by_days[one.first, one.last] = before if before and not (one.name or one.source) else one
    return list(by_days.values())


def _write(becomes: Callable[[list[Holiday]], list[Holiday]], *, yes: bool, dry: bool = False) -> None:
    """Show what changes, ask when dates of the agenda change with it, then write both in one transaction."""
    base = asking.database()
    with base.read() as uow:
        before = holidays.everything(uow)
        after = becomes(before)
        changes = recurring.of_holidays(uow, quiet.of((one.first, one.last) for one in after))
    for sign, listed_ in (
        ("-", [one for one in before if one not in after]),
        ("+", [one for one in after if one not in before]),
    ):
        for one in listed_:
            say(f"{sign} du {one.first:%d/%m/%Y} au {one.last:%d/%m/%Y}{', ' + one.name if one.name else ''}")
    if changes:
        say("Dans l’agenda :")
        say_changes(changes)
    if dry or after == before:
        return
    if changes:
        asking.agree("On change les congés et l’agenda ?", yes=yes)
    with base.begin() as uow:
        told = _put(uow, becomes(holidays.everything(uow)))
    if told:
        say(
            f"{counted(told, 'jeune sera prévenu', 'jeunes seront prévenus')}, une fois, aux heures permises."
        )


def _put(uow: UnitOfWork, after: Sequence[Holiday]) -> int:
    require(OPERATOR, Act.WRITE_HOLIDAYS)
    holidays.clear(uow)
    holidays.put(uow, after)
    team.note(uow, OPERATOR, "holidays_changed", "", periods=len(after))
    return sum(one.told for one in recurring.refresh_series(uow, OPERATOR))
