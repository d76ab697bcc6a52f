"""Rules about what teenagers read: lengths, tone, gendered writing, easy versions."""

import re
from collections.abc import Iterable, Iterator

from dialogues import render
from dialogues.lint_rules import problem
from dialogues.model import Bubble, Choice, Dialogue, Moment, StepKind
from dialogues.profile import VARIABLES
from dialogues.reader import Problem

LONGEST_LABEL = 28
LONGEST_BUBBLE = 240
MOST_WORDS = 15
MACHINE = (StepKind.ROUTE, StepKind.ERRAND)
LETTERS = frozenset({"thanks_card"})  # cards in the learner's own voice to an adult: they say « vous »

_HOLE = re.compile(r"\{([^{}]*)\}")
_POLITE = re.compile(r"(?<![\w-])(vous|votre|vos|vôtres?)(?!\w)", re.IGNORECASE)
_RENDEZVOUS = re.compile(r"rendez-vous", re.IGNORECASE)
_DOTTED = re.compile(r"\w+[·•∙]\w+|\w{3,}\.(?:e|es|rice|rices|trice|trices|euse|euses|ne|nes)(?!\w)")
_VERDICTS = re.compile(
    r"tu es faite? pour|faite? pour toi|ton métier(?! du futur)|trop difficile pour toi|ton profil est|"
    r"sois réaliste|"
    r"tu es (?:un|une) (?:vraie? )?(?:\{[^{}]*\}|créat\w+|fabric\w+|chercheu\w+|lead\w+|organisat\w+|accompagnat\w+|"
    r"comprend\w+|lance\w+|artiste|scientifique|manuelle?|littéraire|matheu\w+)",
    re.IGNORECASE,
)
_PRESSING = re.compile(
    r"vite, plus que|plus que (?:\d+|un|une|deux|trois|quelques) (?:jours?|heures?|minutes?|places?)|"
    r"dépêche-toi|dernière chance|tu n'as pas (?:encore )?(?:terminé|fini)|"
    r"les autres (?:l')?ont|mieux que les autres|félicitations?|bravo",
    re.IGNORECASE,
)
_NAME = re.compile(r"[a-z_]+(?:\.[a-z_]+)+")
_MARKS = re.compile(r"\*\*|__|</?[a-z]+>|[{}]")  # bold, HTML, a brace without its other half
_SENTENCE_END = re.compile(r"[.!?…:]+(?=\s|$)|\n")
_WORD = re.compile(r"\S*\w\S*")


def check(page: Dialogue) -> Iterator[Problem]:
    """All problems of the words of a page."""
    for moment in page.moments:
        for bubble in _bubbles(moment):
            yield from _bubble(bubble)
        for choice in moment.choices:
            if moment.step is None or moment.step.kind not in MACHINE:
                yield from _label(choice)
        step = moment.step
        if step is not None and step.text:
            yield from _tone(step.text, step.line, letter=step.name in LETTERS)
            if step.simple is not None:
                yield from _tone(step.simple, step.line, letter=step.name in LETTERS)
                yield from _easy(step.text, step.simple, step.line)
    yield from _tone(page.title, 1)


def _bubbles(moment: Moment) -> Iterable[Bubble]:
    yield from moment.bubbles
    for choice in moment.choices:
        yield from choice.replies


def shown(text: str) -> str:
    """A text at its shortest: variables left out, the longest form of each accord."""

    def one(match: re.Match[str]) -> str:
        hole = match[1].strip()
        return max(render.forms(hole), key=len) if render.is_accord(hole) else ""

    return _HOLE.sub(one, text)


def _bubble(bubble: Bubble) -> Iterator[Problem]:
    for text in (bubble.text, bubble.simple or ""):
        length = len(shown(text))
        if length > LONGEST_BUBBLE:
            yield problem("D013", bubble.line, n=length)
        yield from _tone(text, bubble.line)
        yield from _sentences(text, bubble.line)
    if bubble.simple is not None:
        yield from _easy(bubble.text, bubble.simple, bubble.line)


def _easy(text: str, simple: str, line: int) -> Iterator[Problem]:
    if len(shown(simple)) > len(shown(text)):
        yield problem("D030", line)


def _sentences(text: str, line: int) -> Iterator[Problem]:
    whole = _HOLE.sub(lambda match: shown(match[0]) or "x", text)
    for sentence in _SENTENCE_END.split(whole):
        count = len(_WORD.findall(sentence))
        if count > MOST_WORDS:
            yield problem("D029", line, n=count)


def _label(choice: Choice) -> Iterator[Problem]:
    label = shown(choice.label)
    if len(label) > LONGEST_LABEL:
        yield problem("D012", choice.line, label=choice.label, n=len(label))
    yield from _tone(choice.label, choice.line)


def _tone(text: str, line: int, *, letter: bool = False) -> Iterator[Problem]:
    plain = text.replace("’", "'")
    verdict = _VERDICTS.search(plain)
    if verdict is not None:
        yield problem("D026", line, text=verdict[0])
    pressing = _PRESSING.search(plain)
    if pressing is not None:
        yield problem("D040", line, word=pressing[0])
    words = _HOLE.sub(lambda match: shown(match[0]), plain)
    machine = _for_the_machine(words)
    if machine is not None:
        yield problem("D050", line, text=machine)
    polite = _POLITE.search(_RENDEZVOUS.sub("", words))
    if polite is not None and not letter:
        yield problem("D025", line, word=polite[0])
    dotted = _DOTTED.search(words)
    if dotted is not None:
        yield problem("D027", line, word=dotted[0])


def _for_the_machine(words: str) -> str | None:
    """A name of ours or a mark of writing that was meant to be understood, not read."""
    if "`" in words:  # said as what it is, an accent that was left open
        return None
    mark = _MARKS.search(words)
    if mark is not None:
        return mark[0]
    return next((name for name in _NAME.findall(words) if _is_ours(name)), None)


def _is_ours(name: str) -> bool:
    """Whether it is a variable, or a field of one (`book.entries.title`)."""
    return name in VARIABLES or name.rpartition(".")[0] in VARIABLES
