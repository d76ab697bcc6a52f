"""Files of the agenda: tables and calendars as others write them, shown before they are written, whole or not at all."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest

from bot.application import (
    agenda_csv,
    agenda_ics,
    agenda_ics_apart,
    agenda_import,
    agenda_table,
    calendars,
    taking_part,
)
from bot.application.agenda_import import Done, Plan
from bot.application.agenda_rows import Given, NotAFile, Reading
from bot.application.happenings import CannotPlan
from bot.application.rights import OPERATOR
from storage import gatherings
from storage.database import Database
from storage.gatherings import Gathering, Kind
from tests.bot.happening import gathering, learners

TODAY = date(2026, 10, 7)  # the tests' clock
GIVEN = Given(
    TODAY, date(2027, 8, 31), source="https://exemple.be/agenda", domains={"animation": "animation"}
)
HEAD = "sorte;titre;date;début;fin;places\n"
ONE = "lab;Animation 3D;14/10/2026;14:00;16:00;12\n"


@dataclass
class Desk:
    """Imports files into a database and looks at what is there."""

    database: Database

    def plan(self, content: str | bytes, name: str = "a.csv", given: Given = GIVEN) -> Plan:
        reading = _read(content, name, given)
        with self.database.read() as uow:
            return agenda_import.plan(uow, reading, given)

    def put(self, content: str | bytes, name: str = "a.csv", **options: bool) -> Done:
        reading = _read(content, name, GIVEN)
        with self.database.begin() as uow:
            return agenda_import.apply(uow, OPERATOR, agenda_import.plan(uow, reading, GIVEN), **options)

    def held(self) -> list[Gathering]:
        with self.database.read() as uow:
            return gatherings.between(uow, agenda_import._FIRST, agenda_import._LAST)


def _read(content: str | bytes, name: str = "a.csv", given: Given = GIVEN) -> Reading:
    raw = content.encode() if isinstance(content, str) else content
    return agenda_ics.read(raw, given) if name.endswith(".ics") else agenda_csv.read(raw, given)


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


def calendar(*events: str, before: str = "") -> str:
    inside = "".join(f"BEGIN:VEVENT\n{event}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{before}{inside}END:VCALENDAR\n"


def event(uid: str, starts: str, *lines: str, ends: str = "DURATION:PT2H") -> str:
    return "\n".join((f"UID:{uid}", f"DTSTART{starts}", ends, *(lines or ("SUMMARY:Lab du mercredi",))))


# ---------------------------------------------------------------- tables


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("sorte;titre;date;début;fin", "lab;Été;14/10/2026;14:30;16:00"),
        ("Type,Nom,Date,Heure de début,Heure de fin", "Lab,Été,14-10-26,14h30,16h"),
        ("kind\ttitle\tstart\tend", "lab\tÉté\t14/10/2026 14:30\t16:00"),
        ("kind,title,start,end", "lab,Été,2026-10-14T14:30:00,2026-10-14T16:00:00"),
        ("kind,title,start,end", "lab,Été,2026-10-14T12:30:00Z,2026-10-14T14:00:00+00:00"),
        ("sorte;titre;date;horaire", "lab;Été;mer. 14 octobre 2026;14h30-16h"),
        ("sorte;titre;date;heure;durée", "lab;Été;14/10/2026 00:00:00;14:30:00;1h30"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_table_is_read_as_whatever_spreadsheet_saved_it(head: str, line: str, encoding: str):
    reading = agenda_csv.read(f"{head}\r\n{line}\r\n".encode(encoding), GIVEN)
    assert reading.faults == ()
    (row,) = reading.rows
    assert row.values["title"] == "Été"
    assert row.values["kind"] is Kind.LAB
    assert row.values["local_starts"] == datetime(2026, 10, 14, 14, 30)  # noqa: DTZ001
    assert row.values["local_ends"] == datetime(2026, 10, 14, 16, 0)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("lab;A;31 novembre 2026;14:00;16:00;", "Le 31 novembre 2026 n’existe pas."),
        ("lab;A;30/02/2027;14:00;16:00;", "Le 30 février 2027 n’existe pas."),
        ("lab;A;14/10/2026;25:00;16:00;", "n’est pas une heure"),
        ("lab;A;14/10/2026;14:00;12:00;", "n’est pas après le début"),
        ("lab;A;14/10/2026;14:00;;", "Il manque l’heure de fin"),
        ("lab;A;;14:00;16:00;", "n’est pas une date"),
        ("lab;;14/10/2026;14:00;16:00;", "Il manque un titre."),
        ("poney;A;14/10/2026;14:00;16:00;", "n’est pas une sorte"),
        ("lab;A;14/10/2026;14:00;16:00;zéro", "n’est pas un nombre de places"),
        ("lab;A;14/10/2096;14:00;16:00;", "dans plus de deux ans"),
        (f"lab;{'A' * 121};14/10/2026;14:00;16:00;", "dépasse 120 caractères"),
    ],
)
def test_a_wrong_line_is_told_with_its_number(desk: Desk, line: str, why: str):
    plan = desk.plan(HEAD + ONE + "\n" + line + "\n")
    (fault,) = plan.faults
    assert fault.at == "ligne 4"
    assert why in fault.why
    assert len(plan.added) == 1


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "vide"),
        (b"\xef\xbb\xbf\r\n", "vide"),
        (b"a;b\n1;2\n", "Il manque une colonne : titre"),
        (b"titre;lieu\nA;B\n", "Il manque une colonne : date"),
        (b'titre;date\n"A;14/10/2026\n' + b"x" * 200_000, "ligne 2 ne se lit pas"),
        (b"\x00" * 100, "vide"),
        (b"x" * (5 * 1024 * 1024 + 1), "trop grand"),
        (HEAD.encode() + ONE.encode() * 5_001, "Plus de 5000 lignes"),
    ],
)
def test_what_is_no_table_is_refused_in_words(content: bytes, why: str):
    with pytest.raises(NotAFile, match=why):
        agenda_csv.read(content, GIVEN)


def test_imported_rows_are_to_be_checked_with_their_source_until_somebody_confirms(desk: Desk):
    desk.put(HEAD + ONE)
    (held,) = desk.held()
    assert not held.confirmed
    assert (held.details.source, held.details.seen) == ("https://exemple.be/agenda", TODAY)
    assert held.details.capacity == 12
    desk.put(HEAD + ONE.replace("3D", "2D"), confirmed=True)
    assert [one.confirmed for one in desk.held()] == [False, True]


def test_importing_twice_changes_nothing_and_duplicates_are_told(desk: Desk):
    assert desk.put(HEAD + ONE + ONE.replace("3D", "2D")).added == 2
    again = desk.plan(HEAD + ONE + ONE.replace("3D", " 2D ") + ONE)
    assert (again.same, again.added, again.changed, again.faults) == (2, (), (), ())
    assert again.left[0].why == "la même chose que ligne 2."


def test_a_line_that_changes_a_row_shows_before_and_after_and_keeps_what_it_does_not_say(desk: Desk):
    desk.put("sorte;titre;date;début;fin;accès\nlab;Animation 3D;14/10/2026;14:00;16:00;Bus 4\n")
    plan = desk.plan(HEAD + ONE.replace("16:00", "17:00"))
    (change,) = plan.changed
    found = {
        name: (before, after)
        for name, before, after in agenda_import.differences(change.held.details, change.details)
    }
    assert found == {
        "local_ends": (datetime(2026, 10, 14, 16, 0), datetime(2026, 10, 14, 17, 0)),  # noqa: DTZ001
        "capacity": (None, 12),
    }
    desk.put(HEAD + ONE.replace("16:00", "17:00"))
    (held,) = desk.held()
    assert held.details.route == "Bus 4"


def test_what_young_people_must_hear_of_is_only_changed_when_one_says_so(desk: Desk):
    desk.put("uid;" + HEAD + "x1;" + ONE)
    (lou,) = learners(desk.database, 1)
    with desk.database.begin() as uow:
        taking_part.sign_up(uow, lou, desk.held()[0].id)
    moved = "uid;" + HEAD + "x1;" + ONE.replace("14/10", "15/10")
    assert desk.plan(moved).told == 1
    assert (desk.put(moved).untold, desk.held()[0].details.local_starts.day) == (1, 14)
    assert (desk.put(moved, tell=True).told, desk.held()[0].details.local_starts.day) == (1, 15)


def test_places_under_who_has_one_are_a_wrong_line(desk: Desk):
    desk.put(HEAD + ONE)
    people = learners(desk.database, 3)
    with desk.database.begin() as uow:
        for one in people:
            taking_part.sign_up(uow, one, desk.held()[0].id)
    plan = desk.plan(HEAD + ONE.replace(";12", ";2"))
    assert plan.changed == ()
    assert "3 jeunes ont déjà une place" in plan.faults[0].why


def test_an_import_that_fails_in_the_middle_leaves_nothing(desk: Desk, monkeypatch):
    reading = _read(HEAD + "".join(ONE.replace("3D", f"n° {n}") for n in range(20)))
    real, calls = gatherings.add, iter(range(100))

    def failing(*args, **named):
        if next(calls) == 10:
            raise CannotPlan(["plus de courant"])
        return real(*args, **named)

    monkeypatch.setattr(gatherings, "add", failing)
    with pytest.raises(CannotPlan), desk.database.begin() as uow:
        agenda_import.apply(uow, OPERATOR, agenda_import.plan(uow, reading, GIVEN))
    assert desk.held() == []


def test_five_thousand_lines_go_in_and_are_known_again(sqlite_database: Database):
    desk = Desk(sqlite_database)
    lines = "".join(
        f"lab;Lab n° {n};{date(2026, 10, 8) + timedelta(days=n % 300):%d/%m/%Y};14:00;16:00;\n"
        for n in range(5_000)
    )
    assert desk.put(HEAD + lines).added == 5_000
    assert desk.plan(HEAD + lines).same == 5_000


def test_no_cell_of_an_export_is_computed_and_it_comes_back_as_it_was(desk: Desk):
    gathering(desk.database, title='=HYPERLINK("http://mal.be")', about="-1+1", place="@SUM(A1)", capacity=3)
    content = agenda_csv.write(desk.held())
    lines, unknown = agenda_table.read(content, agenda_csv.COLUMNS, ("title",))
    assert unknown == []
    raw = content.decode("utf-8-sig").splitlines()[1]
    assert not any(cell.strip('"').startswith(("=", "+", "-", "@")) for cell in raw.split(";"))
    assert lines[0].cells["title"].startswith("=HYPERLINK")
    plan = desk.plan(content)
    assert (plan.same, plan.added, plan.changed, plan.faults) == (1, (), (), ())


# ---------------------------------------------------------------- calendars


@pytest.mark.parametrize(
    ("starts", "at"),
    [
        (":20261014T120000Z", 14),
        (":20261014T140000", 14),  # of no zone: the centre's
        (";TZID=Europe/Brussels:20261014T140000", 14),
        (";TZID=europe/paris:20261014T140000", 14),
        (';TZID="Romance Standard Time":20261014T140000', 14),
        (";TZID=GMT Standard Time:20261014T130000", 14),
        (";TZID=/freeassociation.sourceforge.net/Europe/Brussels:20261014T140000", 14),
        (";TZID=America/New_York:20261014T080000", 14),
    ],
)
def test_hours_of_any_zone_come_to_the_clock_of_the_centre(starts: str, at: int):
    (row,) = _read(calendar(event("1", starts)), "a.ics").rows
    assert row.values["local_starts"] == datetime(2026, 10, 14, at, 0)  # noqa: DTZ001
    assert row.values["local_ends"] == datetime(2026, 10, 14, at + 2, 0)  # noqa: DTZ001


CUSTOM = """BEGIN:VTIMEZONE
TZID:Chez nous
BEGIN:STANDARD
DTSTART:16010101T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
"""
LIAR = CUSTOM.replace("Chez nous", "Europe/Brussels").replace("+0200", "+0900").replace("+0100", "+0800")
BROKEN = "BEGIN:VTIMEZONE\nTZID:Chez nous\nEND:VTIMEZONE\n"
NONSENSE = "BEGIN:VTIMEZONE\nTZID:Chez nous\nBEGIN:STANDARD\nDTSTART:hier\nTZOFFSETTO:beaucoup\nEND:STANDARD\nEND:VTIMEZONE\n"


def test_a_zone_that_the_file_defines_is_used_and_one_that_lies_about_a_known_name_is_not():
    for before, tzid in ((CUSTOM, "Chez nous"), (LIAR, "Europe/Brussels")):
        (row,) = _read(calendar(event("1", f";TZID={tzid}:20261014T140000"), before=before), "a.ics").rows
        assert row.values["local_starts"].hour == 14


@pytest.mark.parametrize("before", ["", BROKEN, NONSENSE])
def test_an_unknown_zone_is_a_wrong_line_unless_one_says_which_it_is(before: str):
    content = calendar(
        event("1", ";TZID=Chez nous:20261014T140000"), event("2", ":20261014T120000Z"), before=before
    )
    reading = _read(content, "a.ics")
    assert [row.values["uid"] for row in reading.rows] == ["2"]
    assert "fuseau inconnu : « Chez nous »" in reading.faults[0].why
    told = _read(content, "a.ics", Given(TODAY, date(2027, 8, 31), zone="Europe/London"))
    assert told.rows[0].values["local_starts"].hour == 15


def test_recurrence_without_end_stops_with_the_season_and_says_so(desk: Desk):
    rule = event(
        "w", ";TZID=Europe/Brussels:20261014T140000", "SUMMARY:Lab", "RRULE:FREQ=WEEKLY",
        "EXDATE;TZID=Europe/Brussels:20261021T140000",
    )  # fmt: skip
    moved = event(
        "w",
        ";TZID=Europe/Brussels:20261029T160000",
        "SUMMARY:Lab",
        "RECURRENCE-ID;TZID=Europe/Brussels:20261028T140000",
    )
    gone = event(
        "w",
        ";TZID=Europe/Brussels:20261104T140000",
        "SUMMARY:Lab",
        "STATUS:CANCELLED",
        "RECURRENCE-ID;TZID=Europe/Brussels:20261104T140000",
    )
    reading = _read(calendar(rule, moved, gone), "a.ics")
    assert any("arrêtée(s) au 31/08/2027" in note for note in reading.notes)
    starts = [row.values["local_starts"] for row in reading.rows if not row.cancelled]
    assert starts[:3] == [datetime(2026, 10, 14, 14), datetime(2026, 10, 29, 16), datetime(2026, 11, 11, 14)]  # noqa: DTZ001
    assert {one.hour for one in starts} == {14, 16}  # the same hour after the clocks changed
    assert max(starts).date() == date(2027, 8, 25)
    assert desk.put(calendar(rule, moved, gone), "a.ics").added == len(starts)
    again = desk.plan(calendar(rule, moved, gone), "a.ics")
    assert (again.same, again.added, again.changed) == (len(starts), (), ())


def test_a_calendar_moves_and_cancels_what_it_brought(desk: Desk):
    desk.put(calendar(event("1", ":20261014T120000Z"), event("2", ":20261015T120000Z")), "a.ics")
    later = calendar(
        event("1", ":20261014T130000Z", "SUMMARY:Lab du mercredi", "SEQUENCE:1"),
        event("1", ":20261014T150000Z", "SUMMARY:Lab du mercredi", "SEQUENCE:2"),
        event("2", ":20261015T120000Z", "SUMMARY:Lab du mercredi", "STATUS:CANCELLED"),
    )
    desk.put(later, "a.ics")
    one, two = desk.held()
    assert (one.details.local_starts.hour, one.planned, two.planned) == (17, True, False)
    desk.put(calendar(event("1", ":20261014T150000Z"), event("2", ":20261015T120000Z")), "a.ics")
    assert [held.planned for held in desk.held()] == [True, True]


def test_whole_days_and_hours_of_the_night_of_the_change():
    rows = _read(
        calendar(
            event("1", ";VALUE=DATE:20261016", "SUMMARY:Salon", ends="DTEND;VALUE=DATE:20261018"),
            event("2", ";TZID=Europe/Brussels:20270328T023000"),
            event("3", ";TZID=Europe/Brussels:20261025T023000"),
        ),
        "a.ics",
    ).rows
    assert rows[0].values["kind"] is Kind.FAIR
    assert rows[0].values["local_ends"] == datetime(2026, 10, 18)  # noqa: DTZ001
    assert "n’existe pas cette nuit-là (changement d’heure) : ce sera 03:00" in rows[1].notes[0]
    assert "existe deux fois cette nuit-là (changement d’heure) : ce sera la première" in rows[2].notes[0]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (event("1", ":20261131T140000"), "la date « 20261131T140000 » n’existe pas"),
        (event("1", ":hier"), "n’existe pas"),
        ("UID:1\nSUMMARY:Lab", "pas de date de début"),
        (event("1", ":20261014T140000", "DESCRIPTION:rien"), "pas de titre"),
        (event("1", ":20261014T140000", "SUMMARY:Lab", "RRULE:FREQ=SECONDLY"), "plus d’une fois par jour"),
        (
            event("1", ":20261014T140000", "SUMMARY:Lab", "RRULE:FREQ=DAILY;BYMINUTE=1,2,3"),
            "plus d’une fois par jour",
        ),
        (
            event("1", ":20261014T140000", "SUMMARY:Lab", "RRULE:FREQ=PARFOIS"),
            "n’existe pas, ou il est abîmé",
        ),
    ],
)
def test_a_wrong_event_is_told_and_the_others_are_read(given: str, why: str):
    reading = _read(calendar(given, event("ok", ":20261014T140000")), "a.ics")
    assert [row.values["uid"] for row in reading.rows] == ["ok"]
    assert why in reading.faults[0].why
    assert reading.faults[0].at.startswith("évènement 1")


def _deep() -> str:
    return calendar("BEGIN:X\n" * 50 + "END:X\n" * 50)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "pas un calendrier"),
        ("<html></html>", "pas un calendrier"),
        ("BEGIN:VCALENDAR\nEND:VCALENDAR\n", "aucun évènement"),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\n", "coupé"),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n", "ne se ferme pas"),
        (calendar(event("1", ":20261014T140000", "SUMMARY:" + "x" * 200_000)), "démesurée"),
        (
            calendar(event("1", ":20261014T140000", "SUMMARY:" + "\n ".join("x" * 70 for _ in range(2_000)))),
            "démesurée",
        ),
        (_deep(), "blocs dans des blocs"),
        (calendar(*(event(str(n), ":20261014T140000") for n in range(5_001))), "Plus de 5000"),
        ("x" * (5 * 1024 * 1024 + 1), "trop grand"),
    ],
)
def test_what_is_no_calendar_is_refused_in_words(content: str, why: str):
    with pytest.raises(NotAFile, match=why):
        agenda_ics_apart.read(content.encode(), GIVEN)


def test_a_calendar_made_to_hurt_is_stopped(monkeypatch):
    monkeypatch.setattr(agenda_ics_apart, "CPU", 2)
    hurts = "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"
    many = calendar(*(event(str(n), ":20261014T140000", "SUMMARY:Lab", hurts) for n in range(40)))
    with pytest.raises(NotAFile, match="trop de travail"):
        agenda_ics_apart.read(many.encode(), GIVEN)


def test_letters_cut_by_folding_and_other_encodings_are_read():
    folded = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261014T120000Z\r\nSUMMARY:\xc3\r\n \xa9t\xc3\xa9\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    assert _read(folded, "a.ics").rows[0].values["title"] == "été"
    windows = calendar(event("1", ":20261014T120000Z", "SUMMARY:Été à l’école")).encode("cp1252")
    assert _read(windows, "a.ics").rows[0].values["title"] == "Été à l’école"


def test_what_was_entered_by_hand_follows_the_calendar_that_has_it_too(desk: Desk):
    gathering(desk.database, title="Lab du mercredi")
    desk.put(calendar(event("abc", ":20261014T120000Z")), "a.ics")
    (held,) = desk.held()
    assert held.details.uid == "abc"
    assert held.details.place == "Salle B"


def test_our_own_calendar_comes_back_as_it_was(desk: Desk):
    held = gathering(desk.database, about="Une\nlongue histoire", place="Salle B, 2e")
    plan = desk.plan(calendars.one(held), "a.ics")
    assert (plan.same, plan.added, plan.changed, plan.faults) == (1, (), (), ())


@pytest.mark.parametrize(
    ("today", "ends"),
    [
        (date(2026, 12, 1), date(2027, 8, 31)),
        (date(2027, 6, 20), date(2027, 8, 31)),
        (date(2027, 7, 10), date(2028, 8, 31)),  # next season is being prepared
        (date(2027, 9, 1), date(2028, 8, 31)),
    ],
)
def test_a_season_ends_far_enough_to_be_planned(today: date, ends: date):
    assert agenda_import.season_end(today, "08-31") == ends
