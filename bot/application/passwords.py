"""Passwords of the team: what is too easy to guess, and slow hashes (argon2id) of which few run at the same time."""

import asyncio
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TypeVar

Result = TypeVar("Result")

SHORTEST, LONGEST = 12, 200  # characters
PIECES = 5  # different pieces that a password needs: a known word, a row of keys, a year, or a character of its own
AT_ONCE = 2  # hashes at the same time: 46 MiB each
MOST_WAITING = 20  # sign-ins that may wait for a hash; more are a flood


@dataclass(frozen=True, slots=True)
class Cost:
    """What one hash costs."""

    time: int
    memory: int  # KiB
    lanes: int


COST = Cost(time=2, memory=46 * 1024, lanes=1)  # tests lower it


class TooBusy(Exception):  # noqa: N818 -- says what happened, like the others
    """Too many sign-ins wait for their hash: come back in a minute."""


class Hasher:
    """Makes and compares hashes, outside of the threads in which conversations run."""

    def __init__(self, cost: Cost | None = None) -> None:
        from argon2 import PasswordHasher  # noqa: PLC0415 -- only where somebody signs in

        cost = cost or COST
        self._argon = PasswordHasher(cost.time, cost.memory, cost.lanes)
        self._nobody = self._argon.hash(secrets.token_hex(16))  # compared with where there is no password
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="hash")
        self._waiting = 0

    async def hash(self, password: str) -> str:
        """The hash to keep. TooBusy."""
        return await self._elsewhere(lambda: self._argon.hash(_plain(password)))

    async def fits(self, kept: str | None, password: str) -> bool:
        """Whether it is the password. As slow for an account without one, or for none. TooBusy."""
        return await self._elsewhere(
            lambda: self.compare(kept or self._nobody, password) and kept is not None
        )

    def compare(self, kept: str, password: str) -> bool:
        """One comparison, in this thread."""
        from argon2.exceptions import VerificationError  # noqa: PLC0415 -- as above

        try:
            return self._argon.verify(kept, _plain(password))
        except (VerificationError, ValueError):  # not this one, or what is kept is no hash
            return False

    def is_old(self, kept: str) -> bool:
        """Whether it was made at another cost, and should be made anew."""
        return self._argon.check_needs_rehash(kept)

    async def _elsewhere(self, work: Callable[[], Result]) -> Result:
        if self._waiting >= MOST_WAITING:
            raise TooBusy
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1


def _plain(password: str) -> str:
    """An « é » is the same, however the keyboard makes it; longer ones than we admit cost no more."""
    return unicodedata.normalize("NFC", password)[: LONGEST + 1]


# ---------------------------------------------------------------- too easy to guess

_ROWS = ("azertyuiop", "qwertyuiop", "qwertzuiop", "qsdfghjklm", "asdfghjkl", "wxcvbn", "zxcvbnm",
         "abcdefghijklmnopqrstuvwxyz", "01234567890", "1a2z3e4r5t6y7u8i9o0p", "1q2w3e4r5t6y7u8i9o0p", "aqwzsxedcrfvtgb", "qazwsxedcrfvtgb")  # fmt: skip
_LOOKS = str.maketrans("0134578@$€!|", "oieastbaseil")  # figures that stand for letters
_ROW_LENGTH = 3  # neighbours on the keyboard that make a row
_NUMBER = re.compile(r"(19|20)\d\d|\d+")


def problem(password: str, own: Iterable[str] = ()) -> str | None:
    """Why a password cannot serve, as a French sentence; None when it can. `own`: names that it should not be made of."""
    length = len(unicodedata.normalize("NFC", password))
    if length < SHORTEST:
        return f"Ce mot de passe a {length} signes : il en faut au moins {SHORTEST}. Plusieurs mots à vous vont très bien."
    if length > LONGEST:
        return f"Ce mot de passe est trop long : {LONGEST} signes au plus."
    if not any(letter.isalpha() for letter in password):
        return (
            "Ce mot de passe n’a que des chiffres et des signes : c’est vite essayé. Ajoutez des mots à vous."
        )
    if len(set(_pieces(_folded(password), _known(own)))) < PIECES:
        return (
            "Ce mot de passe est trop facile à deviner : il est fait de mots très courants, de votre nom, d’une suite ou "
            "d’une répétition. Prenez par exemple quatre mots qui n’ont rien à voir entre eux."
        )
    return None


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _known(own: Iterable[str]) -> frozenset[str]:
    names = (part for text in own for part in re.split(r"[^a-z0-9]+", _folded(text)))
    return _common() | {part for part in names if len(part) >= _ROW_LENGTH}


@cache
def _common() -> frozenset[str]:
    lines = resources.files("bot.application").joinpath("password_words.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def _pieces(text: str, known: frozenset[str]) -> Iterator[str]:
    """The text as pieces that a guesser would try whole: the longest at each place."""
    letters = text.translate(_LOOKS)
    longest = max(map(len, known))
    at = 0
    while at < len(text):
        size = max(
            _word_length(text, at, known, longest),
            _word_length(letters, at, known, longest),
            _row_length(text, at),
            _number_length(text, at),
        )
        yield letters[at : at + size] if size == 1 else text[at : at + size]
        at += size


def _word_length(text: str, at: int, known: frozenset[str], longest: int) -> int:
    return next((n for n in range(min(longest, len(text) - at), 2, -1) if text[at : at + n] in known), 1)


def _row_length(text: str, at: int) -> int:
    """Letters that repeat, or that follow each other on a keyboard or in the alphabet, either way."""
    repeated = len(text[at:]) - len(text[at:].lstrip(text[at]))
    best = repeated if repeated >= _ROW_LENGTH else 1
    for row in (line for one in _ROWS for line in (one, one[::-1])):
        size = 1
        while size < len(text) - at and text[at : at + size + 1] in row:
            size += 1
        best = max(best, size if size >= _ROW_LENGTH else 1)
    return best


def _number_length(text: str, at: int) -> int:
    found = _NUMBER.match(text, at)
    return len(found[0]) if found else 1
