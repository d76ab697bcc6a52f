# ruff: noqa: DTZ001  -- wall times in Brussels, without a zone as they are stored
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.application import errands, planning
from bot.application.errands import Run
from bot.application.recommendations import ALLOWED
from bot.application.services import Services
from careers.reasons import KEYS
from careers.sources.sample import sample_vacancies
from dialogues.events import Context
from dialogues.ports import PORTS
from dialogues.profile import VARIABLES
from storage import agenda, people, vacancies

BRUSSELS = ZoneInfo("Europe/Brussels")
LIKES = {
    "user.age_band": "13-15",
    "interest.scores": {
        "make": 40,
        "understand": 70,
        "create": 90,
        "support": 30,
        "launch": 20,
        "organize": 50,
    },
    "interest.highlights": ["create", "understand"],
    "interest.item_ratings": {"create_3": "love", "understand_2": "love", "organize_2": "no"},
}


@pytest.fixture(autouse=True)
def _a_tuesday_after_school(clock):
    clock.now = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)


def do(services: Services, name: str, profile=None, uow=None, person=None, **inputs):
    given = {key.replace("__", "."): value for key, value in inputs.items()}
    context = Context(services.now().astimezone(BRUSSELS), "seed", pages=services.pages)
    return errands.run(name, Run(services, uow, person, LIKES | (profile or {}), given, context))


@pytest.fixture
def offers(services: Services):
    with services.database.begin() as uow:
        vacancies.put(uow, sample_vacancies(services.local_now().date()), "sample")


def test_every_port_has_one_errand():
    assert set(errands.ERRANDS) == set(PORTS)


EXAMPLES: dict[str, dict[str, Any]] = {
    "ask_parent": {"consent__parent": "send"},
    "offer_domains": {},
    "pick_occupation": {"job__entry": "surprise"},
    "link_project": {"project__words": "j'ai codé un jeu vidéo"},
    "suggest_near": {"project__kept": ["video_editor"], "near__place": "Seraing"},
    "plan_step": {"action__list": [{"first_step": "appeler", "due": "2026-11-28"}]},
    "propose_shortlist": {"job__seen": ["video_editor"]},
    "link_track": {"shortlist__own_word": "kiné"},
    "gather_tracks": {"shortlist__picked": ["video_editor"], "shortlist__joker": "none"},
    "next_track": {"shortlist__tracks": [{"id": "video_editor", "title": "Monteuse", "job": "video_editor"}]},
    "keep_shortlist": {"job__shortlist": [{"job": "video_editor", "name": "Monteuse"}]},
    "offer_programmes": {"project__kept": ["video_editor"]},
    "find_programme": {"compare__word": "informatique"},
    "gather_programmes": {"compare__chosen": ["x"]},
    "next_rating": {"programme__compared": [{"id": "x", "name": "X"}]},
    "keep_comparison": {"programme__compared": [{"id": "x", "name": "X"}]},
    "next_lab": {},
    "past_lab": {},
    "open_lab": {"lab__id": "own:2026-11-24:1", "lab__domain": "animation"},
    "pick_watch": {},
    "keep_trace": {"session__log": [{"id": "a", "lived": "un moment"}]},
    "list_agenda": {},
    "see_gathering": {"agenda__picked": "12"},
    "take_part": {"agenda__number": 12, "agenda__act": "join"},
    "not_coming": {"agenda__number": 12},
    "remind_me": {"agenda__reminders": "eve"},
    "allow_reminders": {},
    "open_fair": {"fair__phase": "before"},
    "match_stands": {"fair__id": "x"},
    "keep_fair": {"fair__typed": ["le cirque"], "fair__questions": ["level"]},
    "fair_stops": {"fair__targets": ["le cirque"]},
    "open_stop": {"fair__word": "le cirque"},
    "keep_shown": {
        "fair__visits": [{"id": "a", "stand": "le cirque"}],
        "fair__stop_id": "a",
        "fair__shown": "bien",
    },
    "open_day": {},
    "close_day": {"fair__visits": [{"id": "after:x", "best": "le cirque"}]},
    "track_aside": {},
    "fair_tracks": {},
    "keep_tracks": {"fair__added": ["video_editor"]},
    "open_meeting": {"meet__phase": "before"},
    "gather_questions": {"meet__own": "Tu as déjà tout cassé ?"},
    "keep_questions": {"meet__asks": [{"id": "own", "title": "Tu as déjà tout cassé ?"}]},
    "word_thanks": {"meeting__notes": [{"keep": "on apprend"}]},
    "plan_look_back": {"look__gathering": "x"},
    "next_best": {},
}


@pytest.mark.parametrize("name", sorted(PORTS))
def test_an_errand_keeps_its_port_even_in_a_visit(services, name):
    port = PORTS[name]

    brought = do(services, name, **EXAMPLES[name])

    assert brought.outcome in port.outcomes
    assert set(brought.values) <= set(port.brings)


def test_nothing_is_planned_in_a_visit(services):
    do(services, "plan_step", **EXAMPLES["plan_step"])

    with services.database.begin() as uow:
        assert agenda.due(uow, services.now() + timedelta(days=60)) == []


@pytest.mark.parametrize("entry", ["domain", "drive", "word", "surprise"])
def test_an_occupation_is_never_shown_twice(services, entry):
    seen: list[str] = []
    for _ in range(4):
        brought = do(services, "pick_occupation", job__entry=entry, job__drive="create", job__domain="Robotique",
                     job__word="animaux", job__seen=list(seen))  # fmt: skip
        if brought.outcome == "unknown":
            break
        seen.append(brought.values["job.id"])

    assert len(seen) == len(set(seen)) >= 2


def test_a_surprise_has_none_of_the_drives_that_stand_out(services):
    for seen in ([], ["a"], ["a", "b"]):
        job = do(services, "pick_occupation", job__entry="surprise", job__seen=seen).values["job.id"]

        drives = services.catalogue.occupations[job].drives
        assert all(drives[drive] < 2 for drive in LIKES["interest.highlights"])


def test_a_saved_occupation_that_spoke_to_the_learner_comes_back_first(services):
    jobs = list(services.catalogue.occupations)[:3]
    said = {jobs[1]: {"appeal": "love"}, jobs[0]: {"appeal": "no"}}

    brought = do(services, "pick_occupation", job__entry="saved", job__seen=jobs, job__reactions=said)

    assert brought.values["job.id"] == jobs[1]


def test_words_that_mean_nothing_are_not_guessed(services):
    assert do(services, "pick_occupation", job__entry="word", job__word="xkcd zzz").outcome == "unknown"
    assert do(services, "link_project", project__words="xkcd zzz").outcome == "unknown"


def test_each_way_is_there_and_one_is_gradual(services):
    values = do(services, "pick_occupation", job__entry="drive", job__drive="make").values

    ways = services.catalogue.occupations[values["job.id"]].ways
    gradual = {way.text.removesuffix(".").lower() for way in ways if way.gradual}
    assert values["job.path_a"] != values["job.path_b"]
    assert values["job.path_b"].lower() in gradual


def test_the_third_occupation_of_a_day_is_counted(services):
    today = services.now().isoformat()
    done = [{"page": "job_discovery", "at": today}, {"page": "job_discovery", "at": today},
            {"page": "job_discovery", "at": "2026-11-01T10:00"}]  # fmt: skip

    brought = do(services, "pick_occupation", {"progress.done": done}, job__entry="surprise")

    assert brought.values["job.shown_today"] == 3


def test_two_domains_are_close_and_one_is_a_surprise(services):
    values = do(services, "offer_domains").values

    assert len(set(values.values())) == 3
    assert do(services, "offer_domains").values == values


# ---------------------------------------------------------------- near


@pytest.mark.usefixtures("offers")
def test_what_is_near_says_why_what_to_doubt_and_where_it_comes_from(services):
    brought = do(services, "suggest_near", project__kept=["video_editor"], near__place="Seraing")

    cards = brought.values["near.cards"]
    assert brought.outcome == "some"
    assert brought.values["near.place_name"] == "Seraing"
    assert {"programme", "vacancy", "occupation"} <= {card["kind"] for card in cards}
    for card in cards:
        assert len(card["reasons"]) >= (1 if card["kind"] == "occupation" else 2)
        assert card["doubt"]
        assert card["source"].startswith("Source : ")
        assert "Vu " in card["source"]


@pytest.mark.usefixtures("offers")
@pytest.mark.parametrize("reason", ["far", "long", "not_me", "seen"])
def test_a_refusal_changes_the_next_list_and_says_how(services, reason):
    first = do(services, "suggest_near", project__kept=["video_editor"], near__place="Seraing").values[
        "near.cards"
    ]
    refused = next(card["id"] for card in first if card["kind"] == "programme")

    then = do(
        services,
        "suggest_near",
        project__kept=["video_editor"],
        near__place="Seraing",
        near__reactions={refused: reason},
    )

    assert [card["id"] for card in then.values["near.cards"]] != [card["id"] for card in first]
    assert refused not in [card["id"] for card in then.values["near.cards"]]
    assert then.values["near.changed"]


@pytest.mark.usefixtures("offers")
def test_made_up_offers_say_so(services):
    cards = do(services, "suggest_near", project__kept=["video_editor"]).values["near.cards"]

    sample = [card for card in cards if card["kind"] == "vacancy"]
    assert sample
    assert all("inventée" in " ".join(card["lines"]) for card in sample)


def test_an_unknown_place_is_said_and_not_guessed(services):
    brought = do(services, "suggest_near", project__kept=["video_editor"], near__place="Xyzzyville")

    assert brought.values["near.place_name"] == ""


def test_nothing_that_is_forbidden_reaches_the_matcher():
    assert not [
        name for name in ALLOWED if name.split(".")[0] in ("user", "consent", "checkin", "support", "impact")
    ]
    assert all(name in VARIABLES for name in ALLOWED)


def test_every_reason_and_doubt_has_its_sentence(services):
    for key, values in KEYS.items():
        said = services.library.microcopy.say(key, **dict.fromkeys(values, "⟦x⟧"))

        assert said.count("⟦x⟧") == len(values), key


# ---------------------------------------------------------------- a step


@pytest.fixture
def person(services: Services):
    with services.database.begin() as uow:
        return people.create(uow, "web")


def planned(services, person, due, slot="none", **profile):
    with services.database.begin() as uow:
        known = {
            "action.list": [{"first_step": "appeler", "due": due}],
            "consent.reminder_slot": slot,
            **profile,
        }
        brought = do(services, "plan_step", known, uow, person.id)
        return brought, [one.local_at for one in agenda.of_person(uow, person.id)]


def test_a_step_is_planned_on_its_day_even_without_weekly_notes(services, person):
    brought, rows = planned(services, person, "2026-11-28")

    assert brought.values["action.due_text"] == "samedi 28 novembre"
    assert rows == [datetime(2026, 11, 28, 17, 0)]


def test_a_step_for_tonight_is_asked_about_later_this_evening(services, person, clock):
    clock.move(hours=1)  # 17:30 in Brussels
    _, rows = planned(services, person, "2026-11-24")

    assert rows == [datetime(2026, 11, 24, 19, 0)]


@pytest.mark.parametrize("due", [None, "hier", "2026-11-20"])
def test_a_step_without_a_day_to_come_is_not_planned(services, person, due):
    brought, rows = planned(services, person, due)

    assert (brought.outcome, rows) == ("undated", [])


def test_after_stop_nothing_is_planned(services, person):
    _, rows = planned(services, person, "2026-11-28", **{"consent.reminders": False})

    assert rows == []


def test_the_calendar_file_tells_the_hour_in_brussels(services):
    day = datetime(2026, 11, 28).date()

    made = planning.ics("Appeler l’école", day, "none", "x@boussole", services.now()).decode()

    assert "DTSTART:20261128T160000Z" in made
    assert "SUMMARY:Appeler l’école" in made


# ---------------------------------------------------------------- what next


def proposed(services, **profile):
    given = {key.replace("__", "."): value for key, value in profile.items()}
    return do(services, "next_best", given).values.get("next.page")


def test_a_beginner_is_shown_what_lights_them_up(services):
    assert proposed(services) == "interest_explorer"


def test_what_was_begun_comes_first_for_two_weeks(services):
    at = (services.now() - timedelta(days=13)).isoformat()
    old = (services.now() - timedelta(days=15)).isoformat()

    assert proposed(services, progress__open={"book_entry": {"at": at}}) == "book_entry"
    assert proposed(services, progress__open={"book_entry": {"at": old}}) == "interest_explorer"


def test_a_step_of_these_days_comes_before_the_rest(services):
    steps = [{"first_step": "appeler", "due": "2026-11-26"}]

    assert proposed(services, action__list=steps) == "action_plan"
    assert proposed(services, action__list=[{**steps[0], "status": "done"}]) != "action_plan"


def test_after_four_pages_on_oneself_the_world_is_proposed(services):
    done = [
        {"page": page, "at": "2026-11-20"}
        for page in ("interest_explorer", "book_entry", "book_entry", "action_plan")
    ]

    page = proposed(services, progress__done=done)

    assert services.library.pages[page].field != "self"


def test_when_everything_was_lived_it_ends_with_a_surprise(services):
    done = [{"page": page, "at": "2026-11-20"} for page in services.library.pages]

    assert proposed(services, progress__done=done) == "job_discovery"


def test_nothing_found_yet_means_more_to_explore_not_something_to_sort(services):
    done = [{"page": "interest_explorer", "at": "2026-11-23T10:00"}]

    page = proposed(services, progress__done=done, interest__highlights=[])

    assert page in ("job_discovery", "project_nearby")
    assert proposed(services, progress__done=done) == "book_entry"


def test_a_step_planned_today_is_not_spoken_of_at_once(services):
    known = {"action__list": [{"first_step": "appeler", "due": "2026-11-28"}]}
    today = services.local_now().date().isoformat()

    assert proposed(services, **known) == "action_plan"
    assert (
        proposed(services, **known, progress__done=[{"page": "action_plan", "at": f"{today}T10:00"}])
        != "action_plan"
    )
