"""Lists for twenty made-up learners, judged as a counsellor would (reference_profiles.toml, written before any list)."""

import statistics
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.application import recommendations
from careers import matcher, widening
from careers.catalogue import Catalogue
from careers.model import Interests, Occupation
from dialogues import library
from dialogues.library import Library

Learner = dict[str, Any]
LEARNERS: list[Learner] = tomllib.loads(
    Path(__file__).with_name("reference_profiles.toml").read_text("utf-8")
)["learner"]
SEEDS = ("first", "second", "third", "fourth")


@pytest.fixture(scope="module")
def shipped() -> Library:
    return library.load()


def told(learner: Learner, shipped: Library, **more: Any) -> Interests:
    """What the matcher may know of one of the twenty."""
    profile = {**learner["profile"], **more}
    return recommendations.interests(profile, shipped, project=profile.get("project", ""))


def acceptable(learner: Learner, o: Occupation) -> bool:
    if learner.get("accept_anything_but_embarrassing"):
        return not embarrassing(learner, o)
    return o.id in learner["accept"].split()


def embarrassing(learner: Learner, o: Occupation) -> bool:
    return (
        o.id in learner["embarrass"].split()
        or (o.digital and learner.get("embarrass_digital", False))
        or o.prep_level >= learner.get("embarrass_level", 9)
    )


def lists(learner: Learner, catalogue: Catalogue, shipped: Library) -> Iterator[list[Occupation]]:
    for seed in SEEDS:
        found = matcher.occupations(told(learner, shipped), catalogue, seed)
        yield [catalogue.occupations[one.id] for one in found]


def test_there_are_twenty_and_they_only_name_known_occupations(catalogue: Catalogue):
    named = {
        one
        for learner in LEARNERS
        for kind in ("accept", "embarrass")
        for one in learner.get(kind, "").split()
    }

    assert len({learner["id"] for learner in LEARNERS}) == 20
    assert named <= catalogue.occupations.keys()


def test_eight_of_ten_would_be_accepted_and_none_embarrasses(catalogue: Catalogue, shipped: Library):
    shares = {}
    for learner in LEARNERS:
        counts = []
        for found in lists(learner, catalogue, shipped):
            assert [o.id for o in found if embarrassing(learner, o)] == [], learner["id"]
            counts.append(sum(acceptable(learner, o) for o in found))
        shares[learner["id"]] = statistics.mean(counts)

    assert statistics.mean(shares.values()) >= 8, shares
    assert min(shares.values()) >= 6.5, shares


def test_the_judgement_bites(catalogue: Catalogue, shipped: Library):
    """A list made for somebody else is not accepted: the judgements are not so wide that anything goes."""
    others = []
    for learner, other in zip(LEARNERS, LEARNERS[7:] + LEARNERS[:7], strict=True):
        if not learner.get("accept_anything_but_embarrassing"):
            found = next(lists(other, catalogue, shipped))
            others.append(sum(acceptable(learner, o) for o in found))

    assert statistics.mean(others) < 5


@pytest.mark.parametrize("learner", LEARNERS, ids=[learner["id"] for learner in LEARNERS])
def test_what_is_forbidden_changes_nothing(learner: Learner, catalogue: Catalogue, shipped: Library):
    before = matcher.occupations(told(learner, shipped), catalogue, "seed")
    for forbidden in FORBIDDEN:
        assert matcher.occupations(told(learner, shipped, **forbidden), catalogue, "seed") == before


FORBIDDEN: tuple[dict[str, Any], ...] = (
    {"user.accord": "f"},
    {"user.accord": "m"},
    {"user.accord": "n"},
    {"user.first_name": "Fatima"},
    {"user.first_name": "Kevin"},
    {"user.age_band": "12"},
    {"user.age_band": "16-18"},
    {"age": 12},
    {"user.school_stage": "s1_s2"},
    {"user.school_stage": "s6_s7"},
    {"user.reading_mode": "falc"},
    {"user.channel": "telegram"},
    {"town": "Arlon"},
    {"near.place": "Bruxelles"},
    {"school": "Athénée", "marks": {"maths": 4}, "origin": "x", "language": "nl"},
    {"checkin.log": [{"mood": 1, "energy": 1}]},
    {"impact.t0": {"ip_clarity": 2}},
    {"support.flags": [{"theme": "x", "level": 2}]},
    {"progress.last_seen": "2026-01-01T00:00:00", "progress.reminders": {"x": 9}},
    {"consent.research": False, "consent.share_coach": "full"},
)


def test_every_list_keeps_the_quotas(catalogue: Catalogue, shipped: Library):
    for learner in LEARNERS:
        for found in lists(learner, catalogue, shipped):
            assert widening.broken(found, {o.today: True for o in catalogue.occupations.values()}) == 0
