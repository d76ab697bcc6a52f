"""The cards around gatherings: an intention, the trace of a lab, questions for a meeting, the road map of a fair."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from bot.application.errands_shortlist import records
from careers.because import domain_label, shortened
from careers.model import DRIVES
from dialogues.library import Library
from dialogues.render import french_date

Maker = Callable[[Mapping[str, Any], Library, str], tuple[str, dict[str, Any]]]
NOT_A_MARK = "Ceci n’est pas une évaluation."
_LONGEST = 240  # characters of one of the learner's texts in a picture
_MOST_ENERGY = 5


def lab(known: Mapping[str, Any], library: Library, seed: str) -> tuple[str, dict[str, Any]]:
    """What was lived, understood and linked in a lab (§9.4); the lines of the text say all of it again."""
    _ = seed
    log = records(known.get("session.log"))
    last = log[-1] if log else {}
    record = next((one for one in log if one.get("id") == known.get("lab.id")), last)
    said = {
        "day": _day(record.get("date")),
        "theme": _theme(record),
        "place": _label(library, "session.log.place", record.get("place")),
        "again": _label(library, "session.log.again", record.get("again")),
        "job": str(known.get("lab.job") or ""),
    }
    energy = record.get("energy")
    energy = energy if isinstance(energy, int) and 0 < energy <= _MOST_ENERGY else 0
    drive = str(record.get("place") or "")
    return _titled(said["theme"], said["day"]), {
        **said,
        "energy": energy,
        "drive": drive if drive in DRIVES else "",
        "lived": shortened(str(record.get("lived") or ""), _LONGEST),
        "learned": shortened(str(record.get("learned") or ""), _LONGEST),
        "self": shortened(str(record.get("link_self") or ""), _LONGEST),
        "more": _lab_lines(said, energy, library),
        "foot": NOT_A_MARK,
    }


def _lab_lines(said: Mapping[str, str], energy: int, library: Library) -> list[str]:
    """« Animation, mercredi 18 novembre · énergie 4/5 · ma place : Créer », then the occupation and what follows."""
    say = library.microcopy.say
    head = ", ".join(part for part in (said["theme"], said["day"]) if part)
    first = [head] if head else []
    first += [say("lab.energy", n=energy)] if energy else []
    first += [say("lab.place", place=said["place"])] if said["place"] else []
    last = [say(f"lab.{key}", text=said[key]) for key in ("job", "again") if said[key]]
    return [line for line in (" · ".join(first), " · ".join(last)) if line]


def _titled(theme: str, day: str) -> str:
    if theme:
        return f"Mon lab : {theme}"
    return f"Mon lab, {day}" if day else "Trace de lab"


def _theme(record: Mapping[str, Any]) -> str:
    domain = str(record.get("domain") or "")
    return domain_label(domain) if domain else str(record.get("title") or "")


def fair(known: Mapping[str, Any], library: Library, seed: str) -> tuple[str, dict[str, Any]]:
    """The road map of a fair: where each stand is, what to ask, room to write (§9.5)."""
    _ = seed
    stops = [
        {
            "name": shortened(str(one.get("name") or ""), 80),
            "spot": str(one.get("spot") or ""),
            "wild": bool(one.get("wild")),
        }
        for one in records(known.get("fair.map"))
    ]
    asks = [shortened(str(one), 150) for one in known.get("fair.asks") or () if isinstance(one, str)]
    say = library.microcopy.say
    lines = [
        say(f"fair.{'wild' if one['wild'] else 'in'}_map", name=one["name"], spot=one["spot"] or "?")
        for one in stops
        if one["spot"] or one["wild"]
    ]
    about = str(known.get("fair.about") or "")
    return "Ma feuille de route", {
        "about": about,
        "stops": stops,
        "asks": asks,
        "more": [line for line in (about, ", ".join(lines)) if line],
        "foot": f"On peut changer d’avis en route. {NOT_A_MARK}",
    }


def _titles(title: str, foot: str) -> Maker:
    """A card that is its title and its text."""

    def maker(known: Mapping[str, Any], library: Library, seed: str) -> tuple[str, dict[str, Any]]:
        _ = known, library, seed
        return title, {"foot": foot}

    return maker


def _label(library: Library, variable: str, key: Any) -> str:
    return (library.label(variable, str(key)) or "") if key else ""


def _day(value: Any) -> str:
    try:
        return french_date(date.fromisoformat(str(value)[:10]))
    except ValueError:
        return ""


MAKERS: Mapping[str, Maker] = {
    "lab_trace": lab,
    "fair_sheet": fair,
    "fair_card": _titles("Mon forum, après", f"De côté n’est pas effacé. {NOT_A_MARK}"),
    "meeting_card": _titles("Mes questions", "Des questions à moi, dans mon ordre."),
    "thanks_card": _titles("Un merci", "Un brouillon, à changer avec tes mots."),
    "intent_card": _titles("Mon intention", "Une intention, pas une obligation."),
}
PLAIN = ("intent_card", "meeting_card", "thanks_card", "fair_card")
