import json

import pytest

from dialogues import engine
from dialogues.events import (
    Again,
    Asked,
    Attached,
    Back,
    Brought,
    Ended,
    Noted,
    Picked,
    Requested,
    Simple,
    Skipped,
    State,
    Turn,
    Typed,
)
from dialogues.library import Library, Microcopy
from dialogues.model import StepKind
from dialogues.parse import parse
from tests.dialogues.playing import Learner, deck, library, page_source


def screen_of(turn: Turn) -> Asked:
    last = turn.events[-1]
    assert isinstance(last, Asked)
    return last


TWO = library(
    """## hello
Salut !

## name
Comment tu t'appelles ?
`simple` Ton nom ?
`texte user.first_name max 10`

## like
Tu aimes quoi, {user.first_name} ?
`choix envie`
- Dessiner `draw`
  Joli.
- [Coder](#code) `code`
- Rien `none` `si user.reading_mode = falc`

## drawn
Tu dessines. {accord: Prête | Prêt | D'attaque} ?
`va #end`

## code
Tu codes.

## end
La suite ?
- [Ailleurs](essai2.md)
- [Perdu](inconnue.md)
- [C'est bon](#fin)
""",
    "## a\nPage deux.\n",
)


def test_moments_without_a_question_flow_on():
    lou = Learner(TWO)
    assert lou.said == ["Salut !", "Comment tu t'appelles ?"]
    assert (lou.screen.kind, lou.screen.prompt, lou.screen.max_chars) == (
        StepKind.TEXT,
        "Comment tu t'appelles ?",
        10,
    )
    assert lou.turn.path == ("hello", "name")


def test_an_answer_is_noted_then_said_in_the_next_question():
    lou = Learner(TWO).type("  Lou \n")
    assert lou.noted == {"user.first_name": "Lou"}
    assert lou.said == ["Tu aimes quoi, Lou ?"]
    assert lou.labels == ["Dessiner", "Coder"]
    assert lou.turn.path == ("name", "like")


def test_replies_then_the_next_moment_or_the_link():
    drawn = Learner(TWO).type("Lou").pick("draw")
    assert drawn.said == ["Joli.", "Tu dessines. D'attaque ?", "La suite ?"]
    assert drawn.noted == {}  # a name without a dot stays in the page
    coded = Learner(TWO).type("Lou").pick("code")
    assert coded.said == ["Tu codes.", "La suite ?"]


@pytest.mark.parametrize(
    ("accord", "form"), [("f", "Prête"), ("m", "Prêt"), ("n", "D'attaque"), (None, "D'attaque")]
)
def test_forms_follow_the_accord(accord, form):
    lou = Learner(TWO, {"user.accord": accord} if accord else {}).type("Lou").pick("draw")
    assert f"Tu dessines. {form} ?" in lou.said


def test_buttons_to_absent_pages_are_hidden_and_the_chosen_page_is_named():
    lou = Learner(TWO).type("Lou").pick("code")
    assert [option.key for option in lou.screen.options] == ["essai2", "fin"]
    assert lou.pick("essai2").ended == Ended("essai2")
    assert lou.turn.state is None


def test_closing_and_reaching_the_end():
    assert Learner(TWO).type("Lou").pick("code").pick("fin").ended == Ended(None)
    assert Learner(TWO, page="essai2").ended == Ended(None)


def test_a_choice_without_any_button_left_moves_on():
    content = library("## a\nOui ?\n- [Là](absente.md)\n\n## b\nLa suite.\n`texte project.title max 5`\n")
    assert Learner(content).said == ["La suite."]


def test_conditions_choose_bubbles_buttons_and_moments():
    content = library("""## a
`si user.accord = f` Chère toi.
`si pas user.accord` Toi.
`choix x`
- Un `1` `si value.kept contient freedom`
- Deux `2` `si interest.highlights >= 2`
- Trois `3`

## b
`si x = 3`
Trois !
`texte project.title max 5`

## c
Après.
`texte project.title max 5`
""")
    facts = {"user.accord": "f", "value.kept": ["freedom"], "interest.highlights": ["make"]}
    lou = Learner(content, facts)
    assert (lou.said, lou.labels) == (["Chère toi."], ["Un", "Trois"])
    assert lou.pick("1").said == ["Après."]
    assert Learner(content).said == ["Toi."]
    assert Learner(content, {"interest.highlights": ["make", "create"]}).labels == ["Deux", "Trois"]
    assert Learner(content).pick("3").said == ["Trois !"]


def test_notes_set_append_open_and_empty():
    content = library("""## a
`value.kept = rien` `job.seen + {job.id}` `project.title = Mon projet`
Ça va ?
- Oui `yes` `consent.parent = pending` `job.seen + autre`

## b
Fini ?
- Oui
""")
    lou = Learner(content, {"value.kept": ["freedom"], "job.seen": ["x"]})
    assert lou.noted == {
        "value.kept": [],
        "project.title": "Mon projet",
    }  # job.id is unknown: nothing is added
    assert lou.pick("yes").noted == {"consent.parent": "pending", "job.seen": ["x", "autre"]}


def test_enums_and_yes_no_keep_only_what_they_know():
    content = library("""## a
Garder ?
`choix consent.self`
- D'accord `agree`
- Non merci `refuse`
- [Dis-m'en plus](#more) `more`

## b
Âge ?
`choix user.age_band`
- 12 ans `12`
- Autre `other`

## c
Fini ?
- Oui

## more
Voilà.
`va #a`
""")
    assert Learner(content).pick("more").noted == {}
    assert Learner(content).pick("refuse").noted == {"consent.self": False}
    lou = Learner(content).pick("agree")
    assert lou.noted == {"consent.self": True}
    assert lou.pick("other").noted == {}
    assert Learner(content).pick("agree").pick("12").noted == {"user.age_band": "12"}


RECORDS = library("""## open
`nouveau book.entries`
Une page.

## title
Le titre ?
`texte book.entries max 60`

## proud
Fier ?
`échelle book.entries.proud`
- Un peu `1`
- Très `5`

## end
Page « {book.entries.title} » : {book.entries.proud}.
- [Encore](#open)
- [Fini](#fin)
""")


def test_records_fill_the_open_element_under_the_field_or_the_moment():
    old = [{"title": "Ancienne"}]
    lou = Learner(RECORDS, {"book.entries": old})
    assert lou.noted == {}  # nothing is opened before something is written
    assert lou.type("Mon jeu").noted == {"book.entries": [{"title": "Ancienne"}, {"title": "Mon jeu"}]}
    assert lou.pick("5").noted == {"book.entries": [{"title": "Ancienne"}, {"title": "Mon jeu", "proud": 5}]}
    assert lou.said == ["Page « Mon jeu » : 5."]
    assert old == [{"title": "Ancienne"}]
    again = lou.pick("open").type("Deuxième")
    assert [entry["title"] for entry in again.facts["book.entries"]] == ["Ancienne", "Mon jeu", "Deuxième"]


def test_going_back_restores_values_and_shows_the_earlier_answer():
    lou = Learner(RECORDS).type("Mon jeu").pick("5")
    lou.give(Back())
    assert lou.noted == {"book.entries": [{"title": "Mon jeu"}]}
    assert (lou.said, lou.screen.kind, lou.screen.current) == (["Fier ?"], StepKind.SCALE, ("5",))
    lou.give(Back())
    assert lou.noted == {"book.entries": None}
    assert (lou.said, lou.screen.current) == (["Le titre ?"], ("Mon jeu",))
    lou.give(Back())
    assert (lou.said[0], lou.screen.current) == ("On est déjà au début.", ("Mon jeu",))
    assert lou.type("Autre").pick("1").facts["book.entries"] == [{"title": "Autre", "proud": 1}]


def test_going_back_then_skipping_leaves_no_trace_of_the_answer():
    lou = Learner(RECORDS).type("Mon jeu").give(Back()).give(Skipped()).give(Skipped())
    assert lou.facts["book.entries"] is None
    assert lou.said == ["Page « … » : …."]


def test_going_back_undoes_notes_of_buttons_and_of_the_next_moment():
    content = library("## a\nOui ?\n- Oui `yes` `job.seen + a`\n\n## b\n`job.seen + b`\nNon ?\n- Non `no`\n")
    lou = Learner(content, {"job.seen": ["z"]}).pick("yes")
    assert lou.facts["job.seen"] == ["z", "a", "b"]
    assert lou.give(Back()).noted == {"job.seen": ["z"]}
    assert lou.pick("yes").facts["job.seen"] == ["z", "a", "b"]


def test_a_skipped_step_notes_nothing_but_is_remembered():
    lou = Learner(TWO).give(Skipped())
    assert lou.noted == {}
    assert lou.said == ["Tu aimes quoi, … ?"]
    assert [(entry["m"], entry["k"]) for entry in lou.state.data["trail"]] == [("name", "skipped")]
    assert lou.give(Back()).screen.current == ()


def test_simple_says_the_last_bubbles_again_in_their_easy_version():
    lou = Learner(TWO).give(Simple())
    assert lou.said == ["Salut !", "Ton nom ?"]
    assert lou.screen.kind is StepKind.TEXT
    assert "plus simplement" in lou.type("Lou").give(Simple()).said[0]


def test_easy_reading_uses_easy_versions_always():
    lou = Learner(TWO, {"user.reading_mode": "falc"})
    assert lou.said == ["Salut !", "Ton nom ?"]
    assert lou.type("Lou").labels == ["Dessiner", "Coder", "Rien"]


def test_again_shows_the_question_and_the_screen():
    lou = Learner(TWO).type("Lou").give(Again())
    assert (lou.said, lou.labels, lou.noted) == (["Tu aimes quoi, Lou ?"], ["Dessiner", "Coder"], {})


def test_unknown_words_are_counted_in_a_row():
    lou = Learner(TWO).type("Lou")
    assert [lou.type("bof bof").misses, lou.type("euh").misses, lou.type("???").misses] == [1, 2, 3]
    assert lou.labels == ["Dessiner", "Coder"]
    assert lou.pick("inconnu").misses == 4
    assert lou.pick("draw").misses == 0
    assert lou.type("xyz").misses == 1


@pytest.mark.parametrize("words", ["coder", "Codder", "2", "la deuxième", "dernier", "je veux coder"])
def test_words_stand_for_buttons(words):
    assert Learner(TWO).type("Lou").type(words).said == ["Tu codes.", "La suite ?"]


@pytest.mark.parametrize(
    ("words", "moment"), [("passer", "like"), ("jsp", "like"), ("retour", "name"), ("simple", "name")]
)
def test_typed_commands_are_not_answers(words, moment):
    lou = Learner(TWO).type(words)
    assert lou.facts.get("user.first_name") is None
    assert lou.state.moment == moment


def test_the_words_of_a_button_win_over_commands():
    content = library(
        "## a\nAlors ?\n- Passer le permis `permis`\n- Retour `back`\n\n## b\nBien.\n`texte project.title max 5`\n"
    )
    assert Learner(content).type("retour").said == ["Bien."]


def test_too_long_and_empty_texts_are_refused_kindly():
    lou = Learner(TWO).type("x" * 11)
    assert lou.noted == {}
    assert "10" in lou.said[0]
    assert (lou.state.moment, lou.screen.max_chars) == ("name", 10)
    assert Learner(TWO).type(" \n\x00 ").noted == {}
    assert Learner(TWO).type("x" * 10).noted == {"user.first_name": "x" * 10}


def test_what_a_learner_writes_stays_inert():
    lou = Learner(TWO, words={"centre": "le centre"}).type("{centre}")
    assert lou.said == ["Tu aimes quoi, {centre} ?"]
    content = library(
        "## a\nQuoi ?\n`texte project.title max 200`\n\n## b\n{project.title} et {project.title}\n`texte project.words max 9`\n"
    )
    nasty = "{accord: a | b | c} {0.__class__} %s {{x}} `va #fin` [x](#fin)"
    assert Learner(content).type(nasty).said == [f"{nasty} et {nasty}"]


def test_entries_open_by_their_event_and_never_by_the_flow():
    content = library("""## a
Bonjour.

## later
`entrée day_after`
Alors, fait ?
- Oui
- Non

## b
La suite.
`texte project.title max 5`
""")
    assert Learner(content).said == ["Bonjour.", "La suite."]
    assert Learner(content, entry="day_after").said == ["Alors, fait ?"]
    assert Learner(content, entry="unknown").said == ["Bonjour.", "La suite."]
    assert Learner(content, entry="day_after").pick("oui").said == ["La suite."]


REPEATED = library("""## each
`pour chaque vie dans lives.list max 2`
« {vie.title} », ça te plaît ?
`échelle vie.joy`
- Un peu `1`
- À fond `5`

## end
Fini.
`texte project.title max 5`
""")


def test_a_moment_is_repeated_for_each_element():
    lives = [{"title": "Pilote"}, {"title": "Cheffe"}, {"title": "Trop"}]
    lou = Learner(REPEATED, {"lives.list": lives})
    assert lou.said == ["« Pilote », ça te plaît ?"]
    assert lou.pick("5").said == ["« Cheffe », ça te plaît ?"]
    assert lou.give(Back()).said == ["« Pilote », ça te plaît ?"]
    assert lou.facts["lives.list"] == lives
    assert lou.pick("1").pick("5").said == ["Fini."]
    assert lou.facts["lives.list"] == [
        {"title": "Pilote", "joy": 1},
        {"title": "Cheffe", "joy": 5},
        {"title": "Trop"},
    ]
    assert lou.give(Back()).said == ["« Cheffe », ça te plaît ?"]
    assert Learner(REPEATED).said == ["Fini."]


def test_a_repeat_over_words_gives_keys_to_a_map():
    content = library(
        """## each
`pour chaque v dans value.ranking max 2`
« {v} », c'est quoi ?
`texte value.definitions[v] max 40`

## end
Fini.
`texte project.title max 5`
""",
        decks=(deck("values", freedom="Faire à ma façon"),),
    )
    lou = Learner(content, {"value.ranking": ["freedom", "rire"]})
    assert lou.said == ["« Faire à ma façon », c'est quoi ?"]
    assert lou.type("Choisir").said == ["« rire », c'est quoi ?"]
    assert lou.type("Ha ha").facts["value.definitions"] == {"freedom": "Choisir", "rire": "Ha ha"}


def test_a_loop_of_moments_is_stopped():
    with pytest.raises(engine.EngineLoop):
        Learner(library("## a\nTic.\n`va #b`\n\n## b\nTac.\n`va #a`\n"))
    with pytest.raises(engine.EngineLoop):
        Learner(
            library(
                "## a\nOui ?\n- Oui\n\n## b\nTic.\n`va #c`\n\n## c\n`si jamais`\nRien.\n\n## d\n`va #b`\n"
            )
        ).pick("oui")


ERRAND = library("""## a
Un mot ?
`texte job.word max 20`

## find
`job.entry = word`
`faire pick_occupation`
- [found](#show)
- [unknown](#a)

## lost
On ne sait pas.
`va #a`

## show
{job.name} : on continue ?
`choix job.reactions[job.id].appeal`
- Oui `love`
- Bof `meh`

## end
Fini.
`texte project.title max 5`
""")


def test_an_errand_is_requested_with_its_inputs_and_its_outcome_branches():
    lou = Learner(ERRAND).type("mer")
    assert lou.request.errand == "pick_occupation"
    assert (
        lou.request.inputs["job.word"],
        lou.request.inputs["job.entry"],
        lou.request.inputs["job.seen"],
    ) == ("mer", "word", None)
    lou.bring("found", job__id="123", job__name="Marin")
    assert lou.said == ["Marin : on continue ?"]
    assert lou.noted == {}  # what an errand brings is not stored
    assert lou.pick("love").noted == {"job.reactions": {"123": {"appeal": "love"}}}
    assert Learner(ERRAND).type("mer").bring("unsure").said == ["On ne sait pas.", "Un mot ?"]
    assert Learner(ERRAND).type("mer").bring("unknown").said == ["Un mot ?"]


def test_while_an_errand_waits_everything_else_asks_for_it_again():
    for given in (Typed("oui"), Picked(("x",)), Back(), Skipped(), Again(), Simple(), Attached("m")):
        lou = Learner(ERRAND).type("mer").give(given)
        assert lou.turn.events == (Requested("pick_occupation", lou.request.inputs),)


def test_an_errand_is_not_done_twice_by_going_back():
    lou = Learner(ERRAND).type("mer").bring("found", job__id="1", job__name="Marin")
    lou.give(Back())
    assert lou.screen.current == ("mer",)
    lou.type("mer")
    assert lou.said == ["Marin : on continue ?"]  # same inputs: remembered, not requested
    lou.give(Back()).type("foot")
    assert lou.request.inputs["job.word"] == "foot"  # another input is another errand
    lou.bring("found", job__id="2", job__name="Gardien")
    assert lou.pick("meh").facts["job.reactions"] == {"2": {"appeal": "meh"}}


def test_something_brought_without_being_asked_changes_nothing():
    lou = Learner(TWO).type("Lou").give(Brought("found", {"job.id": "1"}))
    assert (lou.said, lou.noted) == (["Tu aimes quoi, Lou ?"], {})
    assert lou.state.data["brought"] == {}


def test_private_answers_are_marked():
    lou = Learner(library("## a\n`privé`\nSecret ?\n`texte project.words max 90`\n")).type("chut")
    assert [event for event in lou.turn.events if isinstance(event, Noted)] == [
        Noted("project.words", "chut", private=True)
    ]
    assert Learner(library("## a\n`privé`\nSecret ?\n`texte project.words max 90`\n")).screen.private


def test_going_back_many_times_comes_home():
    body = "".join(f"## m{n}\nQ{n} ?\n`texte value.definitions.k{n} max 9`\n\n" for n in range(12))
    lou = Learner(library(body))
    for number in range(11):
        lou.type(f"r{number}")
    for number in reversed(range(11)):
        lou.give(Back())
        assert lou.screen.current == (f"r{number}",)
    assert lou.facts["value.definitions"] is None
    assert lou.state.data["trail"] == []


def test_the_trail_is_bounded():
    body = (
        "".join(f"## m{n}\nQ{n} ?\n- Oui\n- Non\n\n" for n in range(engine.MAX_TRAIL + 20))
        + "## z\nZ ?\n- Oui\n"
    )
    lou = Learner(library(body))
    for _ in range(engine.MAX_TRAIL + 20):
        lou.pick("oui")
    assert len(lou.state.data["trail"]) == engine.MAX_TRAIL


# ---------------------------------------------------------------- versions of a page


def test_a_learner_stays_on_the_version_they_began():
    old_source = page_source("## a\nAncien ?\n- Oui\n\n## b\nAncienne suite ?\n- Oui\n")
    old = Learner(library("## a\nAncien ?\n- Oui\n\n## b\nAncienne suite ?\n- Oui\n")).state
    today = library("## a\nNouveau ?\n- Oui\n\n## b\nNouvelle suite ?\n- Oui\n")
    context = Learner(today).context
    with pytest.raises(engine.StaleState):
        engine.resume(today, old, {}, Picked(("oui",)), context)
    today.add_version(old_source)
    turn = engine.resume(today, old, {}, Picked(("oui",)), context)
    assert screen_of(turn).prompt == "Ancienne suite ?"
    assert turn.state is not None
    assert turn.state.digest == old.digest


def test_relocation_keeps_the_moment_its_answers_and_the_way_back():
    before = Learner(
        library(
            "## a\nUn ?\n`texte project.title max 9`\n\n## b\nDeux ?\n`choix x`\n- Oui\n- Non\n\n## c\nTrois ?\n- Oui\n"
        )
    )
    state = before.type("Jeu").pick("non").state
    today = library(
        "## a\nUn !\n`texte project.title max 9`\n\n## c\nTrois !\n`si x = non` Tu avais dit non.\n- Oui\n"
    )
    turn = engine.relocate(today, state, before.facts, before.context)
    assert turn.state is not None
    assert (turn.state.moment, turn.state.digest) == ("c", today.pages["essai"].digest)
    assert screen_of(turn).prompt == "Tu avais dit non."
    back = engine.resume(today, turn.state, before.facts, Back(), before.context)
    assert screen_of(back).current == ("Jeu",)


def test_relocation_goes_to_the_nearest_moment_answered_before_else_to_the_start():
    before = Learner(library("## a\nUn ?\n- Oui\n\n## b\nDeux ?\n- Oui\n\n## c\nTrois ?\n- Oui\n"))
    state = before.pick("oui").pick("oui").state
    nearest = engine.relocate(
        library("## z\nZut.\n\n## a\nUn !\n- Oui\n\n## b2\nDeux !\n- Oui\n"), state, {}, before.context
    )
    assert (nearest.state and nearest.state.moment, screen_of(nearest).prompt) == ("a", "Un !")
    start = engine.relocate(library("## debut\nTout neuf ?\n- Oui\n"), state, {}, before.context)
    assert screen_of(start).prompt == "Tout neuf ?"
    assert engine.relocate(Library({}, {}, Microcopy({})), state, {}, before.context).events == (Ended(),)


def test_relocation_does_not_open_a_second_record():
    lou = Learner(RECORDS).type("Mon jeu")
    turn = engine.relocate(RECORDS, lou.state, lou.facts, lou.context)
    assert turn.state is not None
    after = engine.resume(RECORDS, turn.state, lou.facts, Picked(("5",)), lou.context)
    assert Noted("book.entries", [{"title": "Mon jeu", "proud": 5}]) in after.events


def test_an_unknown_moment_is_stale():
    lou = Learner(TWO)
    for state in (
        State("essai", lou.state.digest, "perdu", {}),
        State("autre", lou.state.digest, "name", {}),
        State("essai", "0", "name", {}),
    ):
        with pytest.raises(engine.StaleState):
            engine.resume(TWO, state, {}, Again(), lou.context)
    with pytest.raises(KeyError):
        engine.start(TWO, "absente", {}, lou.context)


def test_the_recap_says_the_page_and_the_question():
    lou = Learner(TWO).type("Lou")
    assert engine.recap(TWO, lou.state, lou.facts) == ("Essai", "On en était à « Tu aimes quoi, Lou ? ».")
    long = Learner(library(f"## a\n{'mot ' * 60}?\n- Oui\n"))
    assert len(engine.recap(long.library, long.state, {})[1]) < 140
    spoken = Library(TWO.pages, {}, Microcopy({"recap.line": ("Ici : {moment}",)}))
    assert engine.recap(spoken, lou.state, {})[1] == "Ici : tu aimes quoi, Lou ?"


def test_inputs_never_change_the_state_they_were_given():
    lou = Learner(RECORDS).type("Mon jeu")
    state = lou.state
    frozen = json.dumps(state.to_json(), sort_keys=True)
    for given in (Picked(("5",)), Back(), Simple(), Typed("zut"), Skipped()):
        engine.resume(RECORDS, state, lou.facts, given, lou.context)
        assert json.dumps(state.to_json(), sort_keys=True) == frozen


def test_the_same_turn_twice_is_the_same_turn():
    page, _ = parse(page_source("## a\nOui ?\n- Oui\n"), "essai")
    assert page is not None
    lou = Learner(TWO).type("Lou")
    first, second = (
        engine.resume(TWO, lou.state, lou.facts, Picked(("draw",)), lou.context) for _ in range(2)
    )
    assert first == second


def test_relocation_does_not_repeat_the_notes_of_the_moment():
    content = library(
        "## a\n`nouveau book.entries` `job.seen + x`\nTitre ?\n`texte book.entries.title max 9`\n"
    )
    lou = Learner(content)
    turn = engine.relocate(content, lou.state, {"job.seen": []}, lou.context)
    assert not [event for event in turn.events if isinstance(event, Noted)]


def test_a_question_without_words_does_not_repeat_the_one_before():
    lou = Learner(library("## a\nUn ?\n- Oui\n\n## b\n- Non\n")).pick("oui")
    assert (lou.screen.prompt, lou.said) == ("", [])
    assert lou.give(Again()).said == []


def test_records_erased_meanwhile_do_not_come_back_as_holes():
    lou = Learner(RECORDS, {"book.entries": [{"title": "A"}, {"title": "B"}]}).type("C")
    lou.facts["book.entries"] = []
    assert lou.pick("5").noted == {"book.entries": [{"proud": 5}]}
    assert lou.give(Back()).facts["book.entries"] in ([], None)


def test_an_errand_brought_back_does_not_change_the_state_it_was_given():
    lou = Learner(ERRAND).type("mer")
    state = lou.state
    frozen = json.dumps(state.to_json(), sort_keys=True)
    engine.resume(ERRAND, state, {}, Brought("found", {"job.id": "1", "job.name": "Marin"}), lou.context)
    assert json.dumps(state.to_json(), sort_keys=True) == frozen


def test_a_repeated_moment_leaves_by_its_own_exit_after_the_last_round():
    content = library("""## each
`pour chaque o dans decision.options max 3`
{o.name} ?
`échelle o.joy`
- Un peu `1`
- [Stop](#fin) `stop`

`va #end`

## never
Jamais.

## end
Fini.
- Oui
""")
    facts = {"decision.options": [{"name": "A"}, {"name": "B"}]}
    assert Learner(content, facts).pick("1").pick("1").said == ["Fini."]
    assert Learner(content, facts).pick("1").give(Skipped()).said == ["Fini."]
    assert Learner(content, facts).pick("stop").ended == Ended(None)
    assert Learner(content).said == ["Jamais.", "Fini."]
