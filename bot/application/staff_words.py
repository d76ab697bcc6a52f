"""What a member of staff types in a chat: which act, about which number, with which words. Pure."""

import re
import unicodedata
from dataclasses import dataclass

from dialogues.understand import allowed, fold

WORDS = {  # act -> what it is called, the first one is how we call it
    "add": ("ajouter", "ajoute", "ajout", "nouveau", "nouvelle", "creer", "plus"),
    "move": ("deplacer", "deplace", "decaler", "decale", "reporter", "reporte", "bouger", "changer", "modifier"),
    "cancel": ("annuler", "annule", "annulation", "supprimer", "supprime"),
    "restore": ("retablir", "retablis", "remettre"),
    "confirm": ("confirmer", "confirme", "confirmation", "verifier", "verifie"),
    "places": ("places", "place", "capacite"),
    "where": ("lieu", "salle", "local", "endroit"),
    "present": ("presents", "presentes", "presence", "presences", "qr"),
    "help": ("aide", "help", "commandes"),
}  # fmt: skip
_COMMAND = re.compile(r"\s*/\s*([^\W\d_]+)(?:@\w+)?\s*(.*)", re.DOTALL)
_NUMBER = re.compile(r"(?:n[°o]\s*|#\s*)?(\d{1,6})(?![\d/:.h-])", re.IGNORECASE)
EXAMPLE = "/agenda ajouter lab Animation 3D, mercredi 13 janvier 14h-16h, salle B, 12 places"


@dataclass(frozen=True, slots=True)
class Order:
    """A command. `act`: one of WORDS, list, show, team, code or unknown; `words`: what comes behind, as typed."""

    act: str
    number: int | None = None
    words: str = ""


def clean(text: str) -> str:
    """The text without what cannot be seen (control, direction, zero width): it would hide in a title, or break a table."""
    return "".join(one for one in text if one in "\n\t" or not unicodedata.category(one).startswith("C"))


def is_command(text: str) -> bool:
    """Whether a text is for the people of the centre: it begins with /equipe or /agenda."""
    found = _COMMAND.match(text)
    return found is not None and fold(found[1]) in ("equipe", "agenda")


def order(text: str) -> Order:
    """What a command asks for."""
    found = _COMMAND.match(text)
    if found is None:
        return Order("unknown", words=text)
    rest = clean(found[2]).strip()
    if fold(found[1]) == "equipe":
        return Order("code", words=rest) if rest else Order("team")
    if not rest:
        return Order("list")
    return _agenda(rest)


def _agenda(rest: str) -> Order:
    number, behind = _numbered(rest)
    if number is not None:
        if not behind:
            return Order("show", number)
        act, words = _act(behind)
        return Order(act, number, words)
    act, words = _act(rest)
    if act in ("add", "help", "unknown"):
        return Order(act, words=words)
    number, words = _numbered(words)
    return Order(act, number, words)


def _numbered(text: str) -> tuple[int | None, str]:
    found = _NUMBER.match(text)
    if found is None:
        return None, text
    return int(found[1]), text[found.end() :].strip(" ,;:")


def _act(text: str) -> tuple[str, str]:
    first, _, behind = text.replace("\n", " ").partition(" ")
    if first.startswith("+"):
        return "add", f"{first[1:]} {behind}".strip()
    word = fold(first)
    behind = behind.strip(" ,;:")
    for act, names in WORDS.items():
        if word in names:
            return act, behind
    return _nearly(word, behind) or ("unknown", text)


def _nearly(word: str, behind: str) -> tuple[str, str] | None:
    """The act that a slip of the finger meant, when it can be only one."""
    from rapidfuzz.distance import OSA  # noqa: PLC0415 -- heavy, and only for slips

    slips = allowed(word)
    near = {
        act
        for act, names in WORDS.items()
        for name in names
        if slips and OSA.distance(word, name, score_cutoff=slips) <= slips
    }
    return (near.pop(), behind) if len(near) == 1 else None
