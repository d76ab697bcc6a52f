"""Checks pages: all problems at once, each with its code, its line and a sentence that its author understands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from dialogues import library as content
from dialogues import lint_flow, lint_names, lint_page, lint_words
from dialogues.library import Library, is_page
from dialogues.lint_rules import RULES, is_error, problem, translated
from dialogues.model import Dialogue
from dialogues.parse import read
from dialogues.reader import Problem

__all__ = ["RULES", "Report", "check_folder", "check_source", "is_error"]

TRANSCRIPTS = Path("tests/transcripts")
DIGEST = re.compile(r"^# page (?P<page>\w+) (?P<digest>[0-9a-f]+)\s*$", re.MULTILINE)
_ENCODING = "Le fichier n'est pas en UTF-8 : enregistre-le en UTF-8."
SHORT = 12  # characters of a digest that a transcript quotes


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found, in the order of files and lines, and how many pages it read."""

    problems: tuple[Problem, ...]
    pages: int

    @property
    def errors(self) -> int:
        """How many problems refuse a page."""
        return sum(is_error(found) for found in self.problems)

    @property
    def warnings(self) -> int:
        """How many are only advice."""
        return len(self.problems) - self.errors


def check_source(
    source: str, name: str, library: Library, transcripts: Path | None = None, *, fragment: bool = False
) -> list[Problem]:
    """All problems of one page, in the order of its lines; never raises, however damaged it is.

    `transcripts` is the folder where each page has a folder of its own (None: not looked at).
    A `fragment` is an example of the guide inside a made-up page: its duration means nothing.
    """
    page, unread = read(source, name)
    found = [*_of_reader(unread), *_of_page(page, library, fragment=fragment)]
    if transcripts is not None:
        found.extend(_of_transcripts(page, transcripts))
    open_ticks = {each.line for each in found if each.code == "D005"}
    kept = {
        (each.line, each.code, each.message_fr): replace(each, where=name)
        for each in found
        if not (each.code == "D004" and each.line in open_ticks)
    }
    return sorted(kept.values(), key=lambda each: (each.line, each.code, each.message_fr))


def _of_reader(unread: list[Problem]) -> Iterator[Problem]:
    for each in unread:
        rule = translated(each)
        if rule is not None:
            yield rule


def _of_page(page: Dialogue, library: Library, *, fragment: bool) -> Iterator[Problem]:
    yield from lint_page.check(page)
    if not fragment:
        yield from lint_page.duration(page)
    yield from lint_words.check(page)
    yield from lint_names.check(page, library)
    yield from lint_flow.check(page)


def _of_transcripts(page: Dialogue, transcripts: Path) -> Iterator[Problem]:
    stories = sorted((transcripts / page.id).glob("*.txt")) if page.id else []
    if not stories:
        yield problem("D042", 1, page=page.id)
        return
    for story in stories:
        quoted = DIGEST.search(story.read_text(encoding="utf-8", errors="replace"))
        if quoted is None or not page.digest.startswith(quoted["digest"]):
            yield problem("D043", 1)
            return


def check_folder(
    folder: Path | None = None, transcripts: Path | None = None, only: Path | None = None
) -> Report:
    """Check the pages of a content folder (the shipped one by default), its decks and its phrases.

    `only` is one page, read together with the rest of the folder.
    """
    root = content.CONTENT if folder is None else folder
    library, unread = content.read(root)
    problems: list[Problem] = []
    pages = 0
    for path in [only] if only is not None else sorted(root.glob("*.md")):
        try:
            source = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:  # among a whole folder, the library says it
            problems.extend([Problem("encoding", 1, _ENCODING, str(path))] if only is not None else ())
            pages += 1
            continue
        if only is None and not is_page(source):
            continue
        pages += 1
        problems.extend(check_source(source, str(path), library, transcripts))
    if only is None:
        problems.extend(_of_content(unread, root))
    return Report(tuple(problems), pages)


def _of_content(unread: list[Problem], root: Path) -> Iterator[Problem]:
    """What is wrong with decks, phrases and names of files; the pages themselves are checked elsewhere."""
    for each in unread:
        if each.code in ("page_name", "encoding") or not each.where.endswith(".md"):
            yield replace(each, where=str(root / each.where))
