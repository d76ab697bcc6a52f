"""Three occupations to dig into: what is offered, the learner's own words, one track after the other, their order."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.application.errands_shortlist import NONE, OTHER
from bot.application.services import Services
from careers import matcher
from careers.because import name
from careers.model import Nearness
from tests.bot.test_errands import LIKES, do, proposed


@pytest.fixture(autouse=True)
def _a_tuesday_after_school(clock):
    clock.now = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)


def ids(cards: Any) -> list[str]:
    return [card["id"] for card in cards]


def some(services: Services, count: int) -> list[str]:
    return list(services.catalogue.occupations)[:count]


def test_what_was_met_comes_first_and_what_speaks_to_the_learner_before_the_rest(services):
    first, second, third, refused = some(services, 4)
    said = {first: {"appeal": "meh"}, third: {"appeal": "love"}, refused: {"appeal": "no"}}

    offered = ids(
        do(
            services, "propose_shortlist", job__seen=[first, second, third, refused], job__reactions=said
        ).values["shortlist.offered"]
    )

    assert offered[:3] == [third, second, first]
    assert refused not in offered
    assert offered[-1] == OTHER
    assert len(offered) == len(set(offered))


def test_the_choice_is_never_only_among_the_nearest(services, monkeypatch):
    listed = []
    wanted = matcher.occupations

    def watched(*given):
        listed.extend(wanted(*given))
        return list(listed)

    monkeypatch.setattr(matcher, "occupations", watched)
    values = do(services, "propose_shortlist", job__seen=some(services, 2)).values

    kinds = {one.id: one.nearness for one in listed}
    new = [kinds[one] for one in ids(values["shortlist.offered"])[2:-1]]
    assert len(new) == 3
    assert set(new) != {Nearness.NEAR}
    assert values["shortlist.wild_id"] not in ids(values["shortlist.offered"])
    assert kinds[values["shortlist.wild_id"]] is Nearness.SURPRISE


def test_new_ones_are_told_in_a_line_and_met_ones_are_not(services):
    met = some(services, 1)[0]
    values = do(services, "propose_shortlist", job__seen=[met]).values

    lines = values["shortlist.unseen"].strip().split("\n")
    assert len(lines) == 3
    assert not any(name(services.catalogue.occupations[met]).lower() in line.lower() for line in lines)
    assert all(line.startswith("– ") and line.endswith(")") for line in lines)


def test_somebody_who_said_nothing_is_offered_something_to_discover(services):
    nothing = dict.fromkeys(LIKES)

    brought = do(services, "propose_shortlist", nothing)

    assert brought.outcome == "fresh"
    assert (
        len(brought.values["shortlist.offered"]) >= 5
    )  # more than three: they are asked, not picked for them


def test_the_same_learner_is_offered_the_same_twice(services):
    assert do(services, "propose_shortlist") == do(services, "propose_shortlist")


def test_a_word_brings_what_it_may_mean_and_a_way_to_say_none(services):
    brought = do(services, "link_track", shortlist__own_word="kiné")

    found = brought.values["shortlist.linked"]
    assert brought.outcome == "found"
    assert any("kiné" in card["title"].lower() for card in found)
    assert found[-1]["id"] == NONE


@pytest.mark.parametrize("word", ["xkcd zzz", "🔥🔥🔥", "", "asdfgh"])
def test_a_word_that_means_nothing_is_not_guessed(services, word):
    assert do(services, "link_track", shortlist__own_word=word).outcome == "unknown"


# ---------------------------------------------------------------- gathering


def gathered(services: Services, **said: Any):
    given = {f"shortlist__{key}": value for key, value in said.items()}
    return do(services, "gather_tracks", **given)


def test_three_and_a_joker_ask_which_one_waits(services):
    a, b, c, wild = some(services, 4)
    said = {"picked": [a, b, c], "joker": "keep", "wild_id": wild}

    many = gathered(services, **said)
    assert (many.outcome, many.values["shortlist.count"]) == ("many", 4)

    left = gathered(services, **said, asked_many="yes", dropped=b)
    assert (left.outcome, ids(left.values["shortlist.tracks"])) == ("tracks", [a, c, wild])


def test_whoever_passes_keeps_the_first_ones_and_the_joker(services):
    a, b, c, wild = some(services, 4)

    left = gathered(services, picked=[a, b, c], joker="keep", wild_id=wild, asked_many="yes")

    assert ids(left.values["shortlist.tracks"]) == [a, b, wild]
    assert [track["joker"] for track in left.values["shortlist.tracks"]] == [False, False, True]


def test_a_wild_one_that_was_not_kept_is_no_track(services):
    a, wild = some(services, 2)

    tracks = gathered(services, picked=[a], joker="none", wild_id=wild).values["shortlist.tracks"]

    assert ids(tracks) == [a]


def test_the_learners_own_words_are_a_track_of_their_own(services):
    a = some(services, 1)[0]

    tracks = gathered(services, picked=[a, OTHER], owns=["chuchoteur d'abeilles"], joker="none").values[
        "shortlist.tracks"
    ]

    assert [(track["title"], track["job"]) for track in tracks][-1] == ("chuchoteur d'abeilles", "")
    assert OTHER not in ids(tracks)


def test_another_word_for_the_surprise_is_the_surprise(services):
    a, b, wild = some(services, 3)

    tracks = gathered(services, picked=[a], joker="other", owns=[b], wild_id=wild).values["shortlist.tracks"]

    assert [(track["id"], track["joker"]) for track in tracks] == [(a, False), (b, True)]


@pytest.mark.parametrize("picked", [None, [], [OTHER]])
def test_nothing_picked_is_nothing(services, picked):
    assert gathered(services, picked=picked).outcome == "none"


# ---------------------------------------------------------------- one after the other, then in order

TRACKS = [
    {"id": "a", "title": "Métier A", "job": "a", "joker": False},
    {"id": "own:cirque", "title": "cirque", "job": "", "joker": False},
    {"id": "c", "title": "Métier C", "job": "c", "joker": True},
]


def following(services: Services, told: Any, **more: Any):
    given = {f"shortlist__{key}": value for key, value in more.items()}
    return do(services, "next_track", shortlist__tracks=TRACKS, job__shortlist=told, **given)


def test_each_track_has_its_turn(services):
    told: list[dict[str, str]] = []
    names = []
    while (brought := following(services, told)).outcome == "track":
        names.append(brought.values["track.name"])
        told.append({"job": brought.values["track.job"], "name": names[-1], "why": "oui"})

    assert names == ["Métier A", "cirque", "Métier C"]
    assert brought.outcome == "all"


def test_saying_nothing_of_a_track_is_remarked_once(services):
    blank = [{"job": "a", "name": "Métier A"}]

    assert following(services, blank).outcome == "blank"
    assert following(services, blank, blank_said="yes").outcome == "track"


def test_what_was_written_before_is_recalled(services):
    before = [{"job": "a", "name": "Métier A", "why": "les machines"}]

    assert following(services, [], before=before).values["track.before"] == "les machines"


def kept(services: Services, told: Any, **more: Any):
    given = {f"shortlist__{key}": value for key, value in more.items()}
    return do(services, "keep_shortlist", shortlist__tracks=TRACKS, job__shortlist=told, **given)


def test_the_shortlist_has_the_learners_order_and_all_their_words(services):
    told = [
        {"job": "a", "name": "Métier A", "why": "oui", "check": "Le prix ?"},
        {"job": "", "name": "cirque"},
    ]

    brought = kept(services, told, order=["c", "a", "own:cirque"])

    assert brought.outcome == "three"
    assert [one["name"] for one in brought.values["shortlist.kept"]] == ["Métier C", "Métier A", "cirque"]
    assert brought.values["shortlist.kept"][0]["joker"] is True
    assert brought.values["shortlist.kept"][1]["why"] == "oui"
    assert brought.values["shortlist.list"] == "métier C, métier A et cirque"
    assert brought.values["shortlist.checks"] == "le prix"


def test_what_was_said_a_month_ago_stays_where_nothing_new_is_said(services):
    before = [{"job": "a", "name": "Métier A", "why": "avant", "doubt": "le bruit"}]

    told = kept(services, [{"job": "a", "name": "Métier A", "why": "maintenant"}], before=before)

    first = told.values["shortlist.kept"][0]
    assert (first["why"], first["doubt"]) == ("maintenant", "le bruit")


def test_seeing_it_again_changes_nothing(services):
    told = [{"job": "a", "name": "Métier A", "why": "oui"}]

    brought = do(services, "keep_shortlist", job__shortlist=told)

    assert brought.outcome == "one"
    assert brought.values["shortlist.kept"] == told


@pytest.mark.parametrize(
    ("whys", "asked"),
    [
        (["Mes parents veulent que je fasse ça"], True),
        (["mon père le veut", "je suis obligé"], True),
        (["j'ai pas le choix, c'est l'affaire familiale"], True),
        (["Mes parents veulent", "moi j'adore le bois"], False),
        (["Mon père est mécano et j'adore l'aider"], False),
        (["parce que c'est beau"], False),
        ([None], False),
    ],
)
def test_only_a_list_that_is_all_of_others_making_is_asked_about(services, whys, asked):
    told = [{"job": str(place), "name": "x", "why": why} for place, why in enumerate(whys)]

    values = do(services, "keep_shortlist", job__shortlist=told).values

    assert bool(values["shortlist.pressed"]) is asked


def test_after_a_month_it_is_spoken_of_again_for_two_weeks(services):
    ready = {
        "user__age_band": "16-18",
        "job__seen": list("abcdef"),
        "session__log": [{"id": "a", "energy": 4}, {"id": "b", "energy": 2}],
        "value__ranking": ["learning"],
        "job__shortlist": [{"job": "a"}],
    }

    def after(days: int) -> str:
        at = (services.now() - timedelta(days=days)).isoformat()
        done = [{"page": "session_debrief", "at": at}, {"page": "job_shortlist", "at": at}]
        return str(proposed(services, **ready, progress__done=done))

    assert after(30) == "job_shortlist"
    assert after(29) != "job_shortlist"
    assert after(45) != "job_shortlist"
