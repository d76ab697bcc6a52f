"""Where a conversation stands: the running page, a question of the bot's own beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.application.messages import Screen
from bot.application.wire import screen_from_json, screen_to_json
from dialogues.events import State


@dataclass(slots=True)
class Aside:
    """A question of the application itself (menu, resume, help...), answered before the page goes on."""

    kind: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Desk:
    """Kept between two messages, encrypted for a person and sealed for a visit."""

    run: State | None = None
    aside: Aside | None = None
    screen: Screen | None = None
    last_at: datetime | None = None
    safety: dict[str, Any] = field(default_factory=dict)  # instants only, never words

    def to_json(self) -> dict[str, Any]:
        """A JSON object that `from_json` reads back to an equal desk."""
        return {
            "run": self.run.to_json() if self.run else None,
            "aside": {"kind": self.aside.kind, "data": self.aside.data} if self.aside else None,
            "screen": screen_to_json(self.screen),
            "last_at": _iso(self.last_at),
            "safety": self.safety,
        }

    @staticmethod
    def from_json(raw: Mapping[str, Any] | None) -> "Desk":
        """The desk that `to_json` wrote; an empty one for None."""
        if not raw:
            return Desk()
        aside = raw.get("aside")
        return Desk(
            run=State.from_json(raw["run"]) if raw.get("run") else None,
            aside=Aside(aside["kind"], dict(aside["data"])) if aside else None,
            screen=screen_from_json(raw.get("screen")),
            last_at=_instant(raw.get("last_at")),
            safety=dict(raw.get("safety") or {}),
        )


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
