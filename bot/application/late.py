"""Words that were written while the bot was away: safety reads each of them, and one answer goes to all."""

from datetime import datetime, timedelta

from bot.application import asides, commands, helping
from bot.application.messages import Body, Incoming, Odd, Picture, Press, Text
from bot.application.scene import Scene
from dialogues import understand

LATE = timedelta(minutes=15)
OBEYED = (understand.Command.SOS, understand.Command.STOP)  # however late: a call, and a right


def is_late(incoming: Incoming, now: datetime) -> bool:
    """Whether it waited too long for an answer of its own. A button never did: its screen says whether it counts."""
    at = incoming.written_at
    return at is not None and not isinstance(incoming.body, Press) and now - at > LATE


def words(body: Body) -> str:
    """What is written in it, whatever it is."""
    match body:
        case Text(text=text) | Odd(text=text):
            return text
        case Picture(caption=caption):
            return caption
        case _:
            return ""


def receive(scene: Scene, incoming: Incoming, *, last: bool) -> None:
    """Let safety read it and keep it; the last one that waits brings the one answer, unless there was one since."""
    text, desk = words(incoming.body), scene.desk
    answered = (
        desk.last_at is not None and incoming.written_at is not None and incoming.written_at <= desk.last_at
    )
    if text and helping.read_first(scene, text):
        desk.last_at = scene.now
        return
    if text:
        scene.add("text", {"text": text.strip()[: helping.LONGEST_KEPT]}, side="me")
    command = understand.command(text)
    if command in OBEYED:
        commands.obey(scene, command)
    elif answered or not last:
        return
    else:
        scene.say("was_away")
        asides.show_again(scene)
    desk.last_at = scene.now
