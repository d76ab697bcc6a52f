from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import vobject  # type: ignore[import-untyped]  # shipped without types
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.application import calendars, happenings, taking_part
from bot.application.rights import OPERATOR
from storage import participations
from storage.database import Database
from storage.gatherings import Details, Gathering, Kind, State
from storage.participations import Part, Standing
from tests.bot.happening import WEDNESDAY, details, gathering, learners
from tests.support.databases import Clock

NOW = datetime(2026, 10, 7, 14, 0, tzinfo=UTC)


def _held(of: Details, *, number: int = 1, state: State = State.PLANNED, version: int = 1) -> Gathering:
    return Gathering(
        f"id{number}", number, of, NOW + timedelta(hours=number), NOW + timedelta(days=1), state, "", version, None, NOW, NOW
    )  # fmt: skip


def _part(standing: Standing, motivation: str = "") -> Part:
    return Part(
        "id",
        "lou",
        standing,
        own=True,
        reminders="eve",
        motivation=motivation,
        offer_until=None,
        asked_at=NOW,
        updated_at=NOW,
    )


def _events(content: bytes) -> list[Any]:
    calendar = Calendar.from_ical(content)
    assert isinstance(calendar, Calendar)
    assert calendar.errors == []
    found = list(calendar.walk("VEVENT"))
    assert all(event.errors == [] for event in found)
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    return found


def _read_back(content: bytes) -> dict[str, Any]:
    """What another parser makes of the file, by uid."""
    calendar = vobject.readOne(content.decode())
    return {event.uid.value: event for event in calendar.contents.get("vevent", [])}


def test_one_gathering_reads_the_same_in_two_parsers():
    of = details(
        Kind.MEETING,
        title="Une ingénieure du son, ça fait quoi ?",
        about="Elle vient avec ses micros; et répond, à tout.\nVraiment.",
        place="Salle B, 2e étage",
        route="Bus 4, arrêt « Opéra » ; puis à pied",
        source="https://www.siep.be/x",
        seen=date(2026, 10, 1),
        link="https://exemple.be/rencontre",
    )
    content = calendars.one(_held(of, version=3))
    (event,) = _events(content)
    other = _read_back(content)["id1@boussole"]
    assert event["summary"] == "Rencontre : Une ingénieure du son, ça fait quoi ?" == other.summary.value
    assert event["location"] == "Salle B, 2e étage" == other.location.value
    assert event["dtstart"].dt == datetime(2026, 10, 14, 12, 0, tzinfo=UTC) == other.dtstart.value
    assert other.dtend.value == datetime(2026, 10, 14, 14, 0, tzinfo=UTC)
    assert event["sequence"] == 2
    assert event["dtstamp"].dt == NOW
    assert event["status"] == "TENTATIVE"  # nobody confirmed its date
    said = other.description.value
    assert "Vraiment.\nPour venir : Bus 4, arrêt « Opéra » ; puis à pied" in said
    assert "À vérifier : date lue le 1er octobre 2026 sur siep.be." in said
    assert "VALARM" not in content.decode()


def test_the_same_gathering_gives_the_same_bytes():
    held = _held(details())
    assert calendars.one(held) == calendars.one(held)


def test_a_weekly_hour_stays_the_same_hour_across_the_october_change():
    sunday = datetime(2026, 10, 18, 10, 0)  # noqa: DTZ001 -- wall time
    weeks = [_held(details(starts=sunday + timedelta(weeks=n)), number=n + 1) for n in range(3)]
    hours = [event["dtstart"].dt.hour for event in _events(calendars.many(weeks))]
    assert hours == [8, 9, 9]  # 10:00 in Brussels each time


def test_a_night_over_the_change_lasts_as_long_as_it_does():
    starts = datetime(2026, 10, 24, 22, 0)  # noqa: DTZ001 -- wall time
    (event,) = _events(calendars.one(_held(details(starts=starts, hours=10))))
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(hours=11)


def test_whole_days_are_days_in_every_calendar():
    starts = datetime(2026, 10, 16, 0, 0)  # noqa: DTZ001 -- wall time
    for hours in (48, 48 - 1 / 60):  # until midnight, until 23:59
        (event,) = _events(calendars.one(_held(details(Kind.FAIR, starts, hours=hours))))
        assert (event["dtstart"].dt, event["dtend"].dt) == (date(2026, 10, 16), date(2026, 10, 18))


def test_a_calendar_holds_what_one_has_a_place_for_and_nothing_that_one_wrote():
    taken = [
        (_part(standing, "mon secret"), _held(details(), number=number))
        for number, standing in enumerate(Standing, 1)
    ]
    content = calendars.feed(taken, "Agenda de Lou", NOW)
    events = _events(content)
    numbers = {list(Standing)[int(event["uid"][2:-9]) - 1] for event in events}
    assert numbers == {Standing.GOING, Standing.OFFERED, Standing.CAME, Standing.MISSED}
    assert "secret" not in content.decode()
    calendar: Any = Calendar.from_ical(content)
    assert calendar["x-wr-calname"] == "Agenda de Lou"
    assert calendar["refresh-interval"].dt == timedelta(hours=6)
    assert calendar["x-published-ttl"] == "PT6H"


def test_a_neutral_calendar_tells_hours_only():
    of = details(
        Kind.MEETING, title="Vivre avec un diabète", about="Parole", route="Bus 4", link="https://a.be"
    )
    content = calendars.feed([(_part(Standing.GOING), _held(of))], "Agenda", NOW, neutral=True)
    (event,) = _events(content)
    assert event["summary"] == "Rendez-vous au centre"
    assert {"location", "description", "categories", "url"} & set(event) == set()
    assert "diab" not in content.decode()


def test_what_was_cancelled_stays_for_thirty_days():
    held = _held(details(), state=State.CANCELLED, version=2)
    (event,) = _events(calendars.feed([(_part(Standing.GOING), held)], "A", NOW + timedelta(days=29)))
    assert (event["status"], event["transp"], event["sequence"]) == ("CANCELLED", "TRANSPARENT", 1)
    assert event["summary"] == "Annulé : Lab animation"
    assert _events(calendars.feed([(_part(Standing.GOING), held)], "A", NOW + timedelta(days=31))) == []


def test_a_moved_gathering_keeps_its_number_and_goes_up_a_sequence(database: Database, clock: Clock):
    held, (lou,) = gathering(database), learners(database, 1)
    with database.begin() as uow:
        taking_part.sign_up(uow, lou, held.id)
        before = calendars.feed_of(uow, lou, "Lou")
    clock.move(minutes=5)
    there = replace(
        held.details,
        local_starts=WEDNESDAY + timedelta(days=1),
        local_ends=WEDNESDAY + timedelta(days=1, hours=2),
    )
    with database.begin() as uow:
        happenings.change(uow, OPERATOR, held, there)
    with database.read() as uow:
        after = calendars.feed_of(uow, lou, "Lou")
        assert participations.of_person(uow, lou)
    (was,), (now,) = _events(before), _events(after)
    assert was["uid"] == now["uid"] == f"{held.id}@boussole"
    assert (was["sequence"], now["sequence"]) == (0, 1)
    assert now["dtstart"].dt - was["dtstart"].dt == timedelta(days=1)
    assert now["dtstamp"].dt > was["dtstamp"].dt


@given(
    title=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=120),
    about=st.text(st.characters(exclude_categories=["Cs"]), max_size=600),
)
def test_any_words_make_a_file_that_two_parsers_read(title: str, about: str):
    content = calendars.one(_held(details(Kind.OTHER, title=title, about=about)))
    (event,) = _events(content)
    assert _plain(str(event["summary"])) == _plain(title)
    assert len(_read_back(content)) == 1


def _plain(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable() and letter != " ")
