from pathlib import Path

import pytest

from dialogues.library import LibraryError, load
from dialogues.ports import PORTS
from dialogues.profile import NEVER_STORED, VARIABLES, Kind, Retention, fits, is_stored
from tests.dialogues.playing import page_source

SPEC = Path(__file__).parents[3] / "shared" / "spec" / "guidance-content.md"
PAGE = page_source("## a\nOui ?\n`choix skill.next`\n- Chercher `info`\n- Créer `content`\n", "essai")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "decks").mkdir()
    (tmp_path / "essai.md").write_text(PAGE, encoding="utf-8")
    (tmp_path / "decks" / "values.toml").write_text(
        'kind = "value"\norder = ["fun", "freedom"]\n[cards.freedom]\ntext = "Faire à ma façon"\nemoji = "🕊"\n[cards.fun]\ntext = "Rire"\ndrive = "make"\n',
        encoding="utf-8",
    )
    (tmp_path / "microcopy.toml").write_text(
        'hello = "Salut {name} !"\nbye = ["Un", "Deux", "Trois"]\n"reaction.love" = "Trop bien"\n[date]\ntonight = "Ce soir"\n',
        encoding="utf-8",
    )
    return tmp_path


def problems_of(folder):
    with pytest.raises(LibraryError) as caught:
        load(folder)
    return {(problem.where, problem.code) for problem in caught.value.problems}


def test_a_folder_becomes_pages_decks_and_phrases(folder):
    library = load(folder)
    assert list(library.pages) == ["essai"]
    assert list(library.decks["values"].cards) == ["fun", "freedom"]
    assert library.decks["values"].kind == "value"
    card = library.decks["values"].cards["freedom"]
    assert (card.text, card.drive, card.extra) == ("Faire à ma façon", None, {"emoji": "🕊"})
    assert library.microcopy.say("hello", name="{name}") == "Salut {name} !"
    assert library.microcopy.say("hello") == "Salut … !"
    assert (library.microcopy.say("reaction.love"), library.microcopy.say("date.tonight")) == (
        "Trop bien",
        "Ce soir",
    )


def test_variants_are_stable_and_all_used(folder):
    say = load(folder).microcopy.say
    assert say("bye", "lou") == say("bye", "lou")
    assert {say("bye", str(seed)) for seed in range(40)} == {"Un", "Deux", "Trois"}
    with pytest.raises(KeyError):
        say("absente")


def test_an_authors_guide_beside_the_pages_is_no_page(folder):
    (folder / "README.md").write_text("# Écrire une page\n\n## Les mots\n\n| a | b |\n", encoding="utf-8")
    assert list(load(folder).pages) == ["essai"]


def test_all_problems_of_all_files_come_at_once(folder):
    (folder / "cassee.md").write_text(page_source("## a\n`choux`\n", "autre_nom"), encoding="utf-8")
    (folder / "mal_nommee.md").write_text(page_source("## a\nOui.\n", "vrai_nom"), encoding="utf-8")
    (folder / "latin.md").write_bytes("# é".encode("latin-1"))
    (folder / "decks" / "vide.toml").write_text("", encoding="utf-8")
    (folder / "decks" / "ordre.toml").write_text(
        'order = ["x"]\n[cards.a]\ntext = "A"\n[cards.b]\nleft = "seul"\n', encoding="utf-8"
    )
    (folder / "decks" / "casse.toml").write_text("[cards", encoding="utf-8")
    (folder / "microcopy.toml").write_text('vide = ""\nnombre = 3\n', encoding="utf-8")
    assert problems_of(folder) == {
        ("cassee.md", "unknown_code"),
        ("mal_nommee.md", "page_name"),
        ("latin.md", "encoding"),
        ("vide.toml", "deck_empty"),
        ("ordre.toml", "deck_order"),
        ("ordre.toml", "card"),
        ("casse.toml", "toml"),
        ("casse.toml", "deck_empty"),
        ("microcopy.toml", "microcopy"),
    }


def test_older_versions_stay_reachable(folder):
    library = load(folder)
    today = library.pages["essai"].digest
    old = library.add_version(PAGE.replace("Oui", "Non"))
    assert old.digest != today
    assert library.page("essai", old.digest) is old
    assert library.version(today) is library.pages["essai"]
    assert library.page("essai") is library.pages["essai"]
    assert library.page("essai", "0") is None
    assert library.page("autre", today) is None
    with pytest.raises(LibraryError):
        library.add_version("rien")


def test_keys_have_the_words_of_their_button_or_card(folder):
    library = load(folder)
    assert library.label("skill.next", "info") == "Chercher"
    assert library.label("value.ranking", "fun") == "Rire"
    assert library.label("value.ranking", "à moi") is None


def test_every_variable_of_the_profile_has_a_kind_and_an_end():
    assert len(VARIABLES) > 100
    assert VARIABLES["support.flags"].restricted
    assert VARIABLES["support.flags"].retention is Retention.SUPPORT
    assert VARIABLES["interest.self_correction"].retention is Retention.FREE_TEXT
    assert {VARIABLES[name].kind for name in ("book.entries", "action.list", "pride.stories")} == {
        Kind.RECORDS
    }
    assert all(variable.name == name for name, variable in VARIABLES.items())
    assert [name for name in VARIABLES if is_stored(name) and name.count(".") != 1] == []


def test_what_errands_bring_is_never_stored():
    brought = {name for port in PORTS.values() for name in port.brings}
    assert not [name for name in brought if is_stored(name)]
    assert not is_stored("inconnue")
    assert not is_stored("x.y")
    assert is_stored("book.entries")


def test_errands_only_ask_for_declared_variables():
    assert [name for port in PORTS.values() for name in port.inputs if name not in VARIABLES] == []


def test_nothing_forbidden_is_a_variable():
    assert [name for name in VARIABLES if name.partition(".")[2] in NEVER_STORED] == []


def test_an_enum_keeps_only_its_values():
    assert fits("user.age_band", "12")
    assert not fits("user.age_band", "a12")
    assert fits("project.words", "n'importe quoi")


@pytest.mark.shared
def test_every_variable_of_the_schema_is_declared():
    if not SPEC.exists():
        pytest.skip("the study material is not beside the project")
    block = SPEC.read_text(encoding="utf-8").split("```yaml profile_schema\n")[1].split("```")[0]
    schema = dict(line.split(": ", 1) for line in block.splitlines() if line.strip())
    assert sorted(set(schema) - set(VARIABLES)) == []
    assert [
        name for name, row in schema.items() if "restricted: true" in row and not VARIABLES[name].restricted
    ] == []
