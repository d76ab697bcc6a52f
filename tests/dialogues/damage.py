"""Damages pages in every way that comes to mind: the check must say what is wrong, and nothing may raise."""

import random
from collections.abc import Callable
from dataclasses import replace

from dialogues import fixtures, library, lint, walk
from dialogues.fixtures import Fixtures
from dialogues.library import Library
from dialogues.lint_rules import RULES, is_error
from dialogues.parse import parse

Rows = list[str]

ODD = (
    "\x00", "\ufeff", "\u202e", "\u200b", "é", "𝓪", "🙂", "ﬁ", "\r", "\t", "\x0b", "\x85", "\u2028", "\ud800",
    "`", "``", "{", "}", "[", "]", "(", ")", "|", "<", ">", "#", "-", "*", "_", "\\", "&", "=", "+", "~", "!", '"',
)  # fmt: skip
LINES = (
    "## intro", "## fin", "##", "# Autre titre", "### sous-titre", "> note", ">", "- ", "- [](#)", "- [x](#fin) `x`",
    "- [x](https://exemple.be)", "1. un", "   - emboîté", "`va #fin`", "`va #nulle-part`", "`va page_perdue.md`",
    "`si x`", "`si pas x = y`", "`si x >= beaucoup`", "`pour chaque x dans y`", "`pour chaque x dans job.seen max 3`",
    "`choix`", "`choix user.accord`", "`plusieurs value.kept 9-1 depuis values`", "`texte user.first_name`",
    "`texte user.first_name max 99999999999999999999`", "`liste x 0-0 max 0`", "`réactions near.reactions depuis x`",
    "`carte`", "`carte x` {a.b.c}", "`selon`", "`selon la_lune`", "`faire`", "`faire le_cafe`", "`simple` Court.",
    "`entrée track`", "`privé`", "`nouveau action.list`", "`x = {x}`", "`x + 1`", "{accord: a | b}", "{accord:}",
    "{}", "{{x}}", "```", "~~~", "| a | b |", "|---|---|", "***", "===", "<div>", "<!--", "-->", "[ref]: /url",
    "    du code", "![image](x.png)", "<script>alert(1)</script>", "&nbsp;&#0;", "\\`", "`" * 40, "[" * 40, ">" * 60,
    "- " * 30 + "x", "a" * 3000, "`si " + "x." * 200 + "y`",
)  # fmt: skip


def _somewhere(chance: random.Random, rows: Rows) -> int:
    return chance.randrange(len(rows)) if rows else 0


def _lose(chance: random.Random, rows: Rows) -> Rows:
    at = _somewhere(chance, rows)
    return rows[:at] + rows[at + chance.randint(1, 6) :]


def _swap(chance: random.Random, rows: Rows) -> Rows:
    a, b = sorted((_somewhere(chance, rows), _somewhere(chance, rows)))
    return rows[:a] + rows[b:] + rows[a:b]


def _twice(chance: random.Random, rows: Rows) -> Rows:
    at = _somewhere(chance, rows)
    block = rows[at : at + chance.randint(1, 25)]
    to = _somewhere(chance, rows)
    return rows[:to] + block + rows[to:]


def _insert(chance: random.Random, rows: Rows) -> Rows:
    at = _somewhere(chance, rows)
    return [*rows[:at], chance.choice(LINES), *rows[at:]]


def _cut(chance: random.Random, rows: Rows) -> Rows:
    at = _somewhere(chance, rows)
    row = rows[at] if rows else ""
    return [
        *rows[:at],
        row[: chance.randint(0, len(row))],
        *([] if chance.random() < 0.2 else rows[at + 1 :]),
    ]


def _letters(chance: random.Random, rows: Rows) -> Rows:
    text = list("\n".join(rows))
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(text) + 1)
        what = chance.random()
        if what < 0.35:
            text[at : at + 1] = []
        elif what < 0.8:
            text.insert(at, chance.choice(ODD))
        else:
            text[at : at + 1] = [chr(chance.choice((chance.randrange(32, 127), chance.randrange(0x110000))))]
    return "".join(text).split("\n")


def _numbers(chance: random.Random, rows: Rows) -> Rows:
    figures = ("0", "1", "7", "99", "-3", "1e9", "٣", "²", str(10**30))
    return [
        "".join(chance.choice(figures) if c.isdigit() and chance.random() < 0.2 else c for c in row)
        for row in rows
    ]


def _indent(chance: random.Random, rows: Rows) -> Rows:
    return [" " * chance.choice((2, 4, 8)) + row if chance.random() < 0.1 else row for row in rows]


def _join(chance: random.Random, rows: Rows) -> Rows:
    at = _somewhere(chance, rows)
    return [*rows[:at], "".join(rows[at : at + 3]), *rows[at + 3 :]]


def _names(chance: random.Random, rows: Rows) -> Rows:
    """A moment, key or variable that is suddenly called otherwise."""
    words = [
        word for row in rows for word in row.replace("`", " ").replace("#", " ").split() if len(word) > 2
    ]
    if not words:
        return rows
    a, b = chance.choice(words), chance.choice(words)
    return [row.replace(a, b) if chance.random() < 0.7 else row for row in rows]


WAYS: tuple[Callable[[random.Random, Rows], Rows], ...] = (
    _lose, _swap, _twice, _insert, _cut, _letters, _numbers, _indent, _join, _names,
)  # fmt: skip


def damaged(source: str, chance: random.Random) -> str:
    """A copy of a page after one to four accidents."""
    rows = source.split("\n")
    for _ in range(chance.randint(1, 4)):
        rows = chance.choice(WAYS)(chance, rows)
    return "\n".join(rows)


def run(count: int, seed: int = 1) -> int:
    """Damage pages that many times; gives how many copies were refused. AssertionError with the seed of a failure."""
    shipped, brought = library.load(), fixtures.load()
    sources = [page.source for page in shipped.pages.values()]
    return sum(_survives(shipped, brought, sources, f"{seed}:{number}") for number in range(count))


def _survives(shipped: Library, brought: Fixtures, sources: list[str], name: str) -> bool:
    chance = random.Random(name)  # noqa: S311 - a copy must be damaged again by its number
    copy = damaged(chance.choice(sources), chance)
    try:
        problems = lint.check_source(copy, "copie.md", shipped)
    except Exception as error:
        raise AssertionError(f"copie {name} : {error!r}") from error
    lines = copy.count("\n") + copy.count("\r") + 2
    for problem in problems:
        assert problem.code in RULES, f"copie {name} : {problem}"
        assert 1 <= problem.line <= lines, f"copie {name} : {problem}"
        assert problem.message_fr, f"copie {name} : {problem}"
    refused = any(is_error(problem) for problem in problems)
    if not refused:
        _playable(shipped, brought, copy, name)
    return refused


def _playable(shipped: Library, brought: Fixtures, copy: str, name: str) -> None:
    """A copy that the check lets through may be odd, but the engine reads and plays it."""
    page, unread = parse(copy, "copie.md")
    assert page is not None, f"copie {name} : {unread}"
    content = replace(shipped, pages={**shipped.pages, page.id: page}, versions=dict(shipped.versions))
    content.versions[page.digest] = page
    found = walk.walk(content, page.id, brought, paths=1)
    assert not found.crashes, f"copie {name} : {found.failures}"
