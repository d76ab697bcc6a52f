"""Reads one moment of a page: its codes, bubbles, step and buttons, noting every problem on the way."""

import re
import unicodedata
from dataclasses import dataclass, replace

from markdown_it.token import Token

from dialogues import grammar, render
from dialogues.model import (
    Bubble,
    Choice,
    Condition,
    Moment,
    Note,
    Repeat,
    Step,
    StepKind,
    Target,
    TargetKind,
)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at a line (from 1) of a page, in a sentence that its author understands."""

    code: str
    line: int
    message_fr: str
    where: str = ""

    def __str__(self) -> str:
        return f"{self.where}:{self.line} {self.code} {self.message_fr}"


_LEADING = re.compile(r"\s*`([^`]*)`")
_LINKED = re.compile(r"\s*\[(?P<label>[^\]]*)\]\((?P<link>[^)\s]*)\)(?P<rest>.*)\Z")
_PLAIN = re.compile(r"(?P<label>[^`]*)(?P<rest>.*)\Z")
_MOMENT = re.compile(r"[^\W_][\w-]*\Z")
_NOT_WORD = re.compile(r"[^a-z0-9]+")

WITHOUT_ITEMS = frozenset(
    {
        StepKind.TEXT,
        StepKind.LIST,
        StepKind.DUELS,
        StepKind.RANK,
        StepKind.DATE,
        StepKind.MEDIA,
        StepKind.PRODUCT,
    }
)
NEEDS_ITEMS = frozenset({StepKind.SCALE, StepKind.ROUTE, StepKind.SUITE})
ITEMS_OR_DECK = frozenset({StepKind.CHOICE, StepKind.MULTI})
MACHINE_ITEMS = frozenset({StepKind.ROUTE, StepKind.ERRAND})


def slug(label: str) -> str:
    """A key made from a label: "C'est bon !" gives "c_est_bon"."""
    plain = unicodedata.normalize("NFD", label.casefold()).encode("ascii", "ignore").decode()
    return _NOT_WORD.sub("_", plain).strip("_")


class MomentReader:
    """Collects what belongs to one `##`; `finish` gives the moment."""

    def __init__(self, name: str, line: int, problems: list[Problem]) -> None:
        self.name = name
        self.line = line
        self.problems = problems
        self.bubbles: list[Bubble] = []
        self.choices: list[Choice] = []
        self.notes: list[Note] = []
        self.step: Step | None = None
        self.condition: Condition | None = None
        self.repeat: Repeat | None = None
        self.entry: str | None = None
        self.goto: Target | None = None
        self.private = False
        if not _MOMENT.match(name) or name == grammar.END:
            self.problem(
                "moment_name", line, f"« {name} » ne peut pas nommer un moment (lettres, chiffres, - et _)."
            )

    def problem(self, code: str, line: int, message: str) -> None:
        self.problems.append(Problem(code, line, message))

    # ------------------------------------------------------------ paragraphs

    def paragraph(self, content: str, line: int) -> None:
        """One paragraph of the moment: each line may begin with codes; other lines go on with the bubble."""
        bubble: list[str] = []
        on_card = False
        for offset, row in enumerate(content.split("\n")):
            codes, words = _leading(row)
            if not codes:
                if on_card:
                    self._card_line(words, line + offset)
                elif words:
                    bubble = self._more(bubble, words, line + offset)
                continue
            bubble = []
            on_card = self._coded(codes, words, line + offset, on_card=on_card)
            bubble = ["simple"] if words and "simple" in codes else [words] if words and not on_card else []

    def _more(self, bubble: list[str], words: str, line: int) -> list[str]:
        self._check_words(words, line)
        if bubble == ["simple"]:
            self._extend_simple(words)
        elif bubble and self.bubbles:
            last = self.bubbles[-1]
            self.bubbles[-1] = replace(last, text=f"{last.text} {words}")
        else:
            self._add_bubble(words, None, line)
        return bubble or [words]

    def _coded(self, codes: list[str], words: str, line: int, *, on_card: bool) -> bool:
        """A line that begins with codes; says whether the lines after it belong to a card."""
        condition: Condition | None = None
        simple = False
        product = False
        for text in codes:
            code = self._read(text, line)
            if isinstance(code, Condition):
                condition = self._one(condition, code, line)
            elif isinstance(code, grammar.Simple):
                simple = True
            elif code is not None:
                self._keep(code, line)
                product = product or (isinstance(code, Step) and code.kind is StepKind.PRODUCT)
        self._check_words(words, line)
        if product:
            if words:
                self._card_line(words, line)
            self.condition = self._one(self.condition, condition, line)
            return True
        if simple:
            if condition is not None:
                self.problem("conditions", line, "`simple` suit la condition de sa bulle : pas de `si` ici.")
            self._simple(words, line)
            return on_card and self.step is not None and self.step.simple is None
        if words:
            self._add_bubble(words, condition, line)
        else:
            self.condition = self._one(self.condition, condition, line)
        return False

    def _one(self, old: Condition | None, new: Condition | None, line: int) -> Condition | None:
        if old is not None and new is not None:
            self.problem("conditions", line, "Une seule condition à la fois.")
        return new or old

    def _read(self, text: str, line: int) -> grammar.Code | None:
        try:
            return grammar.read_code(text, line)
        except grammar.CodeError as error:
            self.problem(error.code, line, error.message)
            return None

    def _keep(self, code: grammar.Code, line: int) -> None:
        if isinstance(code, Note):
            self.notes.append(code)
        elif isinstance(code, grammar.Private):
            self.private = True
        elif isinstance(code, Step):
            if self.step is not None:
                self.problem("two_steps", line, "Un moment ne pose qu'une question : ouvre un autre moment.")
            self.step = code
        elif isinstance(code, Repeat):
            self._once(self.repeat, line)
            self.repeat = code
        elif isinstance(code, grammar.Entry):
            self._once(self.entry, line)
            self.entry = code.event
        elif isinstance(code, grammar.Go):
            self._once(self.goto, line)
            self.goto = code.target

    def _once(self, old: object, line: int) -> None:
        if old is not None:
            self.problem("twice", line, "Ce code est déjà donné dans ce moment.")

    # ------------------------------------------------------------ words

    def _add_bubble(self, words: str, condition: Condition | None, line: int) -> None:
        if self.step is not None or self.choices:
            self.problem(
                "words_after_step", line, "Cette bulle vient après la question : ouvre un autre moment."
            )
        self.bubbles.append(Bubble(words, None, condition, line))

    def _simple(self, words: str, line: int) -> None:
        if not words:
            self.problem("simple_empty", line, "Après `simple`, il faut la phrase facile sur la même ligne.")
        elif self.step is not None and self.step.kind is StepKind.PRODUCT:
            self.step = replace(self.step, simple=words)
        elif not self.bubbles:
            self.problem("simple_alone", line, "`simple` vient après la bulle qu'il rend facile.")
        elif self.bubbles[-1].simple is not None:
            self.problem("simple_twice", line, "Cette bulle a déjà sa version facile.")
        else:
            self.bubbles[-1] = replace(self.bubbles[-1], simple=words)

    def _extend_simple(self, words: str) -> None:
        if self.step is not None and self.step.simple is not None:
            self.step = replace(self.step, simple=f"{self.step.simple} {words}")
        elif self.bubbles and self.bubbles[-1].simple is not None:
            last = self.bubbles[-1]
            self.bubbles[-1] = replace(last, simple=f"{last.simple} {words}")

    def _card_line(self, words: str, line: int) -> None:
        self._check_words(words, line)
        if self.step is not None and words:
            self.step = replace(self.step, text=f"{self.step.text}\n{words}".strip())

    def _check_words(self, words: str, line: int) -> None:
        if "`" in words:
            self.problem("code_inside", line, "Les codes se mettent en début de ligne, avant les mots.")
        for hole in render.holes(words):
            if render.is_accord(hole):
                if len(render.forms(hole)) != len(render.GENDERS):
                    self.problem(
                        "accord", line, "Il faut trois formes : {accord: féminin | masculin | neutre}."
                    )
            elif not render.is_name(hole):
                self.problem("hole", line, f"Je ne comprends pas {{{hole}}}.")

    # ------------------------------------------------------------ buttons

    def item(self, tokens: list[Token], line: int) -> None:
        """One list item: its first line is the button, what follows is what the bot replies."""
        if any(token.type not in ("paragraph_open", "paragraph_close", "inline") for token in tokens):
            self.problem("item_block", line, "Un bouton ne contient que son texte et ses réponses.")
        inlines = [token for token in tokens if token.type == "inline"]
        if not inlines:
            self.problem("item_empty", line, "Ce bouton est vide.")
            return
        first, _, more = inlines[0].content.partition("\n")
        replies = MomentReader("reply", line, self.problems)
        if more:
            replies.paragraph(more, line + 1)
        for inline in inlines[1:]:
            replies.paragraph(inline.content, inline.map[0] + 1 if inline.map else line)
        choice = self._button(first, line)
        if replies.step is not None or replies.goto is not None or replies.condition is not None:
            self.problem(
                "reply_code",
                line,
                "Une réponse sous un bouton ne contient que des bulles et des notes ; avant un code du moment, laisse une ligne vide.",
            )
        self.choices.append(
            replace(choice, replies=tuple(replies.bubbles), notes=(*choice.notes, *replies.notes))
        )

    def _button(self, row: str, line: int) -> Choice:
        found = _LINKED.match(row) or _PLAIN.match(row)
        label, rest = (found["label"].strip(), found["rest"]) if found else ("", "")
        codes, extra = _leading(rest)
        if extra:
            self.problem("item_words", line, "Après le libellé et son lien, seulement des codes.")
        if not label:
            self.problem("item_empty", line, "Ce bouton n'a pas de libellé.")
        self._check_words(label, line)
        choice = Choice("", label, self._link(found, line), line=line)
        for text in codes:
            choice = self._item_code(choice, text.strip(), line)
        return choice

    def _link(self, found: re.Match[str] | None, line: int) -> Target | None:
        link = found.groupdict().get("link") if found else None
        if link is None:
            return None
        try:
            return grammar.read_link(link)
        except grammar.CodeError as error:
            self.problem(error.code, line, error.message)
            return None

    def _item_code(self, choice: Choice, text: str, line: int) -> Choice:
        note = grammar.read_note(text, line)
        if note is not None:
            return replace(choice, notes=(*choice.notes, note))
        if text.startswith("si "):
            code = self._read(text, line)
            if isinstance(code, Condition):
                return replace(choice, condition=self._one(choice.condition, code, line))
            return choice
        if not grammar.KEY.match(text) or choice.key:
            self.problem("item_code", line, f"Je ne comprends pas `{text}` derrière ce bouton.")
            return choice
        return replace(choice, key=text)

    # ------------------------------------------------------------ the end

    def finish(self) -> Moment:
        """The moment, with the step that its buttons imply and a key for each button."""
        step = self.step or self._implied()
        choices = tuple(self._keyed(choice, step) for choice in self.choices)
        self._check_items(step, choices)
        if step is not None and self.private:
            step = replace(step, private=True)
        return Moment(
            self.name,
            tuple(self.bubbles),
            step,
            choices,
            tuple(self.notes),
            self.condition,
            self.repeat,
            self.entry,
            self.goto,
            self.line,
        )

    def _implied(self) -> Step | None:
        if not self.choices:
            return None
        leaves = any(choice.target and choice.target.kind is not TargetKind.MOMENT for choice in self.choices)
        return Step(StepKind.SUITE if leaves else StepKind.CHOICE, line=self.choices[0].line)

    def _keyed(self, choice: Choice, step: Step | None) -> Choice:
        if choice.key:
            return choice
        if step is not None and step.kind in MACHINE_ITEMS:
            return replace(choice, key=choice.label)
        if step is not None and step.kind is StepKind.SUITE and choice.target is not None:
            return replace(choice, key=choice.target.name or grammar.END)
        return replace(choice, key=slug(choice.label) or "x")

    def _check_items(self, step: Step | None, choices: tuple[Choice, ...]) -> None:
        seen: set[str] = set()
        for choice in choices:
            if choice.key in seen:
                self.problem("duplicate_key", choice.line, f"Deux boutons ont la clé « {choice.key} ».")
            seen.add(choice.key)
        if step is None:
            return
        if choices and step.kind in WITHOUT_ITEMS:
            self.problem(
                "items_unused", choices[0].line, "Cette étape n'a pas de boutons : ouvre un autre moment."
            )
        if not choices and (step.kind in NEEDS_ITEMS or (step.kind in ITEMS_OR_DECK and step.deck is None)):
            self.problem("no_items", step.line, "Cette étape a besoin de boutons (`- Libellé`).")
        if step.kind is StepKind.PRODUCT and not step.text:
            self.problem("card_empty", step.line, "Après `carte NOM`, il faut les mots de la carte.")


def _leading(row: str) -> tuple[list[str], str]:
    """The codes that open a line, and the words after them."""
    codes: list[str] = []
    position = 0
    while (found := _LEADING.match(row, position)) is not None:
        codes.append(found[1])
        position = found.end()
    return codes, row[position:].strip()
