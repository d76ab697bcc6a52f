"""The team's pages of the agenda: said before done, once, by whoever may, with nothing lost on the way."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.application import agenda_acts, happenings, taking_part
from bot.application.rights import OPERATOR, Role
from bot.application.services import Services
from storage import agenda, conversations, gatherings, holidays, participations, staff_log, stands
from storage.gatherings import Gathering, Kind
from storage.participations import Standing
from tests.bot.happening import WEDNESDAY, details, gathering, learners
from tests.support import team as people
from tests.support.databases import Clock
from tests.web.browsing import Browser, Form

FIELDS = {"kind": "lab", "title": "Robotique", "day": "2026-10-14", "begins": "14:00", "ends": "16:00", "place": "Salle B"}  # fmt: skip
NEW = "/equipe/agenda/nouveau"
IMPORT = "/equipe/agenda/importer"
CSV = "titre;sorte;date;début;fin;lieu\nLab son;lab;13/01/2027;14:00;16:00;Salle B\n"
CHOSEN = {"kind": "lab", "domain": "animation", "waiting": "yes"}  # what a browser sends of lists and ticks


@pytest.fixture
def desk(services: Services, browser: Browser) -> Browser:
    """The browser of a member of staff."""
    people.signed_in(services, browser.client, people.add(services, "Ana", Role.STAFF))
    return browser


def all_of(services: Services) -> list[Gathering]:
    with services.database.read() as uow:
        return gatherings.between(uow, uow.now, uow.now + timedelta(days=900))


def one(services: Services, number: int) -> Gathering:
    with services.database.read() as uow:
        found = gatherings.by_number(uow, number)
    assert found is not None
    return found


def signed_up(services: Services, held: Gathering, *names: str, why: str = "envie") -> list[str]:
    found = learners(services.database, len(names))
    with services.database.begin() as uow:
        for person, name in zip(found, names, strict=True):
            conversations.note(uow, person, {"user.first_name": name})
            taking_part.sign_up(uow, person, held.id, motivation=why)
    return found


def standing(services: Services, held: Gathering, person: str) -> Standing | None:
    with services.database.read() as uow:
        part = participations.get(uow, held.id, person)
    return part.standing if part else None


def sent(form: Form, **fields: Any) -> dict[str, Any]:
    return {**form.fields, **fields}


async def looked(desk: Browser, path: str, **fields: Any) -> Form:
    """Fill in the form of a page and ask what will happen: the form that does it."""
    page = await desk.open(path)
    await desk.post(path, sent(page.form(path), **fields, step="look"))
    return desk.page.form(path)


# ---------------------------------------------------------------- adding


async def test_a_gathering_is_shown_then_written_once(services: Services, desk: Browser):
    form = await looked(desk, NEW, **FIELDS, confirmed="yes", places="12")
    assert "Lab : Robotique" in desk.page.words
    assert "Personne n’est à prévenir" in desk.page.words
    assert all_of(services) == []

    await desk.post(NEW, sent(form, step="do"))
    assert "C’est ajouté" in desk.page.words
    await desk.post(NEW, sent(form, step="do"))  # a second click, a reload
    assert "rien n’a été ajouté deux fois" in desk.page.words
    (made,) = all_of(services)
    assert (made.details.title, made.details.capacity, made.confirmed) == ("Robotique", 12, True)
    with services.database.read() as uow:
        assert staff_log.latest(uow)[0].act == "agenda_added"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": ""}, "Donnez-lui un titre"),
        ({"day": "31/11/2026"}, "31 novembre 2026 n’existe pas"),
        ({"day": ""}, "Quel jour"),
        ({"ends": "13:00"}, "n’est pas après le début"),
        ({"ends": "25:00"}, "n’est pas une heure"),
        ({"places": "beaucoup"}, "à partir de 1"),
        ({"day": "2026-10-01"}, "déjà passé"),
        ({"day": "2036-10-01"}, "plus de deux ans"),
        ({"link": "javascript:alert(1)"}, "https://"),
        ({"until": "2026-10-01"}, "avant de commencer"),
        ({"until": "2026-12-01", "except": "lundi noir, 99/99"}, "mois"),
        ({"kind": "fiesta"}, "Choisissez ce que c’est"),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    services: Services, desk: Browser, wrong: dict[str, str], said: str
):
    page = await desk.open(NEW)
    typed = {**FIELDS, "about": "Apportez un casque", **wrong}
    await desk.post(NEW, sent(page.form(NEW), **typed, step="look"))

    assert desk.response.status_code == 422
    assert said in desk.page.words
    assert desk.page.form(NEW).fields["about"] == "Apportez un casque"
    assert desk.page.form(NEW).fields["place"] == "Salle B"
    assert all_of(services) == []


async def test_french_days_and_hours_are_read_where_a_browser_has_no_calendar(
    services: Services, desk: Browser
):
    form = await looked(
        desk, NEW, **{**FIELDS, "day": "mercredi 14 octobre", "begins": "14h30", "ends": "16 h"}
    )
    await desk.post(NEW, sent(form, step="do"))
    (made,) = all_of(services)
    assert f"{made.details.local_starts:%Y-%m-%d %H:%M}" == "2026-10-14 14:30"


async def test_a_series_leaves_out_holidays_and_says_which_days(services: Services, desk: Browser):
    with services.database.begin() as uow:
        holidays.put(uow, [holidays.Holiday(date(2026, 10, 19), date(2026, 10, 30), "Automne")])
    form = await looked(desk, NEW, **FIELDS, until="2026-12-02", **{"except": "11/11"})
    assert "5 dates" in desk.page.words
    assert "mercredi 21 octobre, mercredi 28 octobre" in desk.page.words
    await desk.post(NEW, sent(form, step="do"))

    days = [f"{one.details.local_starts:%d/%m}" for one in all_of(services)]
    assert days == ["14/10", "04/11", "18/11", "25/11", "02/12"]


async def test_what_cannot_be_seen_is_taken_out(services: Services, desk: Browser):
    form = await looked(desk, NEW, **{**FIELDS, "title": "Robo\u202etique\u200b\x00", "place": "Salle\x00 B"})
    await desk.post(NEW, sent(form, step="do"))
    (made,) = all_of(services)
    assert (made.details.title, made.details.place) == ("Robotique", "Salle B")


async def test_correcting_brings_back_what_was_typed(desk: Browser):
    form = await looked(desk, NEW, **FIELDS, about="Apportez un casque")
    page = await desk.post(NEW, sent(form, step="edit"))
    assert page.form(NEW).fields["about"] == "Apportez un casque"
    assert page.form(NEW).fields["title"] == "Robotique"


# ---------------------------------------------------------------- changing


async def test_moving_says_how_many_are_told_then_tells(services: Services, desk: Browser):
    held = gathering(services.database, capacity=5)
    signed_up(services, held, "Lou", "Malik")
    path = f"/equipe/agenda/{held.number}/changer"
    form = await looked(desk, path, **CHOSEN, day="2026-10-15", why="la salle est prise")
    assert "2 jeunes seront prévenus, une fois." in desk.page.words
    assert one(services, held.number) == held

    await desk.post(path, sent(form, step="do"))
    assert "C’est changé. 2 jeunes sont prévenus." in desk.page.words
    now = one(services, held.number)
    assert (now.details.local_starts.day, now.why) == (15, "la salle est prise")
    await desk.post(path, sent(form, step="do"))
    assert "tout était déjà ainsi" in desk.page.words
    with services.database.read() as uow:
        assert len(agenda.waiting(uow, f"news:{held.id}", "notice")) == 2


async def test_two_colleagues_at_once_lose_nothing(services: Services, desk: Browser):
    held = gathering(services.database)
    path = f"/equipe/agenda/{held.number}/changer"
    form = await looked(desk, path, **CHOSEN, day="2026-10-15")
    with services.database.begin() as uow:
        happenings.change(uow, OPERATOR, held, replace(held.details, place="Salle Z"))

    await desk.post(path, sent(form, step="do"))
    assert desk.response.status_code == 409
    assert "Quelqu’un a changé ce rendez-vous" in desk.page.words
    assert "Salle Z" in desk.page.words
    assert one(services, held.number).details.local_starts == WEDNESDAY


async def test_places_do_not_go_below_who_has_one(services: Services, desk: Browser):
    held = gathering(services.database, capacity=3)
    signed_up(services, held, "Lou", "Malik", "Zélie")
    path = f"/equipe/agenda/{held.number}/changer"
    page = await desk.open(path)
    await desk.post(path, sent(page.form(path), **CHOSEN, places="2", step="look"))
    assert desk.response.status_code == 422
    assert "3 jeunes ont déjà une place" in desk.page.words


async def test_cancelling_one_or_those_that_follow(services: Services, desk: Browser):
    with services.database.begin() as uow:
        made = happenings.repeat(uow, OPERATOR, details(), date(2026, 11, 11)).gatherings
    signed_up(services, made[1], "Lou")
    path = f"/equipe/agenda/{made[1].number}/annuler"
    page = await desk.open(path)
    assert "1 jeune sera prévenu" in page.words
    assert "tous les suivants de la série (4)" in page.words
    await desk.post(path, sent(page.form(path), scope="following", why="travaux"))
    assert "C’est annulé. 1 jeune est prévenu." in desk.page.words
    assert [one(services, held.number).planned for held in made] == [True, False, False, False, False]
    await desk.post(path, sent(page.form(path), scope="following", why="travaux"))
    assert "C’était déjà annulé" in desk.page.words

    await desk.post(f"/equipe/agenda/{made[1].number}/retablir", {"csrf": page.form(path).fields["csrf"]})
    assert "C’est rétabli. Personne n’était à prévenir." in desk.page.words  # nobody had heard of it yet
    assert one(services, made[1].number).planned


async def test_a_date_is_confirmed_by_one_button(services: Services, desk: Browser):
    held = gathering(services.database, Kind.FAIR)
    page = await desk.open(f"/equipe/agenda/{held.number}")
    assert "à vérifier" in page.words
    form = page.form(f"/equipe/agenda/{held.number}/confirmer")
    await desk.post(form.action, form.fields)
    assert one(services, held.number).confirmed
    assert "à vérifier" not in (await desk.open(f"/equipe/agenda/{held.number}")).words


async def test_nothing_changes_by_a_look_or_a_forged_form(services: Services, desk: Browser):
    held = gathering(services.database)
    for path in ("annuler", "changer", "presences", "qr", "choisir", "confirmer", "retablir"):
        await desk.open(f"/equipe/agenda/{held.number}/{path}")
    await desk.post(f"/equipe/agenda/{held.number}/annuler", {"version": "1", "csrf": "x"})
    assert desk.response.status_code == 403
    assert one(services, held.number) == held


@pytest.mark.parametrize("number", ["99", "99999999999999999999"])
async def test_unknown_numbers(desk: Browser, number: str):
    for path in ("", "/changer", "/annuler", "/choisir", "/presences", "/qr"):
        await desk.open(f"/equipe/agenda/{number}{path}")
        assert desk.response.status_code == 404, path


# ---------------------------------------------------------------- who comes


async def test_names_are_for_those_who_may(services: Services, new_browser: Callable[[], Browser]):
    held = gathering(services.database, capacity=2)
    signed_up(services, held, "Zélie", "Lou", "Lou")
    seen = {}
    for role in (Role.COACH, Role.SAFEGUARDING):
        browser = new_browser()
        people.signed_in(services, browser.client, people.add(services, "Sam", role))
        seen[role] = (await browser.open(f"/equipe/agenda/{held.number}")).words
    assert "Zélie" in seen[Role.COACH]
    assert "Lou (2)" in seen[Role.COACH]
    assert "Zélie" not in seen[Role.SAFEGUARDING]
    assert "2 places prises sur 2, 1 en attente" in seen[Role.SAFEGUARDING]


async def test_some_are_chosen_and_the_others_told_kindly(services: Services, desk: Browser):
    held = gathering(services.database, Kind.MEETING, capacity=2, chosen=True)
    lou, malik, zelie = signed_up(services, held, "Lou", "Malik", "Zélie", why="J’aime <b>le son</b>")
    path = f"/equipe/agenda/{held.number}/choisir"
    page = await desk.open(path)
    assert "Il reste 2 places" in page.words
    assert "J’aime &lt;b&gt;le son" in page.html
    form = sent(page.form(path))

    await desk.post(path, {**form, "who": [lou, malik, zelie]})
    assert desk.response.status_code == 422
    assert standing(services, held, lou) is Standing.ASKED

    await desk.post(path, form)
    assert "Cochez au moins une personne" in desk.page.words
    await desk.post(path, {**form, "who": [lou, malik], "close": "yes"})
    assert "Le choix est clos" in desk.page.words
    assert [standing(services, held, one) for one in (lou, malik, zelie)] == [
        Standing.GOING, Standing.GOING, Standing.DECLINED,
    ]  # fmt: skip
    await desk.post(path, {**form, "who": [lou, malik], "close": "yes"})  # a second click
    assert desk.response.status_code == 200
    with services.database.read() as uow:
        assert len(agenda.waiting(uow, f"news:{held.id}", "answer")) == 3


async def test_a_choice_made_meanwhile_is_said(services: Services, desk: Browser):
    held = gathering(services.database, Kind.MEETING, capacity=2, chosen=True)
    lou, malik = signed_up(services, held, "Lou", "Malik")
    path = f"/equipe/agenda/{held.number}/choisir"
    form = sent((await desk.open(path)).form(path))
    with services.database.begin() as uow:
        agenda_acts.choose(uow, OPERATOR, held, [malik], close=False)

    await desk.post(path, {**form, "who": [lou]})
    assert desk.response.status_code == 409
    assert "Quelqu’un a choisi" in desk.page.words
    assert standing(services, held, lou) is Standing.ASKED


async def test_attendance_keeps_what_was_scanned_meanwhile(services: Services, desk: Browser, clock: Clock):
    held = gathering(services.database, capacity=10)
    lou, malik, zelie = signed_up(services, held, "Lou", "Malik", "Zélie")
    clock.now = held.starts_at
    people.signed_in(services, desk.client, people.add(services, "Bea", Role.COACH))
    path = f"/equipe/agenda/{held.number}/presences"
    page = await desk.open(path)
    form = {"csrf": page.form(path).fields["csrf"], "listed": [lou, malik, zelie]}
    with services.database.begin() as uow:
        taking_part.came(uow, held, malik)  # by the code at the door

    await desk.post(path, {**form, "there": [lou]})
    assert "C’est gardé" in desk.page.words
    assert [standing(services, held, one) for one in (lou, malik, zelie)] == [
        Standing.CAME, Standing.CAME, Standing.GOING,
    ]  # fmt: skip
    await desk.post(path, {**form, "there": [malik], "before": [lou, malik]})  # unticked by mistake
    assert standing(services, held, lou) is Standing.GOING
    await desk.post(path, {**form, "there": [malik], "before": [malik], "whole": "yes"})
    assert [standing(services, held, one) for one in (lou, malik, zelie)] == [
        Standing.MISSED, Standing.CAME, Standing.MISSED,
    ]  # fmt: skip


async def test_attendance_of_strangers_is_not_noted(services: Services, desk: Browser):
    held = gathering(services.database)
    (other,) = learners(services.database, 1)
    path = f"/equipe/agenda/{held.number}/presences"
    signed_up(services, held, "Lou")
    form = (await desk.open(path)).form(path)
    await desk.post(
        path, {"csrf": form.fields["csrf"], "there": [other, "nobody"], "listed": [other, "nobody"]}
    )
    assert standing(services, held, other) is None


async def test_the_code_at_the_door_leads_to_the_page_of_presence(services: Services, desk: Browser):
    held = gathering(services.database)
    with services.database.read() as uow:
        token = gatherings.checkin_token(uow, held.id)
    page = await desk.open(f"/equipe/agenda/{held.number}/qr")
    assert f"/presence/{token}" in page.words
    assert "<svg" in page.html


# ---------------------------------------------------------------- holidays


async def test_holidays_show_what_they_change_before(services: Services, desk: Browser):
    with services.database.begin() as uow:
        made = happenings.repeat(uow, OPERATOR, details(), date(2026, 11, 4)).gatherings
    signed_up(services, made[1], "Lou")
    path = "/equipe/conges"
    page = await desk.open(path)
    csrf = {"csrf": page.forms[-1].fields["csrf"]}
    period = {"first": "19/10/2026", "last": "30/10/2026", "name": "Automne"}
    page = await desk.post(path, {**csrf, **period, "step": "look"})
    assert "n’a plus lieu mercredi 21 octobre, mercredi 28 octobre" in page.words
    assert "1 jeune sera prévenu" in page.words
    assert len(all_of(services)) == 4

    shown = next(form for form in page.forms if "act" in form.fields)
    await desk.post(path, {**shown.fields, "step": "do"})
    assert "C’est ajouté" in desk.page.words
    assert not one(services, made[1].number).planned
    with services.database.read() as uow:
        assert [row.name for row in holidays.everything(uow)] == ["Automne"]

    removing = {**csrf, "act": "remove", "first": "2026-10-19", "last": "2026-10-30"}
    page = await desk.post(path, removing)
    assert "a de nouveau lieu" in page.words
    await desk.post(path, {**removing, "step": "do"})
    assert one(services, made[1].number).planned
    await desk.post(path, {**removing, "step": "do"})  # a second click
    assert desk.response.status_code == 200


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"first": ""}, "premier jour"),
        ({"first": "31/11/2026"}, "n’existe pas"),
        ({"first": "2/11/2026", "last": "1/11/2026"}, "avant le premier"),
        ({"first": "1/9/2026", "last": "30/6/2027"}, "vérifiez l’année"),
    ],
)
async def test_holidays_that_cannot_be(services: Services, desk: Browser, typed: dict[str, str], said: str):
    page = await desk.open("/equipe/conges")
    await desk.post("/equipe/conges", {"csrf": page.forms[-1].fields["csrf"], **typed, "step": "do"})
    assert desk.response.status_code == 422
    assert said in desk.page.words
    with services.database.read() as uow:
        assert holidays.everything(uow) == []


# ---------------------------------------------------------------- a file


async def uploaded(desk: Browser, content: str, name: str = "a.csv") -> None:
    page = await desk.open(IMPORT)
    await desk.post(IMPORT, page.form(IMPORT).fields, files={"file": (name, content.encode(), "text/csv")})


async def test_a_file_is_shown_then_written_once(services: Services, desk: Browser):
    await uploaded(desk, CSV)
    assert "1 à ajouter" in desk.page.words
    assert all_of(services) == []
    form = sent(desk.page.form(IMPORT), step="do", confirmed="yes")
    await desk.post(IMPORT, form)
    assert "1 ajouté" in desk.page.words
    await desk.post(IMPORT, form)
    assert "0 ajouté" in desk.page.words
    (made,) = all_of(services)
    assert (made.details.title, made.confirmed) == ("Lab son", True)


async def test_wrong_lines_write_nothing_unless_they_are_left_out(services: Services, desk: Browser):
    await uploaded(desk, CSV + "Raté;lab;31/11/2026;14:00;16:00;B\n")
    assert "1 ligne fausse" in desk.page.words
    assert "n’existe pas" in desk.page.words
    form = sent(desk.page.form(IMPORT), step="do")
    await desk.post(IMPORT, form)
    assert desk.response.status_code == 409
    assert all_of(services) == []
    await desk.post(IMPORT, {**form, "skip": "yes"})
    assert len(all_of(services)) == 1


async def test_an_agenda_that_changed_is_shown_again(services: Services, desk: Browser):
    held = gathering(services.database, title="Lab son", starts=WEDNESDAY)
    await uploaded(desk, "titre;sorte;date;début;fin;lieu\nLab son;lab;14/10/2026;14:00;16:00;Salle Z\n")
    form = sent(desk.page.form(IMPORT), step="do")
    with services.database.begin() as uow:
        happenings.change(uow, OPERATOR, held, replace(held.details, about="casque"))
    await desk.post(IMPORT, form)
    assert desk.response.status_code == 409
    assert one(services, held.number).details.place == "Salle B"


async def test_a_file_of_somebody_else_or_none_is_refused(
    services: Services, desk: Browser, new_browser: Callable[[], Browser]
):
    await uploaded(desk, CSV)
    sealed = desk.page.form(IMPORT).fields["sealed"]
    other = new_browser()
    people.signed_in(services, other.client, people.add(services, "Bea", Role.COACH))
    page = await other.open(IMPORT)
    for stolen in (sealed, "abc", ""):
        await other.post(IMPORT, {**page.form(IMPORT).fields, "sealed": stolen, "step": "do"})
        assert other.response.status_code == 422
    await uploaded(desk, "", "vide.csv")
    assert desk.response.status_code == 422
    await uploaded(desk, "\x00\x01n’importe quoi", "x.ics")
    assert desk.response.status_code in (200, 422)
    assert all_of(services) == []


# ---------------------------------------------------------------- the board of a fair


def asking(services: Services, held: Gathering, number: int, *wanted: tuple[str, str]) -> list[str]:
    found = learners(services.database, number)
    with services.database.begin() as uow:
        for person in found:
            stands.ask(uow, held.id, person, wanted)
    return found


async def test_nothing_under_ten_people_is_shown(services: Services, desk: Browser, clock: Clock):
    held = gathering(services.database, Kind.FAIR, title="Forum des métiers")
    path = f"/equipe/forum/{held.number}"
    asking(services, held, 9, ("cost", ""))
    page = await desk.open(path)
    assert "Moins de 10 jeunes pour l’instant" in page.words
    assert "Le coût" not in page.words

    asking(services, held, 1, ("cost", ""))
    assert "Le coût" not in (await desk.open(path)).words  # counted every five minutes
    clock.move(minutes=5)
    people.signed_in(services, desk.client, people.add(services, "Bea", Role.COACH))
    page = await desk.open(path)
    assert "Le coût10 ou plus" in "".join(page.words.split("\n")).replace("  ", "")
    assert "Par stand : moins de 10 jeunes" in page.words


async def test_only_fairs_have_a_board(services: Services, desk: Browser):
    held = gathering(services.database)
    await desk.open(f"/equipe/forum/{held.number}")
    assert desk.response.status_code == 404
