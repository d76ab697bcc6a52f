from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.application import layout, safety_words
from bot.settings import Settings
from tests.support.centre import pages

BRUSSELS = ZoneInfo("Europe/Brussels")
MONDAY = datetime(2026, 11, 23, tzinfo=BRUSSELS)
ALWAYS_OPEN = {"0800 32 123", "107", "112"}
NOT_OURS = ("3114", "119", "3018", "988", "911", "999")  # numbers of other countries
PROMISES = ("je préviens", "on te répond", "quelqu'un te répond", "te lira", "te recontacte", "secret")


def said(now: datetime, contact: str = "", *, visit: bool = False) -> str:
    settings = Settings(centre_name="la Fabrique", centre_contact=contact)
    return "\n".join(
        layout.in_words(one) for one in safety_words.help_messages(now, settings, pages(), visit=visit)
    )


def test_at_every_half_hour_of_a_week_a_line_that_never_closes_is_shown():
    for half_hour in range(2 * 24 * 7):
        now = MONDAY + timedelta(minutes=30 * half_hour)
        words = said(now)

        assert any(number in words for number in ALWAYS_OPEN), now
        assert not any(number in words.replace(" ", "") for number in NOT_OURS)


def test_a_closed_line_never_comes_first():
    for half_hour in range(2 * 24):
        now = MONDAY + timedelta(minutes=30 * half_hour)
        (lines,) = [
            one.body["lines"]
            for one in safety_words.help_messages(now, Settings(), pages())
            if one.kind == "lines"
        ]

        if not 10 <= now.hour < 24:
            assert lines[0]["number"] != "103", now


@pytest.mark.parametrize("visit", [True, False])
def test_no_sentence_promises_a_person(visit):
    words = said(MONDAY, visit=visit).lower()

    assert not [promise for promise in PROMISES if promise in words]
    assert "robot" in words


def test_the_contact_of_the_centre_is_given_when_there_is_one():
    assert "04 222 33 44" in said(MONDAY, "04 222 33 44")
    assert "Le contact de" not in said(MONDAY)


def test_each_answer_has_its_words_and_a_yes_gives_the_numbers_again():
    for key in safety_words.ANSWERS:
        assert safety_words.confirm_reply(key, MONDAY, Settings(), pages())
    yes = "\n".join(
        layout.in_words(one) for one in safety_words.confirm_reply("yes", MONDAY, Settings(), pages())
    )
    assert "112" in yes

    with pytest.raises(KeyError):
        safety_words.confirm_reply("other", MONDAY, Settings(), pages())


def test_both_questions_have_the_same_three_answers():
    for asked in (safety_words.confirm_asked(pages()), safety_words.gentle_asked(pages())):
        assert [option.key for option in asked.options] == ["yes", "no", "prefer_not"]
