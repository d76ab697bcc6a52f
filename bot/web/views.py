"""What templates are handed: messages and screens as plain values, with addresses instead of ids."""

from collections.abc import Mapping
from typing import Any

from bot.application.messages import Message, Screen
from bot.application.services import BRUSSELS
from bot.web.typography import everywhere, spaced

NUMBER = "0123456789+"


def message(item: Message) -> dict[str, Any]:
    """One item of the conversation."""
    at = item.at.astimezone(BRUSSELS) if item.at else None
    return {
        "side": item.side,
        "kind": item.kind,
        "seq": item.seq,
        "time": f"{at:%H:%M}" if at else "",
        "body": everywhere(_body(item.kind, item.body)),
    }


def _body(kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
    shown = dict(body)
    if kind == "product":
        where = f"visite/{body['sealed']}" if body.get("sealed") else str(body.get("product_id") or "")
        shown["picture"] = f"/carte/{where}.png" if where else ""
        shown["page"] = f"/carte/{where}" if where else ""
    elif kind == "picture":
        shown["src"] = f"/image/{body.get('upload_id', '')}"
    elif kind == "lines":
        shown["lines"] = [
            {**line, "tel": telephone(str(line.get("number", "")))} for line in body.get("lines", ())
        ]
    return shown


def telephone(number: str) -> str:
    """The number without what a telephone does not dial."""
    return "".join(sign for sign in number if sign in NUMBER)


def screen(shown: Screen | None) -> dict[str, Any] | None:
    """The screen that waits, for the controls."""
    if shown is None:
        return None
    asked = shown.asked
    before = {key: place for place, key in enumerate(asked.current, 1)}
    return {
        "id": shown.id,
        "kind": asked.kind.value,
        "prompt": spaced(asked.prompt),
        "options": [
            {
                "index": index,
                "label": spaced(option.label),
                "shape": option.shape or "",
                "checked": option.key in before,
                "place": before.get(option.key, 0),
            }
            for index, option in enumerate(asked.options)
        ],
        "minimum": asked.minimum,
        "maximum": asked.maximum,
        "max_chars": asked.max_chars,
        "position": asked.position,
        "accepts_text": asked.accepts_text,
        "accepts_media": asked.accepts_media,
        "skippable": asked.skippable,
        "private": asked.private,
        "current": ", ".join(asked.current) if not asked.options else "",
    }
