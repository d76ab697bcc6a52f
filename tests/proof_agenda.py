"""Proofs of the timetable: changes of clocks, an outage, restarts, a crowd at five o'clock."""

import asyncio
import random
import re
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import bootstrap, timetable
from bot.application import happenings, planning, quiet, reminders, taking_part, turns
from bot.application.clock import Clock
from bot.application.messages import Incoming, Text
from bot.application.rights import OPERATOR
from bot.application.services import Services
from bot.application.threads import in_thread
from bot.settings import load, make_keys
from storage import agenda, conversations, participations, people
from storage.agenda import Status
from storage.gatherings import Details, Gathering, Kind
from tests.bot.restarts import nursery
from tests.bot.test_stale_reminders import never_out_of_date
from tests.support.databases import Clock as Hand

BRUSSELS = ZoneInfo("Europe/Brussels")
CHANGES = (date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31))
MINUTES = 1_440
OUT, EACH, HOURS = 1_000, 5, 72
RESTARTS, CROWD = 200, 5_000
EXAMPLES, ACTS = 1_000, 30
Key = tuple[str, str, int, str]  # person, daily or weekly, minute, day
seen: dict[str, str] = {}  # proof -> what came out on the first database, which the second must repeat


def made(folder: Path, url: str, clock: Callable[[], datetime]) -> Services:
    """A centre with a clock of its own."""
    settings = load(None, data_dir=folder, database_url=url)
    make_keys(settings.keys_file)
    return bootstrap.build(settings, migrate=True, clock=Clock(clock))


def at(day: date, minute: int) -> datetime:
    """A wall time."""
    return datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)


# ---------------------------------------------------------------- the night the clocks change


def clock_changes(folder: Path, scale: float, url: str = "") -> str:
    """Each minute of the day, daily and weekly, around three changes of clocks: each said once, on its day, not too early."""
    hand, step = Hand(), max(1, round(1 / scale))
    services = made(folder / "clocks", url, hand)
    hand.now = datetime(2026, 10, 1, 12, tzinfo=UTC)
    wanted = _planned(services, step)
    days = {day for several in _days().values() for day in several}
    for day in sorted(days | {day + timedelta(days=1) for day in days}):
        for instant in _ticks(day, step):
            hand.now = instant
            reminders.send_due(services)
    said = _said(services, wanted)
    kind = services.database.kind
    bootstrap.close(services)
    return f"{len(CHANGES) * 2 * len(range(0, MINUTES, step))} cases on {kind}: {_judge_clocks(wanted, said, step)}"


def _judge_clocks(wanted: dict[Key, datetime], said: dict[Key, list[datetime]], step: int) -> str:
    missing, double = (
        sum(1 for key in wanted if few(len(said[key]))) for few in (lambda n: n == 0, lambda n: n > 1)
    )
    wrong = [
        key for key, due in wanted.items() if len(said[key]) == 1 and not _in_time(said[key][0], due, step)
    ]
    if missing or double or wrong:
        raise AssertionError(
            f"{missing} missing, {double} double, {len(wrong)} at another moment: {wrong[:3]}"
        )
    found = sha256(repr(sorted((key[1:], times) for key, times in said.items())).encode()).hexdigest()[:12]
    if seen.setdefault(f"clock_changes {step}", found) != found:
        raise AssertionError("not the same on both databases")
    dot = sum(timedelta(0) <= said[key][0] - due < timedelta(minutes=step) for key, due in wanted.items())
    return f"{len(wanted)} occurrences, 0 missing, 0 double, {dot} in their very minute, the others when quiet hours end or with the day's message; they read {found}"


def _days() -> dict[str, list[date]]:
    return {
        name: [change + timedelta(days=days * number) for change in CHANGES for number in (-1, 0, 1)]
        for name, days in (("daily", 1), ("weekly", 7))
    }


def _planned(services: Services, step: int) -> dict[Key, datetime]:
    """Everybody's steps; the instant that each is wanted at, found by looking at every minute of its day."""
    wanted: dict[Key, datetime] = {}
    for name, days in _days().items():
        first = {day: _first_instants(day) for day in days}
        for minute in range(0, MINUTES, step):
            with services.database.begin() as uow:
                person = people.create(uow, "web").id
                steps = [
                    {"first_step": f"pas {number}", "due": day.isoformat()} for number, day in enumerate(days)
                ]
                conversations.note(uow, person, {"action.list": steps})
                for number, day in enumerate(days):
                    body = {"due": day.isoformat()}
                    row = agenda.plan(
                        uow,
                        planning.KIND,
                        planning.source(person),
                        person,
                        at(day, minute),
                        occurrence=str(number),
                        body=body,
                    )
                    wanted[person, name, minute, day.isoformat()] = first[day][minute]
                    if row.due_at != first[day][minute]:
                        raise AssertionError(f"{day} {minute}: {row.due_at} instead of {first[day][minute]}")
    return wanted


def _first_instants(day: date) -> list[datetime]:
    """For each minute of the wall clock the first instant of that day at which it is reached or passed."""
    found: list[datetime] = []
    instant = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=3)
    while len(found) < MINUTES:
        local = instant.astimezone(BRUSSELS).replace(tzinfo=None)
        if local.date() == day:
            reached = (local - at(day, 0)) // timedelta(minutes=1) + 1
            found += [instant] * (reached - len(found))
        instant += timedelta(minutes=1)
    return found


def _ticks(day: date, step: int) -> list[datetime]:
    start = at(day, 0).replace(tzinfo=BRUSSELS).astimezone(UTC)
    end = at(day + timedelta(days=1), 0).replace(tzinfo=BRUSSELS).astimezone(UTC)
    return [
        start + timedelta(minutes=number) for number in range(0, (end - start) // timedelta(minutes=1), step)
    ]


def _said(services: Services, wanted: dict[Key, datetime]) -> dict[Key, list[datetime]]:
    """When each occurrence was named in a message."""
    said: dict[Key, list[datetime]] = {}
    for person, name, minute in {key[:3] for key in wanted}:
        texts = texts_of(services, person)
        for number, day in enumerate(_days()[name]):
            named = re.compile(rf"pas {number}\b")
            said[person, name, minute, day.isoformat()] = [when for when, text in texts if named.search(text)]
    return said


def _in_time(when: datetime, due: datetime, step: int) -> bool:
    """On its day, once quiet hours allow; the next day only when those began, or when the day had its message."""
    local = due.astimezone(BRUSSELS).replace(tzinfo=None)
    first = quiet.later(at(local.date(), 0), quiet.Holidays())
    last = quiet.later(max(local, at(local.date() + timedelta(days=1), 17 * 60)), quiet.Holidays())
    return agenda.instant(first) <= when <= agenda.instant(last) + timedelta(minutes=step)


# ---------------------------------------------------------------- three days without power


def three_days(folder: Path, scale: float, url: str = "") -> str:
    """After an outage of 72 hours: one message a person, nothing of what is over, nothing to come is lost."""
    hand, many = Hand(), int(OUT * scale) or 1
    services = made(folder / "three-days", url, hand)
    hand.now = datetime(2027, 1, 4, 12, tzinfo=UTC)  # a Monday
    everybody = _with_five(services, many)
    hand.now = datetime(
        2027, 1, 8, 16, 30, tzinfo=UTC
    )  # down from Tuesday afternoon to Friday, half past five
    began = time.perf_counter()
    sent = reminders.send_due(services)
    took = time.perf_counter() - began
    again = reminders.send_due(services)
    late = {person: texts_of(services, person) for person in everybody}
    for minutes in range(1, 24 * 60 * 8):
        if minutes % 30 in (0, 29):  # half past, the hour, and the last minute before each
            hand.now = datetime(2027, 1, 8, 16, 30, tzinfo=UTC) + timedelta(minutes=minutes)
            reminders.send_due(services)
    _judge_outage(services, late, sent, again)
    bootstrap.close(services)
    return f"{many} people with {EACH} reminders, {HOURS} hours late: {sent} messages in {took:.0f} s, at most 1 a person; none about what is over; none to come was lost"


def _with_five(services: Services, many: int) -> list[str]:
    """A lab that will be over, one that is still to come, a step, a fair to come, and the weekly word."""
    with services.database.begin() as uow:
        held = [
            happenings.add(uow, OPERATOR, _details(title, kind, day, hour))
            for title, kind, day, hour in (
                ("Lab passé", Kind.LAB, date(2027, 1, 7), 16),
                ("Lab bientôt", Kind.LAB, date(2027, 1, 9), 14),
                ("Salon à venir", Kind.FAIR, date(2027, 1, 15), 10),
            )
        ]
    found = []
    for _ in range(many):
        with services.database.begin() as uow:
            person = people.create(uow, "web").id
            steps = [{"first_step": "appeler", "due": "2027-01-07"}]
            values = {"action.list": steps, "consent.reminder_slot": "wed_pm", "user.age_band": "13-15"}
            conversations.note(uow, person, values)
            reminders.after_turn(services, uow, person, values, ["consent.reminder_slot"], began=False)
            local = planning.moment(date(2027, 1, 7), "wed_pm", planning.wall(uow.now), quiet.Holidays())
            agenda.plan(
                uow,
                planning.KIND,
                planning.source(person),
                person,
                local,
                occurrence="0",
                body={"due": "2027-01-07"},
            )
            for one in held:
                taking_part.sign_up(uow, person, one.id, reminders="more" if one is held[2] else "eve")
            found.append(person)
    return found


def _details(title: str, kind: Kind, day: date, hour: int) -> Details:
    starts = at(day, hour * 60)
    return Details(kind, title, starts, starts + timedelta(hours=2))


def texts_of(services: Services, person: str) -> list[tuple[datetime, str]]:
    """Each message written to somebody: when, and everything it said."""
    with services.database.read() as uow:
        found = conversations.messages_after(uow, person, 0, 1_000)
    joined: dict[datetime, str] = defaultdict(str)
    for one in found:
        if one.side == "bot":
            joined[one.at] += f"{one.body.get('text', '')}\n"
    return list(joined.items())


def _judge_outage(
    services: Services, late: dict[str, list[tuple[datetime, str]]], sent: int, again: int
) -> None:
    most = max(len(found) for found in late.values())
    over = sum("Lab passé" in text for found in late.values() for _, text in found)
    if (most, again, over) != (1, 0, 0) or sent != len(late):
        raise AssertionError(
            f"{most} messages to one person, {again} a moment later, {over} about what is over"
        )
    for person in late:
        texts = texts_of(services, person)
        later = [text for _, text in texts[1:]]
        if "Lab bientôt" not in texts[0][1] or sum("Salon à venir" in text for text in later) != 2:
            raise AssertionError(f"lost: {[text[:60] for _, text in texts]}")


# ---------------------------------------------------------------- killed at the very second


def restarts(folder: Path, scale: float, url: str = "") -> str:
    """A process that is killed around the moment something is due, and started again: each is said once."""
    many, chance = int(RESTARTS * scale) or 1, random.Random(5)  # noqa: S311 -- moments, not secrets
    place = folder / "restarts"
    services = made(place, url, bootstrap.real_now)
    everybody = []
    with nursery(place, url) as workers:
        for number in range(many):
            ahead = number * 31  # seconds: the lease of the one that was killed is over
            due = bootstrap.real_now() + timedelta(seconds=ahead + 0.4)
            everybody.append(_due_at(services, due))
            workers.work(ahead, kill_after=0.4 + chance.uniform(-0.1, 0.2))
        workers.work(many * 31 + 60, kill_after=None)
    counts = Counter(len(texts_of(services, person)) for person in everybody)
    with services.database.read() as uow:
        states = Counter(row.status for person in everybody for row in agenda.of_person(uow, person))
    kind = services.database.kind
    bootstrap.close(services)
    if counts != {1: many} or states != {Status.SENT: many}:
        raise AssertionError(f"messages: {dict(counts)}, reminders: {dict(states)}")
    return f"{many} kills within 0.2 s of what was due, on {kind}: {counts[1]} of {many} said once"


def _due_at(services: Services, due: datetime) -> str:
    """Somebody to be told at once of a change of today: no quiet hours, whatever the hour of the proof."""
    with services.database.begin() as uow:
        person = people.create(uow, "web").id
        local = planning.wall(due)
        starts = local
        details = Details(Kind.LAB, f"Lab {person[:6]}", starts, starts + timedelta(days=2))
        held = happenings.add(uow, OPERATOR, details, past=True)
        taking_part.sign_up(uow, person, held.id, reminders="none")
        body = {"what": "changed", "was": starts.isoformat(), "place": "ailleurs"}
        agenda.plan(uow, "notice", f"news:{held.id}", person, local, occurrence="v2", body=body)
    return person


# ---------------------------------------------------------------- five o'clock


def five_o_clock(folder: Path, scale: float, url: str = "") -> str:
    """Thousands are due in the same minute while somebody chats: how long it takes, and how long the chat waits."""
    return asyncio.run(_crowd(folder / "crowd", int(CROWD * scale) or 1, url))


async def _crowd(folder: Path, many: int, url: str) -> str:
    hand = Hand()
    services = made(folder, url, hand)
    hand.now = datetime(2027, 1, 11, 12, tzinfo=UTC)
    everybody = _all_going(services, many)
    with services.database.begin() as uow:
        chatting = people.create(uow, "web").id
    hand.now = datetime(2027, 1, 12, 16, tzinfo=UTC)
    tick = asyncio.create_task(timetable.Timetable(services, "proof")._work())
    began = time.perf_counter()
    waits: list[float] = []
    while not tick.done():
        incoming = Incoming("web", chatting, f"k{len(waits)}", Text("menu"))
        asked = time.perf_counter()
        await in_thread(services, lambda incoming=incoming: turns.handle(services, incoming))  # type: ignore[misc]
        waits.append(time.perf_counter() - asked)
        await asyncio.sleep(0.02)
    took = time.perf_counter() - began
    counts = Counter(len(texts_of(services, person)) for person in everybody)
    kind = services.database.kind
    bootstrap.close(services)
    if counts != {1: many}:
        raise AssertionError(f"messages: {dict(counts)}")
    p95 = statistics.quantiles(waits, n=20)[-1] if len(waits) > 1 else waits[0]
    return f"{many} reminders on {kind} in {took:.0f} s ({many / took:.0f} a second), each once; {len(waits)} turns beside it: p95 {p95 * 1000:.0f} ms, longest {max(waits) * 1000:.0f} ms"


def _all_going(services: Services, many: int) -> list[str]:
    with services.database.begin() as uow:
        held: Gathering = happenings.add(uow, OPERATOR, _details("Lab son", Kind.LAB, date(2027, 1, 13), 14))
        found = []
        for _ in range(many):
            person = people.create(uow, "web").id
            conversations.note(uow, person, {"user.age_band": "13-15"})
            taking_part.sign_up(uow, person, held.id)
            found.append(person)
        if participations.taken(uow, held.id) != many:
            raise AssertionError("not everybody has a place")
    return found


# ---------------------------------------------------------------- moved, cancelled, restored


def never_stale(folder: Path, scale: float, url: str = "") -> str:
    """Whatever happens to gatherings and to the platform, no reminder that waits or is on its way is out of date (SCH-05)."""
    hand, examples = Hand(), int(EXAMPLES * scale) or 1
    services = made(folder / "stale", url, hand)
    never_out_of_date(services, hand, examples, ACTS)
    kind = services.database.kind
    bootstrap.close(services)
    return f"{examples} afternoons of up to {ACTS} acts on {kind}: no reminder out of date"
