import pytest

from bot.application import channels
from bot.application.messages import Hello, Incoming, Press, Text
from bot.application.visits import handle
from tests.bot.phone import label_of, rows
from tests.support.centre import services_for

BANDS = ("12", "13-15", "16-18")


@pytest.mark.parametrize(
    ("minimum", "admitted"),
    [(12, BANDS), (13, BANDS[1:]), (14, BANDS[2:]), (15, BANDS[2:]), (16, BANDS[2:]), (17, ()), (18, ())],
)
def test_nobody_of_a_band_may_be_below_the_minimum(minimum, admitted):
    assert tuple(band for band in BANDS if channels.admits(band, "telegram", minimum)) == admitted


@pytest.mark.parametrize("band", [*BANDS, None, "", "other", 13])
def test_the_site_is_open_to_all(band):
    assert channels.admits(band, "web", 18)


@pytest.mark.parametrize("band", [None, "", "?"])
def test_whose_age_is_not_known_yet_is_asked_first(band):
    assert channels.admits(band, "telegram", 16)


def says(services, channel: str, age: str):
    """The answer to that age on a channel."""
    asked = handle(services, None, Incoming(channel, "4711", "1", Hello()))
    screen = asked.view.screen
    assert screen
    press = Press(screen.id, (label_of(screen).index(age),))
    return handle(services, asked.visit, Incoming(channel, "4711", "2", press))


@pytest.mark.parametrize(
    ("channel", "age", "goes_on"),
    [
        ("telegram", "12 ans", False),
        ("telegram", "13 à 15 ans", False),
        ("telegram", "16 à 18 ans", True),
        ("discord", "12 ans", False),
        ("discord", "13 à 15 ans", True),
        ("web", "12 ans", True),
    ],
)
def test_an_age_leads_on_or_to_the_site(sqlite_services, channel, age, goes_on):
    answer = says(sqlite_services, channel, age)

    assert (answer.visit is not None) is goes_on
    assert (answer.view.screen is not None) is goes_on
    assert answer.person is None
    assert ("link" in [one.kind for one in answer.view.messages if one.body.get("url")]) is not goes_on


def test_the_farewell_says_the_age_and_the_address_of_the_site_and_keeps_nothing(
    sqlite_database, clock, tmp_path
):
    services = services_for(
        sqlite_database, clock, tmp_path, base_url="https://boussole.example/", min_age_discord=16
    )
    before = rows(services)
    answer = says(services, "discord", "13 à 15 ans")
    services.executor.shutdown()

    text, link = answer.view.messages
    assert "à partir de 16 ans" in text.body["text"]
    assert link.body["url"] == "https://boussole.example/"
    assert (answer.view.screen, answer.visit, answer.person) == (None, None, None)
    assert rows(services) == before


def test_an_age_that_is_typed_counts_as_well(sqlite_services):
    asked = handle(sqlite_services, None, Incoming("telegram", "4711", "1", Hello()))
    answer = handle(sqlite_services, asked.visit, Incoming("telegram", "4711", "2", Text("13 a 15 ans")))

    assert answer.visit is None
    assert "à partir de 16 ans" in answer.view.messages[0].body["text"]
