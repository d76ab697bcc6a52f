from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from dialogues.events import Attached, Back, Picked, Skipped
from dialogues.library import Deck, DeckCard
from dialogues.steps.dates import parse_day, quick
from tests.dialogues.playing import Learner, deck, library

VALUES = deck(
    "values",
    "value",
    freedom="Faire à ma façon",
    fun="Rire et m'amuser",
    calm="Travailler au calme",
    nature="Vivre avec la nature",
    travel="Voir du pays",
    income="Bien gagner ma vie",
)
END = "\n## end\nFini.\n`texte project.title max 5`\n"
ENDED = ["Fini."]


def play(body, facts=None, decks=(VALUES,), **context):
    return Learner(library(body + END, decks=decks), facts, **context)


# ---------------------------------------------------------------- several ticks

ROUNDS = """## r1
Tour 1 ?
`plusieurs value.kept 0-2 depuis values: freedom fun calm`

## r2
Tour 2 ?
`plusieurs value.kept 0-2 depuis values: nature travel income`
"""


def test_rounds_of_ticks_add_up_and_replace_only_what_they_offer():
    lou = play(ROUNDS, {"value.kept": ["fun", "rire"]})
    assert lou.labels == ["Faire à ma façon", "Rire et m'amuser", "Travailler au calme"]
    assert (lou.screen.minimum, lou.screen.maximum, lou.screen.current) == (0, 2, ("fun",))
    assert lou.pick("freedom", "calm").noted == {"value.kept": ["rire", "freedom", "calm"]}
    assert lou.pick("travel").facts["value.kept"] == ["rire", "freedom", "calm", "travel"]


def test_ticks_outside_the_limits_are_refused_with_the_limits():
    lou = play(ROUNDS).pick("freedom", "fun", "calm")
    assert lou.noted == {}
    assert "0 et 2" in lou.said[0]
    assert lou.pick("freedom", "travel").misses == 1  # travel is not on this screen
    assert lou.pick().said == ["Tour 2 ?"]
    assert lou.facts.get("value.kept") in (None, [])


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("1, 3", ["freedom", "calm"]),
        ("1 et 2", ["freedom", "fun"]),
        ("3 1", ["calm", "freedom"]),
        ("rire", ["fun"]),
        ("le calme, rire", ["calm", "fun"]),
        ("Rire et m'amuser", ["fun"]),
        ("travailer au calme + faire a ma facon", ["calm", "freedom"]),
    ],
)
def test_ticks_may_be_typed(words, kept):
    assert play(ROUNDS).type(words).noted == {"value.kept": kept}


@pytest.mark.parametrize("words", ["rien", "Aucune", "aucun"])
def test_nothing_may_be_typed(words):
    assert play(ROUNDS).type(words).said == ["Tour 2 ?"]


def test_ticks_that_cannot_all_be_read_are_not_half_kept():
    lou = play(ROUNDS).type("rire, planer")
    assert (lou.misses, lou.noted) == (1, {})


CUT = "## cut\nGarde-en trois.\n`plusieurs value.ranking 1-3 depuis value.kept`\n"


def test_a_selection_from_a_list_replaces_the_variable():
    lou = play(CUT, {"value.kept": ["fun", "calm", "travel", "rire"], "value.ranking": ["income"]})
    assert lou.labels == ["Rire et m'amuser", "Travailler au calme", "Voir du pays", "rire"]
    assert lou.pick("rire", "fun").noted == {"value.ranking": ["rire", "fun"]}


def test_a_selection_whose_maximum_already_holds_is_made_by_itself():
    lou = play(CUT, {"value.kept": ["fun", "calm"]})
    assert lou.noted == {"value.ranking": ["fun", "calm"]}
    assert lou.said == ENDED
    assert play(CUT).said == ENDED  # an empty list asks nothing, and its question is not said


def test_ticks_of_skills_count_proofs():
    lou = play(
        "## s\nÇa montre quoi ?\n`plusieurs pride.skills 1-2`\n- Inventer `invent`\n- [Faire équipe](#end) `team`\n  Bien.\n",
        {"pride.skills": {"invent": 2}},
    )
    assert lou.pick("invent", "team").noted == {"pride.skills": {"invent": 3, "team": 1}}
    assert lou.said == ["Bien.", "Fini."]
    assert lou.give(Back()).noted == {"pride.skills": {"invent": 2}}


def test_ticks_into_a_field_of_a_map():
    lou = play(
        "## s\nQuoi ?\n`plusieurs job.reactions[job].liked 0-2`\n- Les gens `people`\n- Le lieu `place`\n",
        words={"job": "42"},
    )
    assert lou.pick("place").noted == {"job.reactions": {"42": {"liked": ["place"]}}}


# ---------------------------------------------------------------- one among a list, a scale


def test_one_among_a_list():
    lou = play(
        "## c\nLequel ?\n`choix job.domain depuis value.kept 2`\n", {"value.kept": ["fun", "calm", "travel"]}
    )
    assert lou.labels == ["Rire et m'amuser", "Travailler au calme"]
    assert lou.type("calme").noted == {"job.domain": "calm"}
    assert play("## c\nLequel ?\n`choix job.domain depuis value.kept`\n").said == ENDED


def test_a_scale_keeps_numbers():
    lou = play("## c\nClair ?\n`échelle decision.certainty`\n- Brouillard `0`\n- Moitié `5`\n- Clair `10`\n")
    assert lou.type("moitié").noted == {"decision.certainty": 5}
    zero = play(
        "## c\nClair ?\n`échelle decision.certainty`\n- Brouillard `0`\n- Clair `10`\n\n## d\n`si decision.certainty` Noté : {decision.certainty}.\n"
    )
    assert zero.pick("0").said == ["Noté : 0.", "Fini."]


def test_drives_have_their_shape():
    drives = deck("drives", make="Fabriquer", create="Créer")
    lou = play("## c\nQuel élan ?\n`choix job.drive`\n- Fabriquer `make`\n- Autre `other`\n", decks=(drives,))
    assert [option.shape for option in lou.screen.options] == ["make", None]


# ---------------------------------------------------------------- several lines

LINES = "## l\nTes questions ?\n`liste meeting.questions 1-3 max 20`\n"


def test_lines_are_typed_one_by_one_until_done():
    lou = play(LINES, {"meeting.questions": ["Ancienne ?"]})
    assert lou.screen.accepts_text
    assert lou.labels == []
    lou.type("Quels horaires ?")
    assert lou.noted == {"meeting.questions": ["Ancienne ?", "Quels horaires ?"]}
    assert (lou.state.moment, lou.labels, lou.screen.position) == ("l", ["C'est bon"], (2, 3))
    assert lou.type("c bon").said == ENDED


@pytest.mark.parametrize("words", ["c'est bon", "fini", "C’EST BON !", "terminé", "voilà"])
def test_words_that_finish_a_list(words):
    assert play(LINES).type("Une").type(words).said == ENDED
    assert play(LINES).type("Une").pick("done").said == ENDED


def test_a_list_needs_its_minimum_and_stops_at_its_maximum():
    lou = play(LINES).type("fini")
    assert "au moins 1" in lou.said[0]
    assert lou.type("x" * 21).noted == {}
    assert "20" in lou.said[0]
    assert lou.type("a").type("b").type("c").said == ENDED
    assert lou.facts["meeting.questions"] == ["a", "b", "c"]
    lou.give(Back())
    assert lou.facts["meeting.questions"] == ["a", "b"]
    assert lou.screen.current == ("c",)


def test_lines_may_each_open_a_record():
    lou = (
        play("## o\nTes options ?\n`liste decision.options.name 2-3 max 40`\n")
        .type("Rester")
        .type("Partir")
        .type("fini")
    )
    assert lou.facts["decision.options"] == [{"name": "Rester"}, {"name": "Partir"}]


# ---------------------------------------------------------------- card by card

ITEMS = deck("items", make_1="Monter un robot", create_1="Composer un son", make_2="Réparer un vélo")
REACT = "## r\nÇa te dirait de…\n`réactions interest.item_ratings depuis items 2`\n\n## s\nEncore ?\n`réactions interest.item_ratings depuis items 2`\n"


def test_reactions_go_card_by_card_through_the_next_ones_without_an_answer():
    lou = play(REACT, {"interest.item_ratings": {"autre": "no"}}, (ITEMS,))
    assert lou.labels == ["Trop bien", "Pourquoi pas", "Bof", "Pas pour moi", "Connais pas"]
    assert (lou.screen.card.title, lou.screen.position, lou.said) == (
        "Monter un robot",
        (1, 2),
        ["Ça te dirait de…"],
    )
    lou.pick("love")
    assert (lou.screen.card.title, lou.screen.position, lou.said) == ("Composer un son", (2, 2), [])
    assert lou.screen.prompt == "Ça te dirait de…"
    lou.type("connais pas")
    assert lou.facts["interest.item_ratings"] == {"autre": "no", "make_1": "love", "create_1": "unknown"}
    assert (lou.screen.card.title, lou.screen.position, lou.said) == ("Réparer un vélo", (1, 1), ["Encore ?"])
    assert lou.pick("meh").said == ENDED


def test_going_back_through_cards():
    lou = play(REACT, {}, (ITEMS,)).pick("love").pick("no")
    lou.give(Back())
    assert (lou.screen.card.id, lou.screen.current, lou.facts["interest.item_ratings"]) == (
        "create_1",
        ("no",),
        {"make_1": "love"},
    )
    lou.give(Back())
    assert (lou.screen.card.id, lou.screen.current, lou.facts["interest.item_ratings"]) == (
        "make_1",
        ("love",),
        None,
    )
    assert lou.pick("meh").pick("maybe").screen.card.id == "make_2"


def test_a_passed_card_is_not_dealt_again_unless_one_goes_back():
    lou = play(REACT, {}, (ITEMS,)).give(Skipped()).pick("love")
    assert (lou.screen.card.id, lou.screen.position) == ("make_2", (1, 1))
    lou.give(Back()).give(Back())
    assert (lou.screen.card.id, lou.noted) == ("make_1", {})
    assert lou.pick("no").facts["interest.item_ratings"] == {"make_1": "no"}


def test_going_back_before_the_cards_forgets_which_were_passed():
    start = "## z\nPrêt ?\n- Oui\n\n"
    lou = play(start + REACT, {}, (ITEMS,)).pick("oui").give(Skipped()).give(Back()).give(Back())
    assert lou.pick("oui").screen.card.id == "make_1"


def test_all_cards_answered_asks_nothing():
    rated = {"interest.item_ratings": {"make_1": "no", "create_1": "no", "make_2": "no"}}
    assert play(REACT, rated, (ITEMS,)).said == ENDED
    assert play(REACT, {}, ()).said == ENDED  # the deck does not exist


def test_own_reactions_on_what_an_errand_brought():
    body = """## near
`faire suggest_near`

## r
Alors ?
`réactions near.reactions depuis near.cards 2`
- Ça me va `keep`
  Noté.
- Trop loin `far`
- [Stop](#end) `stop`
"""
    cards = [
        {
            "id": "v1",
            "title": "Bac pro",
            "kind": "programme",
            "lines": ["Liège"],
            "reasons": ["près de toi"],
            "doubt": "long",
            "source": "Le Forem",
            "url": "https://x.be",
        },
        {"id": "v2", "title": "Stage"},
        {"id": "v3", "title": "Job"},
    ]
    lou = play(body).bring("some", near__cards=cards)
    card = lou.screen.card
    assert (card.id, card.kind, card.lines, card.reasons, card.doubt, card.source, card.url) == (
        "v1",
        "programme",
        ("Liège",),
        ("près de toi",),
        "long",
        "Le Forem",
        "https://x.be",
    )
    lou.pick("keep")
    assert (lou.said, lou.noted, lou.screen.card.title) == (
        ["Noté."],
        {"near.reactions": {"v1": "keep"}},
        "Stage",
    )
    assert lou.type("euh").misses == 1
    lou.type("stop là")
    assert (lou.said, lou.facts["near.reactions"]) == (ENDED, {"v1": "keep"})


def test_what_was_brought_keeps_its_title_in_texts():
    body = """## f
`faire link_project`

## k
Lesquels ?
`plusieurs project.kept 0-3 depuis project.occupations`

## o
Ordre ?
`ordre job.shortlisted depuis project.kept`

## t
Tu gardes {project.kept}, d'abord {project.kept.2} et {shortlist}.
"""
    cards = [
        {"id": "71", "title": "Monteuse {x}"},
        {"id": "72", "title": "Ingénieur du son"},
        {"id": "73", "title": "Rédactrice"},
    ]
    lou = (
        play(body.replace("job.shortlisted", "shortlist"))
        .bring("found", project__occupations=cards)
        .pick("71", "73")
    )
    assert lou.noted == {"project.kept": ["71", "73"]}
    assert lou.labels == ["Monteuse {x}", "Rédactrice"]
    lou.pick("73", "71")
    assert (
        lou.said[0]
        == "Tu gardes Monteuse {x} et Rédactrice, d'abord Rédactrice et Rédactrice et Monteuse {x}."
    )


OTHER = """## f
`faire link_project`

## k
Lesquels ?
`plusieurs project.kept 1-2 depuis project.occupations`

## t
Tu as écrit : {asked.other}.
"""


def brought_with_another():
    named = {"1": "Monteuse", "2": "Ingénieur du son", "3": "Rédactrice", "other": "Un autre"}
    cards = [{"id": key, "title": title} for key, title in named.items()]
    return play(OTHER).bring("found", project__occupations=cards)


def test_words_that_are_none_of_a_list_are_taken_where_it_offers_another():
    lou = brought_with_another().type("dresseuse de rapaces")

    assert lou.noted == {"project.kept": ["other"]}  # the words themselves pass with the page
    assert lou.said[0] == "Tu as écrit : dresseuse de rapaces."


def test_what_is_on_the_list_and_the_commands_stay_what_they_are():
    assert brought_with_another().type("rédactrice").noted == {"project.kept": ["3"]}
    assert brought_with_another().type("jsp").noted == {}
    assert brought_with_another().type("🔥🔥🔥").misses == 1


def test_a_choice_of_a_list_takes_words_too_where_it_offers_another():
    body = OTHER.replace("plusieurs project.kept 1-2", "choix project.title")
    cards = [{"id": "1", "title": "Monteuse"}, {"id": "other", "title": "Un autre"}]

    def asked():
        return play(body).bring("found", project__occupations=cards)

    lou = asked().type("dresseuse de rapaces")
    assert lou.facts["project.title"] == "other"
    assert "Tu as écrit : dresseuse de rapaces." in lou.said
    assert asked().type("monteuse").facts["project.title"] == "1"
    assert asked().type("🔥🔥").misses == 1


def test_a_picture_may_be_a_few_words_where_the_page_says_so():
    body = "## m\nUne photo, un mot ?\n`média project.title max 20`\n"

    assert play(body).type("ça sentait bon").facts["project.title"] == "ça sentait bon"
    assert play(body).type("www.exemple.be/x").facts["project.title"] == {"url": "https://www.exemple.be/x"}
    assert "project.title" not in play(body).type("non").facts
    long = play(body).type("é" * 30)
    assert long.screen.max_chars == 20
    assert "20" in long.said[-1]


def test_a_list_without_another_does_not_take_any_words():
    cards = [{"id": str(number), "title": f"Carte {number}"} for number in range(4)]

    assert play(OTHER).bring("found", project__occupations=cards).type("dresseuse").misses == 1


DUELS = Deck(
    "duels",
    {
        "d1": DeckCard("d1", left="Construire", right="Dessiner", left_drive="make", right_drive="create"),
        "d2": DeckCard("d2", left="Analyser", right="Inventer"),
    },
)


@pytest.mark.parametrize(
    ("words", "side"),
    [
        ("gauche", "left"),
        ("à droite", "right"),
        ("les deux", "both"),
        ("Aucun", "neither"),
        ("ni l'un ni l'autre", "neither"),
        ("dessiner", "right"),
        ("1", "left"),
        ("2", "right"),
    ],
)
def test_duels(words, side):
    lou = play("## d\nLaquelle ?\n`duels interest.item_ratings depuis duels 15`\n", {}, (DUELS,))
    assert lou.labels == ["Construire", "Dessiner", "Les deux", "Aucun"]
    assert lou.screen.position == (1, 2)
    lou.type(words)
    assert lou.facts["interest.item_ratings"] == {"d1": side}
    assert lou.labels[0] == "Analyser"
    assert lou.pick("both").said == ENDED


# ---------------------------------------------------------------- piles and orders


def test_cards_are_sorted_on_given_and_own_piles():
    lou = play(
        "## t\nOù ?\n`tri job.descriptors depuis job.seen max 3`\n- M'attire `like`\n- Pas là `not`\n",
        {"job.seen": ["a", "b", "c", "d"]},
    )
    assert (lou.screen.card.title, lou.screen.position) == ("a", (1, 3))
    lou.pick("like").type("Avec des gens")
    assert lou.labels == ["M'attire", "Pas là", "Avec des gens"]
    lou.type("avec des gens")
    assert lou.facts["job.descriptors"] == {"a": "like", "b": "Avec des gens", "c": "Avec des gens"}
    assert lou.said == ENDED


def test_piles_become_groups_in_a_list_of_records():
    lou = play("## t\nOù ?\n`tri job.groups depuis job.seen`\n", {"job.seen": ["a", "b", "c"]})
    lou.type("Mains").type("Tête").type("mains")
    assert lou.facts["job.groups"] == [{"name": "Mains", "jobs": ["a", "c"]}, {"name": "Tête", "jobs": ["b"]}]
    assert lou.give(Back()).facts["job.groups"] == [
        {"name": "Mains", "jobs": ["a"]},
        {"name": "Tête", "jobs": ["b"]},
    ]
    assert (
        play("## t\nOù ?\n`tri job.groups depuis job.seen`\n", {"job.seen": ["a"]}).type("x" * 50).noted == {}
    )


RANK = "## o\nRange-les.\n`ordre value.ranking depuis value.kept max 3`\n"


def test_an_order_is_kept_as_given_and_completed():
    kept = {"value.kept": ["fun", "calm", "rire"]}
    assert play(RANK, kept).pick("rire", "fun", "calm").noted == {"value.ranking": ["rire", "fun", "calm"]}
    assert play(RANK, kept).pick("calm").noted == {"value.ranking": ["calm", "fun", "rire"]}
    assert play(RANK, kept).type("3 1 2").noted == {"value.ranking": ["rire", "fun", "calm"]}
    assert play(RANK, kept).type("calme, rire et m'amuser").noted == {
        "value.ranking": ["calm", "fun", "rire"]
    }
    assert play(RANK, kept).type("calme, voler").misses == 1
    assert play(RANK, kept).pick("inconnu").misses == 1
    assert play(RANK, kept).pick().misses == 1


def test_a_longer_list_is_ordered_up_to_its_maximum():
    kept = {"value.kept": ["fun", "calm", "rire", "travel"]}
    assert (play(RANK, kept).screen.minimum, play(RANK, kept).screen.maximum) == (3, 3)
    assert play(RANK, kept).pick("travel", "calm", "fun", "rire").noted == {
        "value.ranking": ["travel", "calm", "fun"]
    }
    assert "3" in play(RANK, kept).pick("travel").said[0]


def test_one_element_is_already_in_order():
    lou = play(RANK, {"value.kept": ["fun"]})
    assert (lou.noted, lou.said) == ({"value.ranking": ["fun"]}, ENDED)
    assert play(RANK).said == ENDED


# ---------------------------------------------------------------- days

TODAY = date(2026, 11, 24)  # a Tuesday


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("demain", date(2026, 11, 25)),
        ("Demain !", date(2026, 11, 25)),
        ("après-demain", date(2026, 11, 26)),
        ("ce soir", TODAY),
        ("aujourd'hui", TODAY),
        ("ajd", TODAY),
        ("hier", date(2026, 11, 23)),
        ("dans 3 jours", date(2026, 11, 27)),
        ("dans trois jours", date(2026, 11, 27)),
        ("ds 2 semaines", date(2026, 12, 8)),
        ("dans une semaine", date(2026, 12, 1)),
        ("dans deux semaines", date(2026, 12, 8)),
        ("il y a 2 jours", date(2026, 11, 22)),
        ("le 12 mars", date(2027, 3, 12)),
        ("12 mars", date(2027, 3, 12)),
        ("le 1er décembre", date(2026, 12, 1)),
        ("samedi 12 décembre", date(2026, 12, 12)),
        ("12 decembe", date(2026, 12, 12)),
        ("12 déc", date(2026, 12, 12)),
        ("12/03", date(2027, 3, 12)),
        ("12/03/2028", date(2028, 3, 12)),
        ("1.12.26", date(2026, 12, 1)),
        ("2026-12-24", date(2026, 12, 24)),
        ("mercredi", date(2026, 11, 25)),
        ("mardi", date(2026, 12, 1)),
        ("samdi", date(2026, 11, 28)),
        ("dim", date(2026, 11, 29)),
        ("le 20 novembre", date(2026, 11, 20)),
        ("31/10", date(2026, 10, 31)),
        ("le 2 janvier", date(2027, 1, 2)),
        ("le 29 février 2027", None),
        ("32/01", None),
        ("plus tard", None),
        ("bientôt", None),
        ("", None),
        ("12", None),
        ("dans 999 jours", date(2029, 8, 19)),
        ("dans beaucoup jours", None),
        ("le 12 machin", None),
    ],
)
def test_words_for_a_day(words, day):
    assert parse_day(words, TODAY) == day


def test_quick_days():
    assert [quick(key, TODAY) for key in ("tonight", "wednesday", "saturday", "two_weeks", "other")] == [
        TODAY,
        date(2026, 11, 25),
        date(2026, 11, 28),
        date(2026, 12, 8),
        None,
    ]
    assert quick("wednesday", date(2026, 11, 25)) == date(2026, 12, 2)


DATE = "## d\nPour quand ?\n`date action.list.due`\n\n## t\nNoté pour {action.list.due}.\n"


def test_a_day_is_kept_as_an_iso_date_and_said_in_words():
    lou = play(DATE).pick("saturday")
    assert lou.noted == {"action.list": [{"due": "2026-11-28"}]}
    assert lou.said[0] == "Noté pour samedi 28 novembre."
    assert play(DATE).type("le 1er mars").said[0] == "Noté pour lundi 1er mars 2027."


def test_a_past_or_unreadable_day_is_refused_kindly():
    lou = play(DATE).type("hier")
    assert (lou.noted, "passé" in lou.said[0]) == ({}, True)
    assert "reconnu" in lou.type("un de ces quatre").said[0]
    assert "Quel jour" in lou.pick("other").said[0]
    assert lou.type("14 décembre").noted == {"action.list": [{"due": "2026-12-14"}]}
    assert lou.give(Back()).screen.current == ("2026-12-14",)


def test_tonight_is_not_past():
    assert play(DATE).pick("tonight").noted == {"action.list": [{"due": "2026-11-24"}]}
    assert play(DATE).type("aujourd'hui").noted == {"action.list": [{"due": "2026-11-24"}]}


def test_today_is_the_learners_today():
    late = datetime(2026, 12, 31, 23, 30, tzinfo=ZoneInfo("Europe/Brussels"))
    assert play(DATE, now=late).type("demain").noted == {"action.list": [{"due": "2027-01-01"}]}


# ---------------------------------------------------------------- pictures, cards, branches

MEDIA = "## m\nUne image ?\n`média book.entries.media`\n"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (Attached(media_id="u7", caption=" Mon\njeu "), {"media_id": "u7", "caption": "Mon jeu"}),
        (Attached(url="https://ex.be/a.png"), {"url": "https://ex.be/a.png"}),
    ],
)
def test_a_picture_or_a_link_is_kept(given, kept):
    assert play(MEDIA).give(given).noted == {"book.entries": [{"media": kept}]}


@pytest.mark.parametrize(
    ("words", "url"),
    [
        ("https://ex.be/jeu", "https://ex.be/jeu"),
        ("voilà : www.ex.be/jeu.", "https://www.ex.be/jeu"),
        ("HTTP://EX.BE", "HTTP://EX.BE"),
    ],
)
def test_links_may_be_typed(words, url):
    assert play(MEDIA).type(words).noted == {"book.entries": [{"media": {"url": url}}]}


@pytest.mark.parametrize(
    "words", ["javascript:alert(1)", "file:///etc/passwd", "mon dessin", "https://" + "a" * 600 + ".be"]
)
def test_what_is_no_link_is_not_kept(words):
    lou = play(MEDIA).type(words)
    assert (lou.noted, lou.state.moment) == ({}, "m")
    assert play(MEDIA).give(Attached(url="javascript:alert(1)")).noted == {}


@pytest.mark.parametrize("words", ["non", "passer", "nan", "pas de photo"])
def test_a_picture_is_always_optional(words):
    assert play(MEDIA).type(words).said == ENDED
    assert play(MEDIA).give(Skipped()).said == ENDED


def test_a_product_carries_its_words_and_values():
    body = "## p\nVoilà.\n`carte values_card` Ta carte : {value.ranking}.\n{accord: Prête | Prêt | Bien} !\n`simple` Ta carte.\n"
    lou = play(body, {"value.ranking": ["fun", "calm", "rire"], "user.accord": "f"})
    assert lou.said == ["Voilà.", "Fini."]
    assert lou.product.text == "Ta carte : Rire et m'amuser, Travailler au calme et rire.\nPrête !"
    assert lou.product.values == {"value.ranking": ["fun", "calm", "rire"]}
    assert play(body, {"user.reading_mode": "falc"}).product.text == "Ta carte."


@pytest.mark.parametrize(
    ("channel", "age", "said"),
    [
        ("telegram", "13-15", "Site."),
        ("telegram", "16-18", "Ok."),
        ("telegram", None, "Site."),
        ("web", "13-15", "Ok."),
        ("discord", "13-15", "Ok."),
    ],
)
def test_a_route_branches_without_a_screen(channel, age, said):
    body = "## r\n`selon channel_allowed`\n- [ok](#ok)\n- [move](#move)\n\n## move\nSite.\n`va #end`\n\n## ok\nOk.\n"
    assert play(body, {"user.age_band": age} if age else {}, channel=channel).said == [said, "Fini."]


def test_an_unknown_route_takes_the_way_for_everything_else():
    body = "## r\n`selon nulle_part`\n- [ok](#end)\n- [sinon](#other)\n\n## x\nJamais.\n\n## other\nSinon.\n`va #end`\n"
    assert play(body).said == ["Sinon.", "Fini."]


def test_a_shuffle_is_stable_per_person_and_differs_between_persons():
    big = deck("big", **{f"c{n}": f"Carte {n}" for n in range(12)})
    body = "## r\nAlors ?\n`réactions interest.item_ratings depuis big 12 mélangé`\n"
    orders = {
        seed: [play(body, {}, (big,), seed=seed).state.data["step"]["cards"] for _ in range(2)]
        for seed in ("a", "b", "c")
    }
    assert all(first == second for first, second in orders.values())
    assert len({tuple(first) for first, _ in orders.values()}) == 3
    assert sorted(orders["a"][0]) == sorted(big.cards)


@pytest.mark.parametrize("given", [Attached("m"), Picked(()), Picked(("a", "b"))])
def test_an_input_of_another_kind_is_not_understood(given):
    assert play("## c\nOui ?\n- Oui\n- Non\n").give(given).misses == 1


@pytest.mark.parametrize("words", ["nn", "j'ai pas de photo", "non merci bien"])
def test_nobody_has_to_show_something(words):
    assert play(MEDIA).type(words).said == ENDED


def test_words_at_a_picture_hold_nobody_up():
    assert play(MEDIA).type("il suit une ligne").type("et il tourne").said == ENDED
