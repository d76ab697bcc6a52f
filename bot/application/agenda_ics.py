"""Gatherings out of a calendar file: recurrence unrolled, each hour on the clock of the centre, strange files refused in words. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.application import agenda_cells as cells
from bot.application import agenda_ics_lines as lines
from bot.application import agenda_ics_values as values_of
from bot.application import calendars
from bot.application.agenda_ics_values import BadEvent
from bot.application.agenda_rows import MOST_ROWS, Fault, Given, NotAFile, Reading, Row
from bot.application.services import BRUSSELS
from storage.gatherings import Kind

LONGEST_UID = 200  # characters; our column holds 255, with the day of an occurrence
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_TOO_FINE = ("BYHOUR", "BYMINUTE", "BYSECOND")
_NAMES = {"SUMMARY": "title", "LOCATION": "place", "DESCRIPTION": "about", "URL": "link"}
_CUT = {"title": 120, "place": 160, "about": 600, "link": 600}


def read(content: bytes, given: Given) -> Reading:
    """The gatherings of a calendar. NotAFile when it is none, or has more than 5,000 events."""
    from icalendar import Calendar  # noqa: PLC0415 -- heavy, on first use
    from icalendar.timezone import tzp  # noqa: PLC0415

    tzp.use_default()  # forgets the zones that an earlier file defined
    prepared = lines.prepare(content)
    try:
        found = Calendar.from_ical(prepared.text, multiple=True)
    except (ValueError, IndexError, KeyError, AttributeError, TypeError):
        raise NotAFile("Ce fichier n’est pas un calendrier lisible (ICS).") from None
    events = [event for one in found for event in one.walk("VEVENT")]
    if not events:
        raise NotAFile("Ce fichier ne contient aucun évènement.")
    if len(events) > MOST_ROWS:
        raise NotAFile(f"Plus de {MOST_ROWS} évènements : coupez le fichier en deux.")
    reader = _Reader(given, prepared.zones)
    for place, event in enumerate(events, 1):
        reader.take(place, event)
    return reader.finish()


class _Reader:
    """Gathers the events of one file by their number, then unrolls each."""

    def __init__(self, given: Given, zones: Sequence[str]) -> None:
        self.given = given
        self.rows: list[Row] = []
        self.faults: list[Fault] = []
        self.notes: list[str] = list(zones)
        self.floating = 0
        self.cut = 0
        self.series: dict[str, list[tuple[str, Any]]] = defaultdict(list)
        self.single: dict[str, tuple[str, Any]] = {}

    def take(self, place: int, event: Any) -> None:
        """One event as it stands in the file."""
        title = " ".join(str(event.get("SUMMARY") or "").split())
        at = f"évènement {place}" + (f" « {title[:60]} »" if title else "")
        try:
            self._place(event)
            uid = str(event.get("UID") or "").strip() or f"sans-numero-{values_of.digest(event.to_ical())}"
            if any(event.get(name) is not None for name in ("RRULE", "RDATE", "RECURRENCE-ID")):
                self.series[uid].append((at, event))
            elif uid not in self.single or values_of.sequence(event) >= values_of.sequence(
                self.single[uid][1]
            ):
                if uid in self.single:
                    self.notes.append(
                        f"{at} : deux fois sous le même numéro ; la version la plus récente compte."
                    )
                self.single[uid] = (at, event)
        except (BadEvent, ValueError, TypeError, AttributeError, OverflowError) as error:
            self.faults.append(Fault(at, values_of.why(error)))

    def finish(self) -> Reading:
        """Everything read, in the order of the file; recurrence unrolled."""
        for uid, (at, event) in self.single.items():
            if uid not in self.series:
                self._try(at, lambda uid=uid, at=at, event=event: self.rows.append(self._row(at, uid, event)))
        for uid, parts in self.series.items():
            if uid in self.single:
                parts.insert(0, self.single[uid])
            self._try(parts[0][0], lambda uid=uid, parts=parts: self._unroll(uid, parts))
        if self.floating:
            self.notes.append(
                f"{self.floating} évènement(s) sans fuseau : l’heure est prise comme celle de Bruxelles."
            )
        if self.cut:
            self.notes.append(
                f"{self.cut} répétition(s) sans fin, ou au-delà de la saison : arrêtée(s) au {self.given.season_ends:%d/%m/%Y}."
            )
        return Reading(tuple(self.rows), tuple(self.faults), tuple(self.notes))

    def _try(self, at: str, work: Any) -> None:
        try:
            work()
        except (BadEvent, ValueError, TypeError, AttributeError, KeyError, OverflowError) as error:
            self.faults.append(Fault(at, values_of.why(error)))

    # ------------------------------------------------------------ zones

    def _place(self, event: Any) -> None:
        """Give each hour of the event a zone that is known, or say which one is not."""
        if event.get("DTSTART") is None:
            raise BadEvent("il n’a pas de date de début.")
        for name in ("DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE"):
            held = event.get(name)
            for one in held if isinstance(held, list) else [held] if held is not None else []:
                for each in getattr(one, "dts", [one]):
                    moment = each.dt  # raises for a date that does not exist
                    if isinstance(moment, datetime) and moment.tzinfo is None:
                        each.dt = moment.replace(tzinfo=self._zone(one, name))

    def _zone(self, one: Any, name: str) -> ZoneInfo:
        wanted = str(one.params.get("TZID", "")).strip()
        if wanted and not self.given.zone:
            raise BadEvent(
                f"fuseau inconnu : « {wanted[:60]} » (--zone dit lequel c’est, par exemple Europe/Brussels)."
            )
        if not wanted and name == "DTSTART":
            self.floating += 1
        return ZoneInfo(self.given.zone) if wanted else BRUSSELS

    # ------------------------------------------------------------ recurrence

    def _unroll(self, uid: str, parts: list[tuple[str, Any]]) -> None:
        """The occurrences of one series, its exceptions included, until the end of the season."""
        import recurring_ical_events  # type: ignore[import-untyped]  # noqa: PLC0415 -- heavy; shipped without types
        from icalendar import Calendar  # noqa: PLC0415

        calendar = Calendar()
        for _at, event in parts:
            self._rule(event)
            calendar.add_component(event)
        since = datetime.combine(self.given.today - timedelta(days=1), time(0, 0), BRUSSELS)
        until = datetime.combine(self.given.season_ends + timedelta(days=1), time(0, 0), BRUSSELS)
        at = parts[0][0]
        for event in recurring_ical_events.of(calendar).between(since, until):
            if len(self.rows) >= MOST_ROWS:
                raise BadEvent(f"cette répétition ferait plus de {MOST_ROWS} dates.")
            slot = event.get("RECURRENCE-ID") or event["DTSTART"]
            self.rows.append(self._row(at, f"{uid}#{values_of.stamp(slot.dt)}", event))
        self.cut += any(self._endless(event) for _at, event in parts)

    def _rule(self, event: Any) -> None:
        rule = event.get("RRULE")
        for one in rule if isinstance(rule, list) else [rule] if rule is not None else []:
            often = str((one.get("FREQ") or [""])[0]).upper()
            if often not in FREQUENCIES or any(name in one for name in _TOO_FINE):
                raise BadEvent("il se répète plus d’une fois par jour, ou d’une façon que je ne connais pas.")
        if event.get("EXRULE") is not None:
            raise BadEvent("il se répète avec des exceptions d’une forme ancienne (EXRULE).")

    def _endless(self, event: Any) -> bool:
        rule = event.get("RRULE")
        for one in rule if isinstance(rule, list) else [rule] if rule is not None else []:
            if "COUNT" not in one and "UNTIL" not in one:
                return True
            last = one.get("UNTIL", [None])[0]
            if last is not None and values_of.day(last) > self.given.season_ends:
                return True
        return False

    # ------------------------------------------------------------ one gathering

    def _row(self, at: str, uid: str, event: Any) -> Row:
        values: dict[str, Any] = {
            "uid": uid if len(uid) <= LONGEST_UID else f"long-{values_of.digest(uid.encode())}"
        }
        notes = []
        for name, ours in _NAMES.items():
            said = values_of.text(event.get(name), lines=ours == "about")
            if len(said) > _CUT[ours]:
                notes.append(f"{name} raccourci à {_CUT[ours]} caractères.")
                said = said[: _CUT[ours] - 1] + "…"
            if said and (ours != "link" or said.startswith(("https://", "http://"))):
                values[ours] = said
        if "title" not in values:
            raise BadEvent("il n’a pas de titre.")
        values["kind"] = self._kind(event, values["title"])
        starts, ends, guessed = values_of.times(event, values["kind"])
        values |= {"local_starts": starts, "local_ends": ends}
        if guessed:
            notes.append(f"sans heure de fin : {ends:%H:%M} est supposée, à vérifier.")
        if not values_of.whole_days(starts, ends):
            notes += [note for note in (cells.clock_note(starts),) if note]
        cancelled = str(event.get("STATUS") or "").strip().upper() == "CANCELLED"
        return Row(at, values, cancelled, None, tuple(notes), calendars.own_id(uid) is not None)

    def _kind(self, event: Any, title: str) -> Kind:
        held = event.get("CATEGORIES")
        for one in held if isinstance(held, list) else [held] if held is not None else []:
            for said in getattr(one, "cats", [one]):
                if found := cells.kind_in(str(said)):
                    return found
        return self.given.kind or cells.kind_in(title) or Kind.OTHER
