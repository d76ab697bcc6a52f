"""Days and hours inside the free words of a member of staff: what was found, what is left, and what cannot be. Pure."""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta

from dialogues.render import DAYS, MONTHS, french_date
from dialogues.understand import allowed, fold

_SPACE = "[ \u00a0\u202f]{0,3}"  # bounded: a made-up row of spaces must not cost seconds
_NUMBERS = re.compile(
    r"(?<![\d/.-])(\d{1,2})(?:/(\d{1,2})(?:/(\d{4}|\d{2}))?|\.(\d{1,2})\.(\d{4}|\d{2}))(?![\d/])"
)
_DASHES = re.compile(r"(?<!\d)(\d{1,2})-(\d{1,2})-(\d{4}|\d{2})(?!\d)")
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_WORDED = re.compile(
    r"(?<!\d)(\d{1,2})(?:er)?[ \u00a0\u202f]+([^\W\d_]{3,9})\.?(?:[ \u00a0\u202f]+(\d{4}))?(?!\d)"
)
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*\.?")
_BEFORE = re.compile(r"(?:\b(?:le|ce|du|pour)\s+)?$", re.IGNORECASE)
_CLOCK = rf"(\d{{1,2}}){_SPACE}(?:h|:|heures?){_SPACE}(\d{{2}})?(?!\w)"
_TO = rf"{_SPACE}(?:-|–|—|/|à|a|jusqu’à|jusqu'à|jusqu’a|jusqu'a|et){_SPACE}"
_RANGE = re.compile(rf"(?:\b(?:de|entre){_SPACE})?(?<!\d){_CLOCK}{_TO}{_CLOCK}", re.IGNORECASE)
_SHORT = re.compile(rf"(?:\b(?:de|entre){_SPACE})?(?<![\d/]){_SPACE}(\d{{1,2}}){_TO}{_CLOCK}", re.IGNORECASE)
_LASTS = re.compile(rf"\b(?:pendant|durée|duree|dure){_SPACE}:?{_SPACE}(\d{{1,2}}){_SPACE}h(?:eures?)?{_SPACE}(\d{{2}})?(?!\w)", re.IGNORECASE)  # fmt: skip
_ONE = re.compile(rf"(?:(?:\bà|\ba|\bdès|\bvers){_SPACE})?(?<!\d){_CLOCK}", re.IGNORECASE)
_UNTIL = re.compile(rf"\bjusqu[’']?{_SPACE}[aà]{_SPACE}{_CLOCK}", re.IGNORECASE)
_NEAR = {"aujourd hui": 0, "ce jour": 0, "demain": 1, "apres demain": 2}
_NAMES = {fold(name): number for number, name in enumerate(DAYS)}
_SHORT_DAYS = {name[:3]: number for name, number in _NAMES.items()}
_NUMBER_OF = {fold(name): number for number, name in enumerate(MONTHS, 1)}
_SHORT_MONTHS = {"janv": 1, "jan": 1, "fevr": 2, "fev": 2, "avr": 4, "juil": 7, "sept": 9, "sep": 9, "oct": 10, "nov": 11, "dec": 12}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """What the words say. `rest`: the words without it; `wrong`: one French sentence about what cannot be, or ""."""

    rest: str
    day: date | None = None
    begins: time | None = None
    ends: time | None = None
    lasts: timedelta | None = None
    wrong: str = ""


def find(text: str, today: date) -> Found:
    """The first day and the hours in a text. A day without its year is the next one from `today` on."""
    day, rest, wrong = _day(text, today)
    if wrong:
        return Found(rest, wrong=wrong)
    begins, ends, lasts, rest, wrong = _hours(rest)
    return Found(rest, day, begins, ends, lasts, wrong)


# ---------------------------------------------------------------- days


def _day(text: str, today: date) -> tuple[date | None, str, str]:
    for pattern, read in _FORMS:
        for found in pattern.finditer(text):
            parts = read(found)
            if parts is None:
                continue
            number, month, year = parts
            day, wrong = _real(number, month, year, today)
            named, start = _weekday_before(text, found.start())
            rest = _without(text, start, found.end())
            if day is not None and named is not None and named != day.weekday():
                wrong = f"Le {french_date(day)} {day.year} n’est pas un {DAYS[named]} : lequel des deux ?"
            return day, rest, wrong
    return _said(text, today)


def _of_numbers(found: "re.Match[str]") -> tuple[int, int, int | None] | None:
    return int(found[1]), int(found[2] or found[4]), _year(found[3] or found[5])


def _of_dashes(found: "re.Match[str]") -> tuple[int, int, int | None] | None:
    return int(found[1]), int(found[2]), _year(found[3])


def _of_iso(found: "re.Match[str]") -> tuple[int, int, int | None] | None:
    return int(found[3]), int(found[2]), int(found[1])


def _of_words(found: "re.Match[str]") -> tuple[int, int, int | None] | None:
    month = _month(found[2])
    return None if month is None else (int(found[1]), month, _year(found[3]))


_FORMS: tuple[
    tuple["re.Pattern[str]", Callable[["re.Match[str]"], tuple[int, int, int | None] | None]], ...
] = (
    (_ISO, _of_iso),
    (_WORDED, _of_words),
    (_DASHES, _of_dashes),
    (_NUMBERS, _of_numbers),
)


def _year(text: str | None) -> int | None:
    if text is None:
        return None
    return int(text) + (2000 if len(text) == 2 else 0)  # noqa: PLR2004 -- two figures


def _month(word: str) -> int | None:
    plain = fold(word)
    known = _NUMBER_OF.get(plain) or _SHORT_MONTHS.get(plain)
    return known or _close(plain, _NUMBER_OF)


def _close(plain: str, known: dict[str, int]) -> int | None:
    from rapidfuzz.distance import OSA  # noqa: PLC0415 -- heavy, and only for slips

    slips = allowed(plain)
    if not slips:
        return None
    near = sorted((OSA.distance(plain, name), name) for name in known)
    return known[near[0][1]] if near[0][0] <= slips and near[0][0] < near[1][0] else None


def _real(number: int, month: int, year: int | None, today: date) -> tuple[date | None, str]:
    """That day, or why there is none."""
    if not 1 <= month <= len(MONTHS):
        return None, f"Il n’y a pas de mois {month} : écrivez par exemple 13/1 ou 13 janvier."
    if year is None:
        year = today.year + ((month, number) < (today.month, today.day))
    if not 2000 <= year <= 2100:  # noqa: PLR2004 -- nobody plans further
        return None, f"L’année {year} ne va pas."
    if not 1 <= number <= calendar.monthrange(year, month)[1]:
        return None, f"Le {number} {MONTHS[month - 1]} {year} n’existe pas."
    return date(year, month, number), ""


def _weekday_before(text: str, start: int) -> tuple[int | None, int]:
    """The weekday that stands right before a date, and where the whole begins."""
    before = text[:start].rstrip(" \u00a0\u202f")
    word = before[_last_word(before) :]
    named = _weekday(word)
    if named is not None:
        start = len(before) - len(word)
    return named, _BEFORE.search(text[:start]).start()  # type: ignore[union-attr]  # it always finds the end


def _last_word(text: str) -> int:
    return max((text.rfind(mark) for mark in " \u00a0\u202f,;("), default=-1) + 1


def _weekday(word: str) -> int | None:
    plain = fold(word)
    if plain in _NAMES:
        return _NAMES[plain]
    if word.endswith(".") and plain in _SHORT_DAYS:
        return _SHORT_DAYS[plain]
    return _close(plain, _NAMES) if len(plain) > 4 else None  # noqa: PLR2004 -- « lune », « mari » are no days


def _said(text: str, today: date) -> tuple[date | None, str, str]:
    """Today, tomorrow, a weekday."""
    words = list(_WORD.finditer(text))
    for place, found in enumerate(words):
        plain = fold(found[0])
        if plain in _NEAR:
            day = today + timedelta(days=_NEAR[plain])
            return day, _without(text, _BEFORE.search(text[: found.start()]).start(), found.end()), ""  # type: ignore[union-attr]
        named = _weekday(found[0])
        if named is not None:
            end = found.end()
            if place + 1 < len(words) and fold(words[place + 1][0]) in ("prochain", "suivant"):
                end = words[place + 1].end()
            ahead = (named - today.weekday() - 1) % 7 + 1
            start = _BEFORE.search(text[: found.start()]).start()  # type: ignore[union-attr]
            return today + timedelta(days=ahead), _without(text, start, end), ""
    return None, text, ""


# ---------------------------------------------------------------- hours


def _hours(text: str) -> tuple[time | None, time | None, timedelta | None, str, str]:
    lasts = None
    if found := _LASTS.search(text):
        lasts = timedelta(hours=int(found[1]), minutes=int(found[2] or 0))
        text = _without(text, *found.span())
    if found := _RANGE.search(text):
        begins, ends = _clock(found[1], found[2]), _clock(found[3], found[4])
        said = found[0]
    elif found := _SHORT.search(text):
        begins, ends = _clock(found[1], None), _clock(found[2], found[3])
        said = found[0]
    else:
        return _single(text, lasts)
    if begins is None or ends is None:
        return (
            None,
            None,
            lasts,
            text,
            f"« {said.strip()} » n’est pas une heure : écrivez par exemple 14h-16h30.",
        )
    return begins, ends, lasts, _without(text, *found.span()), ""


def _single(
    text: str, lasts: timedelta | None
) -> tuple[time | None, time | None, timedelta | None, str, str]:
    ends = None
    if found := _UNTIL.search(text):
        ends = _clock(found[1], found[2])
        text = _without(text, *found.span())
    times, wrong = [], ""
    while found := _ONE.search(text):
        one = _clock(found[1], found[2])
        if one is None:
            wrong = f"« {found[0].strip()} » n’est pas une heure : écrivez par exemple 14h-16h30."
            break
        times.append(one)
        text = _without(text, *found.span())
    begins = times[0] if times else None
    return begins, ends or (times[1] if len(times) > 1 else None), lasts, text, wrong


def _clock(hours: str, minutes: str | None) -> time | None:
    try:
        return time(int(hours), int(minutes or 0))
    except ValueError:
        return None


def _without(text: str, start: int, end: int) -> str:
    return f"{text[:start]} {text[end:]}"
