"""The author's guide: every rule has an example that triggers it, and its good examples are clean."""

import re
from pathlib import Path

import pytest

from dialogues import library, lint
from dialogues.lint_rules import RULES

GUIDE = library.CONTENT / "guide-auteur.md"
_BLOCK = re.compile(r"^```page(?: (?P<code>D\d{3}))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_HEAD = (
    "# Exemple\n"
    "`page exemple` `tâche exploration` `champ soi` `durée 2 min` `âge 12-18`\n"
    "> Intention : un exemple.\n\n"
)
_TAIL = "\n## dernier\nÀ bientôt.\n`va #fin`\n"
BLOCKS = [
    pytest.param(found["code"], found["text"], id=f"{found['code'] or 'good'}-{number}")
    for number, found in enumerate(_BLOCK.finditer(GUIDE.read_text(encoding="utf-8")))
]
# One mistake that shows twice: no page left means pages missing, an unread `pour chaque` names nothing…
TOGETHER = {"D001": {"D046"}, "D024": {"D023"}, "D044": {"D036"}}


@pytest.fixture(scope="module")
def shipped() -> library.Library:
    return library.load()


def codes(code: str | None, text: str, shipped: library.Library, folder: Path) -> set[str]:
    fragment = text.startswith("## ")
    transcripts = folder if code in ("D042", "D043") else None
    if code == "D043":
        (folder / "changee").mkdir()
        (folder / "changee" / "avant.txt").write_text(
            "# Avant\n# page changee 0123456789ab\n", encoding="utf-8"
        )
    source = f"{_HEAD}{text}{_TAIL}" if fragment else text
    found = lint.check_source(source, "exemple.md", shipped, transcripts, fragment=fragment or code is None)
    return {problem.code for problem in found if "« dernier »" not in problem.message_fr}


@pytest.mark.parametrize(("code", "text"), BLOCKS)
def test_an_example_triggers_its_rule_and_no_other(code, text, shipped, tmp_path):
    found = codes(code, text, shipped, tmp_path)
    expected = {code} if code else set()
    assert found - TOGETHER.get(code, set()) == expected


def test_every_rule_has_an_example():
    assert {block.values[0] for block in BLOCKS} - {None} == set(RULES)
