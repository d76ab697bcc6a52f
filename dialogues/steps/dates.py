"""A day: four quick ones, or words such as "le 12 mars", "12/03", "demain", "dans 3 jours"."""

import re
from datetime import date, timedelta

from dialogues.events import Input, Option, Picked, Typed
from dialogues.model import Moment, Step
from dialogues.render import DAYS, MONTHS
from dialogues.steps.base import AGAIN, DONE, MISSED, WAIT, Outcome, done
from dialogues.steps.play import Play
from dialogues.understand import choose, fold, near

QUICK = ("tonight", "wednesday", "saturday", "two_weeks", "other")
WEEK = 7
HALF_YEAR = 183  # days: a day without a year that is less far behind than this is past, not next year's

_RELATIVE = {
    "aujourd hui": 0,
    "ce soir": 0,
    "ce midi": 0,
    "maintenant": 0,
    "tout de suite": 0,
    "cet aprem": 0,
    "cet apres midi": 0,
    "ajd": 0,
    "demain": 1,
    "dm1": 1,
    "2main": 1,
    "demain soir": 1,
    "demain matin": 1,
    "apres demain": 2,
    "hier": -1,
    "avant hier": -2,
}
_NUMBERS = {
    fold(word): number
    for number, word in enumerate(
        ("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"),
    )
} | {"une": 1, "quinze": 15, "douze": 12, "vingt": 20}
_IN = re.compile(r"(?:d )?(?:dans|ds) (?P<n>\d{1,3}|[a-z]+) (?P<unit>jours?|j|semaines?|sem|mois)\b")
_AGO = re.compile(r"il y a (?P<n>\d{1,3}|[a-z]+) (?P<unit>jours?|semaines?|mois)\b")
_SLASH = re.compile(r"(?<!\d)(\d{1,2})\s*[/.-]\s*(\d{1,2})(?:\s*[/.-]\s*(\d{4}|\d{2}))?(?!\d)")
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_WRITTEN = re.compile(r"\b(\d{1,2}|1er|premier)(?: de)? ([a-z]{3,10})(?: (\d{4}))?\b")
_MONTHS = {fold(month): number for number, month in enumerate(MONTHS, 1)} | {
    "janv": 1,
    "jan": 1,
    "fev": 2,
    "fevr": 2,
    "avr": 4,
    "juil": 7,
    "sept": 9,
    "oct": 10,
    "nov": 11,
    "dec": 12,
    "jui": 7,
}
_UNITS = {"j": 1, "s": WEEK, "m": 30}


def parse_day(text: str, today: date) -> date | None:
    """The day that words mean, which may be past; None when they mean no day.

    Without a year the next such day is meant, unless it has just gone by.
    """
    folded = fold(text)
    if folded in _RELATIVE:
        return _later(today, _RELATIVE[folded])
    return (
        _counted(folded, today) or _numeric(text, today) or _written(folded, today) or _weekday(folded, today)
    )


def _later(today: date, days: int) -> date | None:
    try:
        return today + timedelta(days=days)
    except OverflowError:
        return None


def _counted(folded: str, today: date) -> date | None:
    for pattern, sign in ((_IN, 1), (_AGO, -1)):
        found = pattern.search(folded)
        if found is not None:
            number = int(found["n"]) if found["n"].isdecimal() else _NUMBERS.get(found["n"])
            return None if number is None else _later(today, sign * number * _UNITS[found["unit"][0]])
    return None


def _numeric(text: str, today: date) -> date | None:
    iso = _ISO.search(text)
    if iso is not None:
        return _day(int(iso[3]), int(iso[2]), int(iso[1]), today)
    found = _SLASH.search(text)
    if found is None:
        return None
    year = int(found[3]) if found[3] else None
    return _day(int(found[1]), int(found[2]), year + 2000 if year is not None and year < 100 else year, today)  # noqa: PLR2004


def _written(folded: str, today: date) -> date | None:
    for found in _WRITTEN.finditer(folded):
        month = _MONTHS.get(found[2]) or next(
            (number for name, number in _MONTHS.items() if near(found[2], name)), None
        )
        if month is not None:
            day = 1 if found[1] in ("1er", "premier") else int(found[1])
            return _day(day, month, int(found[3]) if found[3] else None, today)
    return None


def _day(day: int, month: int, year: int | None, today: date) -> date | None:
    try:
        if year is not None:
            return date(year, month, day)
        this_year = date(today.year, month, day)
        if this_year >= today or (today - this_year).days <= HALF_YEAR:
            return this_year
        return date(today.year + 1, month, day)
    except ValueError:
        return None


def _weekday(folded: str, today: date) -> date | None:
    words = folded.split()
    for position, name in enumerate(DAYS):
        if any(near(word, name) for word in words) or name[:3] in words:
            ahead = (position - today.weekday() - 1) % WEEK + 1
            return _later(today, ahead)
    return None


def quick(key: str, today: date) -> date | None:
    """The day of a quick button; None for "another day". Wednesday on a Wednesday is the next one."""
    if key == "tonight":
        return today
    if key == "two_weeks":
        return today + timedelta(days=2 * WEEK)
    return {"wednesday": _weekday("mercredi", today), "saturday": _weekday("samedi", today)}.get(key)


class Day:
    """`date`: stores an ISO date that is not past."""

    def open(self, play: Play, moment: Moment, step: Step) -> Outcome:
        del play, moment, step
        return WAIT

    def options(self, play: Play) -> tuple[Option, ...]:
        return tuple(Option(key, play.phrase(f"date.{key}")) for key in QUICK)

    def ask(self, play: Play, moment: Moment, step: Step, current: tuple[str, ...]) -> None:
        del moment
        play.ask(step, options=self.options(play), minimum=1, accepts_text=True, current=current)

    def answer(self, play: Play, moment: Moment, step: Step, given: Input) -> Outcome:
        today = play.context.now.date()
        day, key = self._read(play, given, today)
        if key == "other":
            play.remark("date_ask")
            return AGAIN
        if day is None:
            if not isinstance(given, Typed):
                return MISSED
            play.remark("date_unclear")
            return AGAIN
        if day < today:
            play.remark("date_past")
            return AGAIN
        play.keep(moment, step, day.isoformat())
        return done(answer=(key or day.isoformat(),))

    def _read(self, play: Play, given: Input, today: date) -> tuple[date | None, str | None]:
        if isinstance(given, Picked):
            key = given.keys[0] if len(given.keys) == 1 and given.keys[0] in QUICK else None
            return (quick(key, today) if key else None), key
        if not isinstance(given, Typed):
            return None, None
        day = parse_day(given.text, today)
        if day is not None:
            return day, None
        key = choose(given.text, self.options(play))
        return (quick(key, today) if key else None), key

    def skip(self, play: Play, moment: Moment, step: Step) -> Outcome:
        del play, moment, step
        return DONE
