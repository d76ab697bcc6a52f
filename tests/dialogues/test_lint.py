"""The check: all problems at once, and only true ones."""

from dialogues import library, lint
from dialogues.lint_rules import RULES, is_error

HEAD = "# T\n`page p` `tâche exploration` `champ soi` `durée 2 min` `âge 12-18`\n> Intention : i.\n\n"


def found(body: str, **given) -> list[tuple[int, str]]:
    return [
        (each.line, each.code) for each in lint.check_source(HEAD + body, "p.md", library.load(), **given)
    ]


def test_shipped_pages_have_no_error():
    report = lint.check_folder()
    assert [str(each) for each in report.problems if is_error(each)] == []
    assert report.pages == len(library.load().pages)


def test_all_problems_come_at_once_in_the_order_of_lines():
    body = (
        "## a\nVous venez ?\n`choix`\n- [Oui](#perdu) `x`\n- Non `x`\n\n"
        "## a\n`texte user.couleur max 20`\n\n"
        "## c\n`réactions interest.item_ratings depuis paquet 3`\n"
    )
    problems = found(body)
    assert problems == sorted(problems)
    assert {code for _, code in problems} >= {"D025", "D009", "D008", "D007", "D016", "D017"}


def test_problems_do_not_hide_those_of_a_page_that_cannot_be_read():
    assert {code for _, code in found("## a\n`demande x`\nVous venez ?\n")} == {"D004", "D025"}


def test_a_rendez_vous_is_no_vous():
    assert found("## a\nOn prend rendez-vous ?\n`choix`\n- Oui `yes`\n- Non `no`\n") == []


def test_exclusive_bubbles_count_once():
    body = "## a\n`si x` Un.\n`si pas x` Deux.\n\n## b\nTrois.\n\n## c\nOn y va ?\n`choix x`\n- Oui `yes`\n- Non `no`\n"
    assert found(body) == []


def test_exclusive_moments_count_once():
    ask = "## c\nOn y va ?\n`choix x`\n- [Oui](#a) `yes`\n- [Non](#fin) `no`\n"
    body = f"## a\n`si x = yes`\nUn.\n\n## b\n`si x = no`\nDeux.\n\n## bb\nTrois.\n\n{ask}"
    assert found(body) == []
    assert {code for _, code in found(body.replace("`si x = no`\n", ""))} == {"D028"}


def test_a_circle_without_a_question_is_a_stuck_learner():
    body = "## a\nUn ?\n`choix x`\n- [Oui](#b) `yes`\n- [Non](#fin) `no`\n\n## b\n`si x`\n`va #c`\n\n## c\n`va #b`\n"
    assert "D011" in {code for _, code in found(body)}


def test_a_repeated_moment_is_no_circle():
    body = "## a\n`pour chaque x dans job.seen max 3`\nEt {x} ?\n`texte mot max 20`\n"
    assert found(body) == []


def test_words_swallowed_by_a_note_are_reported_where_they_are():
    assert (7, "D049") in found("## a\n> note\nUne bulle perdue.\n\nUne autre.\n")


def test_a_damaged_deck_is_reported_with_its_file(tmp_path):
    (tmp_path / "decks").mkdir()
    (tmp_path / "decks" / "x.toml").write_text("order = [", encoding="utf-8")
    report = lint.check_folder(tmp_path)
    assert report.errors >= 1
    assert any(each.where.endswith("x.toml") for each in report.problems)


def test_transcripts_are_asked_for_and_must_be_of_this_version(tmp_path):
    page = "## a\nBonjour.\n"
    assert {code for _, code in found(page, transcripts=tmp_path)} == {"D042"}
    story = tmp_path / "p" / "s.txt"
    story.parent.mkdir()
    story.write_text("# T\n# page p 000000000000\n", encoding="utf-8")
    assert {code for _, code in found(page, transcripts=tmp_path)} == {"D043"}


def test_every_sentence_is_french_and_ends():
    assert all(
        rule.sentence.rstrip("}").rstrip().endswith((".", "?", ":", "{text")) for rule in RULES.values()
    )
