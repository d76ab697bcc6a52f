"""What whoever holds the machine does with the agenda: add, look, move, cancel, confirm; it asks before telling anybody."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.application import agenda_acts, agenda_ahead, agenda_cells, agenda_words, happenings, planning
from bot.application.agenda_ahead import in_words
from bot.application.agenda_words import counted
from bot.application.happenings import CannotPlan
from bot.application.rights import OPERATOR
from bot.cli import agenda_asking as asking
from bot.cli import agenda_typed as typed
from bot.cli.say import say
from storage import gatherings, groups, participations
from storage.gatherings import Details, Gathering

AHEAD = timedelta(days=800)
EVER = timedelta(days=36_500)


# ---------------------------------------------------------------- adding


def add(new: typed.New, weekly: typed.Weekly, *, yes: bool) -> None:
    """Add one, or the same every week."""
    now = asking.today()
    base = asking.database()
    with base.read() as uow:
        details = typed.details(uow, new, now)
        if wrong := happenings.problems(details, planning.wall(uow.now)):
            asking.refuse(CannotPlan(wrong))
        ahead = agenda_ahead.of_add(uow, details)
    say(f"{agenda_words.title(details)}\n{agenda_words.when(details, now)}")
    note = agenda_cells.clock_note(details.local_starts)
    notes = [*ahead.notes, *([note] if note else [])]
    for one in notes:
        say(one)
    if notes:
        asking.agree("On l’ajoute ?", yes=yes)
    until = asking.read(lambda said: agenda_cells.read_day(said, now), weekly.until) if weekly.until else None
    skipped = [asking.read(lambda said: agenda_cells.read_day(said, now), day) for day in weekly.skipped]
    try:
        with base.begin() as uow:
            if until is None:
                _say_added(agenda_acts.add(uow, OPERATOR, details, confirmed=new.confirmed))
                return
            made = agenda_acts.repeat(
                uow, OPERATOR, details, until, every=weekly.every, in_holidays=weekly.in_holidays,
                skipped=skipped, confirmed=new.confirmed,
            )  # fmt: skip
    except CannotPlan as error:
        asking.refuse(error)
    first, last = made.gatherings[0], made.gatherings[-1]
    say(
        f"{counted(len(made.gatherings), 'date ajoutée', 'dates ajoutées')}, du n° {first.number} au n° {last.number}."
    )
    if made.holidays:
        say(f"Laissées pour les congés : {', '.join(f'{day:%d/%m/%Y}' for day in made.holidays)}.")


def _say_added(held: Gathering) -> None:
    say(f"Ajouté : n° {held.number}. {_upper(agenda_words.checked(held)) or 'Date confirmée'}.")


# ---------------------------------------------------------------- looking


def listed(kind: str, *, everything: bool) -> None:
    """What comes, or everything, with places, waiting lists and what is to be checked."""
    wanted = asking.read(agenda_cells.read_kind, kind) if kind else None
    with asking.database().read() as uow:
        since = uow.now - EVER if everything else uow.now
        found = gatherings.between(uow, since, uow.now + AHEAD)
        shown = [one for one in found if wanted in (None, one.details.kind)]
        counts = participations.counts(uow, [one.id for one in shown])
    for one in shown:
        marks = [agenda_words.places(one, counts[one.id])] if one.planned else ["annulé"]
        if one.planned and not one.confirmed:
            marks.append("à vérifier")
        say(f"{asking.name(one)} : {', '.join(marks)}")
    if not shown:
        say("Rien n’est prévu." if not everything else "L’agenda est vide.")


def show(number: int) -> None:
    """Everything about one gathering; numbers of people, no names."""
    with asking.database().read() as uow:
        held = asking.numbered(uow, number)
        counts = participations.counts(uow, [held.id])[held.id]
        group = groups.get(uow, held.details.group_id) if held.details.group_id else None
    details = held.details
    say(asking.name(held))
    lines = (
        ("annulé", "oui" + (f" : {held.why}" if held.why else "") if not held.planned else ""),
        ("à savoir", _upper(agenda_words.checked(held, asking.today()))),
        ("participation", agenda_words.places(held, counts)),
        ("lieu", agenda_words.where(held)), ("de quoi il s’agit", details.about),
        ("thème", details.domain), ("âges", details.bands.replace(" ", ", ")), ("groupe", group.name if group else ""),
        ("liste d’attente", "oui" if details.waiting else "non"), ("l’équipe choisit", "oui" if details.chosen else ""),
        ("page", details.link), ("source", details.source),
        ("vu le", f"{details.seen:%d/%m/%Y}" if details.seen else ""),
        ("revient chaque semaine", "oui" if details.series_id else ""),
    )  # fmt: skip
    for label, value in lines:
        if value:
            say(f"  {label} : {value}")


# ---------------------------------------------------------------- changing


def move(number: int, to: str, end: str, place: str, why: str, *, yes: bool) -> None:
    """Another day, hour or place. What is not said stays: the hour, the length."""
    now = asking.today()
    base = asking.database()
    with base.read() as uow:
        held = asking.numbered(uow, number)
        old = held.details
        starts, ends = old.local_starts, old.local_ends
        if to:
            day, begins, until = asking.read(lambda said: agenda_cells.read_span(said, now), to)
            starts = datetime.combine(day, begins or old.local_starts.time())
            ends = datetime.combine(day, until) if until else starts + (old.local_ends - old.local_starts)
        if end:
            ends = typed.end(end, starts, now)
        there = replace(old, local_starts=starts, local_ends=ends, place=place or old.place)
        if wrong := agenda_ahead.problems_of_change(uow, held, there):
            asking.refuse(CannotPlan(wrong))
        ahead = agenda_ahead.of_change(uow, held, there)
    if there == old:
        say("C’est déjà ainsi : rien à changer.")
        return
    say(asking.name(held))
    say(f"→ {agenda_words.when(there, now)}{', ' + there.place if there.place else ''}")
    note = agenda_cells.clock_note(starts)
    for one in (*ahead.notes, *([note] if note else [])):
        say(one)
    say(in_words(ahead))
    asking.agree("On le déplace ?", yes=yes)
    _write(number, held, there, why)


def places(number: int, many: str, *, yes: bool) -> None:
    """Another number of places; whoever waits first is offered the new ones."""
    base = asking.database()
    with base.read() as uow:
        held = asking.numbered(uow, number)
        there = replace(held.details, capacity=asking.read(agenda_cells.read_places, many))
        if wrong := agenda_ahead.problems_of_change(uow, held, there):
            asking.refuse(CannotPlan(wrong))
        ahead = agenda_ahead.of_change(uow, held, there)
    say(asking.name(held))
    if ahead.offered:
        say(in_words(ahead))
        asking.agree("On change le nombre de places ?", yes=yes)
    _write(number, held, there, "")


def _write(number: int, held: Gathering, there: Details, why: str) -> None:
    try:
        with asking.database().begin() as uow:
            done = agenda_acts.change(uow, OPERATOR, held, there, why=why.strip())
    except CannotPlan as error:
        asking.refuse(error)
    say(f"n° {number} changé. {told(done.told)}")


def told(number: int) -> str:
    """Who is being told, once it is done."""
    if not number:
        return "Personne n’est à prévenir."
    return (
        f"{counted(number, 'jeune sera prévenu', 'jeunes seront prévenus')}, une fois, aux heures permises."
    )


def _upper(said: str) -> str:
    return said[:1].upper() + said[1:]
