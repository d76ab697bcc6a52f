"""School holidays on the command line, and the weekly series that follow them, on 1 December 2026."""

from datetime import UTC, date, datetime

import pytest

from bot import bootstrap
from bot.cli import agenda_asking
from storage import gatherings, participations, series
from storage.gatherings import State
from tests.bot.test_agenda_desk import base, join

LAB = (
    "agenda", "add", "--kind", "lab", "--title", "Animation 3D", "--start", "10/2/2027 14h-16h", "--repeat-until", "17/3/2027",
)  # fmt: skip
CARNIVAL = "2027-02-22:2027-03-05"
YES = "--yes"
NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr(bootstrap, "real_now", lambda: NOW)


def days() -> dict[str, State]:
    """Every date of the only series, with what became of it."""
    with base().read() as uow:
        (one,) = series.running(uow, date(2026, 12, 1))
        return {held.details.slot[5:]: held.state for held in gatherings.of_series(uow, one.id)}


def test_the_old_form_and_the_new_one_say_the_same(ready):
    ready("holidays", CARNIVAL)
    assert "du 22/02/2027 au 05/03/2027" in ready("holidays")
    ready(
        "holidays",
        "add",
        "du 21/12/2026 au 3/1/2027",
        "--name",
        "Vacances d’hiver",
        "--source",
        "https://a.be",
    )
    assert "du 21/12/2026 au 03/01/2027, Vacances d’hiver, https://a.be du 22/02/2027" in ready(
        "holidays", "list"
    )
    ready("holidays", "2026-12-21:2027-01-03")  # without a name: the one that there was stays
    assert "Vacances d’hiver" in ready("holidays", "list")
    assert "22/02/2027" not in ready("holidays", "remove", CARNIVAL).partition("du 21/12")[2]
    assert "Il n’y a pas de congé du 01/01/2027" in ready("holidays", "remove", "2027-01-01", status=1)
    assert "finit avant de commencer" in ready("holidays", "2027-03-05:2027-02-22", status=1)


def test_new_holidays_take_dates_away_and_tell_only_who_takes_part(ready, monkeypatch):
    ready(*LAB)
    (lou,) = join(4)  # 3 March
    monkeypatch.setattr(agenda_asking, "typed", lambda: "non\n")
    said = ready("holidays", CARNIVAL, status=1)
    assert "24 février 2027, de 14 h à 16 h : retiré" in said.replace("\u00a0", " ")
    assert "3 mars 2027, de 14 h à 16 h : annulé, 1 jeune à prévenir" in said.replace("\u00a0", " ")
    assert len(days()) == 6
    assert "Aucun congé" in ready("holidays")
    assert "1 jeune sera prévenu" in ready("holidays", CARNIVAL, YES)
    assert days() == {
        "02-10": State.PLANNED, "02-17": State.PLANNED, "03-03": State.CANCELLED, "03-10": State.PLANNED, "03-17": State.PLANNED,
    }  # fmt: skip
    said = ready("holidays", "remove", CARNIVAL, YES)
    assert "3 mars 2027, de 14 h à 16 h : rétabli" in said.replace("\u00a0", " ")
    assert "le 24/02/2027 : ajouté" in said
    assert set(days().values()) == {State.PLANNED}
    assert len(days()) == 6
    with base().read() as uow:
        ((part, held),) = participations.of_person(uow, lou)
    assert (part.standing, held.details.slot) == ("going", "2027-03-03")


def test_what_was_moved_on_purpose_and_what_takes_place_in_holidays_stay(ready):
    ready(*LAB)
    ready("agenda", "move", "3", "--to", "20/2/2027", YES)  # the one of 24 February, on the Saturday before
    ready(*LAB[:5], "Stage", *LAB[6:], "--in-holidays", YES)
    ready("holidays", CARNIVAL, YES)
    with base().read() as uow:
        held = gatherings.between(uow, NOW, datetime(2027, 9, 1, tzinfo=UTC))
    assert [one.details.local_starts.day for one in held if one.details.title == "Animation 3D"] == [
        10,
        17,
        20,
        10,
        17,
    ]
    assert len([one for one in held if one.details.title == "Stage"]) == 6


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "du;au;nom\n22/02/2027;05/03/2027;Carnaval\n26/08/2027;26/08/2027;Rentrée scolaire\n"),
        (
            "a.ics",
            (
                "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:Carnaval\nDTSTART;VALUE=DATE:20270222\nDTEND;VALUE=DATE:20270306\n"
                "END:VEVENT\nBEGIN:VEVENT\nUID:2\nSUMMARY:Rentrée scolaire\nDTSTART;VALUE=DATE:20270826\nEND:VEVENT\n"
                "BEGIN:VEVENT\nUID:3\nSUMMARY:Fête\nDTSTART:20270301T100000Z\nEND:VEVENT\nEND:VCALENDAR\n"
            ),
        ),
    ],
)
def test_a_school_calendar_is_shown_then_written(ready, tmp_path, name: str, content: str):
    ready(*LAB)
    (tmp_path / name).write_text(content)
    said = ready("holidays", "import", name, "--source", "enseignement.be")
    assert "+ du 22/02/2027 au 05/03/2027, Carnaval" in said
    assert "« Rentrée scolaire » : ce jour-là, il y a école." in said
    assert "Rien n’est écrit" in said
    assert "Aucun congé" in ready("holidays")
    ready("holidays", "import", name, "--source", "enseignement.be", "--apply", YES)
    assert ready("holidays") == "du 22/02/2027 au 05/03/2027, Carnaval, enseignement.be"
    assert len(days()) == 4


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("31/11/2026;5/12/2026;A", "Le 31 novembre 2026 n’existe pas."),
        ("5/12/2026;1/12/2026;A", "avant de commencer"),
        ("5/12/2026;5/12/2027;A", "plus de 100 jours"),
    ],
)
def test_a_wrong_line_leaves_everything_as_it_was(ready, tmp_path, line: str, why: str):
    (tmp_path / "a.csv").write_text(f"du;au;nom\n22/02/2027;05/03/2027;Carnaval\n{line}\n")
    assert why in ready("holidays", "import", "a.csv", "--apply", status=1)
    assert "Aucun congé" in ready("holidays")
