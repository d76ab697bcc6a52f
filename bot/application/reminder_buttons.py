"""Which buttons a message written first carries, by what it tells first; what they need to know when they are touched."""

from collections.abc import Sequence
from typing import Any

from bot.application import agenda_words, invited
from bot.application.event_reminders import ANSWER, NOTICE, OFFER, REMINDER
from bot.application.reminder_case import DEBRIEF, Thing
from bot.application.reminder_words import page_of
from bot.application.scene import Scene
from dialogues.events import Option
from storage.gatherings import Gathering

AGENDA = "agenda"  # the page of a learner's gatherings


def of(scene: Scene, lead: Thing, told: Sequence[Thing]) -> tuple[list[Option], dict[str, Any]]:
    """The buttons, and the data that `invited.answered` is handed with the one that is touched."""
    gathering = lead.gathering
    if gathering is None:
        go = Option("go", scene.micro("resume_yes" if scene.desk.run else "menu_button"))
        return [go, *invited.ways_out(scene)], {}
    page, entry = page_of(lead)
    data = {
        "page": page if page in scene.services.library.pages else AGENDA,
        "entry": entry,
        "gathering": gathering.id,
        "about": gathering.details.kind.value,
        "reminders": [one.row.id for one in told if one.row.kind in (REMINDER, DEBRIEF)],
    }
    return _options(scene, lead, gathering), data


def _options(scene: Scene, lead: Thing, gathering: Gathering) -> list[Option]:
    stop, leave = invited.stop_button(scene), Option("leave", scene.micro("notice_leave"))
    match lead.row.kind:
        case kind if kind == NOTICE:
            ok = Option("ok", scene.micro("notice_ok"))
            return [ok, leave, stop] if gathering.planned else [ok, stop]
        case kind if kind == OFFER:
            return [Option("take", scene.micro("offer_take")), Option("let", scene.micro("offer_let")), stop]
        case kind if kind == ANSWER:
            chosen = bool(lead.row.body.get("chosen"))
            return [_go(scene, lead), leave, stop] if chosen else [_go(scene, lead), stop]
        case _:
            return [_go(scene, lead), *invited.ways_out(scene), *_off(scene, lead, gathering)]


def _go(scene: Scene, lead: Thing) -> Option:
    """What there is to do about it, as far as its page is there."""
    page, _entry = page_of(lead)
    pages = scene.services.library.pages
    if page in pages:
        return Option(
            "go", scene.micro("reminder_debrief" if lead.row.kind == DEBRIEF else "reminder_prepare")
        )
    return Option("go", scene.micro("reminder_agenda" if AGENDA in pages else "menu_button"))


def _off(scene: Scene, lead: Thing, gathering: Gathering) -> list[Option]:
    if lead.row.kind != REMINDER:
        return []
    kinds = agenda_words.kind_word(gathering.details.kind, many=True)
    return [Option("off", scene.micro("reminder_kind_off", kinds=kinds))]


def hint(scene: Scene, lead: Thing) -> str:
    """What to say for whoever gets no buttons, since they are talking: how an offer is taken."""
    if lead.row.kind == OFFER and invited.talking(scene) and AGENDA in scene.services.library.pages:
        return scene.micro("offer_how")
    return ""
