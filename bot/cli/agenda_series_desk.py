"""Cancelling, restoring and confirming on the command line, and what is done with a whole series."""

from datetime import date

from bot.application import agenda_acts, agenda_ahead, agenda_cells, happenings, planning, recurring
from bot.application.agenda_ahead import in_words
from bot.application.agenda_words import counted
from bot.application.happenings import CannotPlan
from bot.application.rights import OPERATOR
from bot.cli import agenda_asking as asking
from bot.cli.agenda_desk import told
from bot.cli.say import fail, say
from storage import gatherings, series
from storage.gatherings import Gathering
from storage.unit_of_work import UnitOfWork


def cancel(number: int, why: str, *, whole: bool, onwards: bool, yes: bool) -> None:
    """One, the rest of its series, or all of it that is still to come."""
    base = asking.database()
    with base.read() as uow:
        held = asking.numbered(uow, number)
        concerned = [one for one in _chosen(uow, held, whole=whole, onwards=onwards) if one.planned]
        ahead = agenda_ahead.of_cancel(uow, *concerned)
    if not concerned:
        say(f"Le n° {number} est déjà annulé : rien à changer.")
        return
    for one in concerned:
        say(asking.name(one))
    say(
        f"Les jeunes liront : « {why.strip()} »"
        if why.strip()
        else "Sans raison donnée aux jeunes (--why en donne une)."
    )
    say(in_words(ahead))
    asking.agree("On annule ?", yes=yes)
    with base.begin() as uow:
        done = agenda_acts.cancel(uow, OPERATOR, concerned, why=why.strip())
    say(f"{counted(len(concerned), 'rendez-vous annulé', 'rendez-vous annulés')}. {told(done)}")


def _chosen(uow: UnitOfWork, held: Gathering, *, whole: bool, onwards: bool) -> list[Gathering]:
    if not (whole or onwards):
        return [held]
    if held.details.series_id is None:
        fail(f"Le n° {held.number} ne revient pas chaque semaine : annulez-le sans --series ni --from-here.")
    if onwards:
        return agenda_acts.following(uow, held)
    return [one for one in gatherings.of_series(uow, held.details.series_id) if one.starts_at > uow.now]


def restore(number: int, *, yes: bool) -> None:
    """It takes place after all; whoever had a place still has it."""
    base = asking.database()
    with base.read() as uow:
        held = asking.numbered(uow, number)
        ahead = agenda_ahead.of_restore(uow, held) if not held.planned else None
    if ahead is None:
        say(f"Le n° {number} n’est pas annulé : rien à changer.")
        return
    say(asking.name(held))
    say(in_words(ahead))
    asking.agree("On le rétablit ?", yes=yes)
    try:
        with base.begin() as uow:
            done = agenda_acts.restore(uow, OPERATOR, held)
    except CannotPlan as error:
        asking.refuse(error)
    say(f"n° {number} rétabli. {told(done.told)}")


def confirm(numbers: list[int], seen: str) -> None:
    """Their dates were looked up: they are shown without « à vérifier »."""
    day = asking.read(lambda said: agenda_cells.read_day(said, asking.today()), seen) if seen else None
    with asking.database().begin() as uow:
        held = [asking.numbered(uow, number) for number in numbers]
        for one in held:
            happenings.confirm(uow, OPERATOR, one, day)
            agenda_acts.log(uow, OPERATOR, "agenda_confirmed", one)
    for one in held:
        say(f"{asking.name(one)} : confirmé.")


def change_series(number: int, until: str, skip: list[str], again: list[str], *, yes: bool) -> None:
    """End a series sooner or later, leave days out, or take left-out days in again; without anything: show it."""
    today = asking.today()
    base = asking.database()
    with base.read() as uow:
        held = asking.numbered(uow, number)
        known = series.get(uow, held.details.series_id) if held.details.series_id else None
        if known is None:
            fail(f"Le n° {number} ne revient pas chaque semaine.")
        days = [_days(skip, today), _days(again, today)]
        last = asking.read(lambda said: agenda_cells.read_day(said, today), until) if until else known.until
        skipped = (known.skipped | days[0]) - days[1]
        changes = recurring.of_series(uow, known, last, skipped, planning.holidays(uow))
    rhythm = "chaque semaine" if known.every == 1 else f"toutes les {known.every} semaines"
    say(f"{asking.name(held)} : {rhythm}, du {known.first:%d/%m/%Y} au {known.until:%d/%m/%Y}.")
    if known.skipped:
        say(f"Jours laissés : {', '.join(f'{day:%d/%m/%Y}' for day in sorted(known.skipped))}.")
    if (last, skipped) == (known.until, known.skipped):
        return
    say_changes([changes])
    asking.agree("On change la série ?", yes=yes)
    try:
        with base.begin() as uow:
            done = recurring.change(uow, OPERATOR, known.id, last, skipped)
    except CannotPlan as error:
        asking.refuse(error)
    say(f"Série changée. {told(done)}")


def say_changes(found: list[recurring.Changes]) -> None:
    """What a change of holidays or of a series does, date by date."""
    for changes in found:
        for one in changes.gone:
            who = (
                f", {counted(one.concerned, 'jeune à prévenir', 'jeunes à prévenir')}"
                if one.concerned
                else ""
            )
            say(
                f"- {asking.name(one.gathering)} : annulé{who}"
                if one.kept
                else f"- {asking.name(one.gathering)} : retiré"
            )
        for held in changes.back:
            say(f"+ {asking.name(held)} : rétabli")
        for day in changes.days:
            say(f"+ {changes.title}, le {day:%d/%m/%Y} : ajouté")
    if not any(not changes.nothing for changes in found):
        say("Aucune date de l’agenda ne change.")


def _days(said: list[str], today: date) -> frozenset[date]:
    return frozenset(asking.read(lambda text: agenda_cells.read_day(text, today), one) for one in said)
