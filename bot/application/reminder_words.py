"""The words of one message written first: a paragraph for each thing, the bank never twice in a row, days from the true date."""

import hashlib
from collections.abc import Iterator, MutableMapping, Sequence
from datetime import datetime, timedelta

from bot.application import agenda_words, event_reminders
from bot.application.event_reminders import ANSWER, NOTICE, OFFER, REMINDER
from bot.application.planning import wall
from bot.application.reminder_case import DEBRIEF, STEP, UNFINISHED, Case, Thing
from bot.application.reminder_limits import last_before_pause
from bot.application.reminder_policy import step_of, unfinished
from dialogues.render import fill
from storage.gatherings import Gathering, Kind
from storage.participations import Standing

LATE = timedelta(minutes=30)  # what comes later says so
PARAGRAPH = "\n\n"
PREPARED = (Kind.LAB, Kind.SESSION, Kind.MASTERLAB)
AFTERWARDS = {
    Kind.LAB: "reminder_lab_after",
    Kind.MEETING: "reminder_meeting_after",
    Kind.FAIR: "reminder_fair_after",
}


class Words:
    """Says what one message holds; `said` remembers which variant of each bank came last."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._today = case.local.date()
        self.said: MutableMapping[str, int] = dict(case.ledger.get("texts") or {})

    def message(self, told: Sequence[Thing], also: Sequence[Thing]) -> str:
        """All of it, the most pressing first. `also`: gatherings that are only named."""
        parts = [self._say("reminder_late")] if self._late(told) else []
        events = [one for one in told if one.row.kind == REMINDER]
        lines_done = False
        for one in told:
            if one.row.kind != REMINDER:
                parts.append(self._one(one))
            elif not lines_done:
                parts.append(self._events(events, also, leads=one is told[0]))
                lines_done = True
        return PARAGRAPH.join(part for part in parts if part)

    def _late(self, told: Sequence[Thing]) -> bool:
        return any(self._case.uow.now - one.row.due_at > LATE for one in told)

    def _one(self, thing: Thing) -> str:
        gathering = thing.gathering
        if gathering is not None:
            return self._about_gathering(thing, gathering)
        if thing.row.kind == STEP:
            return self._step(thing)
        if thing.row.kind == UNFINISHED:
            return self._unfinished()
        return (
            self._say("reminder_silence") if last_before_pause(self._case) else self._bank("reminder_weekly")
        )

    def _about_gathering(self, thing: Thing, gathering: Gathering) -> str:
        match thing.row.kind:
            case kind if kind == NOTICE:
                return "\n".join(self._notice(thing, gathering))
            case kind if kind == OFFER:
                return self._offer(thing, gathering)
            case kind if kind == ANSWER:
                chosen = bool(thing.row.body.get("chosen"))
                return self._about("answer_chosen" if chosen else "answer_declined", gathering)
            case _:
                return self._debrief(gathering)

    def _step(self, thing: Thing) -> str:
        """About a planned step: its day is called today only on that day."""
        said = str((step_of(self._case, thing.row) or {}).get("first_step") or "")
        today = str(thing.row.body.get("due")) == self._today.isoformat()
        if said:
            return self._bank("reminder_action_due" if today else "reminder_action_late", first_step=said)
        return self._bank("reminder_action_due_plain" if today else "reminder_action_late_plain")

    # ------------------------------------------------------------ gatherings

    def _events(self, events: Sequence[Thing], also: Sequence[Thing], *, leads: bool) -> str:
        """A question for the first, then each with its day, its hour and its place."""
        first = events[0].gathering
        hook = [self._hook(first)] if leads and first is not None else [self._say("reminder_also")]
        held = _once(events)
        others = [one for one in _once(also) if one.id not in {known.id for known in held}]
        mark = "• " if len(held) > 1 else ""
        lines = [f"{mark}{self.line(one, full=len(held) == 1)}" for one in held]
        more = [self._say("reminder_also"), *(f"• {self.line(one)}" for one in others)] if others else []
        return "\n".join([*hook, *lines, *more])

    def _hook(self, gathering: Gathering) -> str:
        details = gathering.details
        days = (details.local_starts.date() - self._today).days
        if details.kind is Kind.FAIR and days > 0:
            return self._bank("reminder_fair", forum=_capital(details.title))
        if days == 1 and details.kind is Kind.MEETING:
            return self._bank("reminder_meeting_eve")
        if days == 1 and details.kind is Kind.LAB and details.domain:
            return self._bank("reminder_lab_eve", domain=self._domain(details.domain))
        return self._bank(
            {0: "reminder_event_today", 1: "reminder_event_eve"}.get(days, "reminder_event_soon")
        )

    def line(self, gathering: Gathering, *, full: bool = False) -> str:
        """« Lab animation : mercredi 13 janvier, de 14 h à 16 h, Salle B. » `full`: with the way there."""
        place = agenda_words.where(gathering) if full else gathering.details.place
        said = f"{_capital(agenda_words.title(gathering))} : {self._when(gathering)}{f', {place}' if place else ''}"
        return f"{said}." if gathering.confirmed else f"{said} ({self._say('reminder_unchecked')})."

    def _notice(self, thing: Thing, gathering: Gathering) -> Iterator[str]:
        body, details = thing.row.body, gathering.details
        was = datetime.fromisoformat(str(body.get("was") or details.local_starts.isoformat()))
        moved, elsewhere = was != details.local_starts, body.get("place") not in (None, details.place)
        known = f"{agenda_words.day(was.date(), self._today)} à {agenda_words.hour(was)}"
        if not gathering.planned:
            yield self._say("notice_cancelled", what=agenda_words.title(gathering), when=known)
        elif moved:
            yield self._about("notice_moved", gathering)
            yield self._say("notice_before", was=known)
        elif elsewhere or body.get("what") == event_reminders.MOVED:  # the end alone moved
            yield self._about("notice_place" if elsewhere else "notice_moved", gathering)
        else:
            yield self._about("notice_restored", gathering)
        if gathering.planned and details.place and (elsewhere or moved):
            yield self._say("notice_here", place=agenda_words.where(gathering))
        if gathering.why:
            yield self._say("notice_why", why=gathering.why)

    def _offer(self, thing: Thing, gathering: Gathering) -> str:
        until = thing.part.offer_until if thing.part is not None else None
        local = wall(until) if until is not None else gathering.details.local_starts
        said = f"{agenda_words.day(local.date(), self._today)} à {agenda_words.hour(local)}"
        return self._about("offer_free", gathering, until=said)

    def _debrief(self, gathering: Gathering) -> str:
        hook = self._bank(AFTERWARDS.get(gathering.details.kind, "reminder_event_after"))
        return f"{hook}\n{agenda_words.title(gathering)}, {agenda_words.day(gathering.details.local_starts.date(), self._today)}."

    def _about(self, key: str, gathering: Gathering, **values: str) -> str:
        return self._say(key, what=agenda_words.title(gathering), when=self._when(gathering), **values)

    def _when(self, gathering: Gathering) -> str:
        return agenda_words.when(
            gathering, self._today
        )  # the date itself: on the site it may be read days later

    def _domain(self, key: str) -> str:
        known = self._case.services.catalogue.domains.get(key)
        label = known.label if known is not None else key.replace("_", " ")
        return label if label[1:2].isupper() else label[:1].lower() + label[1:]

    # ------------------------------------------------------------ the bank

    def _unfinished(self) -> str:
        page = str(unfinished(self._case))
        own = f"resume_unfinished_{page}"
        key = own if self._case.services.library.microcopy.has(own) else "resume_unfinished"
        return self._bank(key, dialogue=self._case.services.library.pages[page].title)

    def _say(self, key: str, **values: str) -> str:
        return self._case.services.library.microcopy.say(key, **values)

    def _bank(self, key: str, **values: str) -> str:
        """One of the variants, never the one that came last."""
        variants = self._case.services.library.microcopy.phrases[key]
        seed = f"{self._case.person.id}|{self._case.uow.now.date()}|{key}"
        chosen = hashlib.sha256(seed.encode()).digest()[0] % len(variants)
        if chosen == self.said.get(key):
            chosen = (chosen + 1) % len(variants)
        self.said[key] = chosen
        return fill(variants[chosen], values.get)


def plural(kind: Kind) -> str:
    """What a kind is called, in the plural and without article."""
    return agenda_words.kind_word(kind, many=True)


def page_of(thing: Thing) -> tuple[str, str]:
    """The page that a thing leads to and its entry; empty for none."""
    if thing.gathering is None or thing.row.kind in (NOTICE, OFFER):
        return "", ""
    kind, after = thing.gathering.details.kind, thing.row.kind == DEBRIEF
    if thing.row.kind == ANSWER and not thing.row.body.get("chosen"):
        return "", ""
    if kind is Kind.FAIR:
        return "fair_companion", "next_day" if after else "two_weeks"
    if kind is Kind.MEETING:
        return "inspiring_meeting", "after" if after else "before"
    if kind in PREPARED:
        return ("session_debrief", "after") if after else ("session_prep", "eve")
    return "", ""


def goes(thing: Thing) -> bool:
    """Whether the learner has a place in what it is about."""
    return thing.part is not None and thing.part.standing is Standing.GOING


def _once(things: Sequence[Thing]) -> list[Gathering]:
    """The gatherings of these, each once, the earliest first."""
    found = {one.gathering.id: one.gathering for one in things if one.gathering is not None}
    return sorted(found.values(), key=lambda one: one.starts_at)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
