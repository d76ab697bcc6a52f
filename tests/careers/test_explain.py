"""Every suggestion is explained by the rules that fired for it."""

import random
from dataclasses import replace

from careers import explain, matcher, places
from careers.catalogue import Catalogue
from careers.model import Interests, Nearness, Refusal, Vacancy
from careers.reasons import RULES
from tests.careers.conftest import TODAY
from tests.careers.made_up import learner


def test_five_hundred_suggestions_are_explained_and_always_alike(catalogue: Catalogue):
    """AI-05: all of a sample of 500, reproducible, each rule quoting an answer that was given."""
    count = 0
    for number in range(50):
        somebody = learner(random.Random(number), catalogue)  # noqa: S311 -- people, not secrets
        for shown in matcher.occupations(somebody, catalogue, "s"):
            rules = explain.occupation(shown.id, somebody, catalogue, "s")
            keys = [rule.key for rule in rules]

            assert rules == explain.occupation(shown.id, somebody, catalogue, "s")
            assert all(RULES[rule.key] == tuple(rule.values) for rule in rules)
            assert keys[-1] == "never"
            assert ("discovery" in keys) or shown.nearness.value in keys
            assert "left_out" not in keys
            for reason in shown.reasons:  # what the card says is among what the rules say
                if reason.key == "value":
                    assert any(reason.values["value"] in rule.values.get("quoted", "") for rule in rules)
            count += 1
    assert count == 500


def keys(occupation: str, said: Interests, catalogue: Catalogue) -> list[str]:
    return [rule.key for rule in explain.occupation(occupation, said, catalogue, "seed")]


def test_what_they_said_themselves_comes_first(catalogue: Catalogue, lou: Interests):
    said = replace(lou, own_words="je veux soigner des animaux", reactions={"veterinarian": "love"})

    assert keys("veterinarian", said, catalogue)[:3] == ["love", "own_words", "wished"]


def test_a_refusal_is_told_where_it_bites(catalogue: Catalogue, lou: Interests):
    refused = replace(lou, refusals=(Refusal("occupation", "game_designer", "not_me"),))

    assert "gone" in keys("game_designer", refused, catalogue)
    assert "left_out" not in keys("game_designer", refused, catalogue)
    assert "lowered_not_me" in keys("animator", refused, catalogue)
    assert "refusals" in keys("nurse", refused, catalogue)
    assert "refusals" not in keys("nurse", lou, catalogue)
    long = replace(lou, refusals=(Refusal("occupation", "surgeon", "long"),))
    assert "lowered_long" in keys("doctor", long, catalogue)
    assert "lowered_long" not in keys("nurse", long, catalogue)


def test_what_is_not_in_the_list_is_told_too(catalogue: Catalogue, lou: Interests):
    assert "left_out" in keys("butcher", lou, catalogue)


def test_too_far_for_an_occupation_lowers_what_is_learnt_as_far(catalogue: Catalogue, lou: Interests):
    from careers import nearby  # noqa: PLC0415 -- only here

    home = places.find("Liège")
    assert home is not None
    distance = {o.id: nearby.nearest_km(o, catalogue, home) for o in catalogue.occupations.values()}
    far = max((one for one, km in distance.items() if km is not None), key=lambda one: distance[one] or 0)
    close = min((one for one, km in distance.items() if km is not None), key=lambda one: distance[one] or 0)
    said = replace(lou, place=home, refusals=(Refusal("occupation", far, "far"),))
    beyond = nearby.beyond(said, catalogue)

    assert far in beyond
    assert close not in beyond
    assert all((distance[one] or 0) >= (distance[far] or 0) for one in beyond)
    assert (
        nearby.beyond(replace(said, refusals=(Refusal("occupation", close, "far"),)), catalogue)
        == frozenset()
    )
    twenty = next(one for one, km in distance.items() if km is not None and 20 <= km < 40)
    said = replace(said, refusals=(Refusal("occupation", twenty, "far"),))
    lowered = sorted(nearby.beyond(said, catalogue) - {twenty})
    assert "lowered_far" in keys(lowered[0], said, catalogue)
    before = matcher.judge_of(replace(said, refusals=()), catalogue, "s").scores
    after = matcher.judge_of(said, catalogue, "s")
    row = after.table.place[lowered[0]]
    assert after.scores[row] < before[row]


def test_an_occupation_that_came_in_for_a_quota_says_so(catalogue: Catalogue):
    opened = 0
    for number in range(200):
        somebody = learner(random.Random(number), catalogue)  # noqa: S311 -- people, not secrets
        judge = matcher.judge_of(somebody, catalogue, "s")
        for option in matcher.listed(judge):
            if option.opening:
                opened += 1
                assert "opening" in [
                    r.key for r in explain.occupation(option.occupation.id, somebody, catalogue, "s")
                ]
        if opened > 5:
            return
    assert opened


def test_a_programme_and_an_offer_are_explained(catalogue: Catalogue, offers: list[Vacancy], lou: Interests):
    said = replace(lou, refusals=(Refusal("programme", "uliege-architecte-paysagiste-bac", "far"),))
    shown = matcher.near(["cook"], said, catalogue, offers, TODAY, 5)
    for one in (s for s in shown if s.kind != "occupation"):
        thing = catalogue.programmes.get(one.id) or next(o for o in offers if o.id == one.id)
        rules = {rule.key: rule for rule in explain.item(thing, ("cook", "nurse"), said, catalogue, 13)}

        assert all(RULES[key] == tuple(rule.values) for key, rule in rules.items())
        assert {"leads", "closer", "never"} <= rules.keys()
        assert "cuisin" in rules["leads"].values["occupation"]
        assert {"distance", "distance_unknown"} & rules.keys()
        if one.kind == "programme":
            assert {"step_now", "step_next", "step_later"} & rules.keys()
    assert Nearness.NEAR in {s.nearness for s in shown}
