"""People of the centre: found, given roles, closed; their browsers, links and codes; the log that shows a gap."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from storage import meta, retention, rotation, staff, staff_addresses, staff_links, staff_log, staff_sessions
from storage.crypto import make_key
from storage.database import Database
from storage.errors import Conflict
from storage.staff import Member
from storage.staff_links import INVITE, SIGN_IN
from tests.support.databases import KEY, WORD_COST, Clock, open_database


def somebody(database: Database, name: str = "Sam", email: str = "sam@centre.be", *roles: str) -> Member:
    with database.begin() as uow:
        member = staff.add(uow, name, email)
        for role in roles or ("coach",):
            staff.grant(uow, member.id, role)
        found = staff.get(uow, member.id)
    assert found is not None
    return found


# ---------------------------------------------------------------- who


def test_a_colleague_is_found_by_address_whatever_the_case(database: Database) -> None:
    member = somebody(database, "Sam", " Sam@Centre.BE ", "coach", "staff")
    with database.begin() as uow:
        staff_addresses.join(uow, member.id, "telegram", "4242")
    with database.read() as uow:
        by_email, by_chat = staff.by_email(uow, "SAM@centre.be"), staff.by_address(uow, "telegram", "4242")
        elsewhere = staff.by_address(uow, "discord", "4242")
        ways = staff_addresses.reachable(uow, member.id)

    assert by_email == by_chat == member
    assert member.roles == {"coach", "staff"}
    assert elsewhere is None
    assert ways == {"telegram": "4242", "mail": "sam@centre.be"}


def test_two_colleagues_do_not_share_an_address(database: Database) -> None:
    first, second = somebody(database), somebody(database, "Nora", "nora@centre.be")
    with pytest.raises(Conflict):
        somebody(database, "Tim", "Sam@centre.be")
    with database.begin() as uow:
        staff_addresses.join(uow, first.id, "telegram", "1")
        with pytest.raises(Conflict):
            staff_addresses.join(uow, second.id, "telegram", "1")
        staff_addresses.join(uow, first.id, "telegram", "2")  # another telephone takes the place of the first
        staff_addresses.join(uow, second.id, "telegram", "1")
    with database.read() as uow:
        joined = [staff_addresses.joined(uow, one.id) for one in (first, second)]

    assert joined == [{"telegram": "2"}, {"telegram": "1"}]


def test_several_without_an_address_live_side_by_side(database: Database) -> None:
    assert somebody(database, "Sam", "").id != somebody(database, "Nora", "").id


def test_closing_leaves_no_way_in(database: Database) -> None:
    member = somebody(database)
    with database.begin() as uow:
        token = staff_sessions.open_session(uow, member.id, "equipe")
        link = staff_links.invite(uow, member.id)
        code = staff_links.join_code(uow, member.id)
        staff_addresses.join(uow, member.id, "telegram", "1")
        staff.set_password(uow, member.id, "hash")
        assert staff.close(uow, member.id)
        assert not staff.close(uow, member.id)
    with database.begin() as uow:
        left = (
            staff_sessions.find(uow, token, "equipe"),
            staff_links.take(uow, link, INVITE),
            staff_links.take_code(uow, code),
            staff.by_address(uow, "telegram", "1"),
            staff.by_email(uow, "sam@centre.be"),
            staff.password(uow, member.id),
        )
        known, ways = staff.get(uow, member.id), staff_addresses.reachable(uow, member.id)

    assert left == (None,) * 6
    assert known is not None
    assert (known.name, known.roles, known.active, known.email) == ("Sam", frozenset(), False, "")
    assert ways == {}
    somebody(database, "Nouveau", "sam@centre.be")  # the address is free again


def test_nothing_of_them_is_readable_in_the_database(sqlite_url: str, clock: Clock) -> None:
    database = open_database(sqlite_url, clock)
    member = somebody(database, "Zébulon Canari", "canari@centre.be")
    with database.begin() as uow:
        staff_addresses.join(uow, member.id, "telegram", "987654321")
        staff.set_password(uow, member.id, "$argon2id$canari")
        staff_log.write(uow, member.id, "act", "x", {"what": "canari"})
        signed = staff_links.sign_in(uow, member.id, "browser-canari")
    database.close()
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    raw = b"".join(one.read_bytes() for one in path.parent.glob(f"{path.name}*"))

    for word in ("Zébulon", "canari", "987654321", signed.token, signed.code):
        assert word.encode() not in raw, word


# ---------------------------------------------------------------- browsers


def test_a_session_ends_after_half_an_hour_at_rest_or_twelve_hours(database: Database, clock: Clock) -> None:
    member = somebody(database)
    with database.begin() as uow:
        token = staff_sessions.open_session(uow, member.id, "equipe")

    def alive() -> bool:
        with database.read() as uow:
            return staff_sessions.find(uow, token, "equipe") is not None

    began = clock.now
    clock.move(minutes=30)
    assert alive()
    clock.move(seconds=1)
    assert not alive()
    clock.now = began
    for _ in range(24):
        clock.move(minutes=30)
        assert alive()
        with database.begin() as uow:
            staff_sessions.touch(uow, token)
    clock.move(seconds=1)
    assert not alive()


def test_a_session_belongs_to_one_area_and_is_replaced_at_sign_in(database: Database) -> None:
    member = somebody(database)
    with database.begin() as uow:
        first = staff_sessions.open_session(uow, member.id, "equipe")
        second = staff_sessions.open_session(uow, member.id, "equipe", instead_of=first)
        other = staff_sessions.open_session(uow, member.id, "mentorat")
        found = [staff_sessions.find(uow, one, "equipe") is not None for one in (first, second, other)]
        ended = staff_sessions.close_all(uow, member.id, but=second)
        after = [
            staff_sessions.find(uow, second, "equipe") is not None,
            staff_sessions.find(uow, other, "mentorat") is not None,
        ]

    assert found == [False, True, False]
    assert len(second) >= 22  # 128 bits and more in base64
    assert (ended, after) == (1, [True, False])


# ---------------------------------------------------------------- links and codes


def test_an_invitation_lets_in_once_within_three_days(database: Database, clock: Clock) -> None:
    member = somebody(database)
    with database.begin() as uow:
        old, token = staff_links.invite(uow, member.id), staff_links.invite(uow, member.id)
    clock.move(hours=71, minutes=59)
    with database.begin() as uow:
        assert staff_links.look(uow, old, INVITE) is None
        assert staff_links.look(uow, token, INVITE) == member.id  # looking does not use it up
        assert staff_links.look(uow, token, SIGN_IN, "browser") is None
        assert staff_links.take(uow, token, INVITE) == member.id
        assert staff_links.take(uow, token, INVITE) is None
        late = staff_links.invite(uow, member.id)
    clock.move(hours=72)
    with database.begin() as uow:
        assert staff_links.take(uow, late, INVITE) is None


def test_a_sign_in_works_only_in_the_browser_that_asked(database: Database, clock: Clock) -> None:
    member = somebody(database)
    with database.begin() as uow:
        made = staff_links.sign_in(uow, member.id, "hers")
        theirs = staff_links.sign_in(uow, member.id, "another")  # asked by somebody else: spoils nothing
        assert staff_links.look(uow, made.token, SIGN_IN, "another") is None
        assert staff_links.take(uow, made.token, SIGN_IN, "another") is None
        assert staff_links.take_figures(uow, made.code, "another") in (None, *[member.id] * (made.code == theirs.code))  # fmt: skip
        with pytest.raises(ValueError, match="browser"):
            staff_links.take(uow, made.token, SIGN_IN)
    clock.move(minutes=9, seconds=59)
    with database.begin() as uow:
        assert staff_links.look(uow, made.token, SIGN_IN, "hers") == member.id
        assert staff_links.take(uow, made.token, SIGN_IN, "hers") == member.id
        assert staff_links.take_figures(uow, made.code, "hers") is None  # the code went with the link
    with database.begin() as uow:
        late = staff_links.sign_in(uow, member.id, "hers")
    clock.move(minutes=10)
    with database.begin() as uow:
        assert staff_links.take(uow, late.token, SIGN_IN, "hers") is None
        assert staff_links.take_figures(uow, late.code, "hers") is None


def test_figures_have_five_tries(database: Database) -> None:
    member = somebody(database)
    with database.begin() as uow:
        made = staff_links.sign_in(uow, member.id, "hers")
    wrong = f"{(int(made.code) + 1) % 10**8:08d}"
    with database.begin() as uow:
        assert [staff_links.take_figures(uow, wrong, "hers") for _ in range(4)] == [None] * 4
        assert staff_links.take_figures(uow, f"{made.code[:4]} {made.code[4:]}", "hers") == member.id
        made = staff_links.sign_in(uow, member.id, "hers")
        wrong = f"{(int(made.code) + 1) % 10**8:08d}"
        assert [staff_links.take_figures(uow, wrong, "hers") for _ in range(5)] == [None] * 5
        assert staff_links.take_figures(uow, made.code, "hers") is None
        assert staff_links.take(uow, made.token, SIGN_IN, "hers") is None  # nor does the link work now


def test_a_joining_code_is_said_once_within_ten_minutes(database: Database, clock: Clock) -> None:
    member = somebody(database)
    with database.begin() as uow:
        old, code = staff_links.join_code(uow, member.id), staff_links.join_code(uow, member.id)
        assert staff_links.take_code(uow, old) is None
        assert staff_links.take_code(uow, code.lower().replace("-", " ")) == member.id
        assert staff_links.take_code(uow, code) is None
        late = staff_links.join_code(uow, member.id)
    clock.move(minutes=10)
    with database.begin() as uow:
        assert staff_links.take_code(uow, late) is None


# ---------------------------------------------------------------- the log


def written(database: Database, count: int) -> None:
    for number in range(count):
        with database.begin() as uow:
            staff_log.write(uow, None, "act", f"thing {number}", {"number": number})


def verdict(database: Database) -> staff_log.Verdict:
    with database.read() as uow:
        return staff_log.verify(uow)


def run(database: Database, statement: str) -> None:
    with database.begin() as uow:
        uow.execute(text(statement))


def test_an_untouched_log_is_sound(database: Database) -> None:
    assert verdict(database) == staff_log.Verdict(0)
    written(database, 3)
    with database.read() as uow:
        latest = [(one.number, one.about, one.detail["number"]) for one in staff_log.latest(uow, 2)]

    assert verdict(database) == staff_log.Verdict(3)
    assert latest == [(3, "thing 2", 2), (2, "thing 1", 1)]


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ("DELETE FROM staff_log WHERE id = 3", 3),
        ("DELETE FROM staff_log WHERE id = 1", 1),
        ("DELETE FROM staff_log WHERE id >= 4", 4),
        ("DELETE FROM staff_log", 1),
        ("UPDATE staff_log SET about = 'x' WHERE id = 2", 2),
        ("UPDATE staff_log SET act = 'x' WHERE id = 5", 5),
        ("UPDATE staff_log SET staff_id = 'x' WHERE id = 2", 2),
        ("UPDATE staff_log SET at = '2020-01-01 00:00:00' WHERE id = 4", 4),
        ("UPDATE staff_log SET chain = 'x' WHERE id = 3", 3),
        ("UPDATE staff_log SET detail = (SELECT detail FROM staff_log WHERE id = 1) WHERE id = 3", 3),
        ("UPDATE staff_log SET id = 6 WHERE id = 2", 2),
    ],
)
def test_any_change_to_the_log_shows(database: Database, change: str, wrong: int) -> None:
    written(database, 5)
    run(database, change)

    found = verdict(database)
    assert not found.sound
    assert found.wrong == wrong


def test_after_two_years_lines_go_and_the_rest_is_still_verified(database: Database, clock: Clock) -> None:
    written(database, 4)
    clock.move(days=400)
    written(database, 3)
    clock.move(days=332)  # 24 months after the first ones
    with database.begin() as uow:
        assert staff_log.drop_old(uow, 3) == 3
        assert staff_log.drop_old(uow, 3) == 1
        assert staff_log.drop_old(uow, 3) == 0
    assert verdict(database) == staff_log.Verdict(3)
    run(database, "DELETE FROM staff_log WHERE id = 5")  # the first that is left
    assert verdict(database).wrong == 5


def test_a_log_that_lost_every_line_to_time_goes_on(database: Database, clock: Clock) -> None:
    written(database, 2)
    clock.move(days=800)
    with database.begin() as uow:
        staff_log.drop_old(uow)
    written(database, 2)

    assert verdict(database) == staff_log.Verdict(2)


def test_two_who_write_at_the_same_time_make_one_chain(database: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: written(database, 5), range(4)))

    assert verdict(database) == staff_log.Verdict(20)


# ---------------------------------------------------------------- keys and time


def test_people_and_log_follow_new_keys(database_url: str, clock: Clock) -> None:
    old = open_database(database_url, clock)
    member = somebody(old)
    somebody(old, "Nora", "")
    with old.begin() as uow:
        staff_addresses.join(uow, member.id, "telegram", "1")
        staff.set_password(uow, member.id, "hash")
    written(old, 2)
    old.close()
    key = make_key()
    both = Database(database_url, [key, KEY], clock, word_cost=WORD_COST)
    with both.read() as uow:
        assert staff.by_email(uow, "sam@centre.be")
    rotation.rotate(both, chunk=1)
    both.close()
    only = Database(database_url, [key], clock, word_cost=WORD_COST)
    with only.read() as uow:
        found = staff.by_email(uow, "sam@centre.be"), staff.by_address(uow, "telegram", "1")
        kept = staff.password(uow, member.id)
    written(only, 1)

    assert [one and one.id for one in found] == [member.id] * 2
    assert kept == "hash"
    assert verdict(only) == staff_log.Verdict(3)
    only.close()


def test_what_belongs_to_the_team_goes_at_its_time(database: Database, clock: Clock) -> None:
    gone, stays = somebody(database), somebody(database, "Nora", "nora@centre.be")
    with database.begin() as uow:
        staff_sessions.open_session(uow, stays.id, "equipe")
        staff_links.invite(uow, stays.id)
        staff.close(uow, gone.id)
        staff_log.write(uow, None, "act")
    began = clock.now

    def swept(**after: float) -> set[str]:
        clock.now = began + timedelta(**after)
        return {name for name in retention.sweep(database, chunk=1) if name.startswith("staff")}

    assert swept(hours=11, minutes=59) == set()
    assert swept(hours=24, seconds=1) == {"staff_sessions"}
    assert swept(hours=72) == {"staff_links"}
    assert swept(days=364) == set()
    assert swept(days=366) == {"staff"}
    assert swept(days=732) == {"staff_log"}
    with database.read() as uow:
        left = [one.id for one in staff.everyone(uow)]
        anchored = meta.read(uow, staff_log.ANCHOR)
    assert left == [stays.id]
    assert anchored is not None
