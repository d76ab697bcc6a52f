"""People of the centre as the application and the command line deal with them: rights, names, chats, passwords."""

import asyncio
import re
import threading

import pytest
from sqlalchemy import select

from bot.application import passwords, team
from bot.application.rights import OPERATOR, Actor, NotAllowed, Role, learner
from bot.application.services import Services
from bot.application.team import TeamError
from storage import outbox, staff, staff_addresses, staff_links, staff_log, staff_sessions
from storage.attempts import Outcome
from storage.outbox import NewRow, State
from storage.tables import outbox as rows
from tests.bot.test_sending import Paper, sender
from tests.support import team as people
from tests.support.databases import Clock

# ---------------------------------------------------------------- who may change what


def test_nobody_gives_a_role_to_themselves(sqlite_services: Services) -> None:
    admin = people.add(sqlite_services, "Ada", Role.ADMIN)
    other = people.add(sqlite_services, "Sam", Role.COACH)
    with sqlite_services.database.begin() as uow:
        for change in (team.grant, team.revoke):
            with pytest.raises(NotAllowed):
                change(uow, admin, admin.id, Role.SAFEGUARDING)
        assert team.grant(uow, admin, other.id, Role.STAFF)
        assert not team.grant(uow, admin, other.id, Role.STAFF)
        assert team.actor_of_id(uow, other.id).roles == {Role.COACH, Role.STAFF}  # type: ignore[union-attr]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_only_who_administrates_changes_the_team(sqlite_services: Services, role: Role) -> None:
    actor = learner("x") if role is Role.LEARNER else people.add(sqlite_services, "Sam", role)
    other = people.add(sqlite_services, "Nora", Role.COACH)
    with sqlite_services.database.begin() as uow:
        for act in (
            lambda: team.add(uow, actor, "Tim", [Role.COACH]),
            lambda: team.invite(uow, actor, other.id),
            lambda: team.close(uow, actor, other.id),
            lambda: team.grant(uow, actor, other.id, Role.ADMIN),
            lambda: team.revoke(uow, actor, other.id, Role.COACH),
        ):
            with pytest.raises(NotAllowed):
                act()
        assert staff.get(uow, other.id).roles == {"coach"}  # type: ignore[union-attr]


def test_each_change_is_in_the_log_with_who_did_it(services: Services) -> None:
    admin = people.add(services, "Ada", Role.ADMIN)
    with services.database.begin() as uow:
        added = team.add(uow, admin, "Sam", [Role.COACH]).member.id
        team.grant(uow, admin, added, Role.STAFF)
        team.revoke(uow, admin, added, Role.COACH)
        team.close(uow, admin, added)
        team.close(uow, admin, added)
        lines = staff_log.latest(uow)[::-1][1:]

    assert [(one.staff_id, one.about, one.act) for one in lines] == [
        (admin.id, added, act) for act in ("staff_added", "role_granted", "role_revoked", "staff_closed")
    ]
    assert lines[1].detail["role"] == "staff"


def test_losing_a_role_ends_every_session(services: Services) -> None:
    sam = people.add(services, "Sam", Role.COACH, Role.STAFF)
    with services.database.begin() as uow:
        tokens = [staff_sessions.open_session(uow, sam.id, "equipe") for _ in range(2)]
        assert not team.revoke(uow, OPERATOR, sam.id, Role.ADMIN)
        assert all(staff_sessions.find(uow, token, "equipe") for token in tokens)
        assert team.revoke(uow, OPERATOR, sam.id, Role.STAFF)
        assert not any(staff_sessions.find(uow, token, "equipe") for token in tokens)


@pytest.mark.parametrize(
    ("name", "email", "roles"),
    [("", "", ["coach"]), ("\u202e\u200b ", "", ["coach"]), ("x" * 61, "", ["coach"]), ("Sam", "", []), ("Sam", "sam", ["coach"]),
     ("Sam", "sam@centre", ["coach"]), ("Sam", "s am@centre.be", ["coach"]), ("Sam", "sam@centre.be\nBcc: x@y.be", ["coach"]), ("Sam", "a@" + "b" * 200 + ".be", ["coach"])],
)  # fmt: skip
def test_what_cannot_be_a_colleague_is_said_and_nothing_is_kept(
    sqlite_services: Services, name: str, email: str, roles: list[str]
) -> None:
    with sqlite_services.database.begin() as uow:
        with pytest.raises(TeamError):
            team.add(uow, OPERATOR, name, [team.role_of(one) for one in roles], email)
        assert staff.everyone(uow) == []


def test_a_name_has_nothing_hidden(sqlite_services: Services) -> None:
    with sqlite_services.database.begin() as uow:
        member = team.add(uow, OPERATOR, " Ma\u200brie\u202e \n Odile ", [Role.COACH]).member

    assert member.name == "Marie Odile"


# ---------------------------------------------------------------- chats


def join_code(services: Services, actor: Actor) -> str:
    with services.database.begin() as uow:
        return staff_links.join_code(uow, actor.id)


def test_a_code_said_to_the_bot_joins_that_chat(services: Services) -> None:
    sam = people.add(services, "Sam", Role.COACH)
    code = join_code(services, sam)
    joined = team.join_chat(services, "telegram", "42", code)
    with services.database.read() as uow:
        known = team.actor_of_address(uow, "telegram", "42")
        elsewhere = team.actor_of_address(uow, "discord", "42")

    assert joined.actor == known == sam
    assert "coach" in joined.text
    assert elsewhere is None
    assert team.join_chat(services, "telegram", "43", code).actor is None  # once


def test_rights_in_a_chat_are_those_of_this_moment(services: Services) -> None:
    sam = people.add(services, "Sam", Role.COACH, Role.STAFF, telegram="42")
    with services.database.begin() as uow:
        team.revoke(uow, OPERATOR, sam.id, Role.STAFF)
        assert team.actor_of_address(uow, "telegram", "42").roles == {Role.COACH}  # type: ignore[union-attr]
        team.close(uow, OPERATOR, sam.id)
        assert team.actor_of_address(uow, "telegram", "42") is None


def test_codes_cannot_be_guessed(services: Services, clock: Clock) -> None:
    sam = people.add(services, "Sam", Role.COACH)
    code = join_code(services, sam)
    said = {team.join_chat(services, "telegram", "66", "ABCD-2345").text for _ in range(5)}
    refused = team.join_chat(services, "telegram", "66", code)
    assert len(said) == 1
    assert refused.actor is None
    assert "quart d’heure" in refused.text
    assert team.join_chat(services, "telegram", "67", code).actor == sam  # somebody else is not held up
    late = join_code(services, sam)
    clock.move(minutes=10)
    assert team.join_chat(services, "telegram", "68", late).actor is None


def test_a_chat_of_a_colleague_is_not_taken_over(services: Services) -> None:
    people.add(services, "Sam", Role.COACH, telegram="42")
    nora = people.add(services, "Nora", Role.COACH)

    assert team.join_chat(services, "telegram", "42", join_code(services, nora)).actor is None
    with services.database.begin() as uow:
        assert staff_addresses.joined(uow, nora.id) == {}


async def test_what_waits_for_a_colleague_reaches_their_chat(services: Services) -> None:
    sam = people.add(services, "Sam", Role.COACH, telegram="42")
    gone = people.add(services, "Nora", Role.COACH, telegram="43")
    with services.database.begin() as uow:
        team.close(uow, OPERATOR, gone.id)
        outbox.add(
            uow, [NewRow("sign_in", "s", one.id, "telegram", {"text": one.label}) for one in (sam, gone)]
        )
    paper = Paper()
    async with sender(services, paper):
        states = await _settled(services)

    assert paper.received == [("42", "Sam")]
    assert states == ["sent", "failed"]


async def test_a_chat_that_refuses_for_good_is_left_so_that_mail_takes_over(services: Services) -> None:

    sam = people.add(services, "Sam", Role.COACH, email="sam@centre.be", telegram="42")
    with services.database.begin() as uow:
        outbox.add(uow, [NewRow("sign_in", "s", sam.id, "telegram", {"text": "x"})])
    async with sender(services, Paper(Outcome(State.FAILED, "blocked", unreachable=True))):
        assert await _settled(services) == ["failed"]
    with services.database.read() as uow:
        ways, last = staff_addresses.reachable(uow, sam.id), staff_log.latest(uow, 1)[0]

    assert ways == {"mail": "sam@centre.be"}
    assert (last.act, last.about) == ("chat_lost", sam.id)


async def _settled(services: Services) -> list[str]:
    """The states of all rows, once none is under way."""
    for _ in range(500):
        with services.database.read() as uow:
            states = [row.state for row in uow.execute(select(rows.c.state).order_by(rows.c.id))]
        if set(states) <= {"sent", "failed"}:
            break
        await asyncio.sleep(0.01)
    return states


# ---------------------------------------------------------------- passwords


@pytest.mark.parametrize(
    "password",
    ["", "court", "onzesignes!", "motdepasse2026", "M0tDeP@sse2026!", "Boussole2026!!", "azertyuiop12", "qsdfghjklmwxcvbn", "aaaaaaaaaaaaaaaa",
     "abababababab", "abcabcabcabc", "passwordpassword", "123456789012", "26/03/2011-2026", "1a2z3e4r5t6y", "Camille.Dupont1999", "dupontcamille12",
     "soleilamourchocolat", "Liège4000Standard!", "lafabrique2026", "é" * 11, "x" * 201],
)  # fmt: skip
def test_what_is_easy_to_guess_is_refused_with_a_reason(password: str) -> None:
    wrong = passwords.problem(password, ("Camille Dupont", "camille@dupont.be", "la Fabrique"))

    assert wrong
    assert password not in wrong or not password


@pytest.mark.parametrize(
    "password",
    ["cheval correct agrafe pile", "le train part à huit heures", "chien-lune-forum-velo-rose", "kX9!vPq2_zRt", "жёлтый чемодан едет", "🐢🐢 tortue lente 🐢", "é" * 6 + "ça va bien"],
)  # fmt: skip
def test_what_is_long_and_one_s_own_is_taken_whatever_its_letters(password: str) -> None:
    assert passwords.problem(password, ("Camille Dupont",)) is None


async def test_a_hash_is_argon2id_and_strong_and_the_same_letters_fit() -> None:
    hasher = passwords.Hasher(passwords.Cost(time=2, memory=46 * 1024, lanes=1))  # as shipped
    kept = await hasher.hash("caf\u00e9 au lait fort")
    found = re.match(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$", kept)

    assert found
    assert int(found[1]) >= 46 * 1024
    assert await hasher.fits(kept, "cafe\u0301 au lait fort")  # an accent typed on another keyboard
    assert not await hasher.fits(kept, "cafe au lait fort")
    assert not await hasher.fits(None, "cafe au lait fort")
    assert not await hasher.fits("abîmé", "cafe au lait fort")
    assert not hasher.is_old(kept)


async def test_few_hashes_run_at_once_and_a_flood_is_turned_away() -> None:

    class Slow(passwords.Hasher):
        running = most = 0
        gate, lock = threading.Event(), threading.Lock()

        def compare(self, _kept: str, _password: str) -> bool:
            with self.lock:
                Slow.running += 1
                Slow.most = max(Slow.most, Slow.running)
            self.gate.wait(5)
            with self.lock:
                Slow.running -= 1
            return True

    hasher = Slow()
    tries = [asyncio.create_task(hasher.fits("x", "y")) for _ in range(passwords.MOST_WAITING + 5)]
    await asyncio.sleep(0.05)
    Slow.gate.set()
    ended = await asyncio.gather(*tries, return_exceptions=True)

    assert Slow.most <= passwords.AT_ONCE
    assert [type(one) for one in ended].count(passwords.TooBusy) == 5
    assert ended.count(True) == passwords.MOST_WAITING


# ---------------------------------------------------------------- the command line


def test_a_colleague_is_added_listed_given_roles_and_closed(ready) -> None:
    said = ready("staff", "add", "Sam", "--role", "coach", "--role", "équipe", "--email", "Sam@centre.be")
    assert re.search(r"http://127.0.0.1:8000/equipe/bienvenue/[A-Za-z0-9_-]{32}", said)
    assert "coach, équipe" in said
    said = ready("staff", "list")
    assert "Sam — coach, équipe — sam@centre.be — jamais venu" in said
    assert "administration" in ready("staff", "role", "add", "sam@centre.be", "admin")
    assert "sessions sont finies" in ready("staff", "role", "remove", "sam", "staff")
    assert "rien qui change" in ready("staff", "role", "remove", "Sam", "staff")
    assert "/equipe/bienvenue/" in ready("staff", "link", "Sam")
    assert "est fermé" in ready("staff", "close", "Sam")
    assert "déjà fermé" in ready("staff", "close", "Sam")
    assert "compte fermé le" in ready("staff", "list")
    said = ready("staff", "log")
    assert "ligne de commande : ajoute Sam" in said
    assert "retire un rôle à Sam (staff)" in said
    assert "Journal intact : 5 ligne(s)." in ready("staff", "log", "--verify")


def test_the_command_line_says_what_does_not_go(ready) -> None:
    assert "au moins un rôle" in ready("staff", "add", "Sam", status=1)
    assert "n’existe pas" in ready("staff", "add", "Sam", "--role", "chef", status=1)
    assert "learner" not in ready("staff", "add", "Sam", "--role", "learner", status=1).split("Les rôles")[1]
    assert "ne se comprend pas" in ready("staff", "add", "Sam", "--role", "coach", "--email", "sam", status=1)
    ready("staff", "add", "Sam", "--role", "coach")
    ready("staff", "add", "Sam", "--role", "mentor")
    assert "Plusieurs personnes" in ready("staff", "close", "Sam", status=1)
    assert "Personne ne s’appelle" in ready("staff", "close", "Nora", status=1)
    ready("staff", "add", "Nora", "--role", "coach", "--email", "n@centre.be")
    assert "déjà celle" in ready("staff", "add", "Tim", "--role", "coach", "--email", "N@centre.be", status=1)
    assert "Personne." not in ready("staff", "list")


def test_check_tells_when_nobody_could_come_in(ready) -> None:
    said = ready("check")
    assert "Personne de l’équipe n’a de compte" in said
    assert "Aucun lien ne peut être envoyé" in said
    ready("staff", "add", "Sam", "--role", "coach")
    assert "personne n’a le rôle admin" in ready("check")
    ready("staff", "role", "add", "Sam", "admin")
    assert "1 compte(s) d’équipe, dont 1 admin" in ready("check")
