"""What typed words mean: the commands that work everywhere (§5.2) and the buttons that words stand for."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA

from dialogues import numbers
from dialogues.command_words import ALSO, OTHER_WORDS, WORDS, Command
from dialogues.events import Option

__all__ = ["ALSO", "WORDS", "Command", "choose", "command", "fold", "interpret"]


_ELIDED = re.compile(r"['’‘`´ʼ-]")
_NOT_WORD = re.compile(r"[^a-z0-9 ]+")
_DIGITS = re.compile(r"\d+")
_SPACES = re.compile(r" +")
_RUNS = re.compile(r"([a-z])\1{2,}")

SHORTEST_TYPO = 4  # letters: below, a word must be exact
LONG_WORD = 7  # letters: from here on, two slips are forgiven


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Lower case without accents, punctuation, emoji or repeated letters: "Ouiiii !!" gives "oui"."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = _NOT_WORD.sub(" ", _ELIDED.sub(" ", plain))
    return _SPACES.sub(" ", _RUNS.sub(r"\1", plain)).strip()


def allowed(word: str) -> int:
    """How many slips a word forgives: 1 for 4 to 6 letters, 2 beyond, none below."""
    letters = len(word.replace(" ", ""))
    if letters < SHORTEST_TYPO:
        return 0
    return 1 if letters < LONG_WORD else 2


def near(typed: str, word: str) -> bool:
    """Whether two folded texts are the same but for the slips that are forgiven.

    Two swapped letters are one slip, spaces are none, and figures are never slips: 16 is not 12.
    """
    if typed == word:
        return True
    slips = allowed(word)
    if abs(len(typed) - len(word)) > slips + word.count(" ") + typed.count(" "):
        return False
    one, other = typed.replace(" ", ""), word.replace(" ", "")
    if one == other:
        return True
    if not slips or _DIGITS.findall(one) != _DIGITS.findall(other):
        return False
    return OSA.distance(one, other, score_cutoff=slips) <= slips


_FORGIVING: dict[str, Command] = {word: meaning for meaning, words in WORDS.items() for word in words}
_EXACT: dict[str, Command] = {
    **{word: meaning for meaning, words in ALSO.items() for word in words},
    **_FORGIVING,
}
_JOINED: dict[str, Command] = {word.replace(" ", ""): command for word, command in _EXACT.items()}
_POLITE = re.compile(
    r"(?:^(?:euh|bon|ok|non|stp|svp|bah|ben) (?=\w))|(?: (?:stp|svp|s il te plait|s il vous plait|merci|please|pls))$"
)
_SOS = re.compile(r"\b(?:sos|au secours|o secours|au secour)\b")


@lru_cache(maxsize=64)  # asked twice of each text: by the application, then by the page
def command(text: str) -> Command | None:
    """The command that the whole text is; SOS and "au secours" also count inside a longer sentence."""
    folded = fold(text)
    if not folded:
        return None
    if _SOS.search(folded):
        return Command.SOS
    return _whole(folded) or _whole(_POLITE.sub("", folded).strip())


def _whole(folded: str) -> Command | None:
    found = _EXACT.get(folded) or _JOINED.get(folded.replace(" ", ""))
    if found is not None or not folded or folded in OTHER_WORDS:
        return found
    hits = {meaning for word, meaning in _FORGIVING.items() if near(folded, word)}
    if Command.SOS in hits:
        return Command.SOS
    return hits.pop() if len(hits) == 1 else None


# ---------------------------------------------------------------- buttons

_YES_WORDS = frozenset(
    [
        "oui",
        "ouais",
        "ouai",
        "oue",
        "ui",
        "yes",
        "yep",
        "yeah",
        "yess",
        "ok",
        "okay",
        "okey",
        "oki",
        "daccord",
        "dac",
        "dacc",
        "carrement",
        "grave",
        "biensur",
        "evidemment",
        "go",
        "vasy",
        "allez",
        "cestparti",
        "volontiers",
        "bahoui",
        "benoui",
        "maisoui",
        "ouaip",
        "ouep",
        "okgo",
        "jeveuxbien",
        "dak",
        "ouistp",
        "wi",
        "wesh",
        "oe",
    ],
)
_NO_WORDS = frozenset(
    [
        "non",
        "nan",
        "nn",
        "no",
        "nope",
        "nop",
        "non",
        "merci",
        "pasdutout",
        "jamais",
        "bahnon",
        "bennon",
        "pasmaintenant",
        "nonmerci",
        "nah",
        "mm",
        "pasenvie",
        "jeveuxpas",
        "jeneveuxpas",
        "paspourmoi",
        "surtoutpas",
        "na",
    ],
)
_YES_KEYS = frozenset(["yes", "oui", "ok", "agree", "go", "accept", "accord", "true", "yes_"])
_NO_KEYS = frozenset(["no", "non", "refuse", "not_now", "later", "false", "no_", "none"])
_ORDINALS: Mapping[str, int] = {
    word: position
    for position, words in enumerate(
        (
            "premier premiere 1er 1re 1ere un une",
            "deuxieme second seconde 2e 2eme 2nd 2nde deux",
            "troisieme 3e 3eme trois",
            "quatrieme 4e 4eme quatre",
            "cinquieme 5e 5eme cinq",
            "sixieme 6e 6eme six",
            "septieme 7e 7eme sept",
            "huitieme 8e 8eme huit",
        ),
    )
    for word in words.split()
}
_LAST = frozenset({"dernier", "derniere"})
_ARTICLE = re.compile(r"^(?:le |la |l |les |numero |n |num |choix |option |reponse )+")
_STOP = frozenset(
    [
        "le",
        "la",
        "les",
        "l",
        "un",
        "une",
        "des",
        "de",
        "du",
        "d",
        "a",
        "au",
        "aux",
        "et",
        "ou",
        "en",
        "je",
        "j",
        "tu",
        "me",
        "m",
        "mon",
        "ma",
        "mes",
        "ton",
        "ta",
        "tes",
        "ca",
        "c",
        "est",
        "ce",
        "que",
        "qui",
        "on",
        "y",
        "veux",
        "prends",
        "choisis",
        "voudrais",
        "prefere",
        "plutot",
        "dirais",
        "alors",
        "bon",
        "ben",
        "bah",
        "euh",
        "moi",
        "celui",
        "celle",
    ],
)


_LEADING = re.compile(
    r"^(?:(?:ah|oh|ben|bah|bof|euh|mdr) )*(?:(?:oui|ouais|non|nan|ok) (?=\w+ \w))?"
)  # "oui c'est ça"
_DENIALS = frozenset({"pas", "jamais", "aucun", "aucune", "ni", "sauf", "sans", "ne", "non", "nan"})


def choose(text: str, options: Sequence[Option]) -> str | None:
    """The key of the option that the words stand for, or None when none or several would do."""
    folded = fold(text)
    if not folded or not options:
        return None
    labels = [(option.key, fold(option.label)) for option in options]
    found = _chosen(folded, labels)
    bare = _LEADING.sub("", folded)
    return found if found is not None or bare in ("", folded) else _chosen(bare, labels)


def _chosen(folded: str, labels: list[tuple[str, str]]) -> str | None:
    number = numbers.value(folded)
    if number is not None:
        named = _only(key for key, label in labels if numbers.holds(label, number))
        if named is not None or numbers.speak_of([label for _, label in labels], number):
            return named
    for attempt in (_equal, _ordinal, _yes_no, _almost, _prefix, _by_words):
        found = attempt(folded, labels)
        if found is not None:
            return found
    return None


def _only(keys: Iterable[str]) -> str | None:
    distinct = list(dict.fromkeys(keys))
    return distinct[0] if len(distinct) == 1 else None


def _equal(folded: str, labels: list[tuple[str, str]]) -> str | None:
    bare = folded.replace(" ", "")
    found = _only(key for key, label in labels if label.replace(" ", "") == bare)
    return found or _only(key for key, _ in labels if fold(key) == folded and not key.isdecimal())


def _ordinal(folded: str, labels: list[tuple[str, str]]) -> str | None:
    word = _ARTICLE.sub("", folded)
    if word in _LAST:
        return labels[-1][0]
    if word in _ORDINALS and (
        word != folded or not word.isalpha() or len(word) > SHORTEST_TYPO or word in ("un", "deux", "trois")
    ):
        position = _ORDINALS[word]
    elif word.isdecimal() and len(word) <= 2:  # noqa: PLR2004
        position = int(word) - 1
    else:
        return None
    return labels[position][0] if 0 <= position < len(labels) else None


def _yes_no(folded: str, labels: list[tuple[str, str]]) -> str | None:
    bare = folded.replace(" ", "")
    if bare in _YES_WORDS:
        return _meaning(labels, _YES_KEYS, "oui", "d accord", "c est parti")
    if bare in _NO_WORDS:
        return _meaning(labels, _NO_KEYS, "non", "pas maintenant")
    return None


def _meaning(labels: list[tuple[str, str]], keys: frozenset[str], *words: str) -> str | None:
    starting = [
        key for key, label in labels if any(label == word or label.startswith(f"{word} ") for word in words)
    ]
    return _only(starting) or _only(key for key, _ in labels if key in keys)


def _almost(folded: str, labels: list[tuple[str, str]]) -> str | None:
    return _only(key for key, label in labels if near(folded, label))


def _prefix(folded: str, labels: list[tuple[str, str]]) -> str | None:
    if len(folded) < 3:  # noqa: PLR2004
        return None
    return _only(key for key, label in labels if label.startswith(folded))


def _by_words(folded: str, labels: list[tuple[str, str]]) -> str | None:
    """Words that stand in one label only: "filmer" for "Filmer et monter une vidéo"."""
    typed = [word for word in folded.split() if word not in _STOP]
    if not typed:
        return None
    hits = [key for key, label in labels if all(_has(word, label.split()) for word in typed)]
    if hits:
        return _only(hits)
    # A sentence around one label: "je prends les métiers" for "Les métiers".
    if not _DENIALS.isdisjoint(typed):  # "je veux pas coder" is no yes to "Coder"
        return None
    inside = [(key, [word for word in label.split() if word not in _STOP]) for key, label in labels]
    return _only(key for key, words in inside if words and all(_has(word, typed) for word in words))


def _has(word: str, words: Sequence[str]) -> bool:
    return any(near(word, other) for other in words)


def interpret(text: str, options: Sequence[Option]) -> Command | str | None:
    """A command, the key of an option, or None. SOS wins, then the exact words of a button, then commands."""
    meant = command(text)
    if meant is Command.SOS:
        return meant
    folded = fold(text)
    exact = _equal(folded, [(option.key, fold(option.label)) for option in options]) if folded else None
    return exact or meant or choose(text, options)
