"""Numbers in what people type and in what buttons say: "14 ans" means "13 à 15 ans", "rhéto" means "6e ou 7e"."""

import re

VALUES: dict[str, int] = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "un",
            "deux",
            "trois",
            "quatre",
            "cinq",
            "six",
            "sept",
            "huit",
            "neuf",
            "dix",
            "onze",
            "douze",
            "treize",
            "quatorze",
            "quinze",
            "seize",
        ]
    )
} | {"dixsept": 17, "dixhuit": 18, "dixneuf": 19, "vingt": 20}
ORDINALS: dict[str, int] = {
    "premier": 1, "premiere": 1, "deuxieme": 2, "seconde": 2, "troisieme": 3, "quatrieme": 4, "cinquieme": 5,
    "sixieme": 6, "septieme": 7, "rheto": 6, "rhetos": 6,
}  # fmt: skip
_DIGITS = re.compile(r"^(\d{1,3})(?:re|er|ere|e|eme|nd|nde|ans?|h|heures?)?$")
_RANGE = re.compile(r"(\d{1,3})(?:e|eme)? (?:a|et|ou|-) (\d{1,3})")
_SPLIT = re.compile(r"\b(dix) (sept|huit|neuf)\b")
# What may stand around a number without changing what it says.
_AROUND = frozenset(
    [
        "ans",
        "an",
        "annee",
        "annees",
        "age",
        "j",
        "ai",
        "jai",
        "je",
        "suis",
        "en",
        "la",
        "le",
        "l",
        "les",
        "c",
        "est",
        "ca",
        "fait",
        "bientot",
        "deja",
        "presque",
        "euh",
        "ben",
        "bah",
        "moi",
        "mon",
        "a",
        "h",
        "heure",
        "heures",
        "vers",
        "de",
        "du",
        "secondaire",
        "secondaires",
        "classe",
        "eleve",
        "au",
        "cest",
        "oui",
    ]
)
MOST = 0.5  # share of buttons with a number from which numbers speak of them, and not of their order


def value(text: str) -> int | None:
    """The one number that a folded text says, or None when it says none, several, or something else besides."""
    found = None
    for word in _SPLIT.sub(r"\1\2", text).split():
        number = _number(word)
        if number is None and word in _AROUND:
            continue
        if number is None or found is not None:
            return None
        found = number
    return found


def _number(word: str) -> int | None:
    digits = _DIGITS.match(word)
    if digits:
        return int(digits.group(1))
    return VALUES.get(word, ORDINALS.get(word))


def holds(label: str, number: int) -> bool:
    """Whether a folded label names that number, alone or within its bounds."""
    if any(int(low) <= number <= int(high) for low, high in _RANGE.findall(label)):
        return True
    return any(_DIGITS.match(word) and _number(word) == number for word in label.split())


def speak_of(labels: list[str], number: int) -> bool:
    """Whether most buttons have a number that this one may be compared with, so that it is not a place in the list."""
    found = [[_number(word) or 0 for word in label.split() if _DIGITS.match(word)] for label in labels]
    named = [numbers for numbers in found if numbers]
    return len(named) > len(labels) * MOST and number >= min(min(numbers) for numbers in named)
