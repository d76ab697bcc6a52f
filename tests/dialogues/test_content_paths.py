"""A project, jobs, the book and plans played from end to end, and walks that nobody planned."""

import random

import pytest

from dialogues.events import Attached, Picked, Skipped, Typed
from dialogues.model import StepKind
from dialogues.ports import PORTS
from tests.dialogues.content_learner import FOUND, LIBRARY, Play, cards

# ------------------------------------------------------------------ our page


def near(play):
    return play.profile["near.reactions"]


def test_from_a_project_to_what_is_near_and_to_a_first_step():
    again = (
        "some",
        {
            "near.cards": cards("autre", 4),
            "near.place_name": "Liège",
            "near.changed": "Tu as dit « trop loin ».",
        },
    )
    play = Play("project_nearby", brought={"suggest_near": [FOUND["suggest_near"], again]})
    play.pick("words").type("J'ai codé un petit jeu avec ma sœur").skip()
    answers = iter(("yes", "partly", "no"))
    play.react(lambda _: next(answers))
    assert play.profile["project.kept"] == ["metier0", "metier1"]
    play.type("4000")
    assert "Autour de Liège, voilà des études, des métiers, des offres." in play.said
    said = iter(("love", "far", "seen", "not_me"))
    play.react(lambda _: next(said))
    assert near(play) == {"pres0": "love", "pres1": "far", "pres2": "seen", "pres3": "not_me"}
    play.pick("yes")
    assert "Tu as dit « trop loin »." in play.said
    play.react(lambda _: "love").pick("stop")
    assert {"action_plan", "job_discovery", "book_entry", "menu", "fin"} == set(play.keys)


def test_what_was_not_understood_is_said_and_never_guessed():
    unknown = ("unknown", {"project.occupations": [], "project.first": ""})
    play = Play("project_nearby", brought={"link_project": [unknown, FOUND["link_project"]]})
    play.pick("words").type("blorp").skip()
    assert "Je n'ai pas compris, et je ne veux pas deviner." in play.said
    play.type("je filme des matchs")
    assert play.profile["project.words"] == "je filme des matchs"
    assert play.asked.kind is StepKind.REACTIONS


def test_when_unsure_the_learner_chooses_and_may_refuse_everything():
    unsure = ("unsure", FOUND["link_project"][1])
    play = Play("project_nearby", brought={"link_project": unsure}).pick("words").type("un truc").skip()
    assert play.asked.kind is StepKind.MULTI
    chosen = (
        Play("project_nearby", brought={"link_project": unsure})
        .pick("words")
        .type("un truc")
        .skip()
        .pick("metier1")
    )
    assert chosen.profile["project.kept"] == ["metier1"]
    assert chosen.path[-1] == "place"
    assert play.pick().path[-2:] == ["not_that", "retell"]


def test_a_page_of_the_book_may_be_the_project():
    play = Play(
        "project_nearby", {"book.entries": [{"title": "Mon jeu"}], "project.words": "vieux mots"}
    ).pick("book")
    assert not play.profile["project.words"]
    assert play.path[-1] == "seen"


def test_an_unknown_place_is_said_and_a_second_project_forgets_the_first():
    lost = ("some", {"near.cards": cards("pres", 1), "near.place_name": "", "near.changed": ""})
    play = Play(
        "project_nearby",
        {"project.reactions": {"metier0": "no"}, "project.kept": ["x"]},
        brought={"suggest_near": lost},
    )
    play.pick("words").type("un robot").skip().react(lambda _: "yes").type("Trifouilly")
    assert "Je ne connais pas ce lieu. Je cherche autour de le centre." in play.said
    assert play.profile["project.kept"] == ["metier0", "metier1", "metier2"]


# ------------------------------------------------------------------ jobs, book, plan


def test_a_job_is_met_and_noted_under_its_own_name():
    play = Play("job_discovery").pick("surprise").type("loin, bizarre, calme")
    play.pick("love").pick("tasks", "people").pick("image", "study").pick("yes").type("C'est dur, au début ?")
    assert play.profile["job.reactions"]["dev"] == {
        "appeal": "love",
        "liked": ["tasks", "people"],
        "disliked": ["image", "study"],
    }
    assert play.profile["job.surprise"] == play.profile["job.seen"] == ["dev"]
    assert {"image", "image2", "study"} <= set(play.path)
    assert "menu" in play.keys


def test_without_a_model_person_none_is_made_up():
    outcome, values = FOUND["pick_occupation"]
    play = Play("job_discovery", brought={"pick_occupation": (outcome, {**values, "job.model": ""})})
    play.pick("surprise").type("loin")
    assert not any("Une personne qui le fait" in text for text in play.said)


def test_after_the_third_job_a_pause_is_offered():
    outcome, values = FOUND["pick_occupation"]
    play = Play("job_discovery", brought={"pick_occupation": (outcome, {**values, "job.shown_today": 3})})
    play.pick("surprise").skip().pick("meh").pick().pick("none").skip()
    assert play.path[-1] == "pause_offer"
    assert "job_discovery" not in play.keys


def test_a_page_of_the_book_is_one_element_filled_step_by_step():
    play = Play("book_entry").skip().pick("dunno")
    assert any(text.startswith("Une personne doit être d'accord") for text in play.said)
    play.type("Mon jeu").type("Un jeu de plateforme").pick("duo").type("Scratch").type("Patienter").pick("4")
    play.pick("invent", "team").type("Le son").pick("me")
    entry = play.profile["book.entries"][0]
    assert entry["title"] == "Mon jeu"
    assert entry["proud"] == 4
    assert entry["visibility"] == "me"
    assert len(play.profile["book.entries"]) == 1
    assert play.profile["pride.skills"] == {"invent": 1, "team": 1}
    assert play.made[0].text.startswith("Page « Mon jeu » gardée.")


def planned(play):
    return (
        play.type("Essayer le dessin")
        .type("m'amuser")
        .type("la flemme")
        .type("je mets une musique")
        .type("un croquis")
    )


def test_a_plan_has_a_step_a_day_and_a_way_round_the_obstacle():
    play = planned(Play("action_plan")).pick("friend").pick("saturday").pick("yes")
    assert play.made[0].text == (
        "Ton plan : un croquis pour samedi. Si la flemme, alors je mets une musique. Avec un ami, une amie."
    )
    assert play.profile["action.list"][0]["due"] == "2026-11-28"


def test_smaller_and_no_change_the_same_plan():
    play = planned(Play("action_plan")).pick("me").pick("saturday").pick("no")
    planned(play).pick("me").pick("saturday").pick("small").type("ouvrir le carnet").pick("me").pick(
        "saturday"
    ).pick("yes")
    assert len(play.profile["action.list"]) == 1
    assert play.profile["action.list"][0]["first_step"] == "ouvrir le carnet"


def test_a_plan_with_holes_says_nothing_it_does_not_know():
    play = Play("action_plan", brought={"plan_step": ("undated", {"action.due_text": "", "action.ics": ""})})
    play.skip().skip().skip().skip().skip().skip().skip().pick("yes")
    assert play.path[-1] == "no_step"
    play.type("un croquis")
    assert play.made[0].text == "Ton plan : un croquis. Avec toi. Pas de date : je ne te rappelle rien."


@pytest.mark.parametrize(
    ("answer", "ending"), [("done", "after"), ("half", "after"), ("changed", "after"), ("not_", "smaller")]
)
def test_on_its_day_the_step_is_asked_about(answer, ending):
    profile = {"action.list": [{"wish": "dessiner", "first_step": "un croquis", "due": "2026-11-24"}]}
    play = Play("action_plan", profile, entry="track")
    assert play.said == ["C'était pour aujourd'hui. Alors ?"]
    play.pick(answer)
    assert play.path[-1] == ending
    assert play.profile["action.list"][0]["status"] == answer


# ------------------------------------------------------------------ nobody planned these


def give(play, generator):
    """One answer at random; None when the screen takes words only."""
    asked, keys = play.asked, play.keys
    if generator.random() < 0.08:
        return Skipped()
    if asked.kind is StepKind.MULTI:
        most = min(asked.maximum or len(keys), len(keys))
        return Picked(tuple(generator.sample(keys, generator.randint(min(asked.minimum, most), most))))
    if asked.kind is StepKind.MEDIA:
        return Attached(url="https://exemple.test/image")
    return (
        Picked((generator.choice(keys),))
        if keys
        else Typed(generator.choice(["robot", "un truc", "le dessin"]))
    )


class Wild(Play):
    """Any outcome of any errand."""

    generator: random.Random

    def errand(self, event):
        port = PORTS[event.errand]
        values = {**dict.fromkeys(port.brings, "…"), **FOUND.get(event.errand, ("", {}))[1]}
        return self.generator.choice(port.outcomes), values


@pytest.mark.parametrize("page", sorted(LIBRARY.pages))
def test_whatever_is_answered_the_page_ends(page):
    seen = set()
    for seed in range(60):
        Wild.generator = generator = random.Random(seed)  # noqa: S311 -- a walk, seeded
        play = Wild(page, {"user.age_band": generator.choice(("12", "13-15", "16-18"))})
        for _ in range(300):
            if play.ended is not None:
                break
            play._give(give(play, generator))
        assert play.ended is not None, (page, seed)
        assert not any("{" in text for text in play.said)
        seen |= set(play.path)
    assert len(seen) > 0.6 * len(LIBRARY.pages[page].moments)
