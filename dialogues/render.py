"""The one template engine of pages: `{var}`, `{var.field}`, `{accord: a | b | c}`, and nothing that runs."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

UNKNOWN = "…"
GENDERS = ("f", "m", "n")  # the order of forms in {accord: féminin | masculin | neutre}
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)

# First words that are no names, in the capital that a keyboard gives them.
_PLAIN = """je j tu il elle on nous vous ils elles le la les l un une des du de d mon ma mes ton ta tes son sa ses notre nos
leur leurs ce cet cette ces c ça ne n pas ni si quand comme parce que trop peur manque avoir être aller appeler
apprendre chercher choisir commencer contacter continuer créer demander dessiner dire discuter écrire envoyer essayer
faire filmer finir lire m me montrer ouvrir parler poser prendre préparer ranger rechercher regarder réparer
s se tester travailler trouver visiter voir"""
_PLAIN_WORDS = frozenset(_PLAIN.split())
_NAMES = (
    "code",
    "name",
    "place",
    "title",
    "dialogue",
    "centre",
    "forum",
    "contact",
    "occupation",
)  # holes that hold a name
_FIRST = re.compile(r"[^\W\d_]+")
_WITHIN = re.compile(r"[\w,] \Z|[\w ]: \Z")  # a word, a comma or a colon stands before

_HOLE = re.compile(r"\{([^{}]*)\}")
_FILLED = re.compile(r"(\b[Dd]e )?\{([^{}]*)\}")
_VOWEL = re.compile(r"[aeiouàâäéèêëîïôöûùüœæ]", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d]\w*(?:\.[\w-]+|\[[\w.-]+\])*\Z")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


def holes(template: str) -> list[str]:
    """What stands between braces, in order."""
    return [hole.strip() for hole in _HOLE.findall(template)]


def is_accord(hole: str) -> bool:
    """Whether a hole chooses between gendered forms."""
    return hole.startswith(("accord:", "accord :"))


def forms(hole: str) -> list[str]:
    """The forms of an accord: feminine, masculine, neutral."""
    return [form.strip() for form in hole.partition(":")[2].split("|")]


def is_name(hole: str) -> bool:
    """Whether a hole names a variable, a field or an element."""
    return _NAME.match(hole) is not None


def fill(template: str, lookup: Callable[[str], str | None], accord: str = "n") -> str:
    """The template with its holes filled once: braces inside a value stay as the learner wrote them.

    `lookup` gives the text of a variable or None, which is shown as "…". Never raises on odd braces.
    """
    if "{" not in template:
        return template

    def one(match: re.Match[str]) -> str:
        before, hole = match.group(1) or "", match.group(2).strip()
        if is_accord(hole):
            choices = forms(hole)
            position = GENDERS.index(accord) if accord in GENDERS else 2
            return before + choices[min(position, len(choices) - 1)]
        text = lookup(hole) or UNKNOWN
        within = not hole.endswith(_NAMES) and _WITHIN.search(template[: match.start(2) - 1])
        text = inside(text) if within else text
        return f"{before[0]}'{text}" if before and _VOWEL.match(text) else before + text

    return _FILLED.sub(one, template)


def inside(text: str) -> str:
    """A learner's words inside a sentence: "Je repousse" is written "je repousse"; what may be a name is left alone."""
    first = _FIRST.match(text)
    return text[:1].lower() + text[1:] if first and first[0].lower() in _PLAIN_WORDS else text


def joined(parts: Sequence[str]) -> str:
    """A list as one says it in French: "a, b et c"."""
    if len(parts) < 2:  # noqa: PLR2004
        return "".join(parts)
    return f"{', '.join(parts[:-1])} et {parts[-1]}"


def french_date(day: date, today: date | None = None) -> str:
    """A date in words ("samedi 12 mars"), with its year when it is not this one."""
    number = "1er" if day.day == 1 else str(day.day)
    year = f" {day.year}" if today is not None and day.year != today.year else ""
    return f"{DAYS[day.weekday()]} {number} {MONTHS[day.month - 1]}{year}"


def spoken(value: Any, label: Callable[[str], str], today: date | None = None) -> str:
    """A value as a learner reads it; `label` turns a key into the words of its button or card."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list | tuple):
        return joined([text for text in (spoken(item, label, today) for item in value) if text])
    if isinstance(value, dict):
        return _spoken_object(value, label)
    return _spoken_word(value, label, today) if isinstance(value, str) else str(value)


def _spoken_word(value: str, label: Callable[[str], str], today: date | None) -> str:
    if _ISO.match(value):
        try:
            return french_date(date.fromisoformat(value), today)
        except ValueError:
            return value
    return label(value)


def _spoken_object(value: dict[str, Any], label: Callable[[str], str]) -> str:
    for key in ("title", "name", "url"):  # a record or a card has a name; a map has keys
        if isinstance(value.get(key), str):
            return str(value[key])
    return joined([label(str(key)) for key in value])
