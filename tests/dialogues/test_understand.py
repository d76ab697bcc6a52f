import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogues.events import Option
from dialogues.understand import ALSO, WORDS, Command, allowed, choose, command, fold, interpret


def options(*labels, **keyed):
    return [Option(f"k{number}", label) for number, label in enumerate(labels, 1)] + [
        Option(key, label) for key, label in keyed.items()
    ]


def test_folding_ignores_case_accents_marks_and_stretched_letters():
    assert fold("  C’est TROP Compliqué !!! 😅 ") == "c est trop complique"
    assert fold("Ouiiiii") == "oui"
    assert fold("Œuvre") == "oeuvre"
    assert fold("en 2000, 999 fois") == "en 2000 999 fois"
    assert fold("…?!") == ""


@pytest.mark.parametrize(
    ("word", "slips"),
    [("sos", 0), ("menu", 1), ("pauses", 1), ("ecouter", 2), ("parler a quelqu un", 2), ("lis", 0)],
)
def test_slips_forgiven_by_length(word, slips):
    assert allowed(word) == slips


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        # §5.2, word for word
        ("menu", "menu"),
        ("accueil", "menu"),
        ("début", "menu"),
        ("pause", "pause"),
        ("plus tard", "pause"),
        ("stop pour l'instant", "pause"),
        ("passer", "skip"),
        ("skip", "skip"),
        ("jsp", "skip"),
        ("je sais pas", "skip"),
        ("retour", "back"),
        ("annuler", "back"),
        ("oups", "back"),
        ("simple", "simple"),
        ("c'est compliqué", "simple"),
        ("pas compris", "simple"),
        ("écouter", "listen"),
        ("audio", "listen"),
        ("lis", "listen"),
        ("humain", "human"),
        ("parler à quelqu'un", "human"),
        ("coach", "human"),
        ("SOS", "sos"),
        ("au secours", "sos"),
        ("help", "sos"),
        ("urgence", "sos"),
        ("mes données", "data"),
        ("effacer", "data"),
        ("rgpd", "data"),
        ("supprimer", "data"),
        ("stop", "stop"),
        ("désabonner", "stop"),
        ("laisse-moi", "stop"),
        # as teenagers write
        ("MENU !!", "menu"),
        ("mneu", "menu"),
        ("acueil", "menu"),
        ("debu", "menu"),
        ("pauze", "pause"),
        ("ppause", "pause"),
        ("plutard", "pause"),
        ("plus tars", "pause"),
        ("paser", "skip"),
        ("passé", "skip"),
        ("skipp", "skip"),
        ("chais pas", "skip"),
        ("j'sais pas", "skip"),
        ("jsais pas trop", "skip"),
        ("je sait pas", "skip"),
        ("Jsp mdr", None),
        ("idk", "skip"),
        ("retoure", "back"),
        ("retuor", "back"),
        ("anuler", "back"),
        ("oupss", "back"),
        ("oupsss", "back"),
        ("cest compliké", "simple"),
        ("C’est compliqué 😩", "simple"),
        ("g pas compris", "simple"),
        ("pas comprit", "simple"),
        ("simpl", "simple"),
        ("écoutér", "listen"),
        ("ecoutr", "listen"),
        ("humin", "human"),
        ("umain", "human"),
        ("parlé à quelqun", "human"),
        ("parler a qqn", "human"),
        ("coatch", "human"),
        ("SOSSSSS", "sos"),
        ("S.O.S.", "sos"),
        ("s o s", "sos"),
        ("urgance", "sos"),
        ("o secours", "sos"),
        ("mes donées", "data"),
        ("mes donnee", "data"),
        ("éfacer", "data"),
        ("suprimer", "data"),
        ("suprimé", "data"),
        ("stopp", "stop"),
        ("laisse moi stp", "stop"),
        ("desaboner", "stop"),
        ("menu stp", "menu"),
        ("euh retour", "back"),
    ],
)
def test_commands(text, meaning):
    found = command(text)
    assert (found.value if found else None) == meaning


@pytest.mark.parametrize(
    "text",
    ["sos je vais pas bien", "aidez-moi SOS", "j'ai besoin d'aide au secours", "AU SECOURS vite", "Sos?"],
)
def test_a_call_for_help_is_heard_inside_a_sentence(text):
    assert command(text) is Command.SOS


@pytest.mark.parametrize(
    "text",
    [
        "le menu du resto",
        "j'aime coacher une équipe",
        "coach sportif",
        "je veux faire une pause dans mes études",
        "stop motion",
        "passer mon permis",
        "un retour en arrière dans le temps c'est mon projet",
        "être plus humain",
        "simple comme bonjour",
        "hello",
        "salut",
        "la cause animale",
        "step",
        "shop",
        "un venu",
        "ingénieur audio du son",
        "écouter les gens",
        "supprimer les voitures",
        "tasse",
        "classe",
        "poser",
        "oui",
        "non",
        "ok",
        "2",
        "",
        "   ",
        "😅",
        "prof de sosie",
        "sosie",
        "désossé",
        "help-desk informatique",
        "lisa",
        "urgentiste",
        "skier",
    ],
)
def test_other_words_and_longer_sentences_are_no_commands(text):
    assert command(text) is None


@given(st.sampled_from([word for words in WORDS.values() for word in words]), st.data())
def test_one_slip_in_a_command_of_seven_letters_never_means_another(word, data):
    if len(word) < 7:
        return
    place = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from(string.ascii_lowercase))
    meaning = next(one for one, words in WORDS.items() if word in words)
    assert command(word[:place] + letter + word[place + 1 :]) in (meaning, None)


@given(st.text(max_size=80))
def test_any_text_is_read_without_raising(text):
    known = options("Oui", "Non", text)
    assert command(text) in {None, *WORDS}
    assert choose(text, known) in {None, *(option.key for option in known)}
    interpret(text, options("Filmer", "Coder"))


def test_every_word_list_is_already_folded_and_belongs_to_one_command():
    words = [word for table in (WORDS, ALSO) for listed in table.values() for word in listed]
    assert [word for word in words if fold(word) != word] == []
    assert len(words) == len(set(words))


ACTIVITIES = options(
    film="Filmer et monter une courte vidéo",
    robot="Monter un petit robot",
    draw="Dessiner une affiche ou un logo",
)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("filmer", "film"),
        ("Filmé", "film"),
        ("la vidéo", "film"),
        ("videos", "film"),
        ("robo", "robot"),
        ("petit robot", "robot"),
        ("dessin", "draw"),
        ("dessinner", "draw"),
        ("une afiche", "draw"),
        ("logo", "draw"),
        ("filmer et monter une courte video", "film"),
        ("1", "film"),
        ("2", "robot"),
        ("n°3", "draw"),
        ("le 2", "robot"),
        ("la deuxième", "robot"),
        ("2eme", "robot"),
        ("2e", "robot"),
        ("le premier", "film"),
        ("la 1re", "film"),
        ("dernier", "draw"),
        ("la dernière", "draw"),
        ("troisième", "draw"),
        ("deux", "robot"),
        ("option 3", "draw"),
        ("je veux filmer", "film"),
        ("monter", "robot"),
        ("4", None),
        ("0", None),
        ("bof", None),
        ("", None),
        ("robot ou logo", None),
    ],
)
def test_words_for_one_of_several_buttons(text, key):
    assert choose(text, ACTIVITIES) == key


ANSWER = options(yes="Oui, montre", lab="Essayer en lab", no="Non")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("oui", "yes"),
        ("ouais", "yes"),
        ("Ouaiiis !", "yes"),
        ("wi", "yes"),
        ("ok", "yes"),
        ("okay", "yes"),
        ("d'acc", "yes"),
        ("daccord", "yes"),
        ("vas-y", "yes"),
        ("carrément", "yes"),
        ("bah oui", "yes"),
        ("go", "yes"),
        ("c'est parti", "yes"),
        ("non", "no"),
        ("nan", "no"),
        ("nn", "no"),
        ("Nooon", "no"),
        ("nope", "no"),
        ("non merci", "no"),
        ("pas maintenant", "no"),
        ("pas envie", "no"),
        ("jamais", "no"),
        ("lab", "lab"),
        ("esayer", "lab"),
        ("montre", "yes"),
        ("je sais plus", None),
    ],
)
def test_yes_and_no(text, key):
    assert choose(text, ANSWER) == key


def test_yes_means_nothing_where_no_button_means_yes():
    assert choose("oui", options("Rouge", "Bleu")) is None
    assert choose("ouais", options(agree="D'accord", refuse="Non merci", more="Dis-m'en plus")) == "agree"
    assert choose("nan", options(agree="D'accord", refuse="Non merci", more="Dis-m'en plus")) == "refuse"


def test_short_sentences_around_a_label():
    assert choose("je prends les métiers", options("Les métiers", "Les études")) == "k1"
    assert choose("je veux coder", options("Coder", "Dessiner")) == "k1"
    assert choose("je veux pas coder", options("Coder", "Dessiner")) is None


def test_numbers_written_on_buttons_win_over_positions():
    years = options("12 ans", "13 à 15 ans", "16 à 18 ans")
    assert [choose(text, years) for text in ("12", "13", "16", "16 ans", "2")] == [
        "k1",
        "k2",
        "k3",
        "k3",
        "k2",
    ]
    stages = options("1re ou 2e", "3e", "4e", "5e")
    assert [choose(text, stages) for text in ("3e", "4e", "5e", "1re")] == ["k2", "k3", "k4", "k1"]


def test_the_same_label_twice_is_ambiguous():
    assert choose("oui", options("Oui", "Oui")) is None


def test_reading_in_the_right_order():
    screen = options("Plus tard", "Coach", "Passer", "SOS")
    assert interpret("plus tard", screen) == "k1"
    assert interpret("coach", screen) == "k2"
    assert interpret("sos", screen) is Command.SOS
    assert interpret("plus tard", options("Oui")) is Command.PAUSE
    assert interpret("retour", options("Retourner la crêpe")) is Command.BACK
    assert interpret("zut", screen) is None


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("oui c'est ça", "yes"),
        ("bah un peu", "partly"),
        ("non c'est pas ça", "no"),
        ("oui non", None),
        ("ah", None),
    ],
)
def test_a_word_before_the_answer_is_let_go(typed, key):
    options = (Option("yes", "C'est ça"), Option("partly", "Un peu"), Option("no", "Pas du tout"))
    assert choose(typed, options) == key
