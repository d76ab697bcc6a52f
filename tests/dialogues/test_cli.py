"""The author's command line."""

import shutil
from pathlib import Path

import pytest

from dialogues import library
from dialogues.__main__ import main

CONTENT = library.CONTENT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "fr"
    shutil.copytree(CONTENT, copy)
    return copy


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def typing(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    left = list(lines)

    def ask(_prompt: str) -> str:
        if not left:
            raise EOFError
        return left.pop(0)

    monkeypatch.setattr("builtins.input", ask)


def test_check_sums_up_and_gives_no_error_on_shipped_pages(capsys):
    assert main(["check"]) == 0
    assert "aucune erreur" in capsys.readouterr().out


def test_check_strict_refuses_advice(capsys):
    assert main(["check", "--strict"]) == 1
    assert "D023" in capsys.readouterr().out


def test_check_says_where_code_and_sentence(folder, capsys):
    page = folder / "book_entry.md"
    page.write_text(
        page.read_text(encoding="utf-8").replace("Le titre de ta page ?", "Votre titre ?"), encoding="utf-8"
    )
    line = page.read_text(encoding="utf-8").splitlines().index("Votre titre ?") + 1
    for what in (folder, page):
        assert main(["check", str(what)]) == 1
        assert f"fr/book_entry.md:{line} D025 On tutoie : remplace « Votre »." in capsys.readouterr().out


def test_check_of_something_else_is_a_clear_error(tmp_path, capsys):
    assert main(["check", "perdue"]) == 2
    assert "perdue" in capsys.readouterr().err
    assert main(["check", str(tmp_path)]) == 2
    assert "decks" in capsys.readouterr().err


def test_draw_gives_mermaid_or_a_picture(tmp_path, capsys):
    assert main(["draw", "book_entry"]) == 0
    assert capsys.readouterr().out.startswith("flowchart TD")
    assert main(["draw", "book_entry", "--svg", "-o", str(tmp_path / "x.svg")]) == 0
    assert (tmp_path / "x.svg").read_text(encoding="utf-8").startswith("<svg ")


def test_walk_reports_each_page(capsys):
    assert main(["walk", "--paths", "2"]) == 0
    said = capsys.readouterr().out
    assert "book_entry : 2 chemins" in said
    assert "Chaque chemin finit." in said


def test_diff_compares_two_files(folder, tmp_path, capsys):
    new = tmp_path / "new.md"
    text = (folder / "book_entry.md").read_text(encoding="utf-8")
    new.write_text(text.replace("Le titre de ta page ?", "Son titre ?"), encoding="utf-8")
    assert main(["diff", str(folder / "book_entry.md"), str(new)]) == 0
    assert "« Le titre de ta page ? » devient « Son titre ? »" in capsys.readouterr().out
    assert main(["diff", str(new), str(new)]) == 0
    assert capsys.readouterr().out == "Rien ne change pour le jeune.\n"


def test_play_goes_on_until_the_author_leaves(monkeypatch, capsys):
    typing(monkeypatch, "2", "Lou", "[reprendre]", "[quitter]")
    assert main(["play", "onboarding_consent"]) == 0
    said = capsys.readouterr().out
    assert "Quand je te parle, j'accorde comment ?" in said
    assert "user.first_name : Lou" in said


def test_record_writes_a_transcript_with_the_words_of_buttons(monkeypatch, tmp_path, capsys):
    typing(monkeypatch, "4")
    assert main(["record", "onboarding_consent", "trop_grand", "--titre", "Pas le bon âge"]) == 0
    text = (tmp_path / "tests/transcripts/onboarding_consent/trop_grand.txt").read_text(encoding="utf-8")
    assert text.startswith("# Pas le bon âge\n# page onboarding_consent ")
    assert "\n> Un autre âge\n" in text
    assert text.rstrip().endswith("(fin)")
    assert "trop_grand.txt" in capsys.readouterr().out


def test_lines_of_the_head_may_be_given(monkeypatch, capsys):
    typing(monkeypatch)
    assert main(["play", "action_plan", "--ligne", "entrée track"]) == 0
    assert "C'était pour aujourd'hui" in capsys.readouterr().out


def test_a_damaged_page_cannot_be_played(tmp_path, capsys):
    (tmp_path / "x.md").write_text("# X\n\n## a\n`demande`\n", encoding="utf-8")
    assert main(["play", str(tmp_path / "x.md")]) == 2
    assert "demande" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--help"], ["check", "--help"], ["record", "-h"]])
def test_help_is_in_french(arguments, capsys):
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    said = capsys.readouterr().out
    assert stop.value.code == 0
    assert said.startswith("emploi : ")
    assert not any(word in said for word in ("usage", "positional", "show this", "exit"))


@pytest.mark.parametrize("arguments", [[], ["perdu"], ["record"], ["walk", "--paths", "x"]])
def test_a_wrong_command_is_told_in_french(arguments, capsys):
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("Je n'ai pas compris cette commande.")
    assert "invalid" not in said


def test_what_cannot_be_written_or_read_is_one_sentence(tmp_path, capsys):
    assert main(["draw", "book_entry", "-o", str(tmp_path / "nowhere" / "x.svg")]) == 2
    assert capsys.readouterr().err.startswith("Je ne peux pas lire ou écrire")


def test_a_walk_of_no_path_is_refused(capsys):
    assert main(["walk", "book_entry", "--paths", "0"]) == 2
    assert "au moins un chemin" in capsys.readouterr().err


def test_a_page_in_another_encoding_is_said_once(folder, capsys):
    page = folder / "book_entry.md"
    page.write_bytes(page.read_text(encoding="utf-8").encode("cp1252", errors="replace"))

    assert main(["check", str(page)]) == 1
    said = capsys.readouterr().out
    assert "pas en UTF-8" in said
    assert "1 page lue : 1 erreur" in said
    assert main(["check", str(folder)]) == 1
    assert capsys.readouterr().out.count("pas en UTF-8") == 1
    assert main(["play", str(page)]) == 2
    assert "pas en UTF-8" in capsys.readouterr().err


def test_record_never_covers_a_story(monkeypatch, tmp_path, capsys):
    (tmp_path / "kept.txt").write_text("precious")
    typing(monkeypatch, "[quitter]")

    assert main(["record", "book_entry", "kept.txt"]) == 2
    assert "existe déjà" in capsys.readouterr().err
    assert (tmp_path / "kept.txt").read_text() == "precious"


def test_play_is_left_with_the_keyboard(monkeypatch):
    def interrupt(_prompt: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("builtins.input", interrupt)

    assert main(["play", "book_entry"]) == 0


@pytest.mark.parametrize(
    "words", ["Ton {user.first_name ?", "Ton **titre** ?", "Ton <b>titre</b> ?", "‘texte book.entries.title’"]
)
def test_what_was_meant_for_the_machine_is_not_read_by_a_teenager(folder, capsys, words):
    page = folder / "book_entry.md"
    page.write_text(
        page.read_text(encoding="utf-8").replace("Le titre de ta page ?", words), encoding="utf-8"
    )

    assert main(["check", str(page)]) == 1
    assert "D050" in capsys.readouterr().out
