import random
from collections import Counter
from dataclasses import fields, replace
from math import isnan

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careers import because, columns, compare, fit, leading, matcher, places, refusals, widening
from careers.catalogue import Catalogue
from careers.model import DRIVES, Interests, Nearness, Refusal, Suggestion, Vacancy
from careers.reasons import DOUBTS, REASONS
from tests.careers.conftest import TODAY
from tests.careers.made_up import learner

TOWNS = [None, "Liège", "Herstal", "Verviers", "Huy", "Namur"]
KEPT = [
    "game_programmer", "nurse", "cook", "mason", "graphic_designer", "car_mechanic", "primary_teacher",
    "veterinarian", "web_developer", "hairdresser", "electrician", "social_worker", "robotics_technician",
]  # fmt: skip
MANY = 4  # answers from which everything shown has two reasons
SHARES = {Nearness.NEAR: 5, Nearness.BESIDE: 3, Nearness.SURPRISE: 2}
slow = settings(max_examples=40, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])


def quotas_hold(suggestions: list[Suggestion], catalogue: Catalogue) -> None:
    chosen = [catalogue.occupations[s.id] for s in suggestions]
    sectors = Counter(o.sector for o in chosen)

    assert len({o.prep_level for o in chosen}) >= 3
    assert sum(map(widening.by_practice, chosen)) >= 2
    assert sum(not o.digital for o in chosen) >= 2
    assert max(sectors.values()) <= 4
    assert len({s.id for s in suggestions}) == len(suggestions) == 10


def list_holds(learner: Interests, catalogue: Catalogue, seed: str) -> None:
    """Everything that a list of ten promises, whoever it is for."""
    judge = matcher.judge_of(learner, catalogue, seed)
    suggestions = matcher.occupations(learner, catalogue, seed)

    quotas_hold(suggestions, catalogue)
    assert all((s.reasons == because.discovery()) == (judge.told == 0) for s in suggestions)
    assert judge.told == 0 or Counter(s.nearness for s in suggestions) == SHARES
    gone = {refusal.id for refusal in learner.refusals if refusal.kind == "occupation"}
    for suggestion in suggestions:
        assert len(suggestion.reasons) == 2 or judge.told < MANY
        assert suggestion.id not in gone
        assert learner.reactions.get(suggestion.id) != "no"
        assert suggestion.id not in learner.seen or learner.reactions.get(suggestion.id) in ("love", "maybe")
        assert suggestion.doubt.key == "minus"
        ways = catalogue.occupations[suggestion.id].ways
        assert len(ways) >= 2
        assert any(way.gradual for way in ways)


def test_any_list_of_ten_keeps_the_view_open(catalogue: Catalogue):
    """The proof runs 5,000 people (`make proof`)."""
    for number in range(600):
        list_holds(learner(random.Random(number), catalogue), catalogue, str(number))  # noqa: S311 -- people, not secrets


def test_five_near_three_beside_two_surprises(catalogue: Catalogue, lou: Interests):
    suggestions = matcher.occupations(lou, catalogue, "seed")

    assert Counter(s.nearness for s in suggestions) == SHARES
    for suggestion in suggestions:
        strong = fit.strong(catalogue.occupations[suggestion.id])
        assert len({reason.quotes for reason in suggestion.reasons}) == 2
        if suggestion.nearness == Nearness.SURPRISE:
            assert not strong & set(lou.highlights)
            assert suggestion.reasons[0].key.startswith("contrast_")
        else:
            assert not any(reason.key.startswith("contrast_") for reason in suggestion.reasons)


def answers(learner: Interests) -> set[str]:
    """Everything that a reason may quote; `text:` and `wish:` come from the project or the correction."""
    return (
        {f"interest.item_ratings:{item}" for item, _, _ in learner.liked}
        | {f"interest.highlights:{drive}" for drive in learner.highlights}
        | {f"value.ranking:{value}" for value in learner.values}
        | {f"pride.skills:{skill}" for skill, proofs in learner.skills.items() if proofs}
        | {f"job.reactions:{one}" for one in learner.reactions}
        | {f"session.log:{domain}:{place}" for domain, place in learner.labs}
        | ({"project"} if learner.project else set())
        | ({"text:", "wish:"} if learner.project or learner.own_words else set())
        | ({"place"} if learner.place else set())
        | ({"interest.self_correction"} if learner.own_words else set())
    )


def test_every_reason_quotes_an_answer_that_was_given(catalogue: Catalogue, offers: list[Vacancy]):
    for number in range(60):
        chance = random.Random(number)  # noqa: S311 -- people, not secrets
        somebody = learner(chance, catalogue)
        kept = chance.sample(KEPT, chance.randint(1, 3))
        near_them = matcher.near(kept, somebody, catalogue, offers, TODAY)
        given = answers(somebody) | {f"kept:{one}" for one in kept}
        for suggestion in [*matcher.occupations(somebody, catalogue, "s"), *near_them]:
            assert DOUBTS[suggestion.doubt.key] == tuple(suggestion.doubt.values)
            assert all(suggestion.doubt.values.values())
            for reason in suggestion.reasons:
                assert REASONS[reason.key] == tuple(reason.values)
                assert reason.key == "discovery" or {reason.quotes, reason.quotes[:5]} & given
                assert all(reason.values.values())


def test_what_speaks_to_them_comes_first(catalogue: Catalogue, lou: Interests):
    suggestions = matcher.occupations(
        replace(lou, reactions={"mason": "love", "nurse": "love"}), catalogue, "seed"
    )

    assert {s.id for s in suggestions[:2]} == {"mason", "nurse"}
    assert all(s.nearness == Nearness.NEAR for s in suggestions[:2])


def test_their_own_words_win_over_what_is_computed(catalogue: Catalogue, lou: Interests):
    suggestions = matcher.occupations(
        replace(lou, project="", own_words="je veux soigner des animaux"), catalogue, "s"
    )

    assert "veterinarian" in {s.id for s in suggestions[:5]}
    assert next(s for s in suggestions if s.id == "veterinarian").reasons[0].key == "own_words"


def test_same_seed_same_list_and_other_seeds_vary(catalogue: Catalogue, lou: Interests):
    lists = [[s.id for s in matcher.occupations(lou, catalogue, seed)] for seed in ("a", "a", "b", "c")]

    assert lists[0] == lists[1]
    assert len({tuple(one) for one in lists}) > 1


def test_without_any_answer_it_is_a_list_to_discover(catalogue: Catalogue):
    for nothing in (Interests(), Interests(project="zzz"), Interests(place=places.find("Huy"))):
        suggestions = matcher.occupations(nothing, catalogue, "seed")

        quotas_hold(suggestions, catalogue)
        assert {reason.key for s in suggestions for reason in s.reasons} == {"discovery"}


@pytest.mark.parametrize(
    "said",
    [
        Interests(values=("helping",)),
        Interests(skills={"repair": 1}),
        Interests(highlights=("make",)),
        Interests(project="j'ai réparé un scooter"),
        Interests(own_words="je veux être dehors"),
        Interests(reactions={"nurse": "maybe"}),
    ],
)
def test_one_answer_is_enough_to_be_heard(catalogue: Catalogue, said: Interests):
    suggestions = matcher.occupations(said, catalogue, "seed")

    quotas_hold(suggestions, catalogue)
    assert Counter(s.nearness for s in suggestions) == SHARES
    assert "discovery" not in {reason.key for s in suggestions for reason in s.reasons}
    assert all(s.reasons for s in suggestions)


def test_a_project_alone_gives_two_reasons_of_their_own(catalogue: Catalogue):
    suggestions = matcher.occupations(Interests(project="j'ai réparé un scooter"), catalogue, "seed")

    assert suggestions[0].id == "motorcycle_mechanic"
    assert all(len(s.reasons) == 2 for s in suggestions)


def test_nothing_forbidden_can_enter():
    names = {one.name for one in fields(Interests)}

    assert not names & {
        "gender",
        "name",
        "first_name",
        "origin",
        "language",
        "school",
        "marks",
        "mood",
        "age",
        "pulse",
    }


def test_who_works_there_today_is_balanced_when_it_is_known(catalogue: Catalogue, lou: Interests):
    known = dict(catalogue.occupations)
    for number, (one, occupation) in enumerate(known.items()):
        who = ("mostly_women", "mostly_men", "unknown", "unknown", "unknown", "unknown")[number % 6]
        known[one] = replace(occupation, today=who, today_source="made up" if who != "unknown" else "")
    made_up = replace(catalogue, occupations=known)
    today = {known[s.id].today for s in matcher.occupations(lou, made_up, "seed")}

    assert {"mostly_women", "mostly_men"} <= today


@pytest.mark.parametrize("limit", [1, 3, 5, 10, 20])
def test_any_length_of_list(catalogue: Catalogue, lou: Interests, limit: int):
    assert len(matcher.occupations(lou, catalogue, "s", limit)) == limit
    assert sum(widening.share(limit).values()) == limit


def measured(interests: Interests, catalogue: Catalogue, family: dict[str, float] | None = None) -> float:
    table = columns.table_of(catalogue)
    return float(compare.fits(interests, table, family or {})[table.place["nurse"]])


def test_fit_leaves_out_what_is_missing(catalogue: Catalogue):
    nurse = catalogue.occupations["nurse"]
    flat = dict.fromkeys(DRIVES, 50.0)

    assert isnan(measured(Interests(drives=flat), catalogue))
    assert measured(Interests(values=nurse.values), catalogue) == pytest.approx(1.0)
    both = measured(Interests(values=nurse.values, reactions={"nurse": "no"}), catalogue)
    assert both == pytest.approx(0.20 / 0.45)
    assert measured(Interests(values=nurse.values), catalogue, {nurse.sector: 0.0}) == pytest.approx(
        0.2 / 0.45
    )
    same = {drive: 20.0 * nurse.drives[drive] for drive in DRIVES}
    assert measured(Interests(drives=same), catalogue) == pytest.approx(1.0)


def test_every_occupation_is_compared_as_each_would_be_alone(catalogue: Catalogue, lou: Interests):
    table = columns.table_of(catalogue)
    some = list(catalogue.occupations)[::40]
    somebody = replace(lou, reactions=dict(zip(some, ("love", "maybe", "meh", "no", "love"), strict=False)))
    somebody = replace(somebody, own_words="dehors, avec des animaux", labs=(("programming", "understand"),))
    judge = matcher.judge_of(somebody, catalogue, "seed")

    assert judge.heard.linked
    assert judge.heard.wishes.wished
    for one, occupation in catalogue.occupations.items():
        found = because.reasons(occupation, somebody, catalogue.occupations, judge.heard)
        assert judge.spoken[table.place[one]] == len({reason.quotes for reason in found}), one


def test_chances_of_two_seeds_differ_and_are_spread(catalogue: Catalogue):
    table = columns.table_of(catalogue)
    one, other = table.chance("one"), table.chance("other")

    assert (one == table.chance("one")).all()
    assert abs(float(np.corrcoef(one, other)[0, 1])) < 0.2
    assert 0 <= one.min() < 0.05
    assert 0.95 < one.max() < 1


def near(
    learner: Interests, catalogue: Catalogue, offers: list[Vacancy], kept: list[str]
) -> list[Suggestion]:
    return matcher.near(kept, learner, catalogue, offers, TODAY, limit=5)


def test_kinds_are_mixed_near_a_place(catalogue: Catalogue, offers: list[Vacancy], lou: Interests):
    shown = near(lou, catalogue, offers, ["web_developer", "graphic_designer"])

    assert {s.kind for s in shown} == {"programme", "vacancy", "occupation"}
    assert all(s.distance_km is not None for s in shown if s.kind == "programme")
    assert all(s.source.name for s in shown)
    assert [s.reasons[0].key for s in shown if s.kind != "occupation"] == ["kept_occupation"] * 4


def test_an_offer_that_is_over_is_not_shown(catalogue: Catalogue, offers: list[Vacancy], lou: Interests):
    over = [replace(offer, closes=TODAY.replace(day=23)) for offer in offers]

    assert all(s.kind != "vacancy" for s in near(lou, catalogue, over, ["cook", "nurse"]))
    last_day = [replace(offer, closes=TODAY) for offer in offers]
    assert any(s.kind == "vacancy" for s in near(lou, catalogue, last_day, ["cook", "nurse"]))


def test_without_a_place_asked_there_is_no_reason_of_distance(
    catalogue: Catalogue, offers: list[Vacancy], lou: Interests
):
    shown = near(replace(lou, place=None), catalogue, offers, KEPT[:3])

    assert "near_place" not in {reason.key for s in shown for reason in s.reasons}
    assert "far" not in {s.doubt.key for s in shown}


def test_nothing_kept_still_gives_something_to_look_at(
    catalogue: Catalogue, offers: list[Vacancy], lou: Interests
):
    shown = near(lou, catalogue, offers, [])

    assert [s.kind for s in shown] == ["occupation"] * 5
    assert near(Interests(), catalogue, offers, ["unheard_of"])[0].reasons == because.discovery()


def _refuse(learner: Interests, suggestion: Suggestion, reason: str) -> Interests:
    return replace(learner, refusals=(*learner.refusals, Refusal(suggestion.kind, suggestion.id, reason)))


@slow
@given(data=st.data(), reason=st.sampled_from(["far", "long", "not_me", "seen"]))
def test_a_refusal_visibly_changes_the_list(
    catalogue: Catalogue, offers: list[Vacancy], lou: Interests, data: st.DataObject, reason: str
):
    kept = data.draw(st.lists(st.sampled_from(KEPT), min_size=1, max_size=3, unique=True))
    town = data.draw(st.sampled_from(TOWNS))
    learner = replace(lou, place=places.find(town) if town else None)
    before = near(learner, catalogue, offers, kept)
    refused = data.draw(st.sampled_from(before))
    after = near(_refuse(learner, refused, reason), catalogue, offers, kept)

    assert (refused.kind, refused.id) not in {(s.kind, s.id) for s in after}
    assert [s.id for s in after] != [s.id for s in before]
    programmes = [catalogue.programmes[s.id] for s in after if s.kind == "programme"]
    if refused.kind == "programme" and reason == "long":
        years = catalogue.programmes[refused.id].years
        assert not years or all(p.years is not None and p.years < years for p in programmes)
    if refused.kind == "programme" and reason == "not_me":
        assert all(p.domains[0] != catalogue.programmes[refused.id].domains[0] for p in programmes)
    if refused.kind != "occupation" and reason == "far":
        bound = refused.distance_km if refused.distance_km is not None else refusals.SOMEWHERE_KM
        shown = [s for s in after if s.kind != "occupation"]
        assert all(s.distance_km is not None and s.distance_km < bound for s in shown)


def test_an_occupation_that_is_not_me_takes_its_family_back(catalogue: Catalogue, lou: Interests):
    before = matcher.occupations(lou, catalogue, "seed")
    refused = next(s for s in before if s.nearness == Nearness.BESIDE)
    after = matcher.occupations(_refuse(lou, refused, "not_me"), catalogue, "seed")
    family = [o for o in catalogue.occupations.values() if because.akin(o, catalogue.occupations[refused.id])]

    assert refused.id not in {s.id for s in after}
    assert sum(s.id in {o.id for o in family} for s in after) <= sum(
        s.id in {o.id for o in family} for s in before
    )


def test_an_adults_programme_is_worded_as_later(catalogue: Catalogue, lou: Interests):
    learner = replace(
        lou,
        refusals=tuple(
            Refusal("programme", p.id, "seen") for p in catalogue.programmes.values() if not p.later
        ),
    )
    shown = [
        s for s in near(learner, catalogue, [], ["web_developer", "photographer"]) if s.kind == "programme"
    ]

    assert shown
    assert {s.doubt.key for s in shown} == {"later"}


def test_a_test_at_the_entrance_is_told(catalogue: Catalogue, lou: Interests):
    at_home = replace(lou, place=None)
    shown = matcher.near(["comic_artist"], at_home, catalogue, [], TODAY)
    tested = [s for s in shown if s.kind == "programme" and "épreuve" in catalogue.programmes[s.id].entry]

    assert tested
    assert all(s.doubt.key == "entrance_test" for s in tested)


def test_dutch_asked_is_told(catalogue: Catalogue, offers: list[Vacancy], lou: Interests):
    shown = near(lou, catalogue, offers, ["travel_agent"])
    offer = next(s for s in shown if s.kind == "vacancy")

    assert offer.doubt.key == "languages"
    assert "Néerlandais" in offer.doubt.values["languages"]


def test_somebody_who_only_told_a_project_gets_two_reasons_of_their_own(
    catalogue: Catalogue, offers: list[Vacancy]
):
    learner = Interests(project="j'ai réparé un scooter", place=places.find("Seraing"))
    shown = near(learner, catalogue, offers, ["motorcycle_mechanic"])

    leading = [s for s in shown if s.kind != "occupation"]
    assert leading
    assert all([r.key for r in s.reasons] == ["kept_occupation", "project"] for s in leading)


def test_when_nothing_nearer_is_left_there_are_trades_of_the_family(
    catalogue: Catalogue, offers: list[Vacancy]
):
    refused = tuple(
        Refusal("programme", one, "far") for one in catalogue.programmes if "saint-laurent" in one
    )
    learner = Interests(project="scooter", place=places.find("Liège"), refusals=refused)
    shown = near(learner, catalogue, offers, ["motorcycle_mechanic"])

    assert {"bike_mechanic", "car_mechanic", "akin_occupation"} & {
        *(s.id for s in shown), *(s.reasons[0].key for s in shown)
    }  # fmt: skip


def test_a_short_word_of_a_title_counts(catalogue: Catalogue):
    """Studies of sound are called « Son »: they come before those that only share a domain."""
    found = sorted(leading.towards("sound_engineer", catalogue), key=lambda pair: -pair[1])
    assert found[0][0].title.endswith("Son")
