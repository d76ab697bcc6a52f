"""What was lived in labs changes suggestions: more than what was only declared, and never by leaving something out."""

from typing import Any

from bot.application import labs_lived, recommendations
from careers import matcher
from careers.because import domain_label
from tests.support.centre import linker, pages, shipped

SCORES = {"make": 40, "understand": 60, "create": 55, "support": 30, "launch": 20, "organize": 50}


def learner(*labs: dict[str, Any], **known: Any):
    profile = {"interest.scores": SCORES, "session.log": list(labs)}
    profile |= {key.replace("__", "."): value for key, value in known.items()}
    return recommendations.interests(profile, pages())


def lab(domain: str = "animation", energy: int = 5, **more: Any) -> dict[str, Any]:
    return {"domain": domain, "energy": energy, "place": "create", **more}


def test_a_place_liked_in_a_lab_weighs_more_than_an_activity_that_was_only_said_yes_to():
    lifted = learner(lab()).drives["create"] - SCORES["create"]

    one_activity = 100 * (1 - 0.5) / 6  # from « bof » to « trop bien », among six
    assert lifted >= one_activity - 0.5
    assert learner(lab(), lab(), lab(), lab()).drives["create"] == SCORES["create"] + labs_lived.MOST_LIFT
    assert learner(lab(energy=1)).drives == SCORES
    assert (
        learner({"domain": "animation", "intention": "make", "place": "create"}).drives == SCORES
    )  # not lived yet


def test_a_drive_never_comes_from_labs_alone_and_never_passes_a_hundred():
    assert recommendations.interests({"session.log": [lab()]}, pages()).drives == {}
    assert learner(lab(), interest__scores={**SCORES, "create": 97}).drives["create"] == 100


def test_a_lab_that_was_only_prepared_is_not_said_to_be_lived():
    assert learner({"domain": "animation", "intention": "make"}).labs == ()


def test_the_reason_quotes_the_place_that_was_noted():
    found = matcher.occupations(learner(lab()), shipped(), "seed", 10, linker())

    said = [
        recommendations.said("reason", reason, pages())
        for one in found
        for reason in one.reasons
        if reason.key == "lab_place"
    ]
    assert said
    assert set(said) == {
        f"Après ton lab « {domain_label('animation')} », tu avais noté ta place : « Créer »."
    }


def test_a_theme_that_is_left_aside_comes_later_and_is_still_there():
    def ranks(**known: Any) -> tuple[int, int]:
        judge = matcher.judge_of(learner(lab(again="stop", energy=1), **known), shipped(), "seed", linker())
        order = sorted(shipped().occupations.values(), key=lambda o: -judge.scores[judge.table.place[o.id]])
        places = [place for place, o in enumerate(order) if "animation" in o.tumo_domains]
        return sum(places), len(places)

    before, count = ranks()
    after, still = ranks(domain__reactions={"animation": 1.0})

    assert still == count > 0
    assert after > before
    assert learner(lab(), domain__reactions={"animation": 1.0}).labs == ()
