"""What two versions of a page change for the learner."""

import pytest

from dialogues import diff
from dialogues.parse import parse

OLD = (
    "# T\n`page p` `tâche exploration` `champ soi` `durée 2 min` `âge 12-18`\n\n"
    "## a\nUn ?\n`choix x`\n- [Oui](#c) `yes`\n- Non `no`\n\n"
    "## b\nDeux.\n\n"
    "## c\nTrois.\n`texte mot max 20`\n"
)


def changes(old: str, new: str) -> list[str]:
    pages = [OLD.replace(old, each) for each in (old, new)]
    before, after = (parse(page, "p.md")[0] for page in pages)
    assert before is not None
    assert after is not None
    return diff.differences(before, after)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("# T", "# U", "Le titre « T » devient « U »."),
        ("durée 2 min", "durée 3 min", "La durée annoncée passe de 2 à 3 min."),
        ("âge 12-18", "âge 13-18", "L'âge passe de 12-18 à 13-18 ans."),
        ("Un ?", "Une ?", "a : « Un ? » devient « Une ? »."),
        ("Deux.", "Deux.\n\nEt demi.", "b : dit aussi « Et demi. »."),
        ("Deux.", "Deux.\n`simple` 2.", "b : en textes très simples, « Deux. » se dit « 2. »."),
        ("Deux.", "`si x` Deux.", "b : « Deux. » se dit maintenant si x."),
        ("## b\n", "## b\n`si x = yes`\n", "b : s'ouvre maintenant si x = yes (avant : toujours)."),
        ("Deux.", "Deux.\n`va #fin`", "b : mène ensuite à la fin (avant : au moment suivant)."),
        ("- Non `no`", "- Jamais `no`", "a : le bouton [Non] s'appelle maintenant [Jamais]."),
        ("- Non `no`", "- Non `no`\n- Bof `meh`", "a : nouveau bouton [Bof], qui mène au moment suivant."),
        ("- Non `no`\n", "", "a : le bouton [Non] disparaît."),
        ("(#c)", "(#b)", "a : le bouton [Oui] mène à « b » (avant : à « c »)."),
        ("- Non `no`", "- Non `no` `si x`", "a : le bouton [Non] se montre si x."),
        ("- Non `no`", "- Non `no`\n  Bien.", "a : à [Non], le robot répond « Bien. »."),
        ("max 20", "max 40", "c : la question « text mot 20 » devient « text mot 40 »."),
        ("`texte mot", "`privé`\n`texte mot", "c : la réponse devient privée."),
        ("## b\n", "## bb\n", "Le moment « b » s'appelle maintenant « bb »."),
        (
            "## b\nDeux.\n\n",
            "",
            "Le moment « b » disparaît (« Deux. »). Qui s'y était arrêté reprend juste avant.",
        ),
        ("## b\n", "## z\nZut.\n\n## b\n", "Nouveau moment « z » (« Zut. »)."),
    ],
)
def test_a_change_is_said_in_one_sentence(old, new, said):
    assert changes(old, new) == [said]


def test_notes_for_colleagues_change_nothing():
    assert changes("## b\n", "## b\n> Une note.\n\n") == []


def test_the_same_page_has_no_difference():
    assert changes("## b\n", "## b\n") == []
