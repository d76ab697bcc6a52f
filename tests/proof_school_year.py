"""Proof of the policy: a school year of six hundred learners, their labs, fairs, changes and refusals, half hour by half hour."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot import bootstrap
from bot.application import happenings, planning, quiet, reminder_kinds, reminders, taking_part
from bot.application.rights import OPERATOR
from bot.application.services import Services
from storage import agenda, conversations, gatherings, groups, holidays, participations, people
from storage.agenda import Reminder, Status
from storage.gatherings import Details, Gathering, Kind
from storage.participations import Part, Standing
from tests.proof_agenda import at, made, texts_of
from tests.support.databases import Clock as Hand

LEARNERS, GROUPS = 600, 6
FIRST, LAST = date(2026, 9, 7), date(2027, 6, 25)
BREAKS = (  # made up, as staff would enter them
    (date(2026, 10, 19), date(2026, 11, 1)),
    (date(2026, 12, 21), date(2027, 1, 3)),
    (date(2027, 2, 22), date(2027, 3, 7)),
    (date(2027, 5, 3), date(2027, 5, 16)),
)
SLOTS = ("none", "wed_pm", "sat_am", "week_17h", "week_19h")
TODAY = 0.1  # of the mornings staff change something of that day, during school
AHEAD = 9  # days before a gathering on which learners sign up
GAP = timedelta(days=6, hours=12)


@dataclass
class Year:
    """Everything the year needs."""

    services: Services
    chance: random.Random
    everybody: list[str]
    titles: Iterator[int]
    stopped: dict[str, datetime] = field(default_factory=dict)
    signed: dict[tuple[str, str], datetime] = field(default_factory=dict)  # (person, gathering) -> when


def school_year(folder: Path, scale: float, url: str = "", until: date = LAST) -> str:
    """No message in quiet hours, one of our own accord a week, three a day at most, every wanted eve said."""
    hand, chance = Hand(), random.Random(2026)  # noqa: S311 -- a school year, not secrets
    services = made(folder / "year", url, hand)
    hand.now = at(FIRST, 12 * 60).replace(tzinfo=UTC)
    year = Year(
        services, chance, _enrolled(services, chance, int(LEARNERS * scale) or 1), iter(range(1, 10_000))
    )
    _weekly_labs(year, until)
    sent = 0
    for day in _days(FIRST, until):
        for moment in _moments(day):
            hand.now = agenda.instant(moment)
            sent += reminders.send_due(services)
            if moment.hour == 10 and moment.minute == 0 and chance.random() < TODAY:
                _staff_change_their_mind(year, timedelta(hours=14))
            if moment.hour == 16 and moment.minute == 0:
                _school_is_out(year, day)
    found = _judged(year)
    bootstrap.close(services)
    return f"{len(year.everybody)} learners, {FIRST} to {until}: {sent} messages; {found}"


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _moments(day: date) -> list[datetime]:
    """Every half hour, and the last minute before the evening."""
    return sorted([at(day, minute) for minute in range(0, 24 * 60, 30)] + [at(day, 20 * 60 - 1)])


def _enrolled(services: Services, chance: random.Random, many: int) -> list[str]:
    found = []
    with services.database.begin() as uow:
        holidays.put(uow, [holidays.Holiday(first, last, "congés") for first, last in BREAKS])
        made_groups = [groups.create(uow, f"Groupe {number}") for number in range(GROUPS)]
        for _ in range(many):
            person = people.create(uow, "web").id
            slot = chance.choice(SLOTS)
            values = {
                "user.age_band": chance.choice(("12", "13-15", "13-15", "16-18")),
                "consent.reminder_slot": slot,
            }
            conversations.note(uow, person, values)
            reminders.after_turn(services, uow, person, values, ["consent.reminder_slot"], began=False)
            if chance.random() < 0.6:
                groups.join(uow, chance.choice(made_groups).id, person)
            if chance.random() < 0.1:
                reminder_kinds.choose_kind(uow, person, chance.choice(("lab", "fair", "meeting")), "off")
            found.append(person)
    return found


def _weekly_labs(year: Year, until: date) -> None:
    """Each group has its lab every week, entered by staff: nobody there signed up by their own hand."""
    with year.services.database.begin() as uow:
        for number, group in enumerate(groups.everyone(uow)):
            day = FIRST + timedelta(days=2 + number % 4)
            details = _details(Kind.LAB, f"Lab du groupe {number}", at(day, 16 * 60 + 30), group_id=group.id)
            happenings.repeat(uow, OPERATOR, details, until)


def _details(kind: Kind, title: str, starts: datetime, group_id: str | None = None) -> Details:
    return Details(kind, title, starts, starts + timedelta(hours=2), group_id=group_id, place="Salle B")


def _school_is_out(year: Year, day: date) -> None:
    """What people do on an afternoon: staff enter, move and cancel; learners sign up, come by, plan, refuse."""
    chance = year.chance
    if day.weekday() < 2:
        _something_new(year, day)
    if day.weekday() == 3:
        _staff_change_their_mind(year, timedelta(days=12))
    for person in year.everybody:
        luck = chance.random()
        if luck < 0.05:
            _comes_by(year, person)
        elif luck < 0.06:
            _plans_a_step(year, person, day)
        elif luck < 0.0605:
            _says_stop(year, person)
        elif luck < 0.062:
            _says_less(year, person)


def _something_new(year: Year, day: date) -> None:
    """A masterlab, a meeting or a fair in nine to thirteen days; a fifth of the learners sign up by themselves."""
    chance, kind = year.chance, year.chance.choice((Kind.MASTERLAB, Kind.MEETING, Kind.FAIR, Kind.OPEN_DAY))
    starts = at(day + timedelta(days=AHEAD + chance.randrange(5)), 60 * chance.choice((10, 14, 17, 18)))
    with year.services.database.begin() as uow:
        held = happenings.add(uow, OPERATOR, _details(kind, f"Rendez-vous {next(year.titles):04d}", starts))
        for person in year.everybody:
            if chance.random() < 0.2:
                choice = chance.choice(("eve", "eve", "eve", "more", "none"))
                taking_part.sign_up(uow, person, held.id, reminders=choice)
                year.signed[person, held.id] = uow.now
                if chance.random() < 0.3:
                    after = quiet.later(held.details.local_ends + timedelta(hours=2), planning.holidays(uow))
                    agenda.plan(uow, "debrief", f"debrief:{held.id}", person, after, occurrence="1")


def _staff_change_their_mind(year: Year, within: timedelta) -> None:
    """One thing to come is moved by a day or two, or is cancelled: in the morning one of that very day."""
    with year.services.database.begin() as uow:
        coming = gatherings.between(uow, uow.now, uow.now + within)
        coming = [one for one in coming if one.planned and one.starts_at > uow.now]
        if not coming:
            return
        one = coming[0] if year.chance.random() < 0.4 else year.chance.choice(coming)  # the soonest: today's
        if year.chance.random() < 0.3:
            happenings.cancel(uow, OPERATOR, one, why="Une panne.")
            return
        by = timedelta(days=year.chance.randrange(1, 3))
        details = one.details
        there = replace(details, local_starts=details.local_starts + by, local_ends=details.local_ends + by)
        happenings.change(uow, OPERATOR, one, there)


def _comes_by(year: Year, person: str) -> None:
    with year.services.database.begin() as uow:
        held = conversations.load(uow, person)
        conversations.save(uow, replace(held, memo={**held.memo, "last_at": uow.now.isoformat()}))


def _plans_a_step(year: Year, person: str, day: date) -> None:
    with year.services.database.begin() as uow:
        profile = conversations.profile(uow, person)
        if person in year.stopped:
            return
        steps = [
            *(profile.get("action.list") or []),
            {"first_step": "appeler", "due": (day + timedelta(days=5)).isoformat()},
        ]
        conversations.note(uow, person, {"action.list": steps})
        slot, due = str(profile.get("consent.reminder_slot")), day + timedelta(days=5)
        local = planning.moment(due, slot, planning.wall(uow.now), planning.holidays(uow))
        body = {"due": due.isoformat()}
        agenda.plan(
            uow,
            planning.KIND,
            planning.source(person),
            person,
            local,
            occurrence=str(len(steps) - 1),
            body=body,
        )


def _says_stop(year: Year, person: str) -> None:
    with year.services.database.begin() as uow:
        conversations.note(uow, person, {"consent.reminders": False, "consent.reminder_slot": "none"})
        reminders.stop_all(year.services, uow, person)
        year.stopped.setdefault(person, uow.now)


def _says_less(year: Year, person: str) -> None:
    with year.services.database.begin() as uow:
        profile = conversations.profile(uow, person)
        ledger = reminders.less_often(year.services, uow, person, profile)
        conversations.note(uow, person, {"progress.reminders": ledger})


# ---------------------------------------------------------------- what came of it

Parts = dict[str, tuple[Part, Gathering]]


def _judged(year: Year) -> str:
    counts: Counter[str] = Counter()
    closed = quiet.of(BREAKS)
    for person in year.everybody:
        with year.services.database.read() as uow:
            parts = {
                held.id: (part, held)
                for part, held in participations.of_person(uow, person, datetime(2026, 1, 1, tzinfo=UTC))
            }
            told: dict[datetime, list[Reminder]] = defaultdict(list)
            for row in agenda.of_person(uow, person):
                if row.status is Status.SENT and row.settled_at is not None:
                    told[row.settled_at].append(row)
        written = texts_of(year.services, person)
        if sorted(told) != sorted(when for when, _ in written):
            raise AssertionError("a message without a reminder, or the reverse")
        counts["eves"] += _eves(year, person, parts, written)
        counts += _hours(person, told, closed, year)
        counts += _weeks(told, parts, closed)
    return (
        f"0 in quiet hours ({counts['urgent']} changes of the very day), at most 1 of our own accord a week "
        f"({counts['own accord']} in all), at most 3 a day, {counts['eves']} wanted eves all said; {len(year.stopped)} said stop and heard nothing more"
    )


def _hours(
    person: str, told: dict[datetime, list[Reminder]], closed: quiet.Holidays, year: Year
) -> Counter[str]:
    days: Counter[date] = Counter()
    urgent = 0
    for when, rows in told.items():
        local = planning.wall(when)
        days[local.date()] += 1
        if quiet.is_quiet(local, closed):
            if not any(row.kind == "notice" for row in rows):
                raise AssertionError(f"{local}: {[row.kind for row in rows]} in quiet hours")
            urgent += 1
        if person in year.stopped and when > year.stopped[person]:
            raise AssertionError("a message after stop")
    if days and max(days.values()) > 3:
        raise AssertionError(f"{max(days.values())} messages on one day")
    return Counter({"urgent": urgent})


def _weeks(told: dict[datetime, list[Reminder]], parts: Parts, closed: quiet.Holidays) -> Counter[str]:
    """Messages in which nothing was asked for: by our own accord, or about what staff entered the learner for."""
    last, weeks = None, set()
    for when in sorted(told):
        if not all(_own_accord(row, parts) for row in told[when]):
            continue
        week = planning.wall(when).isocalendar()[:2]
        if week in weeks or (last is not None and when - last < GAP):
            raise AssertionError(f"two of our own accord in a week: {last} and {when}")
        if planning.wall(when).date() in closed and all(row.kind == "weekly" for row in told[when]):
            raise AssertionError("the weekly word in holidays")
        weeks.add(week)
        last = when
    own = Counter(
        planning.wall(when).isocalendar()[:2]
        for when, rows in told.items()
        if all(_own_eve(row, parts) for row in rows)
    )
    if own and max(own.values()) > 1:
        raise AssertionError("two messages about gatherings in a week, nobody asked for more")
    return Counter({"own accord": len(weeks)})


def _own_accord(row: Reminder, parts: Parts) -> bool:
    if row.kind != "gathering":
        return row.kind in ("weekly", "unfinished")
    part = parts.get(row.source.partition(":")[2])
    return part is not None and not part[0].own


def _own_eve(row: Reminder, parts: Parts) -> bool:
    part = parts.get(row.source.partition(":")[2])
    return row.kind == "gathering" and part is not None and part[0].own and part[0].reminders == "eve"


def _eves(year: Year, person: str, parts: Parts, written: Sequence[tuple[datetime, str]]) -> int:
    """Every gathering with a reminder that was wanted is named before it begins; how many."""
    found = 0
    for part, held in parts.values():
        signed = year.signed.get((person, held.id))
        silent = person in year.stopped and year.stopped[person] <= held.starts_at
        wanted = part.own and part.reminders != "none" and part.standing is Standing.GOING and held.planned
        if signed is None or silent or not wanted or held.starts_at > year.services.now():
            continue
        if not any(
            held.starts_at - timedelta(days=10) <= when < held.starts_at and held.details.title in text
            for when, text in written
        ):
            raise AssertionError(f"{held.details.title} on {held.details.local_starts} was not said")
        found += 1
    return found
