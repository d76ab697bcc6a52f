"""Screens and messages as JSON: what storage keeps (encrypted) and what a visit carries sealed."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from bot.application.messages import Message, Screen
from dialogues.events import Asked, Card, Option
from dialogues.model import StepKind

_CARD = tuple(field.name for field in fields(Card))
_BLANK = {field.name: field.default for field in fields(Asked) if field.name not in ("kind", "prompt")}


def asked_to_json(asked: Asked) -> dict[str, Any]:
    """A JSON object that `asked_from_json` reads back to an equal screen; defaults are left out."""
    raw: dict[str, Any] = {"kind": asked.kind.value, "prompt": asked.prompt}
    for name, blank in _BLANK.items():
        value = getattr(asked, name)
        if value != blank:
            raw[name] = value
    if asked.options:
        raw["options"] = [[option.key, option.label, option.shape] for option in asked.options]
    if asked.card is not None:
        raw["card"] = {name: getattr(asked.card, name) for name in _CARD}
    return raw


def asked_from_json(raw: Mapping[str, Any]) -> Asked:
    """The screen that `asked_to_json` wrote."""
    values = dict(raw)
    values["kind"] = StepKind(values["kind"])
    values["options"] = tuple(Option(*option) for option in values.get("options", ()))
    if values.get("card"):
        values["card"] = _card(values["card"])
    if values.get("position"):
        values["position"] = tuple(values["position"])
    values["current"] = tuple(values.get("current", ()))
    return Asked(**values)


def _card(raw: dict[str, Any]) -> Card:
    values = dict(raw)
    for name in ("lines", "reasons"):
        values[name] = tuple(values.get(name, ()))
    return Card(**values)


def screen_to_json(screen: Screen | None) -> dict[str, Any] | None:
    """A screen with its id, or None."""
    return None if screen is None else {"id": screen.id, "asked": asked_to_json(screen.asked)}


def screen_from_json(raw: Mapping[str, Any] | None) -> Screen | None:
    """The screen that `screen_to_json` wrote, or None."""
    return None if raw is None else Screen(raw["id"], asked_from_json(raw["asked"]))


def message_to_json(message: Message) -> dict[str, Any]:
    """A message without its place in the list, which is the business of whoever keeps it."""
    at = message.at.isoformat() if message.at else None
    return {"side": message.side, "kind": message.kind, "body": dict(message.body), "at": at}


def message_from_json(raw: Mapping[str, Any], seq: int = 0) -> Message:
    """The message that `message_to_json` wrote."""
    at = datetime.fromisoformat(raw["at"]) if raw.get("at") else None
    return Message(raw["side"], raw["kind"], raw["body"], seq, at)
