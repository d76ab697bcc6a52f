"""The form of a gathering on the team's pages: what was typed becomes details, or one French sentence for each fault. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from bot.application import staff_moments
from bot.application.staff_words import clean
from storage.gatherings import Details, Kind

BANDS = ("12", "13-15", "16-18")
MOST_PLACES = 10_000
TEXTS = ("title", "about", "place", "route", "link", "source")


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as it came: single fields, and the age bands that were ticked."""

    fields: Mapping[str, str] = field(default_factory=dict)
    bands: Sequence[str] = ()

    def get(self, name: str) -> str:
        """What stands in a field, without spaces around and without what cannot be seen."""
        return clean(self.fields.get(name, "")).strip()


@dataclass(frozen=True, slots=True)
class Repeat:
    """Every how many weeks until when, without these days."""

    until: date
    every: int = 1
    in_holidays: bool = False
    skipped: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Read:
    """What a form says. `wrong`: field -> sentence; `details` is there when nothing is wrong."""

    wrong: Mapping[str, str]
    details: Details | None = None
    repeat: Repeat | None = None


def read(typed: Typed, today: date, held: Details | None = None) -> Read:
    """The details that a form describes; what it has no field for stays as in `held`."""
    wrong: dict[str, str] = {}
    kind = _kind(typed, wrong)
    starts, ends = _times(typed, today, wrong)
    capacity = _places(typed, wrong)
    seen = _day(typed, "seen", today, wrong) if typed.get("seen") else None
    link = typed.get("link")
    if link and not link.startswith(("https://", "http://")):
        wrong["link"] = "Une adresse commence par https://"
    if not typed.get("title"):
        wrong["title"] = "Donnez-lui un titre."
    repeat = _repeat(typed, today, wrong) if typed.get("until") else None
    if wrong or kind is None or starts is None or ends is None:
        return Read(wrong)
    given = _given(typed) | {"capacity": capacity, "seen": seen} | (_kept(held) if held else {})
    return Read({}, Details(kind, local_starts=starts, local_ends=ends, **given), repeat)


def _given(typed: Typed) -> dict[str, Any]:
    """What cannot be wrong."""
    bands = [one for one in BANDS if one in typed.bands]
    return {name: typed.get(name) for name in TEXTS} | {
        "domain": typed.get("domain"),
        "bands": "" if len(bands) == len(BANDS) else " ".join(bands),
        "group_id": typed.get("group") or None,
        "waiting": typed.get("waiting") == "yes",
        "chosen": typed.get("chosen") == "yes",
    }


def _kept(held: Details) -> dict[str, Any]:
    """What the form has no field for."""
    return {name: getattr(held, name) for name in ("zone", "uid", "series_id", "slot", "sample")}


def of_details(details: Details) -> Typed:
    """The form, filled in with a gathering."""
    last = details.local_ends.date()
    fields = {name: str(getattr(details, name)) for name in (*TEXTS, "domain")} | {
        "kind": details.kind.value,
        "day": details.local_starts.date().isoformat(),
        "begins": f"{details.local_starts:%H:%M}",
        "ends": f"{details.local_ends:%H:%M}",
        "last": last.isoformat() if last != details.local_starts.date() else "",
        "group": details.group_id or "",
        "places": "" if details.capacity is None else str(details.capacity),
        "waiting": "yes" if details.waiting else "",
        "chosen": "yes" if details.chosen else "",
        "seen": details.seen.isoformat() if details.seen else "",
    }
    return Typed(fields, tuple(details.bands.split()))


def _kind(typed: Typed, wrong: dict[str, str]) -> Kind | None:
    try:
        return Kind(typed.get("kind"))
    except ValueError:
        wrong["kind"] = "Choisissez ce que c’est."
        return None


def _times(typed: Typed, today: date, wrong: dict[str, str]) -> tuple[datetime | None, datetime | None]:
    day = _day(typed, "day", today, wrong)
    last = _day(typed, "last", today, wrong) if typed.get("last") else day
    begins, ends = _hour(typed, "begins", wrong), _hour(typed, "ends", wrong)
    if day is None or last is None or begins is None or ends is None:
        return None, None
    starts, until = datetime.combine(day, begins), datetime.combine(last, ends)
    if until <= starts:
        wrong["ends"] = "La fin n’est pas après le début."
    return starts, until


def _day(typed: Typed, name: str, today: date, wrong: dict[str, str]) -> date | None:
    found = staff_moments.find(typed.get(name), today)
    if found.day is None or found.wrong:
        wrong[name] = found.wrong or "Quel jour ? Par exemple : 13/01/2027."
        return None
    return found.day


def _hour(typed: Typed, name: str, wrong: dict[str, str]) -> time | None:
    said = typed.get(name)
    found = staff_moments.find(f"{said}h" if said.isdecimal() else said, date(2000, 1, 1))
    if found.begins is None or found.wrong:
        wrong[name] = found.wrong or "À quelle heure ? Par exemple : 14:00."
        return None
    return found.begins


def _places(typed: Typed, wrong: dict[str, str]) -> int | None:
    said = typed.get("places")
    if not said:
        return None
    if not said.isdecimal() or not 1 <= int(said) <= MOST_PLACES:
        wrong["places"] = "Un nombre à partir de 1 ; laissez vide si tout le monde peut venir."
        return None
    return int(said)


def _repeat(typed: Typed, today: date, wrong: dict[str, str]) -> Repeat | None:
    until = _day(typed, "until", today, wrong)
    every = typed.get("every") or "1"
    if not every.isdecimal() or not 1 <= int(every) <= 8:  # noqa: PLR2004 -- as the table says
        wrong["every"] = "De toutes les semaines à toutes les huit semaines."
    skipped = set()
    for part in typed.get("except").replace(";", ",").replace("\n", ",").split(","):
        if part.strip():
            found = staff_moments.find(part, today)
            if found.day is None or found.wrong:
                wrong["except"] = found.wrong or f"« {part.strip()[:40]} » n’est pas un jour."
            else:
                skipped.add(found.day)
    if until is None or wrong.keys() & {"every", "except"}:
        return None
    return Repeat(until, int(every), typed.get("in_holidays") == "yes", frozenset(skipped))
