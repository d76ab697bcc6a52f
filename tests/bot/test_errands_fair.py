"""A fair before, during and after: real stands, notes of thirty seconds, tracks that come and wait; hostile words included."""
# ruff: noqa: DTZ001  -- wall times in Brussels, without a zone as they are stored

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.application import fair_topics, happenings, stands_fit, taking_part
from bot.application.rights import OPERATOR
from storage import stands
from storage.gatherings import Kind
from storage.stands import Stand
from tests.bot.happening import gathering, learners
from tests.bot.test_errands_session import do
from tests.support.centre import shipped

SATURDAY = datetime(2026, 11, 28, 10, 0)
STANDS = [
    Stand("Atelier du bois", "A1", "raboter et coller", occupations="luthier carpenter"),
    Stand("École du son", "B2", "enregistrer une voix", domains="music"),
    Stand("Studio de jeux", "A4", "jouer, puis ouvrir le moteur", occupations="game_designer", domains="game_development"),
    Stand("Caserne", "C3", "essayer la lance", occupations="firefighter"),
    Stand("Banque", "C4", "ouvrir un compte"),
    Stand("Haute école", "B1", "les études", institution="helmo"),
    Stand("Radio", "A7", "trente secondes d’antenne", domains="music filmmaking"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _a_tuesday_after_school(clock):
    clock.now = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)


def fair(services, listed=STANDS, starts=SATURDAY, **more):
    held = gathering(
        services.database, Kind.FAIR, starts, title="Salon des études", domain="", hours=7, **more
    )
    with services.database.begin() as uow:
        stands.put(uow, held.id, listed)
    return held


def ids(services, held) -> dict[str, str]:
    with services.database.read() as uow:
        return {one.name: one.id for one in stands.of_gathering(uow, held.id)}


def ranked(**profile: Any):
    known = {key.replace("__", "."): value for key, value in profile.items()}
    return stands_fit.rank(STANDS, known, shipped(), "seed")


# ---------------------------------------------------------------- which stands


def test_a_track_comes_before_a_theme_and_each_says_why():
    found = ranked(job__shortlist=[{"job": "firefighter"}], domain__reactions={"music": 4.5})

    assert [one.stand.name for one in found[:1]] == ["Caserne"]
    assert found[0].key == "shortlist"
    assert {one.stand.name for one in found[1:3]} == {"École du son", "Radio"}
    assert {one.key for one in found[1:3]} == {"lab"}


@pytest.mark.parametrize(
    ("profile", "first", "key"),
    [
        ({"project__kept": ["game_designer"]}, "Studio de jeux", "project"),
        ({"job__reactions": {"firefighter": {"appeal": "love"}}}, "Caserne", "reaction_love"),
        ({"job__reactions": {"firefighter": {"appeal": "maybe"}}}, "Caserne", "reaction_maybe"),
    ],
)
def test_what_the_learner_said_speaks_for_a_stand(profile, first, key):
    found = ranked(**profile)

    assert (found[0].stand.name, found[0].key) == (first, key)
    assert stands_fit.known(found)


def test_a_track_that_waits_or_a_refused_occupation_does_not_speak_for_a_stand():
    waits = ranked(job__shortlist=[{"job": "firefighter", "aside": True}])
    refused = ranked(job__reactions={"firefighter": {"appeal": "no"}})

    assert not stands_fit.known(waits)
    assert refused[-1].stand.name == "Caserne"
    assert not refused[-1].key


def test_nothing_known_gives_three_all_the_same_and_always_the_same():
    found = ranked()

    assert not stands_fit.known(found)
    assert len(stands_fit.three(found)) == 3
    assert [one.stand.name for one in found] == [one.stand.name for one in ranked()]
    other = stands_fit.rank(STANDS, {}, shipped(), "somebody else")
    assert [one.stand.name for one in found] != [one.stand.name for one in other]


def test_the_unexpected_one_is_none_of_the_three_and_nothing_speaks_for_it():
    for seed in map(str, range(40)):
        found = stands_fit.rank(STANDS, {"domain.reactions": {"music": 5}}, shipped(), seed)
        wild = stands_fit.unexpected(found, seed)
        assert wild is not None
        assert wild.stand not in [one.stand for one in stands_fit.three(found)]
        assert not wild.key
    assert stands_fit.unexpected(found[:3], "x") is None


@pytest.mark.parametrize("odd", [None, "x", 3, [None], {"a": "b"}, [{"job": 3}]])
def test_a_damaged_profile_ranks_all_the_same(odd):
    keys = ("job__shortlist", "project__kept", "job__reactions", "domain__reactions", "programme__compared")
    assert len(ranked(**dict.fromkeys(keys, odd))) == len(STANDS)


# ---------------------------------------------------------------- before


def test_the_learners_own_fair_comes_before_a_nearer_one_and_a_doubtful_date_is_said(services):
    [lou] = learners(services.database, 1)
    near = fair(services, starts=datetime(2026, 11, 26, 10, 0))
    own = fair(services)
    assert do(services, "open_fair", lou, fair__phase="before").values["fair.id"] == near.id
    assert "à vérifier" in do(services, "open_fair", lou, fair__phase="before").values["fair.about"]

    with services.database.begin() as uow:
        taking_part.sign_up(uow, lou, own.id)

    values = do(services, "open_fair", lou, fair__phase="before").values
    assert (values["fair.id"], values["fair.gathering"]) == (own.id, own.id)
    assert values["fair.link"].endswith(f"/forum/{own.number}/notes")


def test_a_visit_sees_the_fair_and_is_promised_nothing(services):
    held = fair(services)

    values = do(services, "open_fair", None, fair__phase="before").values

    assert (values["fair.id"], values["fair.gathering"], values["fair.link"]) == (held.id, "", "")
    assert do(services, "match_stands", None, fair__id=held.id).outcome == "unknown"


@pytest.mark.parametrize(
    ("phase", "now", "found"),
    [
        ("during", datetime(2026, 11, 28, 12, 0, tzinfo=UTC), True),
        ("during", datetime(2026, 11, 27, 23, 0, tzinfo=UTC), True),  # on the way
        ("during", datetime(2026, 11, 24, 12, 0, tzinfo=UTC), False),
        ("after", datetime(2026, 11, 28, 12, 0, tzinfo=UTC), False),
        ("after", datetime(2026, 11, 29, 12, 0, tzinfo=UTC), True),
        ("after", datetime(2027, 1, 20, 12, 0, tzinfo=UTC), False),
        ("before", datetime(2026, 11, 29, 12, 0, tzinfo=UTC), False),
    ],
)
def test_each_phase_has_its_fair(sqlite_services, clock, phase, now, found):
    fair(sqlite_services)
    clock.now = now

    assert do(sqlite_services, "open_fair", None, fair__phase=phase).outcome == ("fair" if found else "none")


def test_a_cancelled_fair_or_one_of_another_group_is_none(services):
    [lou] = learners(services.database, 1)
    held = fair(services)
    with services.database.begin() as uow:
        happenings.cancel(uow, OPERATOR, held)

    assert do(services, "open_fair", lou, fair__phase="before").outcome == "none"


def road(services, held, person=None, **given):
    return do(services, "keep_fair", person, fair__id=held.id if held else "", **given)


def test_a_road_map_keeps_names_and_says_where_they_are(services):
    held = fair(services)
    known = ids(services, held)

    found = road(
        services, held, fair__picked=[known["Atelier du bois"], "other"], asked__other="radio",
        fair__wild="Caserne", fair__wild_said="keep", fair__questions=["level", "On dort où ?"],
    )  # fmt: skip

    assert found.outcome == "road"
    assert found.values["fair.names"] == ["Atelier du bois", "Radio", "Caserne"]
    assert found.values["fair.map"][1] == {"name": "Radio", "spot": "A7", "wild": False}
    assert found.values["fair.map"][2]["wild"]
    assert found.values["fair.asked"] == "« C'est difficile ? » et « On dort où ? »"


def test_several_stands_in_one_message_are_several_unless_one_has_that_name(services):
    listed = [Stand("Radio", "A7"), Stand("Bois, fer et cie", "B1")]
    held = fair(services, listed)

    found = road(services, held, asked__other="radio, le cirque ; la banque")
    whole = road(services, held, asked__other="bois, fer et cie")

    assert found.values["fair.names"] == ["Radio", "le cirque", "la banque"]
    assert whole.values["fair.names"] == ["Bois, fer et cie"]


@pytest.mark.parametrize(
    ("given", "outcome"),
    [
        ({}, "bare"),
        ({"fair__questions": ["cost"]}, "questions"),
        ({"fair__typed": ["x"]}, "plain"),
        ({"fair__wild_word": "la banque"}, "plain"),
        ({"fair__typed": ["x"], "fair__wild_word": "la banque"}, "road"),
        ({"fair__typed": ["😀😀", "   "], "fair__wild_word": "🙂"}, "bare"),
        ({"fair__typed": ["é" * 500, "<b>x</b>", "{fair.id}", "b", "c"]}, "plain"),
    ],
)
def test_without_a_list_whatever_is_typed_makes_a_road_map(sqlite_services, given, outcome):
    found = road(sqlite_services, None, **given)

    assert found.outcome == outcome
    assert len(found.values["fair.names"]) <= 4
    assert all(len(one) <= 120 for one in found.values["fair.names"])


def test_staff_see_topics_and_never_words_from_ten_people_on(services):
    held = fair(services)
    people = learners(services.database, 10)
    known = ids(services, held)
    for person in people[:9]:
        road(
            services, held, person, fair__picked=[known["Radio"]], fair__questions=["Et le kot, c'est cher ?"]
        )
    with services.database.read() as uow:
        assert stands.topics(uow, held.id) == []

    for _ in range(2):  # said twice, counted once
        road(services, held, people[9], fair__picked=[known["Radio"]], fair__questions=["Ça coûte combien ?"])

    with services.database.read() as uow:
        assert stands.topics(uow, held.id) == [("cost", 10)]
        assert stands.by_stand(uow, held.id) == [(known["Radio"], "cost", 10)]


@pytest.mark.parametrize(
    ("words", "topic"),
    [
        ("Combien ça coûte ?", "cost"),
        ("y a une bourse ?", "help"),
        ("Combien de temps d'études ?", "length"),
        ("faut être fort en maths ?", "level"),
        ("et si je change d'avis ?", "gates"),
        ("je peux venir voir un cours ?", "visit"),
        ("c'est loin en train ?", "travel"),
        ("il faut l'anglais ?", "language"),
        ("y a des stages ?", "work"),
        ("quels métiers après ?", "jobs"),
        ("une journée normale ?", "day"),
        ("tu t'appelles comment ?", "other"),
        ("😀", "other"),
    ],
)
def test_a_question_of_ones_own_has_a_topic_of_the_list(words, topic):
    assert fair_topics.of([words]) == [topic]


# ---------------------------------------------------------------- during


def test_stands_of_the_road_map_are_offered_until_they_are_noted(sqlite_services):
    targets = ["Radio", "Caserne"]
    first = do(sqlite_services, "fair_stops", None, fair__targets=targets, fair__id="f")
    assert [one["title"] for one in first.values["fair.stops"]] == [*targets, "Un autre stand"]

    seen = [{"stand": "radio !", "gathering": "f"}]
    then = do(sqlite_services, "fair_stops", None, fair__targets=targets, fair__id="f", fair__visits=seen)
    assert [one["title"] for one in then.values["fair.stops"]] == ["Caserne", "Un autre stand"]
    assert do(sqlite_services, "fair_stops", None).outcome == "none"


def test_a_note_has_its_number_its_fair_and_its_hour(sqlite_services):
    stops = [{"id": "t0", "title": "Radio"}]
    earlier = [{"id": "web-1", "stand": "Caserne"}]

    picked = do(
        sqlite_services,
        "open_stop",
        None,
        fair__id="f",
        fair__at="t0",
        fair__stops=stops,
        fair__visits=earlier,
    )
    typed = do(sqlite_services, "open_stop", None, fair__id="f", fair__at="other", asked__other="le cirque")

    last = picked.values["fair.noted"][-1]
    assert (last["stand"], last["gathering"], last["at"][:16]) == ("Radio", "f", "2026-11-24T16:30")
    assert picked.values["fair.before"] == earlier
    assert typed.values["fair.stop"] == "le cirque"


@pytest.mark.parametrize("odd", ["", "   ", "😀😀", None])
def test_no_stand_named_keeps_no_note(sqlite_services, odd):
    assert do(sqlite_services, "open_stop", None, fair__word=odd).outcome == "nothing"


def test_a_very_long_name_is_cut_and_very_many_notes_are_refused_kindly(sqlite_services):
    long = do(sqlite_services, "open_stop", None, fair__word="é" * 500)
    many = do(
        sqlite_services, "open_stop", None, fair__word="x", fair__visits=[{"id": str(n)} for n in range(200)]
    )

    assert len(long.values["fair.stop"]) == 120
    assert many.outcome == "full"


@pytest.mark.parametrize(
    ("given", "field"),
    [("ça sent bon", "note"), ({"media_id": "u1"}, "photo"), ({"url": "https://x.be"}, "photo")],
)
def test_a_word_is_a_note_and_a_picture_is_a_picture(sqlite_services, given, field):
    visits = [{"id": "a", "stand": "Radio"}, {"id": "b", "stand": "Caserne"}]

    kept = do(sqlite_services, "keep_shown", None, fair__visits=visits, fair__stop_id="a", fair__shown=given)

    assert kept.values["fair.noted"] == [{**visits[0], field: given}, visits[1]]


# ---------------------------------------------------------------- after


def test_the_day_has_one_record_however_often_it_is_opened(sqlite_services):
    rated = [{"id": "a", "stand": "Radio", "rating": 3, "gathering": "f"}, {"id": "b", "stand": "Banque", "rating": 1, "gathering": "f"}]  # fmt: skip
    first = do(sqlite_services, "open_day", None, fair__id="f", fair__visits=rated).values
    again = do(sqlite_services, "open_day", None, fair__id="f", fair__visits=first["fair.noted"]).values

    assert first["fair.keen"] == "Radio"
    assert [one["id"] for one in again["fair.noted"]] == ["a", "b", "after:f"]


@pytest.mark.parametrize(
    ("said", "low"),
    [
        ("c'était super", ""),
        ("c'est trop dur pour moi, j'y arriverai jamais", "low"),
        ("ça m'a découragée", "low"),
        ("un gars insistait pour que je signe", "pushed"),
    ],
)
def test_who_is_discouraged_or_pressed_is_offered_a_person(sqlite_services, said, low):
    found = do(sqlite_services, "close_day", None, fair__visits=[{"id": "after:f", "best": said}])

    assert found.values["fair.low"] == low


def test_what_to_check_first_becomes_the_step_and_stays_with_the_day(sqlite_services):
    found = do(
        sqlite_services,
        "close_day",
        None,
        fair__visits=[{"id": "after:f"}],
        fair__checks=["le prix", "le train."],
    )

    assert found.outcome == "said"
    assert found.values["fair.first_check"] == "le prix"
    assert found.values["fair.noted"][-1]["checks"] == ["le prix", "le train."]
    assert found.values["fair.parts"] == "À vérifier : le prix ; le train."


def tracks(services, held, shortlist, name="Caserne"):
    visits = [{"id": "a", "stand": name, "rating": 3, "gathering": held.id}]
    return do(services, "fair_tracks", None, fair__id=held.id, fair__visits=visits, job__shortlist=shortlist)


def test_a_stand_that_was_liked_opens_a_track_as_long_as_there_is_room(services):
    held = fair(services)
    own = {"job": "video_editor", "name": "Monteuse"}

    found = tracks(services, held, [own])
    assert found.outcome == "room"
    assert [one["id"] for one in found.values["fair.new_tracks"]] == ["firefighter"]
    assert tracks(services, held, [{"job": "firefighter", "name": "x"}]).outcome == "none"
    assert tracks(services, held, [own], "un stand inconnu").outcome == "none"
    assert tracks(services, held, [own] * 3).outcome == "full"
    assert tracks(services, held, [own, own, {**own, "aside": True}]).outcome == "swap"


def kept(services, shortlist, **given):
    return do(services, "keep_tracks", None, job__shortlist=shortlist, **given)


def test_a_track_left_aside_is_marked_and_never_gone_without_the_learner(sqlite_services):
    three = [{"job": one, "name": one, "why": "oui"} for one in ("luthier", "video_editor", "nurse")]

    aside = kept(sqlite_services, three, fair__aside="luthier").values["fair.shortlist"]
    assert aside == [{**three[0], "aside": True}, *three[1:]]
    assert (
        kept(sqlite_services, aside, fair__added=["firefighter"]).outcome == "same"
    )  # no room: nothing goes by itself

    swapped = kept(sqlite_services, aside, fair__swap="yes", fair__added="firefighter").values[
        "fair.shortlist"
    ]
    assert [one["job"] for one in swapped] == ["video_editor", "nurse", "firefighter"]
    assert kept(sqlite_services, three, fair__aside="none").outcome == "same"


def test_a_swap_without_a_new_track_takes_nothing_away(sqlite_services):
    aside = [{"job": "luthier", "name": "x", "aside": True}]

    assert kept(sqlite_services, aside, fair__swap="yes").outcome == "same"


def test_there_are_never_more_than_three_tracks(sqlite_services):
    own = [{"job": "", "name": "le cirque"}, {"job": "luthier", "name": "x"}]

    found = kept(sqlite_services, own, fair__added=["firefighter", "video_editor", "nowhere"]).values[
        "fair.shortlist"
    ]

    assert [one["job"] for one in found] == ["", "luthier", "firefighter"]
