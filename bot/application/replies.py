"""What a turn says on a chat platform: rows of the outbox, made in the transaction of the turn itself."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.application import channels, layout
from bot.application.messages import Message, Screen
from bot.application.scene import Scene
from bot.application.wire import screen_to_json
from storage import outbox
from storage.outbox import NewRow
from storage.unit_of_work import UnitOfWork

OF_NO_USE = timedelta(hours=24)  # an answer that late would only confuse; help is never too late


def bell(channel: str) -> str:
    """What is rung on the bus when something waits to go out on a channel."""
    return f"outbox:{channel}"


def enqueue(scene: Scene, uow: UnitOfWork, person_id: str) -> None:
    """Put what the scene said on the platform that it plays on. Nothing for the web: its list is the delivery."""
    if scene.channel not in channels.PLATFORMS:
        return
    said = [one for one in scene.messages[scene.told :] if one.side == "bot"]
    if scene.notice and not scene.pressed:  # a touched button is answered by the platform's own small notice
        said.append(Message("bot", "text", {"text": scene.notice}))
    screen = scene.desk.screen if scene.desk.screen is not None and scene.asked_anew else None
    found = bodies(absolute(said, scene.services.settings.base_url), screen, scene.channel)
    kind = "help" if any(one.kind == "lines" for one in said) else scene.kind
    rows = [
        NewRow(
            kind,
            _source(scene),
            person_id,
            scene.channel,
            body,
            scene.message_key if scene.source else "",
            part=part,
            person_id=person_id,
            expires_at=None if kind == "help" else scene.expires or uow.now + OF_NO_USE,
        )
        for part, body in enumerate(found)
    ]
    if outbox.add(uow, rows):
        bus, name = scene.services.bus, bell(scene.channel)
        uow.after_commit(lambda: bus.deliver(name))


def bodies(said: Sequence[Message], screen: Screen | None, channel: str) -> list[dict[str, Any]]:
    """The parts to send, as the outbox keeps them; the last one carries the screen's buttons."""
    parts: list[dict[str, Any]] = [
        {"kind": part.kind, "text": part.text, "reference": part.reference, "body": dict(part.body or {})}
        for part in layout.parts(said, channel)
    ]
    if screen is not None and parts:
        parts[-1]["screen"] = screen_to_json(screen)
    return parts


def absolute(said: Sequence[Message], base_url: str) -> list[Message]:
    """The same messages with addresses that work outside of the site."""
    return [
        replace(one, body={**one.body, "url": base_url + str(one.body["url"])})
        if str(one.body.get("url", "")).startswith("/")
        else one
        for one in said
    ]


def _source(scene: Scene) -> str:
    """One turn, one source: a replay adds nothing."""
    return (
        scene.source
        or "turn:" + hashlib.sha256(f"{scene.channel} {scene.message_key}".encode()).hexdigest()[:32]
    )
