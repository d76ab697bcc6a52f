"""Before consent: the same conversation with nothing kept, sealed in the page between two answers."""

import json
import zlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.application import agreements, channels, consent
from bot.application import conversation as talk
from bot.application.desk import Desk
from bot.application.messages import Answer, Hello, Incoming, Message, View, Visit
from bot.application.scene import Scene, new_screen_id
from bot.application.services import Services
from bot.application.wire import message_from_json, message_to_json
from storage.errors import CannotDecrypt

LIFETIME = timedelta(minutes=60)
SHOWN = 40  # messages of a visit that travel with the page


def handle(services: Services, visit: Visit | None, incoming: Incoming) -> Answer:
    """Let one message of somebody who has not consented have its effects, and store nothing.

    The message that says « d'accord » moves everything to storage, in one transaction.
    """
    visit = visit or Visit(state=None, address=new_screen_id(), invitation=_invitation(incoming))
    scene = _scene(services, visit, incoming)
    talk.receive(scene, incoming.body)
    channels.ask_age_first(scene)
    if channels.too_young(scene):
        return channels.farewell(scene)
    if consent.given(scene):
        return consent.enrol(scene, visit, incoming)
    kept = (visit.messages + tuple(scene.messages))[-SHOWN:]
    after = replace(
        visit,
        state=scene.desk.to_json(),
        profile=scene.profile,
        messages=kept,
        screen=scene.desk.screen,
        refused=visit.refused or scene.profile.get("consent.self") is False,
    )
    return Answer(View(tuple(scene.messages), scene.desk.screen), visit=after, notice=scene.notice)


def after_agreement(services: Services, token: str) -> Answer | None:
    """The learner comes back to the adult's link: a visit that goes on at the name, once the agreement counts."""
    found = agreements.find(services, token)
    if found is None or found.state != "agreed":
        return None
    visit = Visit(
        state=None, address=new_screen_id(), profile={"user.age_band": "12", "consent.parent": "yes"}
    )
    incoming = Incoming("web", visit.address, "agreed", Hello())
    scene = _scene(services, visit, incoming)
    consent.continue_after_agreement(scene)
    after = replace(
        visit,
        state=scene.desk.to_json(),
        profile=scene.profile,
        messages=tuple(scene.messages),
        screen=scene.desk.screen,
    )
    return Answer(View(tuple(scene.messages), scene.desk.screen), visit=after)


def _scene(services: Services, visit: Visit, incoming: Incoming) -> Scene:
    return Scene(
        services=services,
        channel=incoming.channel,
        seed=visit.address,
        now=services.now(),
        desk=Desk.from_json(visit.state),
        profile=dict(visit.profile),
        message_key=incoming.key,
    )


def _invitation(incoming: Incoming) -> str:
    return incoming.body.invitation if isinstance(incoming.body, Hello) else ""


def seal(services: Services, visit: Visit) -> str:
    """The visit as text that only we can read and that is refused after 60 minutes or the slightest change."""
    raw = json.dumps(_to_json(visit), ensure_ascii=False, separators=(",", ":")).encode()
    expires = (services.now() + LIFETIME).timestamp()
    packed = int(expires).to_bytes(8, "big") + zlib.compress(raw)
    return services.box.seal_text(packed)


def unseal(services: Services, text: str) -> Visit | None:
    """The visit that `seal` closed; None when it is old, foreign or damaged."""
    try:
        packed = services.box.open_text(text)
        if int.from_bytes(packed[:8], "big") < services.now().timestamp():
            return None
        return _from_json(json.loads(zlib.decompress(packed[8:])))
    except (CannotDecrypt, ValueError, KeyError, zlib.error):
        return None


def _to_json(visit: Visit) -> dict[str, Any]:
    return {
        "state": visit.state,
        "profile": visit.profile,
        "address": visit.address,
        "invitation": visit.invitation,
        "refused": visit.refused,
        "messages": [message_to_json(message) for message in visit.messages],
    }


def _from_json(raw: dict[str, Any]) -> Visit:
    messages: tuple[Message, ...] = tuple(message_from_json(one) for one in raw["messages"])
    desk = Desk.from_json(raw["state"])
    return Visit(
        state=raw["state"],
        profile=raw["profile"],
        address=raw["address"],
        invitation=raw["invitation"],
        refused=raw["refused"],
        messages=messages,
        screen=desk.screen,
    )
