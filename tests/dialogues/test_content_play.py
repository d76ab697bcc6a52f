"""Onboarding and interests played from end to end by the engine."""

import pytest

from dialogues.events import Ended
from dialogues.model import StepKind
from tests.dialogues.content_learner import DRIVES, LIBRARY, Play

# ------------------------------------------------------------------ onboarding


def through_settings(play):
    return play.type("Lou").pick("n").pick("standard").pick("s4")


def test_a_fifteen_year_old_agrees_and_goes_to_what_lights_them_up():
    play = through_settings(Play("onboarding_consent").pick("a13"))
    assert "consent.self" not in play.profile
    play.pick("agree").pick("cards").pick("bot")
    assert any(text.startswith("Presque !") for text in play.said)
    play.pick("wed_pm").pick("interest_explorer")
    assert play.ended == Ended(page="interest_explorer")
    assert play.profile == {
        "user.age_band": "13-15",
        "consent.parent": "not_needed",
        "user.first_name": "Lou",
        "user.accord": "n",
        "user.reading_mode": "standard",
        "user.school_stage": "s4",
        "consent.self": True,
        "consent.share_coach": "cards",
        "consent.reminder_slot": "wed_pm",
    }


def test_more_explains_and_asks_again_and_a_refusal_opens_a_visit():
    play = through_settings(Play("onboarding_consent").pick("a16")).pick("more")
    assert play.keys == ["agree", "refuse", "more"]
    assert "consent.self" not in play.profile
    play.pick("refuse")
    assert play.profile["consent.self"] is False
    assert "Pas de souci : mode visite. Tu peux jouer, je n'enregistre rien." in play.said
    assert "interest_explorer" in play.keys


@pytest.mark.parametrize(("way", "words"), [("send", "Voici le lien"), ("coach", "Montre ce lien")])
def test_at_twelve_an_adult_is_asked_and_meanwhile_it_is_a_visit(way, words):
    play = Play("onboarding_consent").pick("a12").pick(way)
    assert play.profile["consent.parent"] == "pending"
    assert any(text.startswith(words) and "https://exemple.test/accord" in text for text in play.said)
    assert "Merci. En attendant l'accord, tu peux visiter. Je n'enregistre rien." in play.said
    assert "user.first_name" not in play.profile


def test_at_twelve_one_may_simply_visit():
    play = Play("onboarding_consent").pick("a12").pick("demo")
    assert "consent.parent" not in play.profile
    assert play.asked.kind is StepKind.SUITE


def test_the_agreement_of_an_adult_resumes_at_the_name():
    play = Play("onboarding_consent", {"user.age_band": "12", "consent.parent": "yes"}, entry="parent_ok")
    assert play.said[0] == "L'accord est arrivé ! On commence pour de vrai."
    assert play.asked.kind is StepKind.TEXT
    through_settings(play)
    assert play.keys == ["agree", "refuse", "more"]  # the learner is still asked


def test_another_age_gets_addresses_and_a_goodbye():
    play = Play("onboarding_consent").pick("other")
    assert play.ended is not None
    assert play.profile == {}


def test_under_sixteen_on_telegram_one_moves_to_the_site():
    play = Play("onboarding_consent", channel="telegram").pick("a13")
    assert "move_channel" in play.path
    assert "move_channel" not in Play("onboarding_consent", channel="telegram").pick("a16").path


def test_nobody_is_said_to_be_told_without_somebody_on_duty():
    quiet = through_settings(Play("onboarding_consent").pick("a16")).pick("agree").pick("none")
    assert any("je ne peux prévenir personne" in text for text in quiet.said)
    assert not any("je préviens" in text for text in quiet.said)
    manned = (
        through_settings(Play("onboarding_consent", words={"on_duty": "oui"}).pick("a16"))
        .pick("agree")
        .pick("none")
    )
    assert any("je préviens une personne de confiance" in text for text in manned.said)


def test_a_name_that_was_passed_leaves_no_hole():
    play = Play("onboarding_consent").pick("a16").skip().pick("f")
    assert play.said[-1] == "Tu préfères comment ?"


# ------------------------------------------------------------------ interests


def test_a_clear_profile_ends_with_a_card_that_quotes_real_answers():
    liked = {"create": "love", "understand": "love"}
    play = Play("interest_explorer").pick("reactions")
    for batch in range(3):
        play.react(lambda card: liked.get(DRIVES[card], "no" if card.endswith(("_1", "_2")) else "meh"))
        if batch < 2:
            play.pick("yes")
    assert play.made[0].product == "interest_card"
    text = play.made[0].text
    assert "🎨 Créer" in text
    assert "🔎 Comprendre" in text
    assert "Tu as dit « trop bien » à " in text
    assert "À essayer pour voir : " in text
    assert "…" not in text
    assert sorted(play.profile["interest.highlights"]) == ["create", "understand"]
    play.pick("no").type("Surtout la musique")
    assert play.profile["interest.self_correction"] == "Surtout la musique"
    assert "Tu as raison de me corriger. Ta version remplace la mienne." in play.said
    play.type("Un clip avec ma cousine")
    assert play.profile["pride.stories"][0]["did"] == "Un clip avec ma cousine"
    assert {"project_nearby", "job_discovery", "session_prep", "menu", "fin"} == set(play.keys)


def test_duels_come_first_at_twelve_and_their_card_says_what_was_chosen():
    play = Play("interest_explorer", {"user.age_band": "12"})
    assert play.keys[0] == "duels"
    play.pick("duels")
    favourite = ("create", "make", "understand")
    while play.asked.kind is StepKind.DUELS:
        duel = LIBRARY.decks["interest_duels"].cards[play.asked.card.id]
        sides = {duel.left_drive: "left", duel.right_drive: "right"}
        play.pick(next((sides[drive] for drive in favourite if drive in sides), "neither"))
    assert play.profile["interest.mode"] == "duels"
    assert "Tu as choisi : " in play.made[0].text


def test_stopping_early_shows_what_was_liked_and_no_score():
    play = Play("interest_explorer").pick("reactions").react(lambda _: "love").pick("stop")
    assert "result" not in play.path
    assert play.said[-1].startswith("Tu as aimé : « ")
    play.pick("now")
    assert play.asked.kind is StepKind.REACTIONS
    assert len(play.profile["interest.item_ratings"]) == 6


def test_the_same_answer_all_along_is_not_read_and_may_be_given_again():
    play = Play("interest_explorer").pick("reactions")
    for _ in range(2):
        play.react(lambda _: "no").pick("yes")
    play.react(lambda _: "no")
    assert play.path[-1] == "careless"
    assert play.profile["interest.quality"] == "low"
    assert play.profile["interest.item_ratings"] == {}
    assert "interest.scores" not in play.profile
    assert "humain" in play.keys


def reactions(by_drive):
    given: dict[str, str] = {}
    for drive, said in by_drive.items():
        given |= dict(zip((key for key, of in DRIVES.items() if of == drive), said, strict=True))
    return given


def answered(by_drive):
    play = Play("interest_explorer").pick("reactions")
    wanted = reactions(by_drive)
    for batch in range(3):
        play.react(lambda card: wanted[card])
        if batch < 2:
            play.pick("yes")
    return play


def test_nothing_warm_offers_something_else_and_a_person():
    no = ("no", "meh", "no")
    play = answered(dict.fromkeys(("make", "understand", "create", "support", "launch", "organize"), no))
    assert play.path[-1] == "low"
    assert {"job_discovery", "project_nearby", "session_prep", "humain", "fin"} == set(play.keys)


def test_many_bof_may_still_be_shown():
    play = answered(
        {
            "create": ("maybe", "maybe", "meh"),
            "make": ("maybe", "meh", "maybe"),
            "understand": ("meh", "meh", "meh"),
            "support": ("no", "meh", "no"),
            "launch": ("meh", "meh", "no"),
            "organize": ("no", "meh", "meh"),
        }
    )
    assert play.path[-1] == "tired"
    play.pick("show")
    assert "Tu as choisi : " in play.made[0].text


def test_an_open_profile_offers_the_second_form_once():
    flat = ("love", "maybe", "maybe")
    play = answered(dict.fromkeys(("make", "understand", "create", "support", "launch", "organize"), flat))
    assert play.path[-1] == "open"
    assert play.keys == ["more", "lab", "go_on"]
    play.pick("more")
    for batch in range(3):
        while play.asked.kind is StepKind.REACTIONS:
            play.skip()
        if batch < 2:
            play.pick("yes")
    assert play.path[-1] == "open"
    assert play.keys == ["lab", "go_on"]


def test_too_many_connais_pas_are_completed_from_the_second_form():
    unknown = ("unknown", "love", "unknown")
    play = answered(
        {
            "make": unknown,
            "understand": unknown,
            "create": unknown,
            "support": ("no", "meh", "no"),
            "launch": ("no", "no", "meh"),
            "organize": ("meh", "no", "no"),
        }
    )
    assert play.path[-1] == "glimpse"
    play.pick("now")
    assert play.path[-1] == "complete"
    assert play.asked.card.id[-1] in "456"


def test_cards_that_were_passed_never_go_round_in_circles():
    play = Play("interest_explorer").pick("reactions")
    for _ in range(60):
        if play.asked.kind is StepKind.REACTIONS:
            play.skip()
        elif "yes" in play.keys or "now" in play.keys:
            play.pick("yes" if "yes" in play.keys else "now")
        else:
            break
    assert play.path[-1] == "memory"


def test_coming_back_one_may_see_again_or_start_afresh():
    first = answered(
        dict.fromkeys(
            ("make", "understand", "create", "support", "launch", "organize"), ("love", "no", "meh")
        )
    )
    play = Play("interest_explorer", first.profile)
    assert play.keys == ["go_on", "see", "reset"]
    play.pick("reset")
    assert play.profile["interest.item_ratings"] == {}
    assert play.keys == ["reactions", "duels", "later"]
