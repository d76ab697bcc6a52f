"""Programmes side by side: what is offered, facts with their source and date, what nobody knows, and no verdict."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.application import programme_facts as facts
from bot.application.comparison import MOST_RATINGS, UNKNOWN
from bot.application.errands_shortlist import OTHER
from bot.application.services import Services
from careers import nearby, places
from tests.bot.test_errands import do

FOUND = ("informatique", "HELMo", "soudage à Seraing", "infirmier", "jeu vidéo", "conservatoire", "kiné")


@pytest.fixture(autouse=True)
def _a_tuesday_after_school(clock):
    clock.now = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)


def ids(cards: Any) -> list[str]:
    return [card["id"] for card in cards]


def offered(services: Services, **profile: Any):
    given = {key.replace("__", "."): value for key, value in profile.items()}
    return do(services, "offer_programmes", given)


def test_programmes_lead_towards_what_was_kept_and_say_so(services):
    brought = offered(services, job__shortlist=[{"job": "video_editor"}], near__place="Seraing")

    catalogue = services.catalogue
    leading = {p.id for p, _ in nearby.leading_to(catalogue.occupations["video_editor"], catalogue)}
    found = [one for one in ids(brought.values["compare.offered"]) if one in catalogue.programmes]
    assert brought.outcome == "some"
    assert len(found) >= 3
    assert set(found) <= leading
    assert "Seraing" in brought.values["compare.about"]
    assert "vidéo" in brought.values["compare.about"]
    assert ids(brought.values["compare.offered"])[-1] == OTHER


def test_nothing_for_after_a_bachelor_while_there_is_something_before(services):
    catalogue, masters = services.catalogue, 0
    for occupation in list(catalogue.occupations.values())[::4]:
        leading = [programme for programme, _ in nearby.leading_to(occupation, catalogue)]
        before = [one for one in leading if not nearby.after_bachelor(one) and not one.later]
        masters += bool(before and len(before) < len(leading))
        found = ids(offered(services, job__shortlist=[{"job": occupation.id}]).values["compare.offered"])
        shown = [catalogue.programmes[one] for one in found if one in catalogue.programmes]
        assert not before or not any(nearby.after_bachelor(one) or one.later for one in shown)
    assert masters > 5


def test_what_spoke_to_the_learner_near_home_comes_first(services):
    chosen = next(iter(services.catalogue.programmes))

    found = offered(services, near__reactions={f"programme:{chosen}": "love"}, project__kept=["video_editor"])

    assert ids(found.values["compare.offered"])[0] == chosen


def test_an_occupation_learnt_in_a_firm_offers_that_way_too(services):
    found = ids(offered(services, job__shortlist=[{"job": "shoe_repairer"}]).values["compare.offered"])

    assert any(one.startswith(facts.POINTER) for one in found)


def test_whoever_chooses_the_third_year_is_offered_its_ways(services):
    young = offered(services, user__school_stage="s1_s2", project__kept=["video_editor"])
    older = offered(services, user__school_stage="s5", project__kept=["video_editor"])

    titles = [card["title"] for card in young.values["compare.offered"]]
    assert {"3e de transition", "3e technique de qualification", "3e professionnelle"} <= set(titles)
    assert not any(card["title"].startswith("3e") for card in older.values["compare.offered"])


def test_without_anything_kept_nothing_is_made_up(services):
    assert offered(services).outcome == "none"
    assert offered(services).values["compare.about"] == ""


def test_an_occupation_without_programmes_says_so_and_tells_its_way(services):
    catalogue = services.catalogue
    without = [o for o in catalogue.occupations.values() if not nearby.leading_to(o, catalogue)]
    told = [offered(services, job__shortlist=[{"job": o.id}]) for o in without]

    bare = [
        (o, one.values["compare.about"])
        for o, one in zip(without, told, strict=True)
        if one.outcome == "none"
    ]
    assert bare
    for occupation, about in bare:
        assert occupation.feminine in about or occupation.masculine in about
        assert any(way.text[1:].rstrip(".") in about for way in occupation.ways)


@pytest.mark.parametrize("word", FOUND)
def test_words_find_programmes(services, word):
    brought = do(services, "find_programme", compare__word=word)

    assert brought.outcome == "found"
    assert set(ids(brought.values["compare.found"])) <= {*services.catalogue.programmes, OTHER}


@pytest.mark.parametrize("word", ["zzz qqq", "🔥🔥", "", "de la du", "'; drop table"])
def test_words_that_name_none_find_none(services, word):
    assert do(services, "find_programme", compare__word=word).outcome == "unknown"


def test_a_town_in_the_words_brings_the_nearest_first(services):
    near = do(services, "find_programme", compare__word="bachelier informatique à Namur").values[
        "compare.found"
    ]

    first = services.catalogue.programmes[near[0]["id"]]
    found, namur = places.of_postcode(first.postcode), places.find("Namur")
    assert found is not None
    assert namur is not None
    assert places.distance_km(found, namur) < 30


# ---------------------------------------------------------------- gathering


def gathered(services: Services, **said: Any):
    given = {f"compare__{key}" if key != "compared" else "programme__compared": v for key, v in said.items()}
    return do(services, "gather_programmes", **given)


def test_three_at_most_are_compared_and_the_learner_says_which(services):
    four = list(services.catalogue.programmes)[:4]

    many = gathered(services, chosen=four[:3], owns=four[3])
    assert (many.outcome, ids(many.values["compare.all"])) == ("many", four)

    few = gathered(services, chosen=four[:3], owns=four[3], asked_many="yes", few=four[2:])
    assert ids(few.values["compare.kept"]) == four[2:]

    passed = gathered(services, chosen=four[:3], owns=four[3], asked_many="yes")
    assert ids(passed.values["compare.kept"]) == four[:3]


def test_ratings_of_an_earlier_comparison_are_kept(services):
    first = next(iter(services.catalogue.programmes))
    before = [{"id": first, "name": "avant", "ratings": {"money": 3}}]

    kept = gathered(services, chosen=[first], compared=before).values["compare.kept"]

    assert kept[0]["ratings"] == {"money": 3}


def test_a_programme_of_the_learners_own_can_be_compared(services):
    kept = gathered(services, chosen=[OTHER], owns=["école de cirque", OTHER]).values

    assert [one["name"] for one in kept["compare.kept"]] == ["École de cirque"]
    assert kept["compare.alone"] == "yes"


def test_nothing_chosen_is_nothing(services):
    assert gathered(services, chosen=None).outcome == "none"


# ---------------------------------------------------------------- rating, with facts


def rated(services: Services, compared: Any, answers: dict[tuple[str, str], Any], **profile: Any):
    """Play the whole round; what was asked in order, and what came out."""
    asked: list[dict[str, Any]] = []
    state: dict[str, Any] = {"programme.compared": compared}
    given = {key.replace("__", "."): value for key, value in profile.items()}
    while (brought := do(services, "next_rating", {**given, **state})).outcome == "rate":
        values = brought.values
        asked.append(values)
        key = (values["compare.criterion_id"], values["compare.programme_id"])
        state = {
            "programme.compared": values["compare.kept"],
            "compare.criterion_id": key[0],
            "compare.programme_id": key[1],
            "compare.rating": answers.get(key),
        }
        assert len(asked) <= MOST_RATINGS
    return asked, brought.values


def three(services: Services) -> list[dict[str, Any]]:
    found = [p for p in services.catalogue.programmes.values() if p.cost and p.postcode][:2]
    named = [{"id": p.id, "name": p.title, "ratings": {}} for p in found]
    return [*named, {"id": "own:cirque", "name": "cirque", "ratings": {}}]


def test_every_programme_is_asked_about_for_each_criterion_with_its_fact_source_and_date(services):
    compared = three(services)

    asked, _ = rated(
        services, compared, {}, programme__criteria={"weight": ["money", "travel"], "also": ["people"]}
    )

    assert [(one["compare.criterion_id"], one["compare.programme_id"]) for one in asked] == [
        (criterion, one["id"]) for criterion in ("money", "travel", "people") for one in compared
    ]
    for one in asked:
        told = one["compare.fact"]
        known = one["compare.programme_id"] != "own:cirque" and one["compare.criterion_id"] != "people"
        assert ("Source : " in told and "Vu " in told) == known
        assert known or "sais" in told or "sûr" in told


def test_at_most_nine_questions_and_the_dearest_criteria_first(services):
    criteria = {"weight": ["money", "travel", "exit"], "also": ["people", "stage", "gate"]}

    asked, _ = rated(services, three(services), {}, programme__criteria=criteria)
    alone, _ = rated(services, three(services)[:1], {}, programme__criteria=criteria)

    assert {one["compare.criterion_id"] for one in asked} == {"money", "travel", "exit"}
    assert [one["compare.criterion_id"] for one in alone] == [
        "money",
        "travel",
        "exit",
        "people",
        "stage",
        "gate",
    ]


def test_what_is_not_known_is_a_gap_and_never_a_zero(services):
    compared = three(services)
    a, b = compared[0]["id"], compared[1]["id"]
    answers = {("money", a): 1, ("money", b): UNKNOWN, ("money", "own:cirque"): 4}

    _, out = rated(services, compared, answers, programme__criteria={"weight": ["money"]})

    assert [one["ratings"]["money"] for one in out["compare.kept"]] == [1, UNKNOWN, 4]
    assert out["compare.gaps"].startswith("le coût, les aides (")
    assert "cirque" not in out["compare.gaps"]
    assert out["compare.money_hard"] == "yes"
    assert out["compare.p3"] == "cirque"


def test_a_question_that_was_passed_is_not_known_either(services):
    _, out = rated(services, three(services), {}, programme__criteria={"weight": ["money"]})

    assert {one["ratings"]["money"] for one in out["compare.kept"]} == {UNKNOWN}
    assert out["compare.money_hard"] == ""


def test_without_criteria_the_usual_ones_are_asked(services):
    asked, _ = rated(services, three(services)[:1], {})

    assert [one["compare.criterion_id"] for one in asked] == list(facts.USUAL)


def test_facts_are_those_of_the_catalogue_or_nothing(services):
    known = facts.Known(services, places.find("Seraing"), ["video_editor"])
    for programme in services.catalogue.programmes.values():
        for criterion in facts.CRITERIA:
            found = facts.fact(programme, criterion, known)
            assert bool(found.text) == (found.source is not None)
            assert "…" not in found.text
        assert programme.cost.lower() == facts.fact(programme, "money", known).text.lower()
        assert not facts.fact(programme, "people", known).text
        assert not facts.fact(programme, "abroad", known).text


def test_fees_of_the_law_have_the_source_of_the_fees_and_not_of_the_list_of_programmes(services):
    known, rules = facts.Known(services), services.catalogue.rules
    by_kind = {"university": rules["fees_university"].source, "haute_ecole": rules["fees_school"].source}
    for programme in services.catalogue.programmes.values():
        found = facts.fact(programme, "money", known)
        if programme.institution.kind in by_kind and "minerval légal" in programme.cost.lower():
            assert found.source == by_kind[programme.institution.kind]


def test_distance_is_told_only_from_the_place_that_the_learner_named(services):
    programme = next(p for p in services.catalogue.programmes.values() if p.postcode == "4000" and p.campus)

    assert "km" not in facts.fact(programme, "travel", facts.Known(services)).text
    assert "km de Namur" in facts.fact(programme, "travel", facts.Known(services, places.find("Namur"))).text


# ---------------------------------------------------------------- what is kept


def kept(services: Services, compared: Any, notes: Any, **profile: Any):
    given = {key.replace("__", "."): value for key, value in profile.items()}
    return do(
        services, "keep_comparison", {**given, "programme.compared": compared, "programme.notes": notes}
    )


def test_the_table_has_every_fact_side_by_side_and_no_total(services):
    compared = three(services)
    compared[0]["ratings"] = {"money": 4}

    brought = kept(services, compared, [{"lean": "a"}], programme__criteria={"weight": ["money"]})

    table = brought.values["compare.table"]
    assert [column["name"] for column in table["columns"]] == [one["name"] for one in compared]
    assert [bool(column["source"]) for column in table["columns"]] == [True, True, False]
    assert [cell["rating"] for cell in table["rows"][0]["cells"]] == [
        "Top",
        "Je ne sais pas",
        "Je ne sais pas",
    ]
    assert table["rows"][0]["cells"][2]["fact"] == ""
    assert set(table) == {"columns", "rows", "questions"}
    assert [column["lean"] for column in table["columns"]] == [True, False, False]


def test_what_is_not_known_becomes_a_question_with_whom_it_concerns(services):
    compared = three(services)
    for one in compared:
        one["ratings"] = {"money": UNKNOWN}

    brought = kept(services, compared, [{"gate": "look"}], programme__criteria={"weight": ["money"]})

    questions = brought.values["compare.notes"][-1]["questions"]
    assert brought.outcome == "questions"
    assert len(questions) == 2
    assert "cirque" in questions[0]
    assert "HEPL, HEPL" not in questions[0]


def test_everything_known_leaves_no_question(services):
    compared = three(services)
    for one in compared:
        one["ratings"] = {"money": 2}

    brought = kept(
        services, compared, [{"gate": "yes_", "lean": "none"}], programme__criteria={"weight": ["money"]}
    )

    assert brought.outcome == "clear"
    assert brought.values["compare.notes"][-1]["lean"] == "none"
