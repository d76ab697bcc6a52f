"""What stands in back-ticks: steps, conditions, notes and the other words for the machine."""

import re
from dataclasses import dataclass

from dialogues.model import Comparison, Condition, Note, Repeat, Step, StepKind, Target, TargetKind

NAME = r"[^\W\d]\w*(?:\.[\w-]+|\[[\w.-]+\])*"  # project.title, value.definitions[value.ranking.1], envie
SOURCE = rf"(?P<deck>{NAME})(?:\s*:\s*(?P<keys>[\w -]+?))?(?:\s+(?P<count>\d+))?(?:\s+max\s+(?P<most>\d+))?(?P<mix>\s+mélangé)?"
END = "fin"

TASKS = {
    "cadre": "frame",
    "exploration": "exploration",
    "cristallisation": "crystallization",
    "spécification": "specification",
    "réalisation": "realization",
}
FIELDS = {"soi": "self", "monde": "world", "entourage": "circle"}

KINDS = {
    "choix": StepKind.CHOICE,
    "plusieurs": StepKind.MULTI,
    "échelle": StepKind.SCALE,
    "texte": StepKind.TEXT,
    "liste": StepKind.LIST,
    "réactions": StepKind.REACTIONS,
    "duels": StepKind.DUELS,
    "tri": StepKind.SORT,
    "ordre": StepKind.RANK,
    "date": StepKind.DATE,
    "média": StepKind.MEDIA,
    "carte": StepKind.PRODUCT,
    "selon": StepKind.ROUTE,
    "suite": StepKind.SUITE,
    "faire": StepKind.ERRAND,
}

_RANGE = r"(?P<low>\d+)-(?P<high>\d+)"
_SHAPES = {
    StepKind.CHOICE: rf"(?:(?P<var>{NAME})(?:\s+depuis\s+{SOURCE})?)?",
    StepKind.MULTI: rf"(?P<var>{NAME})\s+{_RANGE}(?:\s+depuis\s+{SOURCE})?",
    StepKind.SCALE: rf"(?P<var>{NAME})",
    StepKind.TEXT: rf"(?P<var>{NAME})\s+max\s+(?P<chars>\d+)",
    StepKind.LIST: rf"(?P<var>{NAME})\s+{_RANGE}\s+max\s+(?P<chars>\d+)",
    StepKind.REACTIONS: rf"(?P<var>{NAME})\s+depuis\s+{SOURCE}",
    StepKind.DUELS: rf"(?P<var>{NAME})\s+depuis\s+{SOURCE}",
    StepKind.SORT: rf"(?P<var>{NAME})\s+depuis\s+{SOURCE}",
    StepKind.RANK: rf"(?P<var>{NAME})\s+depuis\s+{SOURCE}",
    StepKind.DATE: rf"(?P<var>{NAME})",
    StepKind.MEDIA: rf"(?P<var>{NAME})(?:\s+max\s+(?P<chars>\d+))?",
    StepKind.PRODUCT: r"(?P<name>[\w-]+)",
    StepKind.ROUTE: r"(?P<name>[\w-]+)",
    StepKind.ERRAND: r"(?P<name>[\w-]+)",
    StepKind.SUITE: r"",
}
_STEPS = {kind: re.compile(rf"\s*{shape}\s*\Z") for kind, shape in _SHAPES.items()}
USAGE = {
    StepKind.CHOICE: "choix VAR",
    StepKind.MULTI: "plusieurs VAR 0-3",
    StepKind.SCALE: "échelle VAR",
    StepKind.TEXT: "texte VAR max 60",
    StepKind.LIST: "liste VAR 1-3 max 60",
    StepKind.REACTIONS: "réactions VAR depuis PAQUET 6",
    StepKind.DUELS: "duels VAR depuis PAQUET 15",
    StepKind.SORT: "tri VAR depuis LISTE",
    StepKind.RANK: "ordre VAR depuis LISTE max 5",
    StepKind.DATE: "date VAR",
    StepKind.MEDIA: "média VAR",
    StepKind.PRODUCT: "carte NOM",
    StepKind.ROUTE: "selon NOM",
    StepKind.ERRAND: "faire NOM",
    StepKind.SUITE: "suite",
}

_CONDITION = re.compile(
    rf"si\s+(?:(?P<no>pas)\s+)?(?P<var>{NAME})(?:\s*(?:(?P<op>>=|=)|\s(?P<has>contient)\s)\s*(?P<value>\S.*?))?\s*\Z",
)
_NOTE = re.compile(rf"(?P<var>{NAME})\s*(?P<op>[=+])\s*(?P<value>\S.*?)\s*\Z")
_OPEN = re.compile(rf"nouveau\s+(?P<var>{NAME})\s*\Z")
_REPEAT = re.compile(
    rf"pour\s+chaque\s+(?P<alias>[^\W\d]\w*)\s+dans\s+(?P<source>{NAME})\s+max\s+(?P<most>\d+)\s*\Z"
)
_ENTRY = re.compile(r"entrée\s+(?P<event>[\w-]+)\s*\Z")
_GO = re.compile(r"va\s+(?P<link>\S+)\s*\Z")
_PAGE = re.compile(r"(?P<page>[\w-]+)\.md\Z")
_ANCHOR = re.compile(r"#(?P<moment>[\w-]+)\Z")
KEY = re.compile(r"[\w][\w.-]*\Z")
BIGGEST = 10_000  # no page needs a larger number


class CodeError(Exception):
    """A code that cannot be read: its short name and a sentence for the author."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Simple:
    """`simple`: the words after it are the easy version of the bubble before."""


@dataclass(frozen=True, slots=True)
class Private:
    """`privé`."""


@dataclass(frozen=True, slots=True)
class Entry:
    """`entrée EVENT`."""

    event: str


@dataclass(frozen=True, slots=True)
class Go:
    """`va #moment`."""

    target: Target


Code = Condition | Note | Repeat | Step | Simple | Private | Entry | Go


def read_code(text: str, line: int) -> Code:
    """What a code of a moment means. CodeError when it means nothing."""
    word = text.split(maxsplit=1)[0] if text.strip() else ""
    if text.strip() in ("simple", "privé"):
        return Simple() if text.strip() == "simple" else Private()
    note = read_note(text, line)
    if note is not None:
        return note
    if word == "si":
        return read_condition(text)
    if word == "pour":
        return _repeat(text)
    if word in ("entrée", "va"):
        return _entry(text) if word == "entrée" else Go(_go(text))
    kind = KINDS.get(word)
    if kind is None:
        raise CodeError("unknown_code", f"Je ne connais pas `{text}`.")
    return read_step(kind, text.strip()[len(word) :], line)


def read_condition(text: str) -> Condition:
    """`si x`, `si pas x`, `si x = v`, `si x contient y`, `si x >= 2`."""
    found = _CONDITION.match(text.strip())
    if found is None or (found["no"] and found["value"]):
        raise CodeError(
            "condition",
            f"Condition illisible : `{text}`. Seulement `si x`, `si pas x`, `si x = v`, "
            "`si x contient y`, `si x >= 2`.",
        )
    value = found["value"] or ""
    if found["no"]:
        return Condition(found["var"], Comparison.UNSET)
    if found["has"]:
        return Condition(found["var"], Comparison.CONTAINS, value)
    if found["op"] is None:
        return Condition(found["var"], Comparison.SET)
    if found["op"] == "=":
        return Condition(found["var"], Comparison.EQUAL, value)
    if not value.isdecimal():
        raise CodeError("condition", f"Après `>=` il faut un nombre : `{text}`.")
    return Condition(found["var"], Comparison.AT_LEAST, value)


def read_note(text: str, line: int) -> Note | None:
    """`VAR = v`, `VAR + v`, `nouveau VAR`, or None when the text is no note."""
    opened = _OPEN.match(text.strip())
    if opened is not None:
        return Note(opened["var"], "open", "", line)
    found = _NOTE.match(text.strip())
    if found is None:
        return None
    return Note(found["var"], "set" if found["op"] == "=" else "append", found["value"], line)


def read_step(kind: StepKind, rest: str, line: int) -> Step:
    """The step of that kind from the words after its own word."""
    found = _STEPS[kind].match(rest)
    if found is None:
        raise CodeError("step_form", f"Cette étape s'écrit `{USAGE[kind]}`.")
    part = found.groupdict()
    numbers = {name: int(part.get(name) or 0) for name in ("low", "high", "chars", "count", "most")}
    if max(numbers.values()) > BIGGEST or numbers["low"] > numbers["high"]:
        raise CodeError("step_numbers", f"Ces nombres ne vont pas : `{rest.strip()}`.")
    return Step(
        kind,
        part.get("var"),
        numbers["low"],
        numbers["high"] or numbers["most"],
        numbers["chars"],
        numbers["count"],
        part.get("deck"),
        tuple((part.get("keys") or "").split()),
        part.get("name") or "",
        line=line,
        shuffled=bool(part.get("mix")),
    )


def read_link(link: str) -> Target:
    """`#moment`, `#fin` or `page.md`."""
    anchor = _ANCHOR.match(link)
    if anchor is not None:
        name = anchor["moment"]
        return Target(TargetKind.END) if name == END else Target(TargetKind.MOMENT, name)
    page = _PAGE.match(link)
    if page is None:
        raise CodeError("link", f"Un lien va vers `#moment`, `#fin` ou `page.md`, pas vers « {link} ».")
    return Target(TargetKind.PAGE, page["page"])


def _repeat(text: str) -> Repeat:
    found = _REPEAT.match(text.strip())
    if found is None or not 0 < int(found["most"]) <= BIGGEST:
        raise CodeError("repeat", f"La répétition s'écrit `pour chaque x dans LISTE max 5`, pas `{text}`.")
    return Repeat(found["alias"], found["source"], int(found["most"]))


def _entry(text: str) -> Entry:
    found = _ENTRY.match(text.strip())
    if found is None:
        raise CodeError("entry", f"L'entrée s'écrit `entrée évènement`, pas `{text}`.")
    return Entry(found["event"])


def _go(text: str) -> Target:
    found = _GO.match(text.strip())
    if found is None:
        raise CodeError("go", f"La sortie s'écrit `va #moment`, pas `{text}`.")
    return read_link(found["link"])
