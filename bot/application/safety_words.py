"""What is said when safety has seen something: help lines open now, never the promise of a person."""

from datetime import datetime

from bot.application.messages import Message
from bot.settings import Settings
from careers.helplines import open_lines
from dialogues.events import Asked, Option
from dialogues.library import Library
from dialogues.model import StepKind

ANSWERS = ("yes", "no", "prefer_not")


def help_messages(
    now: datetime, settings: Settings, library: Library, *, visit: bool = False
) -> tuple[Message, ...]:
    """The help message at level 2 and for the word SOS: acknowledgement, lines open at that hour, the centre's contact.

    `now` is aware, Brussels. While nobody is on duty no sentence promises a person.
    """
    say = library.microcopy.say
    nobody = _text(say("sos_human_demo" if visit else "sos_human_none"))
    return (_text(say("sos_ack")), _lines(now, library), nobody, *_contact(settings, library))


def confirm_asked(library: Library) -> Asked:
    """The screen under the help message: are you in danger? Keys yes, no, prefer_not."""
    return _asked(library, "sos_confirm")


def gentle_asked(library: Library) -> Asked:
    """The screen of level 1, at most once in 24 hours: same keys as `confirm_asked`."""
    return _asked(library, "sos_gentle")


def confirm_reply(key: str, now: datetime, settings: Settings, library: Library) -> tuple[Message, ...]:
    """What is said after each answer to either screen (the lines again after a yes). KeyError on another key."""
    if key not in ANSWERS:
        raise KeyError(key)
    say = library.microcopy.say
    if key == "no":
        return (_text(say("sos_no")),)
    if key == "yes":
        return (
            _text(say("sos_danger_112")),
            _lines(now, library),
            *_contact(settings, library),
            _text(say("sos_after")),
        )
    return (_text(say("sos_prefer_not")), _lines(now, library))


def _asked(library: Library, key: str) -> Asked:
    say = library.microcopy.say
    options = tuple(Option(answer, say(f"sos_confirm_{answer}")) for answer in ANSWERS)
    return Asked(StepKind.CHOICE, say(key), options, accepts_text=True, skippable=False, private=True)


def _lines(now: datetime, library: Library) -> Message:
    lines = [
        {"name": line.name, "number": line.number, "hours": line.hours, "url": line.url}
        for line in open_lines(now)
    ]
    return Message("bot", "lines", {"title": library.microcopy.say("human_lines"), "lines": lines})


def _contact(settings: Settings, library: Library) -> tuple[Message, ...]:
    if not settings.centre_contact:
        return ()
    say = library.microcopy.say
    return (_text(say("sos_contact", centre=settings.centre_name, contact=settings.centre_contact)),)


def _text(text: str) -> Message:
    return Message("bot", "text", {"text": text})
