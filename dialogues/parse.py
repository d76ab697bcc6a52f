"""From a Markdown page to a dialogue, or to all of its problems at once.

The grammar, in short (the author's guide says it in French, `dialogues.grammar` reads the codes):

    # Title, then a line of codes: `page ID` `tâche T` `champ C` `durée N min` `âge A-B`
    > Intention: a quote or an HTML comment is a note for colleagues, never shown
    ## moment                     letters, digits, - and _
    codes first on their line     `si c` without words: condition of the moment; with words: of that bubble;
                                  `entrée E` `pour chaque x dans L max N` `privé` `VAR = v` `VAR + v` `nouveau VAR`
    words                         a bubble (the lines of one paragraph are joined); `simple` words: easy version
    one step line                 `choix VAR`, `texte VAR max N`…; after `carte NAME` the words of the card
    - [label](#link) `key` `si c` `VAR = v`     buttons; indented words are what the bot replies
    `va #moment`, `va page.md`, `va #fin`       the way on when no button says another
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass, replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from dialogues.grammar import FIELDS, TASKS, CodeError
from dialogues.model import Dialogue, Moment
from dialogues.reader import MomentReader, Problem

__all__ = ["Problem", "parse", "read"]

_MARKDOWN = MarkdownIt("commonmark").disable(["lheading", "code", "reference"])
_TICKS = re.compile(r"`([^`]*)`")
_MINUTES = re.compile(r"(\d{1,3}) min\Z")
_AGES = re.compile(r"(\d{1,2})-(\d{1,2})\Z")
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*\Z")
_IN_ITEM = re.compile(r"\s|[-*+]|\d+[.)]")
_QUIET = frozenset(
    {"hr", "paragraph_close", "heading_close", "list_item_close", "bullet_list_close", "ordered_list_close"}
)


@dataclass
class _Head:
    title: str = ""
    page: str = ""
    task: str = ""
    field: str = ""
    minutes: int = 0
    ages: tuple[int, int] = (12, 18)
    intention: str = ""


class _PageReader:
    """Walks the block tokens of one page and collects moments and problems."""

    def __init__(self, rows: list[str]) -> None:
        self.rows = rows
        self.head = _Head()
        self.moments: list[Moment] = []
        self.problems: list[Problem] = []
        self.current: MomentReader | None = None

    def problem(self, code: str, line: int, message: str) -> None:
        self.problems.append(Problem(code, line, message))

    def walk(self, tokens: list[Token]) -> None:
        position = 0
        while position < len(tokens):
            token = tokens[position]
            end = _closing(tokens, position)
            self._block(token, tokens[position + 1 : end])
            position = end + 1
        self._close()

    def _block(self, token: Token, inside: list[Token]) -> None:
        line = token.map[0] + 1 if token.map else 1
        if token.type == "heading_open":
            self._heading(token.tag, inside[0].content.strip() if inside else "", line)
        elif token.type == "paragraph_open":
            self._paragraph(inside[0].content if inside else "", line)
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            self._lazy(token)
            self._items(inside)
        elif token.type == "blockquote_open":  # lines swallowed by a note: the check says so (D049)
            self._quote(inside)
        elif token.type not in _QUIET and not _is_comment(token):
            self.problem(
                "block",
                line,
                "Ce bloc n'est pas permis ici : seulement des bulles, des boutons et des codes.",
            )

    def _lazy(self, token: Token) -> None:
        """Markdown lets an unmarked line under a button join it: say so, since it would become a reply."""
        first, last = token.map or (0, 0)
        for number, row in enumerate(self.rows[first:last], first + 1):
            if row.strip() and not _IN_ITEM.match(row):
                message = (
                    "Une réponse se met en retrait sous son bouton ; sinon, laisse une ligne vide avant."
                )
                self.problem("lazy_reply", number, message)

    def _heading(self, tag: str, text: str, line: int) -> None:
        if tag == "h1" and not self.head.title and self.current is None:
            self.head.title = text
        elif tag == "h2":
            self._close()
            self.current = MomentReader(text, line, self.problems)
        else:
            self.problem("heading", line, "Une page a un seul titre `#` et des moments `##`, rien d'autre.")

    def _paragraph(self, content: str, line: int) -> None:
        if self.current is not None:
            self.current.paragraph(content, line)
            return
        if _TICKS.sub("", content).strip():
            self.problem(
                "head", line, "Avant le premier moment, seulement le titre, ses codes et des notes `>`."
            )
        for offset, row in enumerate(content.split("\n")):
            for code in _TICKS.findall(row):
                self._head_code(code.strip(), line + offset)

    def _head_code(self, code: str, line: int) -> None:
        word, _, rest = code.partition(" ")
        rest = rest.strip()
        minutes, ages = _MINUTES.match(rest), _AGES.match(rest)
        if word == "page" and _IDENTIFIER.match(rest):
            self.head.page = rest
        elif word == "tâche" and rest in TASKS:
            self.head.task = TASKS[rest]
        elif word == "champ" and rest in FIELDS:
            self.head.field = FIELDS[rest]
        elif word == "durée" and minutes is not None:
            self.head.minutes = int(minutes[1])
        elif word == "âge" and ages is not None and int(ages[1]) <= int(ages[2]):
            self.head.ages = int(ages[1]), int(ages[2])
        else:
            self.problem("head_code", line, f"Je ne comprends pas `{code}` en tête de page.")

    def _items(self, inside: list[Token]) -> None:
        line = inside[0].map[0] + 1 if inside and inside[0].map else 1
        if self.current is None:
            self.problem("items_outside", line, "Ces boutons ne sont dans aucun moment `##`.")
            return
        position = 0
        while position < len(inside):
            end = _closing(inside, position)
            token = inside[position]
            if token.type == "list_item_open":
                self.current.item(inside[position + 1 : end], token.map[0] + 1 if token.map else line)
            position = end + 1

    def _quote(self, inside: list[Token]) -> None:
        text = next((token.content for token in inside if token.type == "inline"), "").partition("\n")[0]
        word, colon, rest = text.partition(":")
        if colon and word.strip().casefold() == "intention" and not self.head.intention:
            self.head.intention = rest.strip()

    def _close(self) -> None:
        if self.current is not None:
            self.moments.append(self.current.finish())
            self.current = None

    def check(self) -> None:
        """What can only be seen once the whole page is read."""
        for name, value in (
            ("#", self.head.title),
            ("`page`", self.head.page),
            ("`tâche`", self.head.task),
            ("`champ`", self.head.field),
            ("`durée`", self.head.minutes),
        ):
            if not value:
                self.problem("head_missing", 1, f"Il manque {name} en tête de page.")
        if not self.moments:
            self.problem("no_moment", 1, "La page n'a aucun moment `##`.")
        elif all(moment.entry for moment in self.moments):
            self.problem("no_start", 1, "Tous les moments sont des entrées : la page n'a pas de début.")
        seen: set[str] = set()
        for moment in self.moments:
            if moment.name in seen:
                self.problem("duplicate_moment", moment.line, f"Le moment « {moment.name} » existe déjà.")
            seen.add(moment.name)


def parse(source: str, name: str) -> tuple[Dialogue | None, list[Problem]]:
    """The dialogue, or None and every problem, in the order of their lines. Never raises on damaged input."""
    page, problems = read(source, name)
    return (None if problems else page), problems


def read(source: str, name: str) -> tuple[Dialogue, list[Problem]]:
    """What could be read of a page, however damaged (for the check, which looks at all of it), and its problems."""
    clean = unicodedata.normalize("NFC", source.removeprefix("\ufeff"))
    reader = _PageReader(re.split(r"\r\n|\r|\n", clean))
    try:
        reader.walk(_MARKDOWN.parse(clean))
    except (RecursionError, CodeError):
        reader.problem("nesting", 1, "La page est trop emboîtée pour être lue.")
    reader.check()
    found = sorted(reader.problems, key=lambda problem: (problem.line, problem.code))
    head = reader.head
    digest = hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()
    page = Dialogue(
        head.page,
        head.title,
        head.task,
        head.field,
        head.minutes,
        head.ages,
        head.intention,
        tuple(reader.moments),
        digest,
        source,
    )
    return page, [replace(problem, where=problem.where or name) for problem in found]


def _closing(tokens: list[Token], position: int) -> int:
    """Where the block that opens at `position` ends (itself when it does not nest)."""
    if tokens[position].nesting != 1:
        return position
    level = tokens[position].level
    for index in range(position + 1, len(tokens)):
        if tokens[index].nesting == -1 and tokens[index].level == level:
            return index
    return len(tokens) - 1


def _is_comment(token: Token) -> bool:
    text = token.content.strip()
    return token.type == "html_block" and text.startswith("<!--") and text.endswith("-->")
