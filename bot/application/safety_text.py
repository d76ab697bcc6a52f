"""The plain form of a text before safety reads it: one spelling for the many ways of writing the same words."""

import re
import unicodedata
from functools import cache, lru_cache

from rapidfuzz.distance import OSA

from bot.application.safety_rules import spelling, vocabulary

SHORT = 4  # letters: shorter words have too many neighbours
CAP = 4000  # characters read: the first and last half of a longer text

_LOOK_ALIKES = str.maketrans(
    "абвгдеёжзийклмнорстухсуіїјѕԁһԛԝαβεικνορτυχγ@$€",
    "abbgdeexzuuklmhopctyxcyiijsdhqwabeiknoptuxyase",
)
_PICTURES = {
    "😂": " mdr ",
    "🤣": " mdr ",
    "😹": " mdr ",
    "😆": " mdr ",
    "😅": " mdr ",
    "🔪": " couteau ",
    "🔫": " arme ",
}
_DIGITS = str.maketrans("013457", "oieast")
_IN_WORD = re.compile(r"(?<=[a-z])[013457](?=[a-z])")
_SPACED = re.compile(r"(?<![a-z0-9])(?:[a-z][ ._*\-]){3,}[a-z](?![a-z0-9])")
_JOINER = re.compile(r"(?<=[a-z0-9])[._*](?=[a-z0-9])")
_STOP = re.compile(r"(?<![.!?])[.!?;](?![.!?])|[!?]{2,}")
_OTHER = re.compile(r"[^a-z0-9|]+")
_FLOOD = re.compile(r"([^\w\s])\1{2,}")  # the same emoji or mark again and again
_REPEAT = re.compile(r"([a-z])\1+")
_SHORT_J = re.compile(
    r"^j(me|veux|vais|suis|peux|fais|pense|mange|sais|dors|prends|vois|sens|coupe|fume|bois|vomis|te|le|la|voulais|"
    r"voudrais|deteste|hais|sers|pleure|scarifie|sors|crois|reste|pars|dois|serai|serais|prefere|jeune|"
    r"subis|deale|cache|vis|parle|arete|mutile|pars|barre|barrai|case)$"
)
_SHORT_D = re.compile(r"^d(mourir|crever|vivre|finir|tuer|me|moi|le|la)$")


def plain(text: str) -> str:
    """The text in small plain letters, `|` between sentences, SMS spellings written out. Linear time."""
    if len(text) > CAP:
        text = text[: CAP // 2] + " | " + text[-CAP // 2 :]
    folded = _fold(text)
    folded = _SPACED.sub(lambda run: re.sub(r"[ ._*\-]", "", run[0]), folded)
    folded = _IN_WORD.sub(lambda digit: digit[0].translate(_DIGITS), folded)
    folded = _JOINER.sub(" ", folded)
    folded = _OTHER.sub(" ", _STOP.sub(" | ", folded))
    return " ".join(_word_form(word) for word in folded.split()).replace("c est est", "c est")


def _fold(text: str) -> str:
    text = _FLOOD.sub(r"\1\1", text)
    for picture, word in _PICTURES.items():
        if picture in text:
            text = text.replace(picture, word)
    # invisible characters go first: they split words and hide from NFKC
    kept = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Mn"))
    folded = unicodedata.normalize("NFKC", kept).lower()
    folded = "".join(c for c in unicodedata.normalize("NFD", folded) if unicodedata.category(c) != "Mn")
    return folded.replace("œ", "oe").replace("æ", "ae").translate(_LOOK_ALIKES)


@lru_cache(maxsize=20_000)
def _word_form(word: str) -> str:
    sms = spelling().sms
    if word in sms:
        return sms[word]
    word = _REPEAT.sub(r"\1", word)
    if word in sms:
        return sms[word]
    if short := _SHORT_J.match(word):
        return f"je {short[1]}"
    if short := _SHORT_D.match(word):
        return f"de {short[1]}"
    return _mended(word)


def _mended(word: str) -> str:
    """A word of the rules where one letter slipped (left out, doubled by another, two swapped); else the word itself."""
    if len(word) < SHORT or word in spelling().real or word in vocabulary():
        return word
    near = (key for key in _by_letter().get(word[0], ()) if abs(len(key) - len(word)) <= 1)
    return next((key for key in near if OSA.distance(word, key, score_cutoff=1) <= 1), word)


@cache
def _by_letter() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    known = vocabulary()
    for key in sorted(known, key=lambda one: (-known[one], one)):  # the word that stands in most rules first
        if len(key) > SHORT:
            found.setdefault(key[0], []).append(key)
    return found
