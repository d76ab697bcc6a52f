"""The buttons under a message written first, and what each does: prepare, take a place, later, less often, a kind off, stop."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from bot.application import agenda_words, effects, reminder_kinds, reminders, taking_part, ways_on
from bot.application.reminder_case import LEDGER
from bot.application.scene import Scene
from bot.application.taking_part import Became
from dialogues.events import Option
from storage import gatherings
from storage.gatherings import Gathering, Kind

TALKING = timedelta(minutes=30)  # since somebody's last word: they are not interrupted
KIND = "invite"


def talking(scene: Scene) -> bool:
    """Whether the person wrote a moment ago."""
    last = scene.desk.last_at
    return last is not None and scene.now - last < TALKING


def ask(scene: Scene, text: str, options: list[Option], **data: Any) -> None:
    """A message with its buttons; somebody who is talking right now only reads it."""
    if talking(scene):
        scene.add("text", {"text": text})
    else:
        scene.ask_aside(KIND, text, options, **data)


def invite(scene: Scene, text: str) -> None:
    """A word of our own accord with « plus tard », « moins souvent » and « stop » beside it (§5.4)."""
    go = Option("go", scene.micro("resume_yes" if scene.desk.run else "menu_button"))
    ask(scene, text, [go, *ways_out(scene)])


def ways_out(scene: Scene) -> list[Option]:
    """What is always there."""
    return [
        Option("later", scene.micro("reminder_later")),
        Option("less", scene.micro("reminder_less")),
        stop_button(scene),
    ]


def stop_button(scene: Scene) -> Option:
    """« Stop »."""
    return Option("stop", scene.micro("reminder_stop"))


def answered(scene: Scene, key: str, data: Mapping[str, Any]) -> None:
    """A button under such a message."""
    if key == "stop":
        stop(scene)
    elif scene.uow is None or scene.person is None:
        ways_on.between(scene)
    elif key in _ACTS:
        _ACTS[key](scene, data)
        if key in _SHORT and scene.desk.run is not None:
            effects.go_on(scene)
    else:
        _go(scene, data)


def stop(scene: Scene) -> None:
    """No more messages of our own accord; what the person opens by hand still works."""
    if scene.visiting:
        scene.say("stop_visit")
        return
    scene.note("consent.reminders", False)  # noqa: FBT003 -- the value of a variable, not a switch
    scene.note("consent.reminder_slot", "none")
    if scene.uow is not None and scene.person is not None:
        reminders.stop_all(scene.services, scene.uow, scene.person)
    scene.say("stop_done")


def _go(scene: Scene, data: Mapping[str, Any]) -> None:
    page, entry = str(data.get("page") or ""), str(data.get("entry") or "")
    known = scene.services.library.pages.get(page)
    if known is not None:
        there = any(moment.entry == entry for moment in known.moments)
        effects.begin(scene, page, entry if there else None)
    elif scene.desk.run is not None:
        effects.go_on(scene)
    else:
        ways_on.menu(scene)


def _later(scene: Scene, data: Mapping[str, Any]) -> None:
    if scene.uow is None or scene.person is None:
        return
    ids = [str(one) for one in data.get("reminders") or ()]
    if not ids:
        reminders.later(scene.services, scene.uow, scene.person)
        scene.say("reminder_later_done")
        return
    local = reminders.again_later(scene.uow, scene.person, ids)
    if local is None:
        scene.say("reminder_later_none")
    else:
        scene.say("reminder_later_at", when=moment(scene, local))


def moment(scene: Scene, local: datetime) -> str:
    """A wall time as it is said today: « demain à 17 h »."""
    today: date = scene.context().now.date()
    return f"{agenda_words.day(local.date(), today, near=True)} à {agenda_words.hour(local)}"


def _less(scene: Scene, data: Mapping[str, Any]) -> None:
    if scene.uow is None or scene.person is None:
        return
    scene.note(LEDGER, reminders.less_often(scene.services, scene.uow, scene.person, scene.profile))
    gathering = _gathering(scene, data)
    if gathering is not None:
        reminders.once_only(scene.uow, scene.person, gathering.id)
    scene.say("reminder_less_done")


def _off(scene: Scene, data: Mapping[str, Any]) -> None:
    kind = str(data.get("about") or "")
    if scene.uow is None or scene.person is None or kind not in list(Kind):
        return
    now = reminder_kinds.switched(scene.profile, kind, reminder_kinds.OFF)
    scene.note(reminder_kinds.VARIABLE, now)
    reminder_kinds.follow(scene.uow, scene.person, kind, reminder_kinds.OFF)
    scene.say("reminder_kind_off_done", kinds=agenda_words.kind_word(Kind(kind), many=True))


def _fine(scene: Scene, _data: Mapping[str, Any]) -> None:
    scene.say("notice_ok_done")


def _leave(scene: Scene, data: Mapping[str, Any]) -> None:
    if scene.uow is not None and scene.person is not None and data.get("gathering"):
        taking_part.leave(scene.uow, scene.person, str(data["gathering"]))
    scene.say("notice_left")


def _take(scene: Scene, data: Mapping[str, Any]) -> None:
    gathering = _gathering(scene, data)
    if scene.uow is None or scene.person is None or gathering is None:
        scene.say("offer_gone")
        return
    became = taking_part.accept(scene.uow, scene.person, gathering.id)
    if became is Became.GOING:
        when = agenda_words.when(gathering, scene.context().now.date())
        scene.say("offer_taken", what=agenda_words.title(gathering), when=when)
    else:
        scene.say("offer_gone")


def _let(scene: Scene, data: Mapping[str, Any]) -> None:
    if scene.uow is not None and scene.person is not None and data.get("gathering"):
        taking_part.decline(scene.uow, scene.person, str(data["gathering"]))
    scene.say("offer_let_done")


def _gathering(scene: Scene, data: Mapping[str, Any]) -> Gathering | None:
    found = data.get("gathering")
    return gatherings.get(scene.uow, str(found)) if scene.uow is not None and found else None


_ACTS = {
    "later": _later,
    "less": _less,
    "off": _off,
    "ok": _fine,
    "leave": _leave,
    "take": _take,
    "let": _let,
}
_SHORT = ("ok", "leave", "take", "let")  # answered in passing: the page that waited goes on
