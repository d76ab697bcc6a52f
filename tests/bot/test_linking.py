import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.application import linking
from storage import conversations, link_codes, people
from storage.crypto import short_code
from tests.bot.phone import Phone, member, rows
from tests.support.talk import Talker, enrol

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODES = st.text(LETTERS, min_size=8, max_size=8).map(lambda code: f"{code[:4]}-{code[4:]}")


def channels_of(services, person: str) -> list[str]:
    with services.database.read() as uow:
        return [one.channel for one in people.addresses_of(uow, person)]


def contact(services, person: str) -> str:
    with services.database.read() as uow:
        known = people.get(uow, person)
        assert known
        return people.contact(uow, known)


def code_of(services, person: str) -> str:
    with services.database.begin() as uow:
        return link_codes.give(uow, person)


# ---------------------------------------------------------------- what is a code


@given(CODES)
def test_a_code_is_read_however_it_is_typed(code):
    plain = code.replace("-", "")
    for written in (code, f"  {code}\n", f"lien_{plain}", f"lien_{code.lower()}"):
        assert linking.code_in(written) == code
    if any(letter.isdigit() for letter in code):  # else it might be a name
        assert linking.code_in(code.lower()) == code
    if any(letter.isdigit() for letter in plain):
        assert linking.code_in(plain) == linking.code_in(plain.replace("-", " ")) == code


def test_the_codes_that_are_given_are_read():
    assert all(linking.code_in(code) == code for code in (short_code() for _ in range(200)))


@pytest.mark.parametrize(
    "text",
    ["", "Lou", "dimanche", "Machette", "JEUX VELO", "j'ai 4000", "mon code est ABCD-2345", "ABCD-2345 !", "ABCD--2345",
     "ABCD-23456", "ABC-2345", "ABCD-O123", "A1CD-2345", "lien_", "lien_ABCD", "0471 12 34 56", "2026-2027"],
)  # fmt: skip
def test_other_words_are_no_code(text):
    assert linking.code_in(text) is None


@given(st.text(max_size=30))
def test_any_text_is_a_well_formed_code_or_none(text):
    code = linking.code_in(text)
    assert code is None or (len(code) == 9 and code[4] == "-" and code == code.upper())


# ---------------------------------------------------------------- joining


def test_a_right_code_joins_the_address(services):
    lou = member(services)
    code = code_of(services, lou)

    assert linking.join(services, code.lower(), "discord", "42") == "joined"
    assert channels_of(services, lou) == ["telegram", "discord"]
    assert linking.join(services, code, "discord", "43") == "unknown"


def test_an_address_that_is_somebody_s_is_taken_and_the_code_still_works(services):
    lou, noa = member(services), member(services, "42", "discord")
    code = code_of(services, lou)

    assert linking.join(services, code, "discord", "42") == "taken"
    assert (channels_of(services, lou), channels_of(services, noa)) == (["telegram"], ["discord"])
    assert linking.join(services, code, "discord", "43") == "joined"


def test_an_old_or_unknown_code_joins_nothing(services, clock):
    lou = member(services)
    code = code_of(services, lou)
    assert linking.join(services, "ABCD-2345", "discord", "42") == "unknown"
    clock.move(minutes=10, seconds=1)

    assert linking.join(services, code, "discord", "42") == "unknown"
    assert channels_of(services, lou) == ["telegram"]


@pytest.mark.parametrize(
    ("band", "channel", "became"),
    [("12", "discord", "too_young"), ("13-15", "discord", "joined"), ("13-15", "telegram", "too_young"), ("16-18", "telegram", "joined")],
)  # fmt: skip
def test_the_age_of_the_person_counts_on_the_platform_that_is_joined(services, band, channel, became):
    with services.database.begin() as uow:
        lou = people.create(uow, "web").id
        conversations.note(uow, lou, {"user.age_band": band})
    assert linking.join(services, code_of(services, lou), channel, "42") == became
    assert channels_of(services, lou) == ([channel] if became == "joined" else [])


def test_five_tries_in_a_quarter_of_an_hour_count_even_when_they_fail(services, clock):
    lou = member(services)
    tried = [linking.join(services, f"ABCD-234{number}", "discord", "42") for number in range(2, 8)]
    assert tried == ["unknown"] * 5 + ["too_many"]
    assert linking.join(services, code_of(services, lou), "discord", "42") == "too_many"
    assert linking.join(services, code_of(services, lou), "discord", "43") == "joined"

    clock.move(minutes=16)
    with services.database.begin() as uow:
        people.detach(uow, lou, "discord")
    assert linking.join(services, code_of(services, lou), "discord", "42") == "joined"


# ---------------------------------------------------------------- the words


@pytest.mark.parametrize("words", ["relier", "Relier mon compte !", "autre appli", "Lier mon compte"])
def test_the_word_gives_a_code_that_works(services, words):
    lou = member(services)
    phone = Phone(services, person=lou)
    phone.type(words)
    code = phone.says().split("Boussole : ")[1].split(".")[0]

    assert linking.join(services, code, "discord", "42") == "joined"


def test_from_a_platform_the_way_to_the_site_comes_with_the_code_and_on_the_site_it_does_not(services):
    phone, talker = Phone(services, person=member(services)), Talker(services)
    enrol(talker)
    phone.type("relier")
    talker.type("relier")

    assert [one.kind for one in phone.heard if one.side == "bot"] == ["text", "link"]
    assert phone.heard[-1].body["url"].startswith("/retour/")
    assert "link" not in [one.kind for one in talker.heard]


def test_the_question_on_show_waits_while_a_code_is_given(talker):
    enrol(talker)
    talker.press("Ce qui m'allume")
    waiting = talker.screen
    talker.type("relier")

    assert talker.screen == waiting


@pytest.mark.parametrize("words", ["relier", "délier", "écris-moi ici"])
def test_a_visit_has_nothing_to_join_or_to_leave(services, talker, words):
    before = rows(services)
    talker.hello()
    talker.type(words)

    assert "mode visite" in talker.says()
    assert rows(services) == before


def test_leaving_on_the_site_leaves_every_platform(services):
    lou = member(services)
    with services.database.begin() as uow:
        people.add_address(uow, lou, "discord", "42")
    noa = member(services, "99")
    talker = Talker(services, person=lou)
    talker.type("délier")

    assert "il ne reste que le site" in talker.says()
    assert (channels_of(services, lou), channels_of(services, noa)) == ([], ["telegram"])
    assert (contact(services, lou), talker.person) == ("web", lou)
    talker.type("délier")
    assert "Rien n'était relié" in talker.says()
    assert linking.join(services, code_of(services, lou), "discord", "42") == "joined"
    assert contact(services, lou) == "web"  # until they ask for something else


def test_leaving_on_a_platform_leaves_that_one_only(services):
    lou = member(services)
    with services.database.begin() as uow:
        people.add_address(uow, lou, "discord", "42")
    phone = Phone(services, person=lou)
    phone.type("détacher")

    assert "je ne te connais plus ici" in phone.says()
    assert phone.person is None
    assert channels_of(services, lou) == ["discord"]
    assert contact(services, lou) == "discord"


@pytest.mark.parametrize("words", ["écris-moi ici", "Ecris ici", "m'écrire ici"])
def test_the_bot_writes_first_where_it_was_asked_to(services, words):
    lou = member(services)
    with services.database.begin() as uow:
        people.add_address(uow, lou, "discord", "42")
    assert contact(services, lou) == "telegram"
    Phone(services, channel="discord", address="42", person=lou).type(words)

    assert contact(services, lou) == "discord"


def test_an_answer_with_these_words_in_it_stays_an_answer(talker):
    enrol(talker)
    talker.type("j'aime relier des livres")

    assert "code" not in talker.says()
